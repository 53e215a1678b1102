import { v7 as uuidv7 } from "uuid";
import { ConfigService } from "../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { InferenceService } from "../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ModelRegistryService } from "../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { MonitoringService } from "../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { file_google_rpc_error_details } from "../gen/ts/google/rpc/error_details_pb.ts";
import { hashConfig, toCanonicalJson } from "./config/config-hash.ts";
import { defaultConfig } from "./config/config-schema.ts";
import type { CallReport } from "./domain/call-context.ts";
import { type Clock, createSystemClock } from "./domain/clock.ts";
import type { Config } from "./domain/config.ts";
import { MlError } from "./domain/errors.ts";
import { featureVersion } from "./domain/feature-schema.ts";
import { formatMicros } from "./domain/timestamp.ts";
import { createDecisionEngine, type DecisionEngine } from "./engine/decision-engine.ts";
import type { Environment } from "./environment.ts";
import { createConfigHandlers } from "./handlers/config.ts";
import { createDecisionMaker } from "./handlers/decision-maker.ts";
import { createInferenceHandlers } from "./handlers/inference.ts";
import { createModelRegistryHandlers } from "./handlers/model-registry.ts";
import { createMonitoringHandlers } from "./handlers/monitoring.ts";
import type { AuditFs } from "./monitor/audit/audit-files.ts";
import { type AuditLog, openAuditLog } from "./monitor/audit/audit-log.ts";
import { Monitor } from "./monitor/monitor.ts";
import { createPrometheusMetrics } from "./monitor/prometheus.ts";
import { mlVersion } from "./package-root.ts";
import { openModelRegistry } from "./registry/model-registry.ts";
import { createServiceLog, logCall, type ServiceLog } from "./service-log.ts";
import { type CallChain, createCallChain } from "./transport/chain/call-chain.ts";
import { toRpcStatus } from "./transport/chain/status.ts";
import { createHealth } from "./transport/health.ts";
import { createListener, type Listener } from "./transport/listener.ts";
import { createReflection } from "./transport/reflection.ts";
import { createRestHandler } from "./transport/rest/rest-adapter.ts";
import { bindService, type ServiceBinding } from "./transport/service-binding.ts";
import type { TransportLimits } from "./transport/transport-limits.ts";

/** What tests and embedders may bring along. */
export interface ServiceOverrides {
  /** @default the machine's clock */
  readonly clock?: Clock;
  /** @default the embedded defaults */
  readonly config?: Config;
  /** @default a log on standard output */
  readonly log?: ServiceLog;
  /** @default the limits documented with each of them */
  readonly limits?: Partial<TransportLimits>;
  /** Calls that may be in flight. @default 1024 */
  readonly inFlightMax?: number;
  /** File system of the audit log. @default node:fs */
  readonly auditFs?: AuditFs;
}

/** A running service. */
export interface Service extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly configHash: string;
  /** Drains, flushes the audit log, releases the port. Idempotent. */
  stop(): Promise<void>;
}

/** Longest time calls in flight have to finish at shutdown. */
const drainTimeoutMs = 10_000;

/**
 * Starts a service: opens registry and audit log, builds the engine, binds the handlers to the port.
 *
 * @throws UnavailableError, AuditLogError or the error of the port; nothing is left open then.
 */
export async function startService(environment: Environment, overrides: ServiceOverrides = {}): Promise<Service> {
  const clock = overrides.clock ?? createSystemClock();
  const log = overrides.log ?? createServiceLog(environment.logLevel);
  const engine = openEngine(environment, overrides.config ?? defaultConfig);
  const state = new ServiceState();
  const metrics = createPrometheusMetrics(mlVersion, {
    inFlight: () => state.chain?.inFlight() ?? 0,
    auditQueueDepth: () => state.audit?.stats().queueDepth ?? 0,
    auditHealthy: () => state.audit?.healthy ?? false,
    ready: () => state.notReady() === undefined,
  });
  const audit = await openAuditLog({
    directory: environment.logDirectory,
    clock,
    durability: environment.auditDurability,
    onSync: metrics.recordSync,
    ...(overrides.auditFs === undefined ? {} : { fs: overrides.auditFs }),
    onFailure: (error) => {
      log.logger.fatal({ err: error }, "audit log failed; no decision is answered any more");
      state.setServing?.(false);
    },
  });
  state.audit = audit;
  try {
    const monitor = new Monitor({ clock, audit, onDecision: metrics.recordDecision });
    const observe = (report: CallReport): void => {
      monitor.recordCall(report);
      metrics.recordCall(report);
      logCall(log.logger, report);
    };
    const chain = createCallChain({
      observe,
      monotonicMs: clock.monotonicMs,
      newRequestId: uuidv7,
      isExempt: (method) => probeMethods.has(`${method.parent.typeName}/${method.name}`),
      onLateFailure: (call, error) =>
        log.logger.warn({ request_id: call.requestId, err: error }, "call failed after its answer"),
      ...(overrides.inFlightMax === undefined ? {} : { inFlightMax: overrides.inFlightMax }),
    });
    state.chain = chain;
    const listener = createServiceListener({
      environment,
      overrides,
      clock,
      log,
      engine,
      monitor,
      metrics,
      chain,
      observe,
      state,
    });
    await recordStart(audit, clock, engine, environment);
    const address = await listener.listen();
    state.setServing?.(true);
    return createHandle(address, listener, audit, clock, engine, log);
  } catch (error) {
    await audit.close();
    throw error;
  }
}

/** What parts of the service ask one another while it runs. */
class ServiceState {
  audit: AuditLog | undefined;
  chain: CallChain | undefined;
  setServing: ((serving: boolean) => void) | undefined;
  draining = false;

  /** Why requests should not be sent, or undefined while they may. */
  notReady(): string | undefined {
    if (this.draining) return "the service is draining";
    if (this.audit?.healthy !== true) return "the audit log cannot be written";
    return undefined;
  }
}

/** Answered while draining and when full, since that is when probes ask. */
const probeMethods = new Set([
  "grpc.health.v1.Health/Check",
  "grpc.health.v1.Health/Watch",
  "arbitrex.ml.v1.MonitoringService/GetHealth",
  "arbitrex.ml.v1.MonitoringService/GetReadiness",
  "arbitrex.ml.v1.MonitoringService/GetPrometheusMetrics",
]);

function openEngine(
  environment: Environment,
  config: Config,
): DecisionEngine & { readonly registry: ReturnType<typeof openModelRegistry> } {
  const registry = openModelRegistry(environment.modelsDirectory);
  const engine = createDecisionEngine({
    config: hashConfig(config),
    regimeModel: registry.loadRegimeModel("champion"),
    signalModel: registry.loadSignalModel("champion"),
    findHalt: () => undefined,
  });
  return { ...engine, registry };
}

interface ListenerParts {
  readonly environment: Environment;
  readonly overrides: ServiceOverrides;
  readonly clock: Clock;
  readonly log: ServiceLog;
  readonly engine: ReturnType<typeof openEngine>;
  readonly monitor: Monitor;
  readonly metrics: ReturnType<typeof createPrometheusMetrics>;
  readonly chain: CallChain;
  readonly observe: (report: CallReport) => void;
  readonly state: ServiceState;
}

function createServiceListener(parts: ListenerParts): Listener {
  const { environment, overrides, clock, log, chain, observe, state } = parts;
  const services = createBindings(parts);
  const health = createHealth(services.map(({ service }) => service.typeName));
  state.setServing = health.setServing;
  const bindings = [
    ...services,
    health.binding,
    ...createReflection([...services, health.binding], [file_google_rpc_error_details]),
  ];
  const rest = createRestHandler({
    bindings,
    chain,
    observe,
    monotonicMs: clock.monotonicMs,
    newRequestId: uuidv7,
    ...(overrides.limits?.readMaxBytes === undefined ? {} : { bodyBytesMax: overrides.limits.readMaxBytes }),
  });
  return createListener({
    host: environment.host,
    port: environment.port,
    bindings,
    chain,
    rest,
    observe,
    newRequestId: uuidv7,
    onDrain: () => {
      state.draining = true;
      health.shutdown();
    },
    onFault: (error) => log.logger.error({ err: error }, "request failed outside its call"),
    ...(overrides.limits === undefined ? {} : { limits: overrides.limits }),
  });
}

function createBindings({ clock, log, engine, monitor, metrics, state }: ListenerParts): ServiceBinding[] {
  const { registry, snapshot } = engine;
  const models = [snapshot.regimeModel.identity, snapshot.signalModel.identity] as const;
  const inference = createInferenceHandlers({
    decisionMaker: createDecisionMaker({ decide: (request) => engine.decide(request), clock, newId: uuidv7 }),
    record: (event) => monitor.record(event),
    toStatus: (error, requestId) => {
      if (!(error instanceof MlError)) log.logger.error({ request_id: requestId, err: error }, "item failed");
      return toRpcStatus(error);
    },
    mlVersion,
  });
  const monitoring = createMonitoringHandlers({
    monitor,
    clock,
    currentConfig: () => snapshot.config,
    servingModels: () => models,
    audit: () => {
      if (state.audit === undefined) throw new Error("the audit log is not open yet");
      const stats = state.audit.stats();
      return { ...stats, lastSyncMs: stats.lastSyncMs ?? 0 };
    },
    notReady: () => state.notReady(),
    isDraining: () => state.draining,
    prometheusText: metrics.text,
    mlVersion,
    featureVersion,
  });
  return [
    bindService(InferenceService, inference),
    bindService(ModelRegistryService, createModelRegistryHandlers({ registry, serving: () => models, clock })),
    bindService(ConfigService, createConfigHandlers({ current: () => snapshot.config })),
    bindService(MonitoringService, monitoring),
  ];
}

/** The log names the configuration in full, so that a record's config_hash can be resolved from the log alone. */
async function recordStart(
  audit: AuditLog,
  clock: Clock,
  engine: DecisionEngine,
  environment: Environment,
): Promise<void> {
  const { config, regimeModel, signalModel } = engine.snapshot;
  await audit.append({
    kind: "start",
    timestamp: formatMicros(clock.nowMicros()),
    ml_version: mlVersion,
    audit_durability: environment.auditDurability,
    config_hash: config.hash,
    config: JSON.parse(toCanonicalJson(config.config)),
    regime_model: { ...regimeModel.identity },
    signal_model: { ...signalModel.identity },
  });
}

function createHandle(
  address: { readonly host: string; readonly port: number },
  listener: Listener,
  audit: AuditLog,
  clock: Clock,
  engine: DecisionEngine,
  log: ServiceLog,
): Service {
  let stopped: Promise<void> | undefined;
  const stopOnce = async (): Promise<void> => {
    await listener.drain(drainTimeoutMs);
    await audit.close(audit.healthy ? { kind: "stop", timestamp: formatMicros(clock.nowMicros()) } : undefined);
    log.logger.info("service stopped");
    log.flush();
  };
  const stop = (): Promise<void> => {
    stopped ??= stopOnce();
    return stopped;
  };
  return { ...address, configHash: engine.snapshot.config.hash, stop, [Symbol.asyncDispose]: stop };
}
