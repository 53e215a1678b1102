/** What a peer may still send, of a stream or of a connection, and when to let it send more. */

export class ReceiveWindow {
  readonly #size: number;
  #left: number;
  /** Used up and out of the way, and not given back yet. */
  #done = 0;

  constructor(size: number) {
    this.#size = size;
    this.#left = size;
  }

  /** Counts what has come. False when it is more than was allowed. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  /** Counts what is out of the way. Returns the increment to send: in steps of half a window, otherwise 0. */
  giveBack(bytes: number): number {
    this.#done += bytes;
    if (2 * this.#done < this.#size) return 0;
    const increment = this.#done;
    this.#left += increment;
    this.#done = 0;
    return increment;
  }
}
