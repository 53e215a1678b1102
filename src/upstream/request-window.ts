import { featureNames } from "../domain/feature-schema.ts";
import type { FeatureColumns } from "./feature-engine.ts";

/** Features in the shape of `PredictRequest.features`. */
export type RequestWindow = Record<string, { values: number[] }>;

/** Bars that a window holds unless told otherwise: more than the 100 that the service asks for, small enough to send every bar. */
const windowBars = 120;

/** Index of the first bar at which every feature is a number; undefined when the history never gets that long. */
export function firstCompleteBar(features: FeatureColumns): number | undefined {
  const first = features.vol_percentile.findIndex((_, bar) =>
    featureNames.every((name) => Number.isFinite(features[name][bar])),
  );
  return first === -1 ? undefined : first;
}

/**
 * The window that a decision at bar `endIndex` is asked with: that bar and those before it, at most `bars` of them, none from before
 * the first complete bar, because the service refuses NaN. Undefined where there is no complete bar yet.
 *
 * @throws RangeError when there is no bar `endIndex`, or `bars` is not a positive whole number
 */
export function buildRequestWindow(
  features: FeatureColumns,
  endIndex: number,
  bars: number = windowBars,
): RequestWindow | undefined {
  if (!(Number.isInteger(endIndex) && endIndex >= 0 && endIndex < features.atr.length)) {
    throw new RangeError(`no bar ${endIndex} among ${features.atr.length}`);
  }
  if (!(Number.isInteger(bars) && bars > 0)) throw new RangeError(`a window of ${bars} bars`);
  const first = firstCompleteBar(features);
  if (first === undefined || endIndex < first) return undefined;
  const start = Math.max(first, endIndex + 1 - bars);
  return Object.fromEntries(featureNames.map((name) => [name, { values: features[name].slice(start, endIndex + 1) }]));
}
