import type { FeatureColumns } from "./feature-engine.ts";

/** What the other symbols of a panel show at a bar. Not of the schema: a model that reads them declares them as `extra_features`. */
export type PeerFeatureName = `peer_${(typeof peerSources)[number]["name"]}`;

/** Features that are averaged over the other symbols; those in price are taken in units of the symbol's own volatility. */
const peerSources = [
  { name: "momentum_score", isScaled: false },
  { name: "efficiency_ratio", isScaled: false },
  { name: "trend_consistency", isScaled: false },
  { name: "vol_percentile", isScaled: false },
  { name: "return_autocorrelation", isScaled: false },
  { name: "log_return_1", isScaled: true },
  { name: "rolling_return_20", isScaled: true },
  { name: "ma_distance_20", isScaled: true },
  { name: "ma_distance_50", isScaled: true },
  { name: "ma_slope_50", isScaled: true },
  { name: "vol_slope", isScaled: true },
] as const;

export const peerFeatureNames: readonly PeerFeatureName[] = peerSources.map(({ name }) => `peer_${name}` as const);

/** Guards the division by the volatility of a price that stands still. */
const volatilityMin = 1e-9;

/**
 * The means of the other symbols' features, bar by bar; 0 for a symbol that stands alone. Bars at which no other symbol has its
 * features yet are NaN, as a feature without its history is.
 */
export function computePeerFeatures(
  panel: ReadonlyMap<string, FeatureColumns>,
): ReadonlyMap<string, Readonly<Record<PeerFeatureName, readonly number[]>>> {
  return new Map(
    [...panel].map(([symbol, own]) => {
      const others = [...panel].filter(([other]) => other !== symbol).map(([, features]) => features);
      const series = peerSources.map((source) => [
        `peer_${source.name}`,
        own.atr.map((_, bar) => averageAt(others, source, bar)),
      ]);
      return [symbol, Object.fromEntries(series)];
    }),
  );
}

function averageAt(
  others: readonly FeatureColumns[],
  { name, isScaled }: (typeof peerSources)[number],
  bar: number,
): number {
  if (others.length === 0) return 0;
  let sum = 0;
  for (const features of others) {
    const value = features[name][bar] ?? Number.NaN;
    sum += isScaled ? value / Math.max(features.volatility[bar] ?? Number.NaN, volatilityMin) : value;
  }
  return sum / others.length;
}
