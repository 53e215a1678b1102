/** Ends reads that take too long, with one timer for all of them. */

/** A request that is being read. */
export interface SweptRead {
  /** When its time is over, on `performance.now()`; set by the sweep. */
  dueMs: number;
  /** Where it stands among the reads, -1 for nowhere; set by the sweep. */
  place: number;
  /** True when its caller's deadline has passed. */
  isExpired(): boolean;
  /** Its time is over. */
  expire(): void;
}

/** How much later than its time a read may end. */
const sweepIntervalMs = 25;

/**
 * Most requests are complete within microseconds of their headers, and a timer for each would cost more than reading
 * it. The timer runs only while somebody reads.
 */
export class ReadSweep {
  readonly #readTimeMs: number;
  /** No `Set`: see `OpenStreams`. */
  readonly #reads: SweptRead[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param readTimeMs longest time of one read */
  constructor(readTimeMs: number) {
    this.#readTimeMs = readTimeMs;
  }

  add(read: SweptRead): void {
    read.place = this.#reads.push(read) - 1;
    this.#timer ??= setTimeout(() => this.#sweep(), sweepIntervalMs);
  }

  delete(read: SweptRead): void {
    if (read.place === -1) return;
    const last = this.#reads.pop();
    if (last !== undefined && last !== read) {
      last.place = read.place;
      this.#reads[read.place] = last;
    }
    read.place = -1;
  }

  #sweep(): void {
    const nowMs = performance.now();
    this.#timer = undefined;
    for (const read of [...this.#reads]) {
      // The end of another one has taken it along.
      if (read.place === -1) continue;
      // A read that no sweep has seen is younger than one interval, so its clock need not be read when it begins.
      if (read.dueMs === 0) read.dueMs = nowMs + this.#readTimeMs;
      if (read.dueMs > nowMs && !read.isExpired()) continue;
      this.delete(read);
      read.expire();
    }
    if (this.#reads.length > 0) this.#timer ??= setTimeout(() => this.#sweep(), sweepIntervalMs);
  }
}
