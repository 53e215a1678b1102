import { join } from "node:path";
import type { CallObserver } from "./domain/call-context.ts";
import type { Clock } from "./domain/clock.ts";
import { MlError } from "./domain/errors.ts";
import { createIdSource } from "./id-source.ts";
import { packageDirectory } from "./package-root.ts";
import type { ServiceLog } from "./service-log.ts";
import { type CallChain, createCallChain } from "./transport/chain/call-chain.ts";
import { loadConsoleSite } from "./transport/console-site.ts";
import { createHealth, type Health } from "./transport/health.ts";
import { createRestRoutes } from "./transport/http1/rest-routes.ts";
import { createListener, type Listener } from "./transport/listener.ts";
import { loadDocsSite } from "./transport/openapi/docs-site.ts";
import { createReflection } from "./transport/reflection.ts";
import { openFileContent } from "./transport/rest/file-content.ts";
import { createRestHandler } from "./transport/rest/rest-adapter.ts";
import type { ServiceBinding } from "./transport/service-binding.ts";
import type { TransportLimits } from "./transport/transport-limits.ts";

/** Answered while draining and when full, since that is when probes ask. */
const probeMethods = new Set([
  "grpc.health.v1.Health/Check",
  "grpc.health.v1.Health/Watch",
  "arbitrex.ml.v1.MonitoringService/GetHealth",
  "arbitrex.ml.v1.MonitoringService/GetReadiness",
  "arbitrex.ml.v1.MonitoringService/GetStatus",
  "arbitrex.ml.v1.MonitoringService/GetPrometheusMetrics",
]);

export interface ServiceListenerOptions {
  readonly host: string;
  readonly port: number;
  /** The four services. */
  readonly services: readonly ServiceBinding[];
  readonly clock: Clock;
  readonly log: ServiceLog;
  readonly observe: CallObserver;
  /** Called when draining begins. */
  readonly onDrain: () => void;
  /** @default the limits documented with each of them */
  readonly limits?: Partial<TransportLimits> | undefined;
  /** Calls that may be in flight. @default 1024 */
  readonly inFlightMax?: number | undefined;
}

export interface ServiceListener {
  readonly listener: Listener;
  readonly chain: CallChain;
  readonly health: Health;
}

/** Puts the services, health, reflection, documentation and console on one port. */
export function createServiceListener(options: ServiceListenerOptions): ServiceListener {
  const { services, observe, clock, log, limits } = options;
  const newRequestId = createIdSource();
  const chain = createChain(options, newRequestId);
  const health = createHealth(services.map(({ service }) => service.typeName));
  const bindings = [...services, health.binding, ...createReflection([...services, health.binding])];
  const readMaxBytes = limits?.readMaxBytes;
  const restRoutes = createRestRoutes({
    bindings,
    chain,
    bodyBytesMax: readMaxBytes,
    bodyTimeoutMs: limits?.requestTimeoutMs,
  });
  const rest = createRestHandler({
    bindings,
    chain,
    observe,
    monotonicMs: clock.monotonicMs,
    newRequestId,
    documents: [
      ...loadDocsSite({
        openFile: openFileContent,
        openApiPath: join(packageDirectory, "gen", "openapi.json"),
      }),
      ...loadConsoleSite({
        openFile: openFileContent,
        consolePath: join(packageDirectory, "gen", "console"),
      }),
    ],
    ...(readMaxBytes !== undefined && { bodyBytesMax: readMaxBytes }),
  });
  const listener = createListener({
    host: options.host,
    port: options.port,
    bindings,
    chain,
    rest,
    restRoutes,
    observe,
    newRequestId,
    onDrain: () => {
      options.onDrain();
      health.shutdown();
    },
    onFault: (error) => log.logger.error({ err: error }, "request failed outside its call"),
    ...(limits !== undefined && { limits }),
  });
  return { listener, chain, health };
}

function createChain(options: ServiceListenerOptions, newRequestId: () => string): CallChain {
  const { observe, clock, log, inFlightMax } = options;
  return createCallChain({
    observe,
    monotonicMs: clock.monotonicMs,
    newRequestId,
    isExempt: (method) => probeMethods.has(`${method.parent.typeName}/${method.name}`),
    onLateFailure: (call, error) => {
      // An error of the caller's making may quote what was sent.
      const cause = error instanceof MlError ? { reason: error.reason } : { err: error };
      log.logger.warn({ request_id: call.requestId, ...cause }, "call failed after its answer");
    },
    ...(inFlightMax !== undefined && { inFlightMax }),
  });
}
