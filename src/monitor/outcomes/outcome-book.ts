import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { Clock } from "../../domain/clock.ts";
import type { Pending } from "../../domain/pending.ts";
import type { AuditBody } from "../audit/audit-record.ts";
import type { CountedDecision } from "../counted-decision.ts";
import type { RecordedDecision } from "../recorded-decision.ts";
import type { JudgedOutcome, OutcomeRefusal, OutcomeReport, RefusalReason, SentOutcome } from "./judged-outcome.ts";
import { toOutcomeRecord } from "./outcome-record.ts";
import { type OutcomeResult, type Prediction, PredictionIndex, type Unfitness } from "./prediction-index.ts";

/** Outcomes written between two turns of the event loop: about half a millisecond of encoding and hashing. */
export const outcomesPerTurn = 64;

/** How far ahead of this machine's clock the caller's may be. */
export const futureMicrosMax = 60_000_000;

/** Where outcomes are made durable. */
export interface OutcomeSink {
  /**
   * @returns undefined once the record is as durable as it must be, else what that waits for.
   * @throws UnavailableError when the log cannot be written; what is returned may fail with it too.
   */
  add(record: AuditBody): Pending | undefined;
}

export interface OutcomeBookOptions {
  readonly clock: Clock;
  /** @default no audit log */
  readonly audit?: OutcomeSink | undefined;
  /** Told of every outcome that is recorded or restored, once; must not throw. */
  readonly onOutcome: (judged: JudgedOutcome) => void;
  /** @default predictionsIndexed */
  readonly predictionsMax?: number | undefined;
}

/** How outcomes have fared since the start. */
export type OutcomeCounts = Readonly<Record<"recorded" | "duplicate" | Lowercase<RefusalReason>, number>>;

/** Takes what decisions came to: at most one outcome each, in the audit log before it is acknowledged. */
export class OutcomeBook {
  readonly #options: OutcomeBookOptions;
  readonly #index: PredictionIndex;
  readonly #counts = {
    recorded: 0,
    duplicate: 0,
    unknown_id: 0,
    too_old: 0,
    not_eligible: 0,
    conflict: 0,
    invalid: 0,
  };
  /** The newest record's durability, which is that of all before it. */
  #written: Promise<void> | undefined;
  #restored: Promise<void> = Promise.resolve();

  constructor(options: OutcomeBookOptions) {
    this.#options = options;
    this.#index = new PredictionIndex(options.predictionsMax);
  }

  /** Expects an outcome of the decision from now on. Every decision waits for this. */
  expect(event: CountedDecision): void {
    this.#index.addNewest(toPrediction(event));
  }

  /** Expects an outcome of a decision that another process took and could not tell of before it ended. */
  expectRecorded(recorded: RecordedDecision): void {
    if (typeof this.#index.find(recorded.predictionId) === "number") return;
    this.#index.addNewest(toRecordedPrediction(recorded));
  }

  /**
   * Records outcomes, each on its own: one that cannot be recorded does not keep the others from it. Resolves when all
   * that were recorded or known are durable.
   *
   * @throws UnavailableError or OverloadedError when the audit log does not take one; those before it are recorded, and sending all
   *   of them again is safe.
   */
  async record(sent: readonly SentOutcome[]): Promise<OutcomeReport> {
    await this.#restored;
    const report = { recorded: 0, duplicates: 0, refused: [] as OutcomeRefusal[] };
    for (let start = 0; start < sent.length; start += outcomesPerTurn) {
      if (start > 0) await yieldToOthers();
      for (const [offset, outcome] of sent.slice(start, start + outcomesPerTurn).entries()) {
        this.#take(outcome, start + offset, report);
      }
      // What is known already may have been sent by a call that still waits, so it is waited for as well.
      await this.#written;
    }
    return report;
  }

  get counts(): OutcomeCounts {
    return this.#counts;
  }

  /** Predictions that can have an outcome and have none yet. */
  get awaiting(): number {
    return this.#index.awaiting;
  }

  /** Lets outcomes wait until what an earlier process knew has been read. The promise must not reject. */
  restoreFrom(restore: (index: PredictionIndex) => Promise<readonly JudgedOutcome[]>): Promise<void> {
    this.#restored = restore(this.#index).then((judged) => {
      for (const each of judged) this.#options.onOutcome(each);
    });
    return this.#restored;
  }

  #take(
    sent: SentOutcome,
    index: number,
    report: { recorded: number; duplicates: number; refused: OutcomeRefusal[] },
  ): void {
    const verdict = this.#judge(sent);
    switch (verdict.verdict) {
      case "recorded":
        this.#counts.recorded++;
        report.recorded++;
        break;
      case "duplicate":
        this.#counts.duplicate++;
        report.duplicates++;
        break;
      case "refused": {
        const { reason, message } = verdict;
        this.#counts[lowerCase[reason]]++;
        report.refused.push({ index, predictionId: sent.predictionId, reason, message });
        break;
      }
      default:
        verdict satisfies never;
    }
  }

  #judge(sent: SentOutcome): Verdict {
    if ("fault" in sent) return refuse("INVALID", sent.fault);
    const { clock, audit, onOutcome } = this.#options;
    const nowMicros = clock.nowMicros();
    if (sent.timeMicros !== undefined && !(sent.timeMicros >= 0 && sent.timeMicros <= nowMicros + futureMicrosMax)) {
      return refuse("INVALID", "time: lies before 1970 or in the future");
    }
    const place = this.#index.find(sent.predictionId);
    if (place === "malformed") return refuse("INVALID", "prediction_id: is no UUID");
    if (place === "unknown") return refuse("UNKNOWN_ID", "no decision of this id is known");
    if (place === "forgotten") {
      return refuse("TOO_OLD", "the decision is not among the newest that outcomes are taken for, or never was");
    }
    const prediction = this.#index.at(place);
    if (prediction.unfitness !== undefined) return refuse("NOT_ELIGIBLE", unfitText[prediction.unfitness]);
    if (prediction.result !== undefined) {
      if (isSameResult(prediction.result, sent)) return { verdict: "duplicate" };
      return refuse("CONFLICT", `another outcome is recorded: ${describeResult(prediction.result)}`);
    }
    // Appended first: when the log refuses it, nothing has been counted.
    this.#written = audit?.add(toOutcomeRecord(sent, nowMicros))?.done ?? this.#written;
    this.#index.settle(place, sent);
    onOutcome({ prediction, outcome: sent });
    return { verdict: "recorded" };
  }
}

type Verdict =
  | { readonly verdict: "recorded" }
  | { readonly verdict: "duplicate" }
  | { readonly verdict: "refused"; readonly reason: RefusalReason; readonly message: string };

function refuse(reason: RefusalReason, message: string): Verdict {
  return { verdict: "refused", reason, message };
}

const lowerCase = {
  UNKNOWN_ID: "unknown_id",
  TOO_OLD: "too_old",
  NOT_ELIGIBLE: "not_eligible",
  CONFLICT: "conflict",
  INVALID: "invalid",
} as const satisfies Record<RefusalReason, Lowercase<RefusalReason>>;

const unfitText: Readonly<Record<Unfitness, string>> = {
  INSUFFICIENT_DATA: "the decision had too few bars, so nothing was predicted",
  NO_DIRECTION: "momentum_score was 0, so there was no direction that could succeed",
};

/** Times may differ: the same outcome is often told by more than one. */
function isSameResult(one: OutcomeResult, other: OutcomeResult): boolean {
  return (
    one.success === other.success &&
    one.realisedReturn === other.realisedReturn &&
    one.realisedRegime === other.realisedRegime
  );
}

function describeResult({ success, realisedReturn, realisedRegime }: OutcomeResult): string {
  const parts = [realisedReturn === undefined ? `success ${success}` : `realised_return ${realisedReturn}`];
  if (realisedRegime !== undefined) parts.push(`realised_regime ${realisedRegime}`);
  return parts.join(", ");
}

function toPrediction({ predictionId, decision }: CountedDecision): Prediction {
  const { regime, signal, inputs } = decision;
  return {
    predictionId,
    probability: signal.probability,
    regime: regime.label,
    confidence: regime.confidence,
    allowed: decision.allowTrade,
    unfitness: findUnfitness(regime.label, inputs.momentumScore, inputs.missing),
    regimeModel: decision.regimeModel,
    signalModel: decision.signalModel,
  };
}

/** A decision as the audit log has it. */
export function toRecordedPrediction(recorded: RecordedDecision): Prediction {
  const { predictionId, regime, inputs, regimeModel, signalModel } = recorded;
  return {
    predictionId,
    probability: recorded.signalProbability,
    regime,
    confidence: recorded.regimeConfidence,
    allowed: recorded.allowed,
    unfitness: findUnfitness(regime, inputs.momentumScore, inputs.missing),
    regimeModel,
    signalModel,
  };
}

/** A caller that does not send `momentum_score` knows its direction all the same. */
export function findUnfitness(
  regime: string,
  momentumScore: number,
  missing: readonly string[],
): Unfitness | undefined {
  if (regime === "UNKNOWN") return "INSUFFICIENT_DATA";
  return momentumScore === 0 && !missing.includes("momentum_score") ? "NO_DIRECTION" : undefined;
}
