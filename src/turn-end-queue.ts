/** Items that may wait: a turn that makes more of them is long, and its answers have left in part. */
const waitingMax = 512;

/**
 * Handles items when what the event loop is doing now is done, in the order they came. Nobody waits for figures and log lines: a caller that does not
 * wait for them either has its answer about 10 µs sooner. They are there before anything that a caller does with its answer arrives.
 */
export class TurnEndQueue<T> {
  readonly #handle: (item: T) => void;
  readonly #onFault: (error: unknown) => void;
  readonly #handleAll = () => this.#flush();
  #waiting: T[] = [];

  /** @param onFault told of what `handle` throws; the other items are handled all the same */
  constructor(handle: (item: T) => void, onFault: (error: unknown) => void) {
    this.#handle = handle;
    this.#onFault = onFault;
  }

  add(item: T): void {
    const count = this.#waiting.push(item);
    if (count === 1) setImmediate(this.#handleAll);
    else if (count >= waitingMax) this.#flush();
  }

  #flush(): void {
    const items = this.#waiting;
    this.#waiting = [];
    for (const item of items) {
      try {
        this.#handle(item);
      } catch (error) {
        this.#onFault(error);
      }
    }
  }
}
