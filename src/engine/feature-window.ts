import { type FieldViolation, InvalidInputError } from "../domain/errors.ts";
import { featureAliases } from "../domain/feature-schema.ts";
import type { FeatureWindow, SeriesValues } from "../domain/request.ts";

/** Most bars of one series. */
export const barsMax = 10_000;
/** Most series of one window. */
export const featuresMax = 256;

/** The other name of a feature, where it has one. */
const aliases = new Map([...featureAliases].map(([alias, name]): [string, string] => [name, alias]));

/**
 * The common length of all series.
 *
 * @throws InvalidInputError naming every series of another length, or the limit that is passed.
 */
export function measureWindow(features: FeatureWindow): number {
  let bars = -1;
  let count = 0;
  let uneven = false;
  for (const name in features) {
    const length = features[name]?.values.length ?? 0;
    if (bars === -1) bars = length;
    else if (length !== bars) uneven = true;
    count++;
  }
  if (count === 0) return 0;
  if (uneven || bars > barsMax || count > featuresMax) throw describeBadWindow(features, count);
  return bars;
}

function describeBadWindow(features: FeatureWindow, count: number): InvalidInputError {
  const violations: FieldViolation[] = [];
  if (count > featuresMax) {
    violations.push({ field: "features", description: `${count} series; at most ${featuresMax} are read` });
  }
  const names = Object.keys(features);
  const expected = mostCommon(names.map((name) => features[name]?.values.length ?? 0));
  for (const name of names) {
    const length = features[name]?.values.length ?? 0;
    const field = `features["${name}"].values`;
    if (length > barsMax) violations.push({ field, description: `${length} bars; at most ${barsMax} are read` });
    else if (length !== expected) {
      violations.push({ field, description: `${length} bars where the other series have ${expected}` });
    }
    // One caller mistake often bends every series; the first few name it as well as all of them.
    if (violations.length >= 16) break;
  }
  return new InvalidInputError(violations, "INVALID_FEATURE_WINDOW");
}

/** The length most series have, so that the odd one out is the one that is named. */
export function mostCommon(lengths: Iterable<number>): number {
  const counts = new Map<number, number>();
  let best = 0;
  for (const length of lengths) {
    const count = (counts.get(length) ?? 0) + 1;
    counts.set(length, count);
    if (count > (counts.get(best) ?? 0)) best = length;
  }
  return best;
}

/** A series under its own name or its alias, with the name it was sent under. */
export interface NamedSeries {
  readonly name: string;
  readonly values: SeriesValues;
}

/**
 * Looks a feature up under its own name, then under its alias.
 *
 * @throws InvalidInputError when both are given: which of the two is meant cannot be known.
 */
export function findSeries(features: FeatureWindow, name: string): NamedSeries | undefined {
  const alias = aliases.get(name);
  const own = Object.hasOwn(features, name) ? features[name] : undefined;
  const aliased = alias !== undefined && Object.hasOwn(features, alias) ? features[alias] : undefined;
  if (own !== undefined) {
    if (aliased !== undefined) {
      throw new InvalidInputError([
        { field: `features["${alias}"]`, description: `the same feature as "${name}", which is given too` },
      ]);
    }
    return { name, values: own.values };
  }
  if (aliased !== undefined && alias !== undefined) return { name: alias, values: aliased.values };
  return undefined;
}

/**
 * The value of one bar, checked.
 *
 * @throws InvalidInputError naming the bar when the value is not finite.
 */
export function readBar(series: NamedSeries, bar: number): number {
  const value = series.values.at(bar);
  if (value === undefined || !Number.isFinite(value)) {
    throw new InvalidInputError(
      [{ field: `features["${series.name}"].values[${bar}]`, description: `${value} is not a finite number` }],
      "NON_FINITE_FEATURE",
    );
  }
  // Adding zero turns -0 into 0: JSON does not keep the sign, and a replay must read the same bits.
  return value + 0;
}
