import { describe, expect, it } from "vitest";
import { createExactFilter, logDensity } from "../../../src/upstream/simulator/exact-filter.ts";
import { referenceMarket, stationaryShares } from "../../../src/upstream/simulator/market-model.ts";

/** Returns of three symbols: a calm rise, a jump, a fall. */
const returns = [
  [0.2, 0.4, 0.1],
  [0.5, 0.3, 0.6],
  [-3.1, -2.5, -4],
  [-0.4, -0.2, -0.9],
];

describe("the exact filter", () => {
  it("equals Bayes' rule over every path of states", () => {
    const filter = createExactFilter(referenceMarket);
    const found = returns.map((bar) => filter.push(bar)).at(-1) ?? [];
    const weights = weighPaths();
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    expect(found.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    for (const [state, share] of found.entries()) expect(share).toBeCloseTo((weights[state] ?? 0) / total, 12);
  });

  it("survives a bar that no state expects", () => {
    const shares = createExactFilter(referenceMarket).push([500, -500]);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });
});

describe("the density of a bar", () => {
  it("is that of independent normals where nothing is correlated", () => {
    const state = { name: "A", regime: "RANGING", drift: 0.1, volatility: 0.5, correlation: 0 } as const;
    const alone = [0.3, -0.2].map((value) => logDensity([value], state));
    expect(logDensity([0.3, -0.2], state)).toBeCloseTo((alone[0] ?? 0) + (alone[1] ?? 0), 12);
  });

  it("is that of two correlated normals", () => {
    const rho = 0.6;
    const [x, y] = [0.7, -0.4];
    const expected = -0.5 * Math.log(1 - rho ** 2) - (x ** 2 - 2 * rho * x * y + y ** 2) / (2 * (1 - rho ** 2));
    const state = { name: "A", regime: "RANGING", drift: 0, volatility: 1, correlation: rho } as const;
    expect(logDensity([x, y], state)).toBeCloseTo(expected, 12);
  });
});

/** Joint weight of the returns and each last state, by walking every path. */
function weighPaths(): number[] {
  const { states, transitions } = referenceMarket;
  const weights = states.map(() => 0);
  const walk = (bar: number, from: number, weight: number): void => {
    if (bar === returns.length) {
      weights[from] = (weights[from] ?? 0) + weight;
      return;
    }
    for (const [to, state] of states.entries()) {
      const step = transitions[from]?.[to] ?? 0;
      if (step > 0) walk(bar + 1, to, weight * step * Math.exp(logDensity(returns[bar] ?? [], state)));
    }
  };
  for (const [state, share] of stationaryShares(referenceMarket).entries()) walk(0, state, share);
  return weights;
}
