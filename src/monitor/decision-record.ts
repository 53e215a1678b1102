import type { DecisionInputs, GateOutcome, ModelIdentity } from "../domain/decision.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import { EncodedBody } from "./audit/audit-record.ts";
import { MicrosFormat } from "./micros-format.ts";

/**
 * Writes a decision as the audit log keeps it: everything needed to prove it and to take it again. The text is what JSON.stringify
 * would write of the same fields; putting it together by hand takes half the time (1.7 instead of 3.6 µs), a model's part is
 * written once.
 */
export class DecisionRecordWriter {
  readonly #times = new MicrosFormat();
  readonly #models = new Map<ModelIdentity, string>();

  write(event: DecisionEvent): EncodedBody {
    const { decision } = event;
    const { regime, signal } = decision;
    const barTime = event.barTimeMicros === undefined ? "null" : `"${this.#times.format(event.barTimeMicros)}"`;
    return new EncodedBody(
      `{"kind":"decision","timestamp":"${this.#times.format(event.timestampMicros)}"` +
        `,"prediction_id":${JSON.stringify(event.predictionId)},"symbol":${JSON.stringify(event.symbol)}` +
        `,"timeframe":${JSON.stringify(event.timeframe)},"bar_index":${toJson(event.barIndex)},"bar_time":${barTime}` +
        `,"request_id":${JSON.stringify(event.requestId)},"regime":"${regime.label}"` +
        `,"regime_confidence":${toJson(regime.confidence)},"signal_prob":${toJson(signal.probability)}` +
        scoreToJson("regime", regime.outOfDistribution) +
        scoreToJson("signal", signal.outOfDistribution) +
        `,"allowed":${decision.allowTrade},"decision_reasons":${textsToJson(decision.reasons)}` +
        `,"gates":${gatesToJson(decision.gates)},"processing_time_ms":${toJson(event.processingTimeMs)}` +
        `,"config_hash":${JSON.stringify(decision.configHash)},"regime_model":${this.#modelOf(decision.regimeModel)}` +
        `,"signal_model":${this.#modelOf(decision.signalModel)},"inputs":${inputsToJson(decision.inputs)}`,
    );
  }

  #modelOf(model: ModelIdentity): string {
    const known = this.#models.get(model);
    if (known !== undefined) return known;
    // Every swap brings new identities; nobody will ask for the old ones again.
    if (this.#models.size >= modelsKept) this.#models.clear();
    const { name, version, sha256 } = model;
    const json = JSON.stringify({ name, version, sha256 });
    this.#models.set(model, json);
    return json;
  }
}

/** Both models of an engine, and those of the engine that decisions under way still finish on. */
const modelsKept = 16;

/** JSON has no other numbers; JSON.stringify writes null for them too. */
function toJson(value: number): string {
  return Number.isFinite(value) ? String(value) : "null";
}

/** Records of rules stay as they are. */
function scoreToJson(of: "regime" | "signal", score: number | undefined): string {
  return score === undefined ? "" : `,"${of}_out_of_distribution":${toJson(score)}`;
}

function numbersToJson(values: readonly number[]): string {
  let json = "";
  for (const value of values) json += json === "" ? toJson(value) : `,${toJson(value)}`;
  return `[${json}]`;
}

function textsToJson(values: readonly string[]): string {
  return values.length === 0 ? "[]" : JSON.stringify(values);
}

function gatesToJson(gates: readonly GateOutcome[]): string {
  let json = "";
  for (const { name, passed, value, threshold, message } of gates) {
    json +=
      `${json === "" ? "" : ","}{"name":"${name}","passed":${passed},"value":${toJson(value)}` +
      `,"threshold":${toJson(threshold)},"message":${JSON.stringify(message)}}`;
  }
  return `[${json}]`;
}

function inputsToJson(inputs: DecisionInputs): string {
  const { regimeRows, signalRow } = inputs;
  return (
    `{"bars":${toJson(inputs.bars)},"window_too_short":${inputs.windowTooShort ?? null}` +
    `,"efficiency_ratio":${numbersToJson(inputs.efficiencyRatio)}` +
    `,"vol_percentile":${numbersToJson(inputs.volatilityPercentile)}` +
    `,"momentum_score":${toJson(inputs.momentumScore)},"trend_consistency":${toJson(inputs.trendConsistency)}` +
    `,"trend_persistence_score":${toJson(inputs.trendPersistenceScore)},"signal_valid":${inputs.signalValid ?? null}` +
    `,"autocorr_check":${inputs.autocorrCheck},"stationarity_check":${inputs.stationarityCheck}` +
    `,"distribution_check":${inputs.distributionCheck}` +
    `,"correlation_regime":${JSON.stringify(inputs.correlationRegime)},"missing":${textsToJson(inputs.missing)}` +
    (regimeRows === undefined ? "" : `,"regime_rows":[${regimeRows.map(numbersToJson).join(",")}]`) +
    (signalRow === undefined ? "" : `,"signal_row":${numbersToJson(signalRow)}`) +
    "}"
  );
}
