import type { Decision, DecisionInputs, GateOutcome, RegimeAssessment, SignalAssessment } from "../domain/decision.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";

/** What of a decision is counted: every figure, window and index is made of this, and a decision has it all. */
export interface CountedDecision
  extends Pick<DecisionEvent, "predictionId" | "symbol" | "timeframe" | "processingTimeMs"> {
  readonly decision: Pick<Decision, "allowTrade" | "regimeModel" | "signalModel"> & {
    readonly regime: Pick<
      RegimeAssessment,
      "label" | "confidence" | "efficiencyRatio" | "volatilityPercentile" | "stable"
    >;
    readonly signal: Pick<SignalAssessment, "probability" | "level">;
    readonly gates: readonly Pick<GateOutcome, "passed">[];
    readonly inputs: Pick<
      DecisionInputs,
      "momentumScore" | "trendConsistency" | "trendPersistenceScore" | "missing" | "regimeRows" | "signalRow"
    >;
  };
}
