import { fromJson } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { filterDecisions, toDecisionRow } from "../../console/model/decision-row.ts";
import { GateResult_Name } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import { DecisionRecordSchema } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { createRecord } from "./decision-records.ts";

describe("a decision's row", () => {
  it("shows the probability against its threshold", () => {
    expect(toDecisionRow(createRecord())).toMatchObject({
      time: "10:20:30.500",
      regime: "TRENDING",
      probabilityText: "0.620",
      threshold: 0.55,
      thresholdText: "0.550",
      outcome: "Allowed",
      failedGates: [],
      summary: "10:20:30.500, EURUSD 4H: allowed",
    });
  });

  it("names the gates that refused", () => {
    const row = toDecisionRow(
      createRecord({
        allowed: false,
        failedGates: [GateResult_Name.QSE_VALID, GateResult_Name.REGIME_ALLOWED],
        shadow: { flips: true },
      }),
    );
    expect(row).toMatchObject({ outcome: "Refused", failedGates: ["QSE valid", "regime allowed"], isFlipped: true });
    expect(row.summary).toBe("10:20:30.500, EURUSD 4H: refused by QSE valid, regime allowed");
  });

  it("makes do without gates and with names it does not know", () => {
    const row = toDecisionRow(fromJson(DecisionRecordSchema, { regime: 9, failedGates: [77] }));
    expect(row).toMatchObject({ threshold: undefined, thresholdText: "–", regime: "#9", failedGates: ["#77"] });
  });

  it.each([
    ["", "all", ["a", "b", "c"]],
    [" usd", "all", ["a", "b"]],
    ["gbp", "all", ["b"]],
    ["", "allowed", ["a"]],
    ["usd", "refused", ["b"]],
    ["jpy", "all", []],
  ] as const)("passes the filter %j, %s", (symbol, outcome, expected) => {
    const records = [
      createRecord({ predictionId: "a", symbol: "EURUSD" }),
      createRecord({ predictionId: "b", symbol: "gbpusd", allowed: false }),
      createRecord({ predictionId: "c", symbol: "DAX", allowed: false }),
    ];
    const found = filterDecisions(records, { symbol, outcome });
    expect(found.map(({ predictionId }) => predictionId)).toEqual(expected);
  });
});
