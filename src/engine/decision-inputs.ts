import type { Config } from "../domain/config.ts";
import type { DecisionInputs } from "../domain/decision.ts";
import { InvalidInputError } from "../domain/errors.ts";
import type { DecisionRequest, FeatureWindow, QseOutput } from "../domain/request.ts";
import type { EngineSnapshot } from "./engine-snapshot.ts";
import { findSeries, measureWindow, type NamedSeries, readBar } from "./feature-window.ts";
import { readRow, readRows } from "./model-row.ts";

/** Bars over which an efficiency ratio is computed from moving-average distances. */
const efficiencyBars = 20;
/** Least bars for a percentile rank inside the window. */
const rankBarsMin = 60;
/** Guards the division by the summed true range. */
const trueRangeMin = 1e-8;

/** What stands in for an absent input; each use is named in `missing`. */
export const neutral = {
  efficiencyRatio: 0.5,
  volatilityPercentile: 50,
  momentumScore: 0,
  trendConsistency: 0.5,
  trendPersistenceScore: 0.2,
} as const;

/** The correlation regime while nobody has said what it is. */
export const unknownCorrelation = "UNKNOWN";

/** Bars a decision needs: the larger of what the two models ask for. */
export function requiredBars(config: Config): number {
  return Math.max(config.regime.minBarsRequired, config.signalFilter.minBarsRequired);
}

/**
 * Reads from a request exactly the numbers the models need.
 *
 * @throws InvalidInputError for an uneven or oversized window and for a non-finite number that is read.
 */
export function readDecisionInputs(request: DecisionRequest, snapshot: EngineSnapshot): DecisionInputs {
  const { config } = snapshot.config;
  const windowBars = measureWindow(request.features);
  const bars = countBars(request, windowBars);
  const required = requiredBars(config);
  const smoothing = config.regime.regimeSmoothingWindow;
  if (bars < required) return { ...emptyInputs, bars, signalValid: readValidity(request.qseOutput) };
  // With the window itself long enough for the check, only the smoothing needs its bars.
  const windowMin = windowBars >= required ? smoothing : efficiencyBars + smoothing;
  if (windowBars < windowMin) {
    return { ...emptyInputs, bars, windowTooShort: windowBars, signalValid: readValidity(request.qseOutput) };
  }
  const inputs = readFullInputs(request, bars, windowBars, smoothing);
  const { regimeModel, signalModel } = snapshot;
  if (!("run" in regimeModel) && !("run" in signalModel)) return inputs;
  const newest = windowBars - 1;
  return {
    ...inputs,
    ...("run" in regimeModel && { regimeRows: readRows(request, regimeModel, newest - smoothing + 1, newest) }),
    ...("run" in signalModel && { signalRow: readRow(request, signalModel, newest) }),
  };
}

function countBars(request: DecisionRequest, windowBars: number): number {
  const history = request.historyBars;
  if (history === undefined) return windowBars;
  if (history < windowBars) {
    throw new InvalidInputError([
      { field: "history_bars", description: `${history} is less than the ${windowBars} bars of the window` },
    ]);
  }
  return history;
}

/** Stands in the audit record when nothing was read because there were too few bars. */
const emptyInputs: Omit<DecisionInputs, "bars"> = {
  efficiencyRatio: [],
  volatilityPercentile: [],
  momentumScore: neutral.momentumScore,
  trendConsistency: neutral.trendConsistency,
  trendPersistenceScore: neutral.trendPersistenceScore,
  signalValid: undefined,
  autocorrCheck: false,
  stationarityCheck: false,
  distributionCheck: false,
  correlationRegime: unknownCorrelation,
  missing: [],
};

function readFullInputs(request: DecisionRequest, bars: number, windowBars: number, smoothing: number): DecisionInputs {
  const missing: string[] = [];
  const { features, qseOutput: qse } = request;
  const newest = windowBars - 1;
  const validation = qse?.validation;
  return {
    bars,
    efficiencyRatio: readEfficiencyRatios(features, qse, newest, smoothing, missing),
    volatilityPercentile: readVolatilityPercentiles(features, qse, newest, smoothing, missing),
    momentumScore: readFeature(features, "momentum_score", newest, neutral.momentumScore, missing),
    trendConsistency: readFeature(features, "trend_consistency", newest, neutral.trendConsistency, missing),
    trendPersistenceScore:
      readMetric(qse?.metrics?.trendPersistenceScore, "qse_output.metrics.trend_persistence_score") ??
      neutralFor("qse_output.metrics.trend_persistence_score", neutral.trendPersistenceScore, missing),
    signalValid: validation?.signalValidityFlag ?? noteMissing("qse_output.validation.signal_validity_flag", missing),
    autocorrCheck: readCheck(validation?.autocorrCheckPassed, "autocorr_check_passed", missing),
    stationarityCheck: readCheck(validation?.stationarityCheckPassed, "stationarity_check_passed", missing),
    distributionCheck: readCheck(validation?.distributionCheckPassed, "distribution_check_passed", missing),
    correlationRegime: qse?.regime?.correlationRegime ?? unknownCorrelation,
    missing,
  };
}

function readValidity(qse: QseOutput | undefined): boolean | undefined {
  return qse?.validation?.signalValidityFlag;
}

function readFeature(features: FeatureWindow, name: string, bar: number, otherwise: number, missing: string[]): number {
  const series = findSeries(features, name);
  return series === undefined ? neutralFor(name, otherwise, missing) : readBar(series, bar);
}

function readCheck(value: boolean | undefined, name: string, missing: string[]): boolean {
  if (value === undefined) missing.push(`qse_output.validation.${name}`);
  return value ?? false;
}

function neutralFor(name: string, value: number, missing: string[]): number {
  if (!missing.includes(name)) missing.push(name);
  return value;
}

function noteMissing(name: string, missing: string[]): undefined {
  missing.push(name);
  return undefined;
}

function readMetric(value: number | undefined, field: string): number | undefined {
  if (value === undefined) return undefined;
  if (!Number.isFinite(value)) {
    throw new InvalidInputError([{ field, description: `${value} is not a finite number` }], "NON_FINITE_METRIC");
  }
  return value + 0;
}

/** Efficiency ratios of the newest bars: the series, else moving-average distances over true range, else QSE. */
function readEfficiencyRatios(
  features: FeatureWindow,
  qse: QseOutput | undefined,
  newest: number,
  smoothing: number,
  missing: string[],
): number[] {
  const series = findSeries(features, "efficiency_ratio");
  const distance = series === undefined ? findSeries(features, "ma_distance_20") : undefined;
  const range = series === undefined ? findSeries(features, "atr") : undefined;
  const ratios: number[] = [];
  for (let bar = newest - smoothing + 1; bar <= newest; bar++) {
    if (series !== undefined) ratios.push(readBar(series, bar));
    else if (distance !== undefined && range !== undefined && bar >= efficiencyBars - 1) {
      ratios.push(computeEfficiencyRatio(distance, range, bar));
    } else {
      ratios.push(
        readMetric(qse?.regime?.efficiencyRatio, "qse_output.regime.efficiency_ratio") ??
          neutralFor("efficiency_ratio", neutral.efficiencyRatio, missing),
      );
    }
  }
  return ratios;
}

function computeEfficiencyRatio(distance: NamedSeries, range: NamedSeries, bar: number): number {
  const first = bar - efficiencyBars + 1;
  let travelled = 0;
  for (let at = first; at <= bar; at++) travelled += readBar(range, at);
  const ratio = Math.abs(readBar(distance, bar) - readBar(distance, first)) / Math.max(travelled, trueRangeMin);
  // Two huge distances, each finite, can still have an infinite quotient.
  if (Number.isFinite(ratio)) return ratio;
  throw new InvalidInputError(
    [{ field: `features["${distance.name}"].values[${bar}]`, description: "the efficiency ratio overflows" }],
    "NON_FINITE_FEATURE",
  );
}

/** Volatility percentiles of the newest bars: the series, else QSE, else the rank inside the window. */
function readVolatilityPercentiles(
  features: FeatureWindow,
  qse: QseOutput | undefined,
  newest: number,
  smoothing: number,
  missing: string[],
): number[] {
  const series = findSeries(features, "vol_percentile");
  const reported = series
    ? undefined
    : readMetric(qse?.metrics?.volatilityPercentile, "qse_output.metrics.volatility_percentile");
  const volatility = series === undefined && reported === undefined ? findSeries(features, "volatility") : undefined;
  const percentiles: number[] = [];
  for (let bar = newest - smoothing + 1; bar <= newest; bar++) {
    if (series !== undefined) percentiles.push(readBar(series, bar));
    else if (reported !== undefined) percentiles.push(reported);
    else if (volatility !== undefined && bar + 1 >= rankBarsMin) percentiles.push(rankBar(volatility, bar));
    else percentiles.push(neutralFor("vol_percentile", neutral.volatilityPercentile, missing));
  }
  return percentiles;
}

/** Share of bars up to this one whose value is not above it, in percent; later bars are not looked at. */
function rankBar(series: NamedSeries, bar: number): number {
  const value = readBar(series, bar);
  let notAbove = 0;
  for (let at = 0; at <= bar; at++) if (readBar(series, at) <= value) notAbove++;
  return (100 * notAbove) / (bar + 1);
}
