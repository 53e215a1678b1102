/** The features that a window consists of, and the other names they go by. */

/** Version of the names, their order and their definitions. */
export const featureVersion = "1.0.0";

/** The features of schema 1.0.0, in the order in which models read them. */
export const featureNames = [
  "momentum_score",
  "efficiency_ratio",
  "volatility",
  "correlation",
  "log_return_1",
  "rolling_return_20",
  "trend_consistency",
  "ma_distance_20",
  "ma_distance_50",
  "ma_slope_50",
  "atr",
  "vol_percentile",
  "vol_slope",
  "dispersion",
  "range_compression",
  "return_autocorrelation",
] as const;

export type FeatureName = (typeof featureNames)[number];

/** Names accepted on input, and the feature each one means. A map, because callers choose the keys that are looked up. */
export const featureAliases: ReadonlyMap<string, FeatureName> = new Map<string, FeatureName>([
  ["rolling_vol", "volatility"],
  ["cross_pair_correlation", "correlation"],
  ["returns_autocorr", "return_autocorrelation"],
]);

/** The schema's name for `name`; names the schema does not know stay as they are. */
export function toFeatureName(name: string): string {
  return featureAliases.get(name) ?? name;
}
