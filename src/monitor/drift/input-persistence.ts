/**
 * For how many bars an input stays what it is: the integrated autocorrelation time of its rank, so that n bars say as much as n
 * divided by it independent ones. As `node scripts/drift-study/input-persistence.ts` measures it on four simulated markets of four
 * symbols, rounded up; one symbol of real daily bars (the S&P 500) is quicker in most inputs and slower in volatility.
 *
 * Without this a window of a hundred decisions always "drifts": volatility is at one end of its range for weeks at a time.
 */
const persistenceBars: ReadonlyMap<string, number> = new Map([
  ["momentum_score", 40],
  ["efficiency_ratio", 16],
  ["volatility", 60],
  ["correlation", 85],
  ["log_return_1", 5],
  ["rolling_return_20", 60],
  ["trend_consistency", 17],
  ["ma_distance_20", 50],
  ["ma_distance_50", 85],
  ["ma_slope_50", 100],
  ["atr", 90],
  ["vol_percentile", 60],
  ["vol_slope", 10],
  ["dispersion", 20],
  ["range_compression", 10],
  ["return_autocorrelation", 70],
]);

/** For an input that nobody has measured: as slow as most. */
const persistenceUsual = 60;

export function persistenceOf(input: string): number {
  return persistenceBars.get(input) ?? persistenceUsual;
}
