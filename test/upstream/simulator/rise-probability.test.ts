import { describe, expect, it } from "vitest";
import type { MarketModel } from "../../../src/upstream/simulator/market-model.ts";
import { referenceMarket } from "../../../src/upstream/simulator/market-model.ts";
import { normalShareBelow } from "../../../src/upstream/simulator/normal-distribution.ts";
import { riseProbabilities } from "../../../src/upstream/simulator/rise-probability.ts";

describe("the normal distribution", () => {
  // Reference values of scipy.stats.norm.cdf.
  it.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1.96, 0.024997895148220435],
    [3.5, 0.9997673709209645],
    [-6, 9.865876450376946e-10],
    [9, 1],
  ])("has a share below %d", (z, share) => {
    expect(normalShareBelow(z)).toBeCloseTo(share, 14);
  });
});

describe("the chance of a rise", () => {
  it("is that of one normal sum where the state never changes", () => {
    const state = { name: "A", regime: "TRENDING", drift: 0.2, volatility: 0.8, correlation: 0.5 } as const;
    const [rise] = riseProbabilities({ states: [state], transitions: [[1]] }, 10);
    expect(rise).toBeCloseTo(normalShareBelow((0.2 * Math.sqrt(10)) / 0.8), 13);
  });

  it("is the sum over every path of states", () => {
    const horizon = 4;
    const expected = referenceMarket.states.map((_, start) => sumOverPaths(referenceMarket, start, horizon, 0, 0));
    for (const [state, rise] of riseProbabilities(referenceMarket, horizon).entries()) {
      expect(rise).toBeCloseTo(expected[state] ?? Number.NaN, 12);
    }
  });
});

/** The definition, one path at a time. */
function sumOverPaths(model: MarketModel, from: number, bars: number, drift: number, variance: number): number {
  if (bars === 0) return normalShareBelow(drift / Math.sqrt(variance));
  return model.states.reduce((sum, state, to) => {
    const step = model.transitions[from]?.[to] ?? 0;
    const rest = sumOverPaths(model, to, bars - 1, drift + state.drift, variance + state.volatility ** 2);
    return sum + step * rest;
  }, 0);
}
