import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { trendPersistence } from "../../src/upstream/trend-persistence.ts";
import { cycle } from "./bar-series.ts";

describe("trend persistence", () => {
  const cases: readonly [string, readonly number[], number][] = [
    ["1 for a steady climb", cycle([0.01], 12), 1],
    ["1 for a steady fall", cycle([-0.01], 12), 1],
    ["−1 when every move is undone", cycle([0.01, 0.01, -0.01, -0.01], 4), -1],
    ["0 when nothing moves", cycle([0], 12), 0],
    // Moves of two bars: 3 2.5 1; the only pair is (3, 1).
    ["1 for a single pair of moves the same way", [1, 2, 0.5, 0.5], 1],
    // Moves of two bars: 2 1 −1 0; pairs (2, −1) and (1, 0): −2 / √(5 · 1).
    ["the product over the sizes", [1, 1, 0, -1, 1], -2 / Math.sqrt(5)],
  ];
  it.each(cases)("is %s", (_name, returns, expected) => {
    expect(trendPersistence(Float64Array.from(returns), 2)).toBeCloseTo(expected, 12);
  });

  it("stays within −1 and 1", () => {
    const returns = fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: 20, maxLength: 40 });
    fc.assert(
      fc.property(returns, (values) => Math.abs(trendPersistence(Float64Array.from(values), 5)) <= 1),
      { numRuns: 200 },
    );
  });

  it("does not exceed 1 by rounding", () => {
    expect(trendPersistence(new Float64Array(20).fill(0.01), 2)).toBe(1);
  });

  it("has no value for less than two horizons", () => {
    expect(trendPersistence(new Float64Array(19), 10)).toBeNaN();
  });
});
