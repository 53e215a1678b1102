/**
 * The newest values of a series, at most `capacity` of them, readable as one contiguous view.
 * Each value is written twice, `capacity` apart, so that no view ever wraps around.
 */
export class RollingWindow {
  readonly #capacity: number;
  readonly #slots: Float64Array;
  #next = 0;
  #size = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#slots = new Float64Array(2 * capacity);
  }

  /** Number of values held. */
  get size(): number {
    return this.#size;
  }

  push(value: number): void {
    this.#slots[this.#next] = value;
    this.#slots[this.#next + this.#capacity] = value;
    this.#next = (this.#next + 1) % this.#capacity;
    this.#size = Math.min(this.#size + 1, this.#capacity);
  }

  /** The newest `count` values, oldest first; empty while there are fewer. The view is good until the next push. */
  latest(count: number): Float64Array {
    if (count > this.#size) return this.#slots.subarray(0, 0);
    const end = this.#next + this.#capacity;
    return this.#slots.subarray(end - count, end);
  }

  /** The value pushed `age` pushes before the newest; NaN while there is none. */
  ago(age: number): number {
    return this.latest(age + 1)[0] ?? Number.NaN;
  }
}
