/** What the clients of every transport have in common. */

import { create, type DescService, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type CallOptions,
  type Client,
  Code,
  createClient,
  type Interceptor,
  type Transport,
} from "@connectrpc/connect";
import { v7 as uuidv7 } from "uuid";
import { ConfigService } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import {
  InferenceService,
  PredictRequestSchema,
  type PredictResponse,
  type PredictSymbolsRequestSchema,
  type PredictSymbolsResponse,
} from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ModelRegistryService } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { MonitoringService } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { HealthCheckResponse_ServingStatus, Health as HealthService } from "../../gen/ts/grpc/health/v1/health_pb.ts";
import { pause, retryInterceptor } from "./retry.ts";
import { MlRpcError } from "./rpc-error.ts";

/** How every call is made. */
export interface MlClientOptions {
  /** Sent as `authorization: Bearer …`; the service itself ignores it, a proxy before it may not. @default none */
  readonly token?: string;
  /** Time for a decision, retries included. @default 1000 */
  readonly decisionDeadlineMs?: number;
  /** Time for an administrative call, retries included; registering a model has 120 s. @default 30000 */
  readonly adminDeadlineMs?: number;
}

/** How one decision is made. */
export interface DecisionOptions {
  /** @default the client's decisionDeadlineMs */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

export interface HealthWait {
  /** @default 10000 */
  readonly timeoutMs?: number;
  /** @default the service as a whole */
  readonly service?: string;
}

/** The service, seen from a program that wants decisions or administers them. Every failure is an MlRpcError. */
export interface MlClient {
  /**
   * May this signal trade now? A request without request_id is given one, the same for every attempt.
   *
   * @throws MlRpcError
   */
  predict(request: MessageInitShape<typeof PredictRequestSchema>, options?: DecisionOptions): Promise<PredictResponse>;
  /** Several symbols at one timeframe. */
  predictSymbols(
    request: MessageInitShape<typeof PredictSymbolsRequestSchema>,
    options?: DecisionOptions,
  ): Promise<PredictSymbolsResponse>;
  /**
   * Resolves when the service says SERVING.
   *
   * @throws MlRpcError DEADLINE_EXCEEDED with the last answer when it does not in time.
   */
  waitForHealth(wait?: HealthWait): Promise<void>;
  readonly models: Client<typeof ModelRegistryService>;
  readonly config: Client<typeof ConfigService>;
  readonly monitoring: Client<typeof MonitoringService>;
}

const decisionDeadlineDefaultMs = 1_000;
const adminDeadlineDefaultMs = 30_000;
/** The file is sent and its check has 30 seconds of its own. */
const registrationDeadlineMs = 120_000;
const healthPollMs = 100;
const healthCheckTimeoutMs = 1_000;

/** Largest answer that is read: whole registries and exports fit. */
export const readMaxBytes = 67_108_864;

/** What a transport has to be made with for the given options. */
export function createInterceptors({ token }: MlClientOptions): Interceptor[] {
  if (token === undefined) return [retryInterceptor];
  const authorize: Interceptor = (next) => (request) => {
    request.header.set("authorization", `Bearer ${token}`);
    return next(request);
  };
  return [authorize, retryInterceptor];
}

/** @param transport made with the interceptors of {@link createInterceptors}. */
export function createMlClientOver(transport: Transport, options: MlClientOptions): MlClient {
  const { decisionDeadlineMs = decisionDeadlineDefaultMs, adminDeadlineMs = adminDeadlineDefaultMs } = options;
  const inference = createTypedClient(InferenceService, transport, () => decisionDeadlineMs);
  const health = createTypedClient(HealthService, transport, () => healthCheckTimeoutMs);
  const deadlineOf = (method: string) =>
    method === "registerModel" || method === "uploadModel" ? registrationDeadlineMs : adminDeadlineMs;
  return {
    predict: (request, decision = {}) => inference.predict(withRequestId(request), toCallOptions(decision)),
    predictSymbols: (request, decision = {}) => inference.predictSymbols(request, toCallOptions(decision)),
    waitForHealth: (wait = {}) => waitForHealth(health, wait),
    models: createTypedClient(ModelRegistryService, transport, deadlineOf),
    config: createTypedClient(ConfigService, transport, deadlineOf),
    monitoring: createTypedClient(MonitoringService, transport, deadlineOf),
  };
}

/** The caller's message stays as it is. */
function withRequestId(request: MessageInitShape<typeof PredictRequestSchema>) {
  const message = create(PredictRequestSchema, request);
  return message.requestId === "" ? { ...message, requestId: uuidv7() } : message;
}

function toCallOptions({ deadlineMs, signal }: DecisionOptions): CallOptions {
  return { ...(deadlineMs !== undefined && { timeoutMs: deadlineMs }), ...(signal !== undefined && { signal }) };
}

/** Connect's client with a deadline on every call that has one answer, and MlRpcError in place of its errors. */
function createTypedClient<S extends DescService>(
  service: S,
  transport: Transport,
  deadlineOf: (method: string) => number,
): Client<S> {
  const client = createClient(service, transport);
  const typed: Record<string, unknown> = { ...client };
  for (const { localName, methodKind } of service.methods) {
    const method: unknown = Reflect.get(client, localName);
    if (typeof method !== "function" || methodKind === "server_streaming" || methodKind === "bidi_streaming") continue;
    typed[localName] = async (request: unknown, options?: CallOptions): Promise<unknown> => {
      try {
        return await method(request, { timeoutMs: deadlineOf(localName), ...options });
      } catch (error) {
        throw MlRpcError.from(error);
      }
    };
  }
  // The same methods with the same signatures, which a loop over descriptors cannot tell the compiler.
  return typed as Client<S>;
}

/** What a service that is not there yet, or is just going, answers with. */
const passingCodes: ReadonlySet<Code> = new Set([Code.Unavailable, Code.DeadlineExceeded, Code.Canceled]);

async function waitForHealth(
  health: Client<typeof HealthService>,
  { timeoutMs = 10_000, service = "" }: HealthWait,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let last = "nobody answered";
  for (;;) {
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) throw new MlRpcError(`not serving after ${timeoutMs} ms: ${last}`, Code.DeadlineExceeded);
    try {
      const { status } = await health.check({ service }, { timeoutMs: Math.min(leftMs, healthCheckTimeoutMs) });
      if (status === HealthCheckResponse_ServingStatus.SERVING) return;
      last = "it says that it does not serve";
    } catch (error) {
      if (!(error instanceof MlRpcError) || !passingCodes.has(error.code)) throw error;
      last = error.message;
    }
    await pause(Math.min(healthPollMs, leftMs), new AbortController().signal);
  }
}
