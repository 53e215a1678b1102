/**
 * An outcome as the audit log keeps it, one record each:
 *
 *     {"kind":"outcome","timestamp":…,"prediction_id":…,"success":true,"realised_return":0.0042,"realised_regime":null,"outcome_time":null,…}
 *
 * `timestamp` is when it was recorded, `outcome_time` when it was known by the caller's word. There is at most one for each
 * decision, and its decision stands before it.
 */
import type { Outcome } from "../../domain/outcome.ts";
import { formatMicros } from "../../domain/timestamp.ts";
import type { AuditBody, AuditRecord } from "../audit/audit-record.ts";
import { FieldReader } from "../record-fields.ts";

/** Kind of the record. */
export const outcomeKind = "outcome";

/** An outcome read back. */
export interface RecordedOutcome extends Omit<Outcome, "timeMicros"> {
  readonly seq: number;
  /** When it was known, UTC in ISO 8601; absent when nobody has said. */
  readonly time: string | undefined;
}

export function toOutcomeRecord(outcome: Outcome, nowMicros: number): AuditBody {
  const { predictionId, success, realisedReturn, realisedRegime, timeMicros } = outcome;
  return {
    kind: outcomeKind,
    timestamp: formatMicros(nowMicros),
    prediction_id: predictionId,
    success,
    realised_return: realisedReturn ?? null,
    realised_regime: realisedRegime ?? null,
    outcome_time: timeMicros === undefined ? null : formatMicros(timeMicros),
  };
}

/**
 * Reads a record of kind `outcome` back.
 *
 * @throws InvalidInputError naming the field that is not what it should be.
 */
export function readRecordedOutcome({ seq, fields }: AuditRecord): RecordedOutcome {
  const record = new FieldReader(`record ${seq}`, fields);
  return {
    seq,
    predictionId: record.text("prediction_id"),
    success: record.flag("success"),
    realisedReturn: record.isNull("realised_return") ? undefined : record.number("realised_return"),
    realisedRegime: record.isNull("realised_regime") ? undefined : record.regime("realised_regime"),
    time: record.isNull("outcome_time") ? undefined : record.text("outcome_time"),
  };
}
