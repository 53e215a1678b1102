import type { MessageInitShape } from "@bufbuild/protobuf";
import { GateResult_Name, RegimePrediction_Label } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import type { DecisionRecordSchema, ShadowComparisonSchema } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import type { ShadowComparison } from "../domain/shadow-comparison.ts";
import { toExplanation, toGateMessage } from "./prediction-message.ts";
import { toTimestamp } from "./timestamp-message.ts";

/** A decision of the history as ListDecisions shows it. */
export function toDecisionMessage(
  event: DecisionEvent,
  shadow: ShadowComparison | undefined,
): MessageInitShape<typeof DecisionRecordSchema> {
  const { decision } = event;
  return {
    timestamp: toTimestamp(event.timestampMicros),
    predictionId: event.predictionId,
    symbol: event.symbol,
    timeframe: event.timeframe,
    barIndex: event.barIndex,
    regime: RegimePrediction_Label[decision.regime.label],
    regimeConfidence: decision.regime.confidence,
    signalProb: decision.signal.probability,
    allowed: decision.allowTrade,
    decisionReasons: [...decision.reasons],
    failedGates: decision.gates.filter((gate) => !gate.passed).map((gate) => GateResult_Name[gate.name]),
    processingTimeMs: event.processingTimeMs,
    configHash: decision.configHash,
    regimeModel: decision.regimeModel,
    signalModel: decision.signalModel,
    requestId: event.requestId,
    explanation: toExplanation(decision.signal.explanation),
    gates: decision.gates.map(toGateMessage),
    ...(shadow !== undefined && { shadow: toShadowMessage(shadow) }),
  };
}

function toShadowMessage(shadow: ShadowComparison): MessageInitShape<typeof ShadowComparisonSchema> {
  return {
    regimeModel: shadow.regimeModel,
    signalModel: shadow.signalModel,
    regime: RegimePrediction_Label[shadow.regime],
    signalProb: shadow.probability,
    allowed: shadow.allowed,
    probabilityDifference: shadow.probabilityDifference,
    flips: shadow.flips,
  };
}
