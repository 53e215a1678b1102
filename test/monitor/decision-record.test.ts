import { describe, expect, it } from "vitest";
import type { DecisionInputs, GateOutcome, ModelIdentity } from "../../src/domain/decision.ts";
import type { DecisionEvent } from "../../src/domain/decision-event.ts";
import { DecisionRecordWriter } from "../../src/monitor/decision-record.ts";
import { everyKindOfEvent } from "./decision-events.ts";

const toModel = ({ name, version, sha256 }: ModelIdentity) => ({ name, version, sha256 });

/** The record as an object, for JSON.stringify to be the judge. */
function toRecord(event: DecisionEvent) {
  const { decision } = event;
  return {
    kind: "decision",
    timestamp: toTime(event.timestampMicros),
    prediction_id: event.predictionId,
    symbol: event.symbol,
    timeframe: event.timeframe,
    bar_index: event.barIndex,
    bar_time: event.barTimeMicros === undefined ? null : toTime(event.barTimeMicros),
    request_id: event.requestId,
    regime: decision.regime.label,
    regime_confidence: decision.regime.confidence,
    signal_prob: decision.signal.probability,
    regime_out_of_distribution: decision.regime.outOfDistribution,
    signal_out_of_distribution: decision.signal.outOfDistribution,
    allowed: decision.allowTrade,
    decision_reasons: decision.reasons,
    gates: decision.gates.map(({ name, passed, value, threshold, message }) => ({
      name,
      passed,
      value,
      threshold,
      message,
    })),
    processing_time_ms: event.processingTimeMs,
    config_hash: decision.configHash,
    regime_model: toModel(decision.regimeModel),
    signal_model: toModel(decision.signalModel),
    inputs: toInputs(decision.inputs),
  };
}

function toInputs(inputs: DecisionInputs) {
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
    regime_rows: inputs.regimeRows,
    signal_row: inputs.signalRow,
  };
}

function toTime(micros: number): string {
  const milliseconds = Math.floor(micros / 1000);
  return `${new Date(milliseconds).toISOString().slice(0, 23)}${String(micros - 1000 * milliseconds).padStart(3, "0")}Z`;
}

describe("the record of a decision", () => {
  const writer = new DecisionRecordWriter();

  it.each(everyKindOfEvent())("is what JSON.stringify would write: $kind", ({ event }) => {
    expect(`${writer.write(event)}}`).toBe(JSON.stringify(toRecord(event)));
  });

  it("is that of its own gates, whichever of them were there before", () => {
    const kinds = everyKindOfEvent();
    // Each three times, since what is written of a gate is kept when it comes again; then all gates but one are those of the event before.
    for (const { event } of [...kinds, ...kinds.toReversed()].flatMap((kind) => [kind, kind, kind])) {
      expect(`${writer.write(event)}}`).toBe(JSON.stringify(toRecord(event)));
      const { gates } = event.decision;
      for (const at of gates.keys()) {
        const changed = gates.with(at, { ...gates[at], name: "QSE_VALID", message: `changed ${at}` } as GateOutcome);
        const mixed = { ...event, decision: { ...event.decision, gates: changed } };
        expect(`${writer.write(mixed)}}`).toBe(JSON.stringify(toRecord(mixed)));
      }
    }
  });

  it("names the models of each decision, however many have decided", () => {
    const [{ event } = { event: undefined }] = everyKindOfEvent();
    if (event === undefined) throw new Error("there are kinds of events");
    for (let version = 0; version < 40; version++) {
      const regimeModel = { ...event.decision.regimeModel, version: `v1.0.${version}` };
      const changed = { ...event, decision: { ...event.decision, regimeModel } };
      expect(`${writer.write(changed)}}`).toBe(JSON.stringify(toRecord(changed)));
    }
  });
});
