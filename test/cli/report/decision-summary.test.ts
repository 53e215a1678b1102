import { describe, expect, it } from "vitest";
import { summariseDecisions } from "../../../src/cli/report/decision-summary.ts";
import { makeBars, makeFacts, makeRow } from "./decision-rows.ts";

// 2020-12-30 to 2021-01-03: bars 364 to 368.
const bars = makeBars(Array.from({ length: 369 }, () => 100));
const rows = [
  { regime: "TRENDING" as const },
  { regime: "RANGING" as const, probability: 0.5 },
  { regime: "TRENDING" as const, probability: 0.55 },
  { regime: "STRESSED" as const, qseValid: false },
].map((draft, index) => makeRow(364 + index, bars[364 + index] ?? makeBars([1])[0] ?? never(), draft));
const summary = summariseDecisions(rows, makeFacts(bars));

describe("the summary of decisions", () => {
  it("counts every decision once by regime, the three regimes always", () => {
    expect(summary.total).toEqual({ decisions: 4, allowed: 1, refused: 3 });
    expect(summary.byRegime).toEqual([
      { regime: "TRENDING", decisions: 2, allowed: 1, refused: 1 },
      { regime: "RANGING", decisions: 1, allowed: 0, refused: 1 },
      { regime: "STRESSED", decisions: 1, allowed: 0, refused: 1 },
    ]);
  });

  it("shows UNKNOWN where it occurs", () => {
    const [row] = rows;
    const unknown = summariseDecisions(row === undefined ? [] : [{ ...row, regime: "UNKNOWN" }], makeFacts(bars));
    expect(unknown.byRegime.map(({ regime }) => regime)).toEqual(["TRENDING", "RANGING", "STRESSED", "UNKNOWN"]);
  });

  it("tells gates that refused alone from gates that refused with others", () => {
    expect(summary.byGate).toEqual([
      { gate: "TRADING_ENABLED", failed: 0, failedAlone: 0 },
      { gate: "QSE_VALID", failed: 1, failedAlone: 0 },
      { gate: "REGIME_ALLOWED", failed: 2, failedAlone: 0 },
      { gate: "REGIME_CONFIDENCE", failed: 0, failedAlone: 0 },
      { gate: "SIGNAL_PROBABILITY", failed: 2, failedAlone: 1 },
    ]);
  });

  it("lists the optional gate where it was in force", () => {
    const [bar] = bars;
    const row = bar && makeRow(0, bar, { outOfDistribution: 1.5 });
    const { byGate } = summariseDecisions(row === undefined ? [] : [row], makeFacts(bars));
    expect(byGate.at(-1)).toEqual({ gate: "IN_DISTRIBUTION", failed: 1, failedAlone: 1 });
  });

  it("splits years where the calendar does", () => {
    expect(summary.byYear).toEqual([
      { year: 2020, decisions: 2, allowed: 1, refused: 1 },
      { year: 2021, decisions: 2, allowed: 0, refused: 2 },
    ]);
  });

  it("counts bars without a decision as warm-up and decisions by the second", () => {
    expect(summary.warmUpBars).toBe(365);
    expect(summary.decisionsPerSecond).toBe(40);
  });

  it("says what each latency measured, and leaves out what was not measured", () => {
    expect(summary.latency.map(({ measure, profile }) => [measure, profile.count])).toEqual([
      ["Decision inside the service", 4],
      ["Predict, one call at a time", 3],
      ["BatchPredict, up to 32 bars under way", 4],
    ]);
    const without = summariseDecisions(rows, makeFacts(bars, { unaryRoundTripsMs: [] }));
    expect(without.latency).toHaveLength(2);
  });

  it("survives JSON, which is how programs get it", () => {
    expect(JSON.parse(JSON.stringify(summary))).toMatchObject({ symbol: "TEST", total: { allowed: 1 } });
  });
});

function never(): never {
  throw new Error("the bars are too few");
}
