/** The newest rows of numbers, all of one width, each of some symbol, in flat arrays. */
export class RowRing {
  readonly width: number;
  #rows: Float64Array;
  #symbols: Uint16Array;
  #capacity: number;
  #next = 0;
  #size = 0;

  constructor(width: number, capacity: number) {
    this.width = width;
    this.#capacity = capacity;
    this.#rows = new Float64Array(width * capacity);
    this.#symbols = new Uint16Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  push(symbol: number, row: readonly number[]): void {
    this.#symbols[this.#next] = symbol;
    this.#rows.set(row, this.#next * this.width);
    this.#advance();
  }

  /** As {@link push}, for a row that would have to be made first. */
  push5(symbol: number, a: number, b: number, c: number, d: number, e: number): void {
    this.#symbols[this.#next] = symbol;
    const at = this.#next * this.width;
    this.#rows[at] = a;
    this.#rows[at + 1] = b;
    this.#rows[at + 2] = c;
    this.#rows[at + 3] = d;
    this.#rows[at + 4] = e;
    this.#advance();
  }

  /** Holds as many from now on; a smaller ring keeps the newest. */
  resize(capacity: number): void {
    if (capacity === this.#capacity) return;
    const kept = Math.min(this.#size, capacity);
    const rows = new Float64Array(this.width * capacity);
    const symbols = new Uint16Array(capacity);
    for (let index = 0; index < kept; index++) {
      const place = this.#placeOf(this.#size - kept + index);
      symbols[index] = this.#symbols[place] ?? 0;
      rows.set(this.#rows.subarray(place * this.width, (place + 1) * this.width), index * this.width);
    }
    this.#rows = rows;
    this.#symbols = symbols;
    this.#capacity = capacity;
    this.#size = kept;
    this.#next = kept % capacity;
  }

  /** Different symbols among the rows. */
  get symbolCount(): number {
    const seen = new Set<number>();
    for (let index = 0; index < this.#size; index++) seen.add(this.#symbols[this.#placeOf(index)] ?? 0);
    return seen.size;
  }

  /** The values of one column, oldest first. */
  column(column: number): Float64Array {
    const values = new Float64Array(this.#size);
    for (let index = 0; index < this.#size; index++) {
      values[index] = this.#rows[this.#placeOf(index) * this.width + column] ?? 0;
    }
    return values;
  }

  #advance(): void {
    this.#next = this.#next + 1 === this.#capacity ? 0 : this.#next + 1;
    if (this.#size < this.#capacity) this.#size++;
  }

  /** @param index 0 is the oldest row. */
  #placeOf(index: number): number {
    return (this.#next - this.#size + index + this.#capacity) % this.#capacity;
  }
}
