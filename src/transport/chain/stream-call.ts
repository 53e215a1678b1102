/** The streaming half of the chain: one streaming call, its items, its end. */

import { create, type Message } from "@bufbuild/protobuf";
import { DeadlineExceededError } from "../../domain/errors.ts";
import type { MessageLike, StreamHandler } from "../service-binding.ts";
import type { Call } from "./call.ts";
import { Interruptible } from "./interruptible.ts";
import { canceledError } from "./status.ts";

/** What a streaming call tells the chain. */
export interface StreamCallEvents {
  /** The stream ended as its handler wanted. */
  readonly onSuccess: () => void;
  /** The stream failed; returns the error as the client sees it. */
  readonly onFailure: (error: unknown) => Error;
  /** The handler has let go of everything. Once. */
  readonly onRelease: () => void;
  /** Cleaning up failed after the call was over. */
  readonly onLateFailure: (error: unknown) => void;
}

/**
 * Runs a stream handler so that it is always released: when it ends, when the consumer stops, when the deadline
 * passes, and when the client resets while nobody reads (then the adapters below only see their signal fire).
 * Items move one at a time, so a client that does not read is not read from either.
 */
export class StreamCall implements AsyncIterableIterator<Message> {
  readonly #call: Call;
  readonly #events: StreamCallEvents;
  readonly #requests: Interruptible<Message>;
  readonly #responses: Interruptible<MessageLike>;
  readonly #onClientGone = () => this.#stop(canceledError());
  #ended = false;

  constructor(call: Call, requests: AsyncIterable<Message>, handler: StreamHandler, events: StreamCallEvents) {
    this.#call = call;
    this.#events = events;
    this.#requests = new Interruptible(requests[Symbol.asyncIterator]());
    this.#responses = new Interruptible(handler(this.#requests, call)[Symbol.asyncIterator]());
    call.startTimer(() => this.#stop(new DeadlineExceededError()));
    call.clientSignal.addEventListener("abort", this.#onClientGone);
    if (call.clientSignal.aborted) this.#onClientGone();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Message>> {
    try {
      const result = await this.#responses.next();
      if (result.done === true) {
        this.#end();
        this.#requests.return().catch(this.#events.onLateFailure);
        this.#events.onSuccess();
        this.#events.onRelease();
        return { done: true, value: undefined };
      }
      if (this.#call.isExpired()) throw new DeadlineExceededError();
      return { done: false, value: create(this.#call.descriptor.output, result.value) };
    } catch (error) {
      const failure = this.#events.onFailure(error);
      this.#stop(failure);
      throw failure;
    }
  }

  /** The consumer wants no more; before the end that is a canceled call. */
  async return(): Promise<IteratorResult<Message>> {
    this.#stop(canceledError());
    return { done: true, value: undefined };
  }

  /** Lets the handler finish what it has and gives it no further request. */
  refuseRequests(reason: Error): void {
    this.#requests.interrupt(reason).catch(this.#events.onLateFailure);
  }

  #stop(reason: Error): void {
    if (this.#ended) return;
    this.#end();
    this.#events.onFailure(reason);
    // The requests' source belongs to the transport and may take as long as the client to end; the handler's does not.
    this.refuseRequests(reason);
    this.#responses.interrupt(reason).catch(this.#events.onLateFailure).finally(this.#events.onRelease);
  }

  #end(): void {
    this.#ended = true;
    this.#call.stopTimer();
    this.#call.clientSignal.removeEventListener("abort", this.#onClientGone);
  }
}
