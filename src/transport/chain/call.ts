/** One call on its way through the chain. */

import type { DescMethod } from "@bufbuild/protobuf";
import type { CallContext, Protocol } from "../../domain/call-context.ts";
import { DeadlineExceededError } from "../../domain/errors.ts";

/** Headers and trailers of a call on the wire, whatever the protocol. What a handler sets goes out with the answer. */
export interface CallMetadata {
  readonly requestHeaders: Headers;
  readonly responseHeaders: Headers;
  readonly responseTrailers: Headers;
}

/** What a protocol knows about a call when its headers have arrived. */
export interface CallStart {
  readonly method: DescMethod;
  readonly protocol: Protocol;
  /** `x-request-id` as it was received, fit or not. */
  readonly requestId?: string | undefined;
  /** `traceparent` as it was received, valid or not. */
  readonly traceparent?: string | undefined;
  /** Time the client gives this call, counted from now. */
  readonly timeoutMs?: number | undefined;
  /** Size of the request as received, where it is known beforehand. */
  readonly requestBytes?: number | undefined;
  /** Fires when the client goes away. Asked for at most once, and only when somebody wants to know. */
  readonly clientSignal: () => AbortSignal;
  /** Asked for only by a handler that reads or sets headers; a protocol without it has none to give. */
  readonly metadata?: () => CallMetadata | undefined;
}

/** The time of a call: when it began and when it must be over, on the monotonic clock. */
export interface CallTimes {
  readonly startedMs: number;
  readonly deadlineMs: number | undefined;
  readonly monotonicMs: () => number;
}

/**
 * A call between its headers and its report. The abort signal is made when first asked for: most unary handlers
 * answer at once and never look at it.
 */
export class Call implements CallContext {
  readonly protocol: Protocol;
  readonly descriptor: DescMethod;
  readonly method: string;
  readonly requestId: string;
  readonly requestBytes: number | undefined;
  readonly traceparent: string | undefined;
  readonly startedMs: number;
  readonly deadlineMs: number | undefined;
  /** True once the call has been reported. */
  reported = false;
  readonly #monotonicMs: () => number;
  readonly #makeClientSignal: () => AbortSignal;
  readonly #metadata: CallStart["metadata"];
  #client: AbortSignal | undefined;
  #signal: AbortSignal | undefined;
  #controller: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(start: CallStart, method: string, requestId: string, times: CallTimes) {
    this.protocol = start.protocol;
    this.descriptor = start.method;
    this.method = method;
    this.requestId = requestId;
    this.requestBytes = start.requestBytes;
    this.traceparent = start.traceparent;
    this.startedMs = times.startedMs;
    this.deadlineMs = times.deadlineMs;
    this.#monotonicMs = times.monotonicMs;
    this.#makeClientSignal = start.clientSignal;
    this.#metadata = start.metadata;
  }

  get signal(): AbortSignal {
    if (this.#signal !== undefined) return this.#signal;
    const client = this.clientSignal;
    if (this.deadlineMs === undefined) {
      this.#signal = client;
      return client;
    }
    this.#controller = new AbortController();
    this.#signal = AbortSignal.any([client, this.#controller.signal]);
    if (this.#timer === undefined && !this.reported) this.startTimer(() => undefined);
    return this.#signal;
  }

  /** Fires when the client goes away, and only then. */
  get clientSignal(): AbortSignal {
    this.#client ??= this.#makeClientSignal();
    return this.#client;
  }

  /** Headers on the wire; undefined where the protocol gives none (REST). */
  get metadata(): CallMetadata | undefined {
    return this.#metadata?.();
  }

  /** True when the deadline has passed. */
  isExpired(): boolean {
    return this.deadlineMs !== undefined && this.#monotonicMs() >= this.deadlineMs;
  }

  /** Time until the deadline in milliseconds, at least 0; infinite without one. */
  leftMs(): number {
    if (this.deadlineMs === undefined) return Number.POSITIVE_INFINITY;
    return Math.max(0, this.deadlineMs - this.#monotonicMs());
  }

  /** True when the client is known to have gone. A signal nobody asked for is not made to find out. */
  isAbandoned(): boolean {
    return this.#client?.aborted === true;
  }

  /** Calls `onExpired` when the deadline passes before `stopTimer`; without a deadline never. */
  startTimer(onExpired: () => void): void {
    if (this.deadlineMs === undefined) return;
    this.stopTimer();
    const expire = () => {
      // Timers count whole milliseconds and may fire one early.
      const leftMs = this.isExpired() ? 0 : (this.deadlineMs ?? 0) - this.#monotonicMs();
      if (leftMs > 0) {
        this.#timer = setTimeout(expire, Math.ceil(leftMs));
        return;
      }
      onExpired();
      this.#controller?.abort(new DeadlineExceededError());
    };
    this.#timer = setTimeout(expire, Math.max(0, Math.ceil(this.deadlineMs - this.#monotonicMs())));
  }

  stopTimer(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
