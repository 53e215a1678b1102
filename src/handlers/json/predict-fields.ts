import type { FeatureWindow, QseOutput } from "../../domain/request.ts";
import type { PredictInput } from "../wire/predict-request-reader.ts";
import type { PlainValues } from "./plain-values.ts";

const int32Min = -(2 ** 31);
const int32Max = 2 ** 31 - 1;
const uint32Max = 2 ** 32 - 1;

/** What a `PredictRequest` says in JSON, its features read already. Means something only if the values were plain. */
export function readPredictFields(json: unknown, features: FeatureWindow, values: PlainValues): PredictInput {
  let symbol = "";
  let timeframe = "";
  let requestId = "";
  let omitExplanation = false;
  let qseOutput: QseOutput | undefined;
  let barIndex: number | undefined;
  let historyBars: number | undefined;
  let barTimeMicros: number | undefined;
  const members = values.members(json);
  for (const key in members) {
    const value = members[key];
    // Null is written for what is absent.
    if (value === null) continue;
    if (key === "symbol") symbol = values.text(value) ?? "";
    else if (key === "timeframe") timeframe = values.text(value) ?? "";
    else if (key === "qse_output") qseOutput = readQseOutput(value, values);
    else if (key === "bar_index") barIndex = values.integer(value, int32Min, int32Max);
    else if (key === "history_bars") historyBars = values.integer(value, 0, uint32Max);
    else if (key === "bar_time") barTimeMicros = values.micros(value);
    else if (key === "request_id") requestId = values.text(value) ?? "";
    else if (key === "omit_explanation") omitExplanation = values.flag(value) ?? false;
    else values.pass(key);
  }
  return { symbol, timeframe, features, qseOutput, barIndex, historyBars, barTimeMicros, requestId, omitExplanation };
}

function readQseOutput(json: unknown, values: PlainValues): QseOutput {
  let validation: QseOutput["validation"];
  let metrics: QseOutput["metrics"];
  let regime: QseOutput["regime"];
  const members = values.members(json);
  for (const key in members) {
    const value = members[key];
    if (value === null) continue;
    if (key === "validation") validation = readValidation(value, values);
    else if (key === "metrics") metrics = readMetrics(value, values);
    else if (key === "regime") regime = readRegime(value, values);
    else values.pass(key);
  }
  return { validation, metrics, regime };
}

function readValidation(json: unknown, values: PlainValues): NonNullable<QseOutput["validation"]> {
  let signalValidityFlag: boolean | undefined;
  let autocorrCheckPassed: boolean | undefined;
  let stationarityCheckPassed: boolean | undefined;
  let distributionCheckPassed: boolean | undefined;
  let trendPersistenceCheckPassed: boolean | undefined;
  const members = values.members(json);
  for (const key in members) {
    const value = members[key];
    if (value === null) continue;
    if (key === "signal_validity_flag") signalValidityFlag = values.flag(value);
    else if (key === "autocorr_check_passed") autocorrCheckPassed = values.flag(value);
    else if (key === "stationarity_check_passed") stationarityCheckPassed = values.flag(value);
    else if (key === "distribution_check_passed") distributionCheckPassed = values.flag(value);
    else if (key === "trend_persistence_check_passed") trendPersistenceCheckPassed = values.flag(value);
    else values.pass(key);
  }
  return {
    signalValidityFlag,
    autocorrCheckPassed,
    stationarityCheckPassed,
    distributionCheckPassed,
    trendPersistenceCheckPassed,
  };
}

function readMetrics(json: unknown, values: PlainValues): NonNullable<QseOutput["metrics"]> {
  let trendPersistenceScore: number | undefined;
  let adfStationary: boolean | undefined;
  let zScore: number | undefined;
  let volatilityPercentile: number | undefined;
  let adfStatistic: number | undefined;
  let autocorrelation: number | undefined;
  const members = values.members(json);
  for (const key in members) {
    const value = members[key];
    if (value === null) continue;
    if (key === "trend_persistence_score") trendPersistenceScore = values.double(value);
    else if (key === "adf_stationary") adfStationary = values.flag(value);
    else if (key === "z_score") zScore = values.double(value);
    else if (key === "volatility_percentile") volatilityPercentile = values.double(value);
    else if (key === "adf_statistic") adfStatistic = values.double(value);
    else if (key === "autocorrelation") autocorrelation = values.double(value);
    else values.pass(key);
  }
  return { trendPersistenceScore, adfStationary, zScore, volatilityPercentile, adfStatistic, autocorrelation };
}

function readRegime(json: unknown, values: PlainValues): NonNullable<QseOutput["regime"]> {
  let trendStrength: number | undefined;
  let efficiencyRatio: number | undefined;
  let correlationRegime: string | undefined;
  const members = values.members(json);
  for (const key in members) {
    const value = members[key];
    if (value === null) continue;
    if (key === "trend_strength") trendStrength = values.double(value);
    else if (key === "efficiency_ratio") efficiencyRatio = values.double(value);
    else if (key === "correlation_regime") correlationRegime = values.text(value);
    else values.pass(key);
  }
  return { trendStrength, efficiencyRatio, correlationRegime };
}
