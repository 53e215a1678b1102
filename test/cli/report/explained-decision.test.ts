import { describe, expect, it } from "vitest";
import type { DecisionRow } from "../../../src/cli/report/decision-row.ts";
import { describeTurningPoints, selectExplained } from "../../../src/cli/report/explained-decision.ts";
import { makeBars, makeRow, type RowDraft } from "./decision-rows.ts";

describe("the explained decisions", () => {
  it("are the most probable allowed, the nearest miss and the largest move under stress", () => {
    const rows = makeRows([
      { probability: 0.6 },
      { probability: 0.9 },
      { probability: 0.9 },
      { probability: 0.2 },
      { probability: 0.54 },
      { probability: 0.54, regimeConfidence: 0.59 },
      { regime: "STRESSED", logReturn: 0.02 },
      { regime: "STRESSED", logReturn: -0.09 },
      { qseValid: false, logReturn: 0.5 },
    ]);
    expect(selectExplained(rows).map(({ title, row }) => [title, row.barIndex])).toEqual([
      ["Allowed: the most probable", 1],
      ["Refused: the nearest miss", 4],
      ["Refused: the largest move under stress", 7],
    ]);
  });

  it("fall back to a bar without a valid signal where there was no stress", () => {
    const rows = makeRows([
      { probability: 0.5 },
      { qseValid: false, logReturn: 0.01 },
      { qseValid: false, logReturn: 0.03 },
    ]);
    expect(selectExplained(rows).map(({ title, row }) => [title, row.barIndex])).toEqual([
      ["Refused: the nearest miss", 0],
      ["Refused: the largest move without a valid signal", 2],
    ]);
  });

  it("count a score above its threshold as a miss, though its margin is positive", () => {
    const rows = makeRows([{ outOfDistribution: 40 }, { probability: 0.5 }]);
    expect(selectExplained(rows)[0]).toMatchObject({ title: "Refused: the nearest miss", row: { barIndex: 1 } });
  });

  it("are never the same twice", () => {
    expect(selectExplained(makeRows([{ regime: "STRESSED" }]))).toHaveLength(1);
    expect(selectExplained([])).toEqual([]);
  });

  it.each<[string, RowDraft, string[]]>([
    ["a probability too low", { probability: 0.537 }, ["probability +0.013 (0.537 → above 0.55)"]],
    ["a probability at the threshold", { probability: 0.55 }, ["probability a touch more (0.550 → above 0.55)"]],
    ["low confidence", { regimeConfidence: 0.5 }, ["regime confidence +0.100 (0.500 → above 0.6)"]],
    ["another regime", { regime: "RANGING" }, ["another regime: REGIME_ALLOWED says so"]],
    ["inputs unlike training", { outOfDistribution: 1.5 }, ["inputs like those of training: IN_DISTRIBUTION says so"]],
    ["no valid signal", { qseValid: false }, ["a valid signal (QSE_VALID says so)"]],
    [
      "failed checks",
      { qseValid: false, failedChecks: ["stationarity"] },
      ["a valid signal (the statistics engine's checks failed: stationarity)"],
    ],
    ["an allowed trade", { probability: 0.56 }, ["probability +0.010 (0.560, had to be above 0.55)"]],
  ])("say what %s would have taken", (_, draft, sentences) => {
    const [row] = makeRows([draft]);
    expect(row && describeTurningPoints(row)).toEqual(sentences);
  });
});

function makeRows(drafts: readonly RowDraft[]): DecisionRow[] {
  const bars = makeBars(drafts.map(() => 100));
  return drafts.flatMap((draft, index) => {
    const bar = bars[index];
    return bar === undefined ? [] : [makeRow(index, bar, draft)];
  });
}
