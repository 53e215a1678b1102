import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  Explanation_Unit,
  GateResult_Name,
  type GateResultSchema,
  type PredictionSchema,
  RegimePrediction_Label,
  SignalPrediction_ConfidenceLevel,
} from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import type { PredictResponseSchema, SymbolDecisionSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type {
  Contribution,
  Decision,
  Explanation,
  GateOutcome,
  RegimeAssessment,
  SignalAssessment,
} from "../domain/decision.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import { toTimestamp } from "./timestamp-message.ts";

/** Contributions that `top_features` shows. */
const topFeatures = 5;

/** A decision as Predict answers it. */
export function toPredictResponse(
  event: DecisionEvent,
  mlVersion: string,
  omitExplanation: boolean,
): MessageInitShape<typeof PredictResponseSchema> {
  const { decision } = event;
  return {
    predictionId: event.predictionId,
    symbol: event.symbol,
    timeframe: event.timeframe,
    barIndex: event.barIndex,
    timestamp: toTimestamp(event.timestampMicros),
    prediction: toPrediction(decision, omitExplanation),
    regimeModel: decision.regimeModel,
    signalModel: decision.signalModel,
    configHash: decision.configHash,
    mlVersion,
    processingTimeMs: event.processingTimeMs,
    missingInputs: [...decision.inputs.missing],
    requestId: event.requestId,
  };
}

/** A decision as PredictSymbols answers it. */
export function toSymbolDecision(
  event: DecisionEvent,
  omitExplanation: boolean,
): MessageInitShape<typeof SymbolDecisionSchema> {
  const { decision } = event;
  return {
    predictionId: event.predictionId,
    timestamp: toTimestamp(event.timestampMicros),
    prediction: toPrediction(decision, omitExplanation),
    configHash: decision.configHash,
    processingTimeMs: event.processingTimeMs,
    regimeModel: decision.regimeModel,
    signalModel: decision.signalModel,
    missingInputs: [...decision.inputs.missing],
  };
}

function toPrediction(decision: Decision, omitExplanation: boolean): MessageInitShape<typeof PredictionSchema> {
  return {
    regime: toRegime(decision.regime),
    signal: toSignal(decision.signal, omitExplanation),
    gates: decision.gates.map(toGateMessage),
    allowTrade: decision.allowTrade,
    decisionReasons: [...decision.reasons],
  };
}

/** The outcome of one gate. */
export function toGateMessage(gate: GateOutcome): MessageInitShape<typeof GateResultSchema> {
  return { ...gate, name: GateResult_Name[gate.name] };
}

function toRegime(regime: RegimeAssessment): NonNullable<MessageInitShape<typeof PredictionSchema>["regime"]> {
  return {
    regimeLabel: RegimePrediction_Label[regime.label],
    regimeConfidence: regime.confidence,
    probTrending: regime.probTrending,
    probRanging: regime.probRanging,
    probStressed: regime.probStressed,
    efficiencyRatio: regime.efficiencyRatio,
    volatilityPercentile: regime.volatilityPercentile,
    correlationRegime: regime.correlationRegime,
    regimeStable: regime.stable,
    recentLabels: regime.recentLabels.map((label) => RegimePrediction_Label[label]),
    ...(regime.explanation !== undefined && { explanation: toExplanation(regime.explanation) }),
    ...(regime.outOfDistribution !== undefined && { outOfDistribution: regime.outOfDistribution }),
  };
}

function toSignal(
  signal: SignalAssessment,
  omitExplanation: boolean,
): NonNullable<MessageInitShape<typeof PredictionSchema>["signal"]> {
  return {
    momentumSuccessProb: signal.probability,
    shouldEnter: signal.shouldEnter,
    shouldExit: signal.shouldExit,
    confidenceLevel: SignalPrediction_ConfidenceLevel[signal.level],
    topFeatures: selectTop(signal.explanation),
    ...(omitExplanation ? {} : { explanation: toExplanation(signal.explanation) }),
    ...(signal.outOfDistribution !== undefined && { outOfDistribution: signal.outOfDistribution }),
  };
}

function selectTop(explanation: Explanation): Record<string, number> {
  return Object.fromEntries(rankContributions(explanation).map(({ name, contribution }) => [name, contribution]));
}

/** The largest contributions by magnitude, largest first; of equal ones the earlier term. */
export function rankContributions({ contributions }: Explanation): readonly Contribution[] {
  const top: Contribution[] = [];
  for (let at = 0; at < contributions.length; at++) {
    const each = contributions[at];
    if (each === undefined) continue;
    const size = Math.abs(each.contribution);
    let place = top.length;
    for (; place > 0; place--) {
      const before = top[place - 1];
      if (before !== undefined && Math.abs(before.contribution) >= size) break;
      if (before !== undefined && place < topFeatures) top[place] = before;
    }
    if (place < topFeatures) top[place] = each;
  }
  return top;
}

/** All contributions to a probability. */
export function toExplanation(
  explanation: Explanation,
): NonNullable<NonNullable<MessageInitShape<typeof PredictionSchema>["signal"]>["explanation"]> {
  return {
    base: explanation.base,
    contributions: explanation.contributions.map((each) => ({ ...each })),
    unit: Explanation_Unit[explanation.unit],
    note: explanation.note ?? "",
  };
}
