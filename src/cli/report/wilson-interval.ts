/** Where a share may lie. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95 % quantile of the normal distribution. */
const quantile95 = 1.959_963_984_540_054;

/**
 * Wilson's 95 % score interval of a share, [0, 1]; unlike the textbook interval it stays inside that range with few or only
 * successes. Counts need not be whole, so that a rate can be held against fewer trials than it was measured on. Undefined without trials.
 */
export function wilsonInterval(successes: number, trials: number): Interval | undefined {
  if (!(trials > 0)) return undefined;
  const share = successes / trials;
  const square = quantile95 ** 2;
  const scale = 1 + square / trials;
  const centre = share + square / (2 * trials);
  const spread = quantile95 * Math.sqrt((share * (1 - share)) / trials + square / (4 * trials * trials));
  return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}
