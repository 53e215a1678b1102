import type { Decision, Explanation, ModelIdentity, RegimeAssessment, SignalAssessment } from "../domain/decision.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import { formatMicros } from "../domain/timestamp.ts";
import { rankContributions } from "./prediction-message.ts";

/**
 * A decision as REST answers it: what the JSON of a `PredictResponse` is, fields in the order of the proto file, without the message. Half of
 * what an answer over REST cost beside its parsing went into the messages.
 */
export function toPredictJson(event: DecisionEvent, mlVersion: string, omitExplanation: boolean): object {
  const { decision } = event;
  return {
    prediction_id: event.predictionId,
    symbol: event.symbol,
    timeframe: event.timeframe,
    bar_index: event.barIndex,
    timestamp: toTimestampJson(event.timestampMicros),
    prediction: toPrediction(decision, omitExplanation),
    regime_model: toModel(decision.regimeModel),
    signal_model: toModel(decision.signalModel),
    config_hash: decision.configHash,
    ml_version: mlVersion,
    processing_time_ms: toNumber(event.processingTimeMs),
    missing_inputs: decision.inputs.missing,
    request_id: event.requestId,
  };
}

function toPrediction(decision: Decision, omitExplanation: boolean): object {
  return {
    regime: toRegime(decision.regime),
    signal: toSignal(decision.signal, omitExplanation),
    allow_trade: decision.allowTrade,
    decision_reasons: decision.reasons,
    gates: decision.gates.map((gate) => ({
      name: gate.name,
      passed: gate.passed,
      value: toNumber(gate.value),
      threshold: toNumber(gate.threshold),
      margin: toNumber(gate.margin),
      message: gate.message,
    })),
  };
}

function toRegime(regime: RegimeAssessment): object {
  return {
    regime_label: regime.label,
    regime_confidence: toNumber(regime.confidence),
    prob_trending: toNumber(regime.probTrending),
    prob_ranging: toNumber(regime.probRanging),
    prob_stressed: toNumber(regime.probStressed),
    efficiency_ratio: toNumber(regime.efficiencyRatio),
    volatility_percentile: toNumber(regime.volatilityPercentile),
    correlation_regime: regime.correlationRegime,
    regime_stable: regime.stable,
    recent_labels: regime.recentLabels,
    explanation: regime.explanation && toExplanation(regime.explanation),
    out_of_distribution: regime.outOfDistribution && toNumber(regime.outOfDistribution),
  };
}

function toSignal(signal: SignalAssessment, omitExplanation: boolean): object {
  const top: Record<string, number | string> = {};
  for (const { name, contribution } of rankContributions(signal.explanation)) top[name] = toNumber(contribution);
  return {
    momentum_success_prob: toNumber(signal.probability),
    should_enter: signal.shouldEnter,
    should_exit: signal.shouldExit,
    confidence_level: signal.level,
    top_features: top,
    explanation: omitExplanation ? undefined : toExplanation(signal.explanation),
    out_of_distribution: signal.outOfDistribution && toNumber(signal.outOfDistribution),
  };
}

function toExplanation({ base, contributions, unit, note = "" }: Explanation): object {
  return {
    base: toNumber(base),
    contributions: contributions.map(({ name, value, contribution }) => ({
      name,
      value: toNumber(value),
      contribution: toNumber(contribution),
    })),
    unit,
    note,
  };
}

function toModel({ name, version, sha256 }: ModelIdentity): object {
  return { name, version, sha256 };
}

/** JSON has no other numbers: they are words there. */
function toNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** Protobuf's JSON has no, three or six digits behind the point. */
function toTimestampJson(micros: number): string {
  const text = formatMicros(micros);
  if (micros % 1_000_000 === 0) return text.replace(".000000Z", "Z");
  return micros % 1000 === 0 ? `${text.slice(0, -"000Z".length)}Z` : text;
}
