/**
 * What the primary process and its workers say to each other, over the channel that Node opens between a process and its child. Both
 * are of one release and the channel is theirs alone, so a message is checked for its kind and no further.
 */
import type { Halt } from "../config/halt.ts";
import type { Challengers, DecidingState } from "../control/followers.ts";
import type { Protocol } from "../domain/call-context.ts";
import type { Environment } from "../environment.ts";
import type { ChainPosition } from "../monitor/audit/audit-record.ts";
import type { TransportLimits } from "../transport/transport-limits.ts";
import type { WorkerFacts } from "./worker-facts.ts";

/** What a worker begins with. */
export interface WorkerStart {
  /** From 1. */
  readonly worker: number;
  readonly environment: Environment;
  readonly limits: Partial<TransportLimits> | undefined;
  readonly inFlightMax: number | undefined;
  /** Number of the state. */
  readonly change: number;
  readonly state: DecidingState;
  readonly halts: readonly Halt[];
  readonly challengers: Challengers;
}

/** How a worker stands. */
export interface WorkerFigures {
  readonly inFlight: number;
  readonly connections: number;
  readonly http2Sessions: number;
  readonly requests: number;
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  /** Decisions that were acknowledged and could not be told of. */
  readonly dropped: number;
  readonly audit: {
    readonly healthy: boolean;
    readonly queueDepth: number;
    readonly syncRunningMs: number;
    readonly failures: number;
    readonly refused: number;
    readonly fileBytes: number;
    readonly lastSeq: number;
    readonly lastHash: string;
  };
}

/** A call that the primary answers. */
export interface ForwardedCall {
  readonly service: string;
  /** `localName` of the method. */
  readonly method: string;
  readonly protocol: Protocol;
  readonly requestId: string;
  /** The request of a unary method; the messages of a stream follow. */
  readonly request: Uint8Array | undefined;
}

export type ToWorker =
  | { readonly kind: "start"; readonly start: WorkerStart }
  | { readonly kind: "prepare"; readonly ask: number; readonly change: number; readonly state: DecidingState }
  | { readonly kind: "commit"; readonly ask: number; readonly change: number }
  | { readonly kind: "discard"; readonly change: number }
  | { readonly kind: "halts"; readonly ask: number; readonly halts: readonly Halt[] }
  | { readonly kind: "follow"; readonly challengers: Challengers }
  /** Asks for everything that has happened. */
  | { readonly kind: "tell"; readonly ask: number }
  /** With a socket. */
  | { readonly kind: "connection" }
  | { readonly kind: "answer"; readonly call: number; readonly response: Uint8Array }
  /** `status` is a google.rpc.Status. */
  | { readonly kind: "failure"; readonly call: number; readonly status: Uint8Array }
  /** The next message of a stream may come. */
  | { readonly kind: "more"; readonly call: number }
  | { readonly kind: "drain" };

export type ToPrimary =
  /** The worker decides by the state of this change; its log ends here. */
  | { readonly kind: "ready"; readonly change: number; readonly log: string; readonly position: ChainPosition }
  /** It cannot start. */
  | { readonly kind: "failed"; readonly reason: string; readonly message: string }
  /** Done as asked, or why not. */
  | { readonly kind: "done"; readonly ask: number; readonly fault?: string }
  | { readonly kind: "facts"; readonly facts: WorkerFacts; readonly figures: WorkerFigures }
  | { readonly kind: "closed" }
  | { readonly kind: "call"; readonly call: number; readonly forwarded: ForwardedCall }
  | { readonly kind: "part"; readonly call: number; readonly request: Uint8Array }
  | { readonly kind: "end"; readonly call: number }
  | { readonly kind: "cancel"; readonly call: number }
  /** Everything is written and told; the process ends now. */
  | { readonly kind: "finished"; readonly log: string; readonly position: ChainPosition };

const kindsToWorker: ReadonlySet<unknown> = new Set<ToWorker["kind"]>([
  "start",
  "prepare",
  "commit",
  "discard",
  "halts",
  "follow",
  "tell",
  "connection",
  "answer",
  "failure",
  "more",
  "drain",
]);

const kindsToPrimary: ReadonlySet<unknown> = new Set<ToPrimary["kind"]>([
  "ready",
  "failed",
  "done",
  "facts",
  "closed",
  "call",
  "part",
  "end",
  "cancel",
  "finished",
]);

export function isToWorker(message: unknown): message is ToWorker {
  return kindsToWorker.has(kindOf(message));
}

export function isToPrimary(message: unknown): message is ToPrimary {
  return kindsToPrimary.has(kindOf(message));
}

function kindOf(message: unknown): unknown {
  return typeof message === "object" && message !== null && "kind" in message ? message.kind : undefined;
}
