import type { RowReader } from "../monitor/rows/row-reader.ts";
import type { RowWriter } from "../monitor/rows/row-writer.ts";

/** Durations of one kind, collected to be written as one. */
export class DurationList {
  #values = new Float64Array(256);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(durationMs: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(2 * this.#count);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count++] = durationMs;
  }

  /** Writes all of them and begins anew. */
  flush(row: RowWriter): void {
    row.length(this.#count);
    for (let at = 0; at < this.#count; at++) row.number(this.#values[at] ?? 0);
    this.#count = 0;
  }
}

/** Tells of each duration that {@link DurationList.flush} wrote. */
export function tellDurations(row: RowReader, tell: (durationMs: number) => void): void {
  for (let left = row.length(); left > 0; left--) tell(row.number());
}
