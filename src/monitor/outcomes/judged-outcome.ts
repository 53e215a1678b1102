import type { Outcome } from "../../domain/outcome.ts";
import type { IndexedPrediction } from "./prediction-index.ts";

/** An outcome beside the prediction that it is of. */
export interface JudgedOutcome {
  readonly prediction: IndexedPrediction;
  readonly outcome: Omit<Outcome, "timeMicros">;
}

/** Why an outcome was not recorded. */
export const refusalReasons = ["UNKNOWN_ID", "TOO_OLD", "NOT_ELIGIBLE", "CONFLICT", "INVALID"] as const;

export type RefusalReason = (typeof refusalReasons)[number];

/** One outcome that was not recorded. */
export interface OutcomeRefusal {
  /** Place in what was sent. */
  readonly index: number;
  readonly predictionId: string;
  readonly reason: RefusalReason;
  readonly message: string;
}

/** What became of outcomes that were sent. */
export interface OutcomeReport {
  readonly recorded: number;
  /** Told before, just so. */
  readonly duplicates: number;
  readonly refused: readonly OutcomeRefusal[];
}

/** An outcome as it was sent, or what is wrong with it. */
export type SentOutcome = Outcome | { readonly predictionId: string; readonly fault: string };
