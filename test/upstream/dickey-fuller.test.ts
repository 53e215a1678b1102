import { describe, expect, it } from "vitest";
import { ruleOfThumbLagOrder, testUnitRoot } from "../../src/upstream/dickey-fuller.ts";
import { cycle, readIndexFile } from "./bar-series.ts";
import reference from "./fixtures/unit-root-reference.json" with { type: "json" };

const { bars } = readIndexFile();

function returnsUpTo(bar: number): number[] {
  const closes = bars.slice(bar - 120, bar + 1).map((each) => each.close);
  return closes.slice(1).map((close, index) => Math.log(close / (closes[index] ?? Number.NaN)));
}

describe("the augmented Dickey–Fuller test", () => {
  it.each(reference)("agrees with statsmodels: $name, $lag lags", (each) => {
    const values = each.values ?? returnsUpTo(each.returnsUpToBar ?? Number.NaN);
    const result = testUnitRoot(Float64Array.from(values), each.lag);
    expect(result.statistic).toBeCloseTo(each.statistic, 7);
    expect(result.criticalValue).toBeCloseTo(each.critical, 10);
    expect(result.observations).toBe(each.observations);
    expect(result.isStationary).toBe(each.statistic < each.critical);
  });

  it("covers both verdicts in its reference", () => {
    expect(new Set(reference.map((each) => each.statistic < each.critical)).size).toBe(2);
  });

  const degenerate: readonly [string, readonly number[]][] = [
    ["constant", cycle([0], 60)],
    ["constant off zero", cycle([0.1], 60)],
    ["constant but for its last value", [...cycle([0], 59), 1]],
    ["constant but for rounding", cycle([0.1, 0.1 + 2e-17, 0.30000000000000004 - 0.2], 60)],
    ["strictly periodic", cycle([1, -1], 60)],
    ["a straight line", Array.from({ length: 60 }, (_, index) => index / 7)],
  ];
  it.each(degenerate)("does not call a series stationary that is %s", (_name, values) => {
    expect(testUnitRoot(Float64Array.from(values))).toMatchObject({ statistic: 0, isStationary: false });
  });

  it("refuses a series that leaves no degree of freedom", () => {
    expect(testUnitRoot(new Float64Array(8).map(Math.sin), 2).observations).toBe(5);
    expect(() => testUnitRoot(new Float64Array(7), 2)).toThrow(RangeError);
  });

  it.each([
    [28, 3],
    [64, 3],
    [65, 4],
    [120, 4],
    [126, 5],
  ])("takes from %i values %i lags", (length, lags) => {
    expect(ruleOfThumbLagOrder(length)).toBe(lags);
  });
});
