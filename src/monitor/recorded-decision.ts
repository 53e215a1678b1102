import type { DecisionInputs } from "../domain/decision.ts";
import type { RegimeLabel } from "../domain/regime.ts";
import type { AuditRecord } from "./audit/audit-record.ts";
import { FieldReader } from "./record-fields.ts";

/** A decision as it stands in the audit log: what was read, under what, and what came out. */
export interface RecordedDecision {
  readonly seq: number;
  readonly predictionId: string;
  /** When it was taken, UTC in ISO 8601. */
  readonly timestamp: string;
  readonly symbol: string;
  readonly timeframe: string;
  /** Close time of the newest bar, when the caller said it. */
  readonly barTime: string | undefined;
  readonly configHash: string;
  readonly regimeModel: { readonly name: string; readonly version: string; readonly sha256: string };
  readonly signalModel: { readonly name: string; readonly version: string; readonly sha256: string };
  readonly inputs: DecisionInputs;
  /** Why trading was halted, if it was. */
  readonly halted: string | undefined;
  readonly regime: RegimeLabel;
  readonly regimeConfidence: number;
  readonly signalProbability: number;
  readonly allowed: boolean;
  readonly failedGates: readonly string[];
}

/**
 * Reads a record of kind `decision` back.
 *
 * @throws InvalidInputError naming the field that is not what it should be.
 */
export function readRecordedDecision({ seq, fields }: AuditRecord): RecordedDecision {
  const record = new FieldReader(`record ${seq}`, fields);
  const gates = record.list("gates").map((gate, index) => new FieldReader(`record ${seq}: gates[${index}]`, gate));
  const failed = gates.filter((gate) => !gate.flag("passed"));
  const halt = failed.find((gate) => gate.text("name") === "TRADING_ENABLED");
  return {
    seq,
    predictionId: record.text("prediction_id"),
    timestamp: record.text("timestamp"),
    symbol: record.text("symbol"),
    timeframe: record.text("timeframe"),
    // Records of earlier versions lack it.
    barTime: typeof record.optional("bar_time") === "string" ? record.text("bar_time") : undefined,
    configHash: record.text("config_hash"),
    regimeModel: readModel(record.object("regime_model")),
    signalModel: readModel(record.object("signal_model")),
    inputs: readInputs(record.object("inputs")),
    halted: halt?.text("message"),
    regime: record.regimeOrUnknown("regime"),
    regimeConfidence: record.number("regime_confidence"),
    signalProbability: record.number("signal_prob"),
    allowed: record.flag("allowed"),
    failedGates: failed.map((gate) => gate.text("name")),
  };
}

function readModel(model: FieldReader): RecordedDecision["regimeModel"] {
  return { name: model.text("name"), version: model.text("version"), sha256: model.text("sha256") };
}

function readInputs(inputs: FieldReader): DecisionInputs {
  const windowTooShort = inputs.optional("window_too_short");
  return {
    bars: inputs.number("bars"),
    ...(typeof windowTooShort === "number" && { windowTooShort }),
    efficiencyRatio: inputs.numbers("efficiency_ratio"),
    volatilityPercentile: inputs.numbers("vol_percentile"),
    momentumScore: inputs.number("momentum_score"),
    trendConsistency: inputs.number("trend_consistency"),
    trendPersistenceScore: inputs.number("trend_persistence_score"),
    signalValid: inputs.optional("signal_valid") === null ? undefined : inputs.flag("signal_valid"),
    autocorrCheck: inputs.flag("autocorr_check"),
    stationarityCheck: inputs.flag("stationarity_check"),
    distributionCheck: inputs.flag("distribution_check"),
    correlationRegime: inputs.text("correlation_regime"),
    missing: inputs.texts("missing"),
    ...(inputs.optional("regime_rows") !== undefined && { regimeRows: inputs.rows("regime_rows") }),
    ...(inputs.optional("signal_row") !== undefined && { signalRow: inputs.numbers("signal_row") }),
  };
}
