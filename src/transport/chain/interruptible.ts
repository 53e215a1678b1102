/** An iteration that can be stopped from outside, even while it waits for its source. */

/**
 * Passes items through until `interrupt(reason)`: then the pending and every later `next()` reject with the reason,
 * and the source is told to return. An async generator cannot do this: `return()` on one that waits is queued until
 * the wait is over, which for a client that went away is never.
 */
export class Interruptible<T> implements AsyncIterableIterator<T> {
  readonly #source: AsyncIterator<T>;
  #rejectPending: ((reason: unknown) => void) | undefined;
  #interruption: { readonly reason: unknown } | undefined;
  #ended = false;
  #returned = false;

  constructor(source: AsyncIterator<T>) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#interruption !== undefined) return Promise.reject(this.#interruption.reason);
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#rejectPending = reject;
      this.#source.next().then(
        (result) => {
          this.#rejectPending = undefined;
          if (result.done === true) this.#ended = true;
          resolve(result);
        },
        (error: unknown) => {
          this.#rejectPending = undefined;
          this.#ended = true;
          reject(error);
        },
      );
    });
  }

  async return(): Promise<IteratorResult<T>> {
    this.#ended = true;
    await this.#returnSource();
    return { done: true, value: undefined };
  }

  /** Stops the iteration; resolves when the source has released what it holds. */
  async interrupt(reason: unknown): Promise<void> {
    if (this.#ended || this.#interruption !== undefined) return;
    this.#interruption = { reason };
    this.#rejectPending?.(reason);
    this.#rejectPending = undefined;
    await this.#returnSource();
  }

  async #returnSource(): Promise<void> {
    if (this.#returned) return;
    this.#returned = true;
    await this.#source.return?.();
  }
}
