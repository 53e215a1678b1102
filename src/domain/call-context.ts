/** What a handler may know about the call it answers, and what is told about the call afterwards. */

/** The protocols on the port. */
export type Protocol = "grpc" | "grpc-web" | "connect" | "rest";

/** One call, as its handler sees it. */
export interface CallContext {
  readonly protocol: Protocol;
  /** `arbitrex.ml.v1.InferenceService/Predict` */
  readonly method: string;
  /** From the caller (`x-request-id`), or made here; returned in the same header. */
  readonly requestId: string;
  /** Fires when the client goes away, the deadline passes or the service stops. */
  readonly signal: AbortSignal;
}

/** One finished call. `code` is a gRPC status name in snake_case, `ok` for success. */
export interface CallReport {
  readonly protocol: Protocol | "unknown";
  readonly method: string;
  readonly code: string;
  readonly durationMs: number;
  readonly requestId: string;
  readonly requestBytes?: number;
  /** The header as it was received, valid or not. */
  readonly traceparent?: string | undefined;
  /** Why the service could not answer (`internal`, or `unavailable` for a cause); it goes to the log and nowhere else. */
  readonly error?: unknown;
}

/** Told of every call once, when it is over. Must not throw. */
export type CallObserver = (report: CallReport) => void;
