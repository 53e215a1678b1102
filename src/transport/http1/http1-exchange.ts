/** One request that the lane has taken, and its answer. */

import { DeadlineExceededError } from "../../domain/errors.ts";
import type { Call } from "../chain/call.ts";
import { canceledError } from "../chain/status.ts";
import type { SweptRead } from "../read-sweep.ts";
import type { MaybePromise } from "../service-binding.ts";
import type { Http1Answer } from "./http1-route.ts";
import type { FoundRequest } from "./request-finder.ts";

/** Where an exchange sends its answer; told once, or never when the client has gone. */
export interface AnswerPort {
  send(answer: Http1Answer): void;
}

export class Http1Exchange implements SweptRead {
  readonly #found: FoundRequest;
  readonly #port: AnswerPort;
  readonly #call: Call;
  #client: AbortController | undefined;
  /** Answered, or given up by its client. */
  #isOver = false;
  #isSwept = false;
  dueMs = 0;
  place = -1;

  constructor(found: FoundRequest, port: AnswerPort) {
    this.#found = found;
    this.#port = port;
    this.#call = found.route.open(found.head, () => this.#clientSignal());
  }

  /** The body has not come with the head: it has so much time from now on. */
  limitReading(): void {
    if (this.#isSwept) return;
    this.#isSwept = true;
    this.#found.route.sweep.add(this);
  }

  isExpired(): boolean {
    return this.#call.isExpired();
  }

  expire(): void {
    this.refuse(new DeadlineExceededError());
  }

  /** The body is complete. No await on this line: a handler that answers at once is answered for at once. */
  answer(body: Buffer): void {
    this.#stopSweep();
    let answer: MaybePromise<Http1Answer>;
    try {
      answer = this.#found.route.answer(this.#call, body);
    } catch (error) {
      this.refuse(error);
      return;
    }
    if (answer instanceof Promise) {
      answer.then(
        (given) => this.#send(given),
        (error: unknown) => this.refuse(error),
      );
    } else this.#send(answer);
  }

  /** Ends a call that failed, or whose request will not be read. */
  refuse(error: unknown): void {
    if (!this.#isOver) this.#send(this.#found.route.fail(this.#call, error));
  }

  /** The client has gone. */
  abandon(): void {
    if (this.#isOver) return;
    this.#end();
    this.#client?.abort(canceledError());
    this.#found.route.fail(this.#call, canceledError());
  }

  #send(answer: Http1Answer): void {
    if (this.#isOver) return;
    this.#end();
    this.#port.send(answer);
  }

  #end(): void {
    this.#isOver = true;
    this.#stopSweep();
  }

  #stopSweep(): void {
    if (!this.#isSwept) return;
    this.#isSwept = false;
    this.#found.route.sweep.delete(this);
  }

  #clientSignal(): AbortSignal {
    this.#client = new AbortController();
    if (this.#isOver) this.#client.abort(canceledError());
    return this.#client.signal;
  }
}
