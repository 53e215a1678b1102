/**
 * Statistics of small samples. All sum afresh, oldest value first: running sums drift, and a value must not depend on
 * what left the window long ago. The statistics of an empty sample are NaN.
 */

/**
 * Standard deviations below this count as zero. ln of a price ratio has an error of about 1e-16, so a market that grows
 * by exactly 1 % a bar shows a deviation of that order, and a quotient by it would be noise of any size.
 */
export const standardDeviationMin = 1e-12;

export function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Sample standard deviation, divisor n − 1; 0 where rounding is all there is. */
export function standardDeviation(values: Float64Array): number {
  if (values.length < 2) return Number.NaN;
  const centre = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - centre) ** 2;
  const deviation = Math.sqrt(squares / (values.length - 1));
  return deviation < standardDeviationMin ? 0 : deviation;
}

/** Autocorrelation at lag 1: Σ(xₜ−m)(xₜ₋₁−m) / Σ(xₜ−m)², one mean for all, hence in [−1, 1]. 0 for a constant sample. */
export function lagOneAutocorrelation(values: Float64Array): number {
  const deviation = standardDeviation(values);
  if (!(deviation > 0)) return deviation;
  const centre = mean(values);
  let products = 0;
  let previous = 0;
  for (const value of values) {
    products += (value - centre) * previous;
    previous = value - centre;
  }
  return products / (deviation ** 2 * (values.length - 1));
}

/** Pearson correlation of two samples of equal length; 0 when either is constant. */
export function correlation(left: Float64Array, right: Float64Array): number {
  const scale = standardDeviation(left) * standardDeviation(right);
  if (!(scale > 0)) return scale;
  const leftMean = mean(left);
  const rightMean = mean(right);
  let products = 0;
  for (const [index, value] of left.entries())
    products += (value - leftMean) * ((right[index] ?? Number.NaN) - rightMean);
  return Math.max(-1, Math.min(1, products / ((left.length - 1) * scale)));
}

/** Share of `values` that are at most `value`, times 100. With `value` among them the result is above 0, up to 100. */
export function percentileRank(values: Float64Array, value: number): number {
  let atMost = 0;
  for (const other of values) if (other <= value) atMost += 1;
  return (100 * atMost) / values.length;
}
