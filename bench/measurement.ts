/** What one round of one contestant came to. */
export interface Measurement {
  /** Answers, decisions of a stream, or operations a second. */
  readonly perSecond: number;
  /** Undefined where a single latency means nothing, as for a stream of many messages. */
  readonly p50Micros: number | undefined;
  readonly p99Micros: number | undefined;
  /**
   * CPU time of the server, all its threads, for one answer. Other programs on the machine make answers late, but
   * they hardly make them more work, so this is the steadiest figure on a busy machine.
   */
  readonly cpuMicros: number | undefined;
  /** Time the server stood ready to run and had no core, as a share of the measurement. */
  readonly waitShare: number | undefined;
}

export type Metric = keyof Measurement;

/** Median of the rounds, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const min = sorted[0];
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) return undefined;
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? max;
  const lower = sorted[sorted.length % 2 === 1 ? middle : middle - 1] ?? min;
  return { median: (lower + upper) / 2, min, max };
}

/** One metric over the rounds that have it. */
export function spreadOfMetric(rounds: readonly Measurement[], metric: Metric): Spread | undefined {
  return spreadOf(rounds.map((round) => round[metric]).filter((value) => value !== undefined));
}

/**
 * Ratios of two contestants, taken round by round before the median: rounds are neighbours in time, so what
 * disturbed one of the two has mostly disturbed the other.
 */
export function ratioOf(
  rounds: readonly Measurement[],
  baseline: readonly Measurement[],
  metric: Metric,
): Spread | undefined {
  const ratios: number[] = [];
  for (const [index, round] of rounds.entries()) {
    const value = round[metric];
    const base = baseline[index]?.[metric];
    if (value !== undefined && base !== undefined && base > 0) ratios.push(value / base);
  }
  return spreadOf(ratios);
}

/** The value below which `share` of all samples lie, by nearest rank. `sorted` must be in ascending order. */
export function quantile(sorted: Float64Array, share: number): number {
  const rank = Math.max(1, Math.ceil(sorted.length * share));
  const value = sorted[rank - 1];
  if (value === undefined) throw new Error("no samples to take a quantile of");
  return value;
}
