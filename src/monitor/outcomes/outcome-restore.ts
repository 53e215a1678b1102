/** What an earlier process knew of decisions and their outcomes, read back from the newest part of the audit log. */
import { formatMicros } from "../../domain/timestamp.ts";
import type { AuditRecord } from "../audit/audit-record.ts";
import { readRecordedDecision } from "../recorded-decision.ts";
import type { JudgedOutcome } from "./judged-outcome.ts";
import { toRecordedPrediction } from "./outcome-book.ts";
import { outcomeKind, type RecordedOutcome, readRecordedOutcome } from "./outcome-record.ts";
import type { PredictionIndex } from "./prediction-index.ts";

/** Records that are read back at most: about 60 MB, 0.9 s of the processor in turns of some milliseconds. */
export const recordsRestoredMax = 50_000;

/** An id and its record are stamped by clocks that may differ by some milliseconds. What is indexed is found all the same. */
const clockSlackMs = 1_000;

export interface RestoreOptions {
  /** Newest first. */
  readonly records: AsyncIterable<AuditRecord>;
  /** Records from this time on are this process's own and known already, microseconds since 1970. */
  readonly beforeMicros: number;
  /** Asked after each record. */
  readonly isCancelled: () => boolean;
  /** @default recordsRestoredMax */
  readonly recordsMax?: number | undefined;
}

/**
 * Fills the index with older predictions and settles those whose outcomes the log holds.
 *
 * @returns their outcomes, oldest first.
 */
export async function restoreOutcomes(index: PredictionIndex, options: RestoreOptions): Promise<JudgedOutcome[]> {
  const { records, isCancelled, recordsMax = recordsRestoredMax } = options;
  const before = formatMicros(options.beforeMicros);
  // An outcome stands behind its decision, so reading backwards meets it first.
  const told = new Map<string, RecordedOutcome>();
  let read = 0;
  for await (const record of records) {
    if (String(record.fields["timestamp"]) >= before) continue;
    if (read === recordsMax || isCancelled()) {
      index.forgetUntil(readTimeMs(record) + clockSlackMs);
      break;
    }
    read++;
    if (record.kind === outcomeKind) {
      const outcome = readRecordedOutcome(record);
      told.set(outcome.predictionId, outcome);
    } else if (record.kind === "decision" && !restoreDecision(index, record, told)) break;
  }
  return pairOutcomes(index, told);
}

function restoreDecision(
  index: PredictionIndex,
  record: AuditRecord,
  told: ReadonlyMap<string, RecordedOutcome>,
): boolean {
  const recorded = readRecordedDecision(record);
  const { predictionId } = recorded;
  // A clock that was set back can make a record of this process look like an earlier one's.
  if (typeof index.find(predictionId) === "number") return true;
  const isKept = index.addOldest(toRecordedPrediction(recorded));
  const outcome = told.get(predictionId);
  if (!isKept || outcome === undefined) return isKept;
  const place = index.find(predictionId);
  if (typeof place === "number") index.settle(place, outcome);
  return true;
}

function pairOutcomes(index: PredictionIndex, told: ReadonlyMap<string, RecordedOutcome>): JudgedOutcome[] {
  const judged: JudgedOutcome[] = [];
  for (const outcome of [...told.values()].reverse()) {
    const place = index.find(outcome.predictionId);
    if (typeof place === "number") judged.push({ prediction: index.at(place), outcome });
  }
  return judged;
}

/** A record without a readable time forgets everything before it, which errs towards refusing an outcome. */
function readTimeMs({ fields }: AuditRecord): number {
  const timeMs = Date.parse(String(fields["timestamp"]));
  return Number.isNaN(timeMs) ? Number.POSITIVE_INFINITY : timeMs;
}
