/** `arbitrex-ml-layer/client` in Node: gRPC over HTTP/2. */

import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { InferenceService } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { BatchSession, type SessionOptions } from "./batch-session.ts";
import { GuardedSessionManager } from "./guarded-sessions.ts";
import {
  createInterceptors,
  createMlClientOver,
  type MlClient,
  type MlClientOptions,
  readMaxBytes,
} from "./ml-client.ts";

export { BatchSession, type ItemOptions, type SessionOptions } from "./batch-session.ts";
export type { DecisionOptions, HealthWait, MlClient, MlClientOptions } from "./ml-client.ts";
export { type FieldViolation, MlRpcError, type PreconditionViolation, type ResourceFault } from "./rpc-error.ts";

/** Who the service is, and who we are. */
export interface TlsOptions {
  /** Certificates to trust, in PEM. @default those that Node trusts */
  readonly ca?: string;
  /** Name on the certificate, where it is not that of the address. */
  readonly serverName?: string;
  /** Our own certificate and key in PEM, for a proxy that asks for one. */
  readonly cert?: string;
  readonly key?: string;
}

export interface NodeClientOptions extends MlClientOptions {
  /** `true` trusts what Node trusts. @default plaintext */
  readonly tls?: TlsOptions | true;
}

/** A client with one connection, which comes back by itself. */
export interface NodeMlClient extends MlClient, Disposable {
  /** Decisions bar by bar on one stream. */
  openSession(options?: SessionOptions): BatchSession;
  /** Closes the connection; calls under way fail with CANCELED. */
  close(): void;
}

/** Finds out within this time that a silent connection is dead. */
const pingIntervalMs = 10_000;
const pingTimeoutMs = 5_000;

/**
 * Connects at the first call.
 *
 * @param address `host:port`
 */
export function createMlClient(address: string, options: NodeClientOptions = {}): NodeMlClient {
  const { tls } = options;
  const baseUrl = `${tls === undefined ? "http" : "https"}://${address}`;
  const sessionManager = new GuardedSessionManager(
    baseUrl,
    { pingIntervalMs, pingTimeoutMs },
    tls === undefined || tls === true
      ? {}
      : {
          ...(tls.ca !== undefined && { ca: tls.ca }),
          ...(tls.serverName !== undefined && { servername: tls.serverName }),
          ...(tls.cert !== undefined && { cert: tls.cert }),
          ...(tls.key !== undefined && { key: tls.key }),
        },
  );
  const transport = createGrpcTransport({
    baseUrl,
    sessionManager,
    readMaxBytes,
    interceptors: createInterceptors(options),
  });
  const inference = createClient(InferenceService, transport);
  const close = () => sessionManager.abort();
  return {
    ...createMlClientOver(transport, options),
    openSession(session = {}) {
      const { decisionDeadlineMs: deadlineMs } = options;
      const open = (requests: Parameters<typeof inference.batchPredict>[0], signal: AbortSignal) =>
        inference.batchPredict(requests, { signal });
      return new BatchSession(open, { ...(deadlineMs !== undefined && { deadlineMs }), ...session });
    },
    close,
    [Symbol.dispose]: close,
  };
}
