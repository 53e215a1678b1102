import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { type ContributionChart, toContributionChart } from "../../console/model/contribution-chart.ts";
import { Explanation_Unit, ExplanationSchema } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";

function chartOf(
  contributions: readonly { readonly name: string; readonly value: number; readonly contribution: number }[],
  init: { readonly unit?: Explanation_Unit; readonly note?: string } = {},
): ContributionChart {
  return toContributionChart(
    create(ExplanationSchema, {
      base: 0.5,
      unit: Explanation_Unit.PROBABILITY,
      ...init,
      contributions: contributions.map((each) => ({ ...each })),
    }),
  );
}

describe("an explanation", () => {
  it("puts the largest bar first and scales all by it, to both sides of the middle", () => {
    const { bars } = chartOf([
      { name: "trend_consistency", value: 0.123456, contribution: 0.05 },
      { name: "momentum_score", value: -2, contribution: -0.1 },
    ]);
    expect(bars).toEqual([
      { name: "momentum score", value: "-2", contribution: "−0.1000", effect: "lowers", start: 0, length: 0.5 },
      {
        name: "trend consistency",
        value: "0.1235",
        contribution: "+0.0500",
        effect: "raises",
        start: 0.5,
        length: 0.25,
      },
    ]);
  });

  it("adds up to what it explains", () => {
    const { base, sum } = chartOf([
      { name: "a", value: 1, contribution: 0.15 },
      { name: "b", value: 1, contribution: -0.03 },
    ]);
    expect([base, sum]).toEqual(["0.5000", "0.6200"]);
  });

  it("has no length where nothing contributes", () => {
    const { bars } = chartOf([{ name: "clipping", value: 0.5, contribution: 0 }]);
    expect(bars).toMatchObject([{ effect: "none", length: 0, contribution: "0.0000" }]);
  });

  it("says why there is nothing, and in which unit it counts", () => {
    const chart = chartOf([], { unit: Explanation_Unit.LOG_ODDS, note: "not split" });
    expect(chart).toMatchObject({ bars: [], note: "not split", unit: "log-odds" });
  });
});
