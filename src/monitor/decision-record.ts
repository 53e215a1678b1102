import type { DecisionInputs, GateOutcome, ModelIdentity } from "../domain/decision.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import { formatMicros } from "../domain/timestamp.ts";
import type { AuditBody, JsonValue } from "./audit/audit-record.ts";

/** A decision as the audit log keeps it: everything needed to prove it and to take it again. */
export function toDecisionRecord(event: DecisionEvent): AuditBody {
  const { decision } = event;
  return {
    kind: "decision",
    timestamp: formatMicros(event.timestampMicros),
    prediction_id: event.predictionId,
    symbol: event.symbol,
    timeframe: event.timeframe,
    bar_index: event.barIndex,
    bar_time: event.barTimeMicros === undefined ? null : formatMicros(event.barTimeMicros),
    request_id: event.requestId,
    regime: decision.regime.label,
    regime_confidence: decision.regime.confidence,
    signal_prob: decision.signal.probability,
    allowed: decision.allowTrade,
    decision_reasons: decision.reasons,
    gates: decision.gates.map(toGateRecord),
    processing_time_ms: event.processingTimeMs,
    config_hash: decision.configHash,
    regime_model: toModelRecord(decision.regimeModel),
    signal_model: toModelRecord(decision.signalModel),
    inputs: toInputsRecord(decision.inputs),
  };
}

function toModelRecord({ name, version, sha256 }: ModelIdentity): JsonValue {
  return { name, version, sha256 };
}

function toGateRecord(gate: GateOutcome): JsonValue {
  return { name: gate.name, passed: gate.passed, value: gate.value, threshold: gate.threshold, message: gate.message };
}

function toInputsRecord(inputs: DecisionInputs): JsonValue {
  return {
    bars: inputs.bars,
    window_too_short: inputs.windowTooShort ?? null,
    efficiency_ratio: inputs.efficiencyRatio,
    vol_percentile: inputs.volatilityPercentile,
    momentum_score: inputs.momentumScore,
    trend_consistency: inputs.trendConsistency,
    trend_persistence_score: inputs.trendPersistenceScore,
    signal_valid: inputs.signalValid ?? null,
    autocorr_check: inputs.autocorrCheck,
    stationarity_check: inputs.stationarityCheck,
    distribution_check: inputs.distributionCheck,
    correlation_regime: inputs.correlationRegime,
    missing: inputs.missing,
    ...(inputs.regimeRows !== undefined && { regime_rows: inputs.regimeRows }),
    ...(inputs.signalRow !== undefined && { signal_row: inputs.signalRow }),
  };
}
