/** Items that may wait: a turn that makes more of them is long, and its answers have left in part. */
const waitingMax = 512;

/**
 * Handles items, in the order they came, when the event loop is done with what it is at, and before it goes on to anything else. Figures and log
 * lines are nothing that a caller waits for: behind the answer they cost it nothing, and before them it came about 10 µs later. They are there when whatever
 * a caller does with its answer arrives. `setImmediate` would not do: an answer that is sent in that phase is with its caller before the next one.
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
    if (count === 1) process.nextTick(this.#handleAll);
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
