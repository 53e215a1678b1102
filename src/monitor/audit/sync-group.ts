import type { UnavailableError } from "../../domain/errors.ts";
import type { Pending, Waiter } from "../../domain/pending.ts";

/** Records that one sync makes durable together, and who waits for them. */
export class SyncGroup implements Pending {
  readonly done: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (failure: UnavailableError) => void;
  records = 0;
  /** Somebody waits, so its sync starts as soon as the running one has ended. */
  isAwaited = false;
  #waiters: Waiter[] = [];
  #hasUsedTime = false;

  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.done = promise;
    this.resolve = resolve;
    this.reject = reject;
    // One reaction for all of them. A failure is told through onFailure too, so a caller that went away meanwhile does not turn it into a crash.
    promise.then(
      () => this.#settle(undefined),
      (failure: UnavailableError) => this.#settle(failure),
    );
  }

  get hasUsedTime(): boolean {
    return this.#hasUsedTime;
  }

  tell(waiter: Waiter): void {
    this.#waiters.push(waiter);
    if (this.#hasUsedTime) waiter.useTime();
  }

  /** The disk works. */
  useTime(): void {
    if (this.#hasUsedTime) return;
    this.#hasUsedTime = true;
    for (const waiter of this.#waiters) waiter.useTime();
  }

  #settle(failure: UnavailableError | undefined): void {
    // A group whose records could not even be written has had no time.
    this.useTime();
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.settle(failure);
  }
}
