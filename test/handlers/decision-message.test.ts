import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { Explanation_Unit, GateResult_Name } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import { DecisionRecordSchema } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import type { DecisionEvent } from "../../src/domain/decision-event.ts";
import { toDecisionMessage } from "../../src/handlers/decision-message.ts";
import { createTestEngine } from "../support/engine.ts";
import { createAllowedRequest } from "../support/requests.ts";

function createEvent(explanation?: DecisionEvent["decision"]["signal"]["explanation"]): DecisionEvent {
  const decision = createTestEngine().decide(createAllowedRequest());
  const signal = { ...decision.signal, ...(explanation !== undefined && { explanation }) };
  return {
    predictionId: "p-1",
    timestampMicros: 1_000_000,
    symbol: "EURUSD",
    timeframe: "4H",
    barIndex: 7,
    barTimeMicros: undefined,
    requestId: "r-1",
    processingTimeMs: 0.1,
    decision: { ...decision, signal },
  };
}

describe("a decision of the history", () => {
  it("shows all gates, and contributions that add up to the probability", () => {
    const { explanation, gates, signalProb } = create(
      DecisionRecordSchema,
      toDecisionMessage(createEvent(), undefined),
    );
    const contributions = explanation?.contributions ?? [];
    expect(contributions.length).toBeGreaterThan(5);
    expect(contributions.reduce((sum, each) => sum + each.contribution, explanation?.base ?? 0)).toBe(signalProb);
    expect(explanation?.unit).toBe(Explanation_Unit.PROBABILITY);
    expect(gates.map(({ name }) => name)).toEqual([
      GateResult_Name.TRADING_ENABLED,
      GateResult_Name.QSE_VALID,
      GateResult_Name.REGIME_ALLOWED,
      GateResult_Name.REGIME_CONFIDENCE,
      GateResult_Name.SIGNAL_PROBABILITY,
    ]);
    expect(gates.every(({ passed, margin }) => passed && margin >= 0)).toBe(true);
  });

  it("says why there are no contributions", () => {
    const event = createEvent({ base: 0.5, contributions: [], unit: "PROBABILITY", note: "not split" });
    expect(create(DecisionRecordSchema, toDecisionMessage(event, undefined)).explanation?.note).toBe("not split");
  });
});
