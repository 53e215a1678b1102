/** Counts by place that grow with the highest place used. */
export class CountVector {
  #counts: Float64Array;
  #length = 0;

  constructor(capacity = 8) {
    this.#counts = new Float64Array(capacity);
  }

  increment(place: number): void {
    if (place >= this.#length) this.#extend(place + 1);
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
  }

  add(other: CountVector): void {
    const length = other.#length;
    if (length > this.#length) this.#extend(length);
    for (let place = 0; place < length; place++) {
      this.#counts[place] = (this.#counts[place] ?? 0) + (other.#counts[place] ?? 0);
    }
  }

  clear(): void {
    this.#counts.fill(0, 0, this.#length);
    this.#length = 0;
  }

  at(place: number): number {
    return this.#counts[place] ?? 0;
  }

  /** One more than the highest place used. */
  get length(): number {
    return this.#length;
  }

  #extend(length: number): void {
    this.#length = length;
    if (length <= this.#counts.length) return;
    const counts = new Float64Array(Math.max(length, 2 * this.#counts.length));
    counts.set(this.#counts);
    this.#counts = counts;
  }
}
