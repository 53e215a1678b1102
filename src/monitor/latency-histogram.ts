/** Ratio of one bucket's bound to the next: the relative error of a percentile is at most half of it. */
const growth = 1.02;
const lowestMs = 1e-4;
const highestMs = 1e5;
const logGrowth = Math.log(growth);
const bucketCount = Math.ceil(Math.log(highestMs / lowestMs) / logGrowth) + 1;

/** Percentiles of durations from 0.1 µs to 100 s within 1 %, in a fixed 8 KB. Histograms add up. */
export class LatencyHistogram {
  readonly #counts = new Float64Array(bucketCount);
  /** Of the buckets in use, so that adding up hundreds of histograms touches only what they hold. */
  #first = bucketCount;
  #last = -1;
  #count = 0;
  #sumMs = 0;
  #maxMs = 0;

  record(durationMs: number): void {
    const bucket = bucketOf(durationMs);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    if (bucket < this.#first) this.#first = bucket;
    if (bucket > this.#last) this.#last = bucket;
    this.#count++;
    this.#sumMs += durationMs;
    if (durationMs > this.#maxMs) this.#maxMs = durationMs;
  }

  add(other: LatencyHistogram): void {
    for (let bucket = other.#first; bucket <= other.#last; bucket++) {
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + (other.#counts[bucket] ?? 0);
    }
    this.#first = Math.min(this.#first, other.#first);
    this.#last = Math.max(this.#last, other.#last);
    this.#count += other.#count;
    this.#sumMs += other.#sumMs;
    this.#maxMs = Math.max(this.#maxMs, other.#maxMs);
  }

  clear(): void {
    this.#counts.fill(0, this.#first, this.#last + 1);
    this.#first = bucketCount;
    this.#last = -1;
    this.#count = 0;
    this.#sumMs = 0;
    this.#maxMs = 0;
  }

  get count(): number {
    return this.#count;
  }

  get maxMs(): number {
    return this.#maxMs;
  }

  /** Mean in milliseconds; 0 without samples. */
  get meanMs(): number {
    return this.#count === 0 ? 0 : this.#sumMs / this.#count;
  }

  /** The given quantile (0 to 1) in milliseconds; 0 without samples. */
  quantileMs(quantile: number): number {
    if (this.#count === 0) return 0;
    const rank = Math.max(1, Math.ceil(quantile * this.#count));
    let seen = 0;
    for (let bucket = this.#first; bucket <= this.#last; bucket++) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= rank) return Math.min(lowestMs * growth ** (bucket + 0.5), this.#maxMs);
    }
    return this.#maxMs;
  }
}

function bucketOf(durationMs: number): number {
  if (!(durationMs > lowestMs)) return 0;
  return Math.min(bucketCount - 1, Math.floor(Math.log(durationMs / lowestMs) / logGrowth));
}
