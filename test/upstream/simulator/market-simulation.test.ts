import { describe, expect, it } from "vitest";
import { assertUsableBar } from "../../../src/upstream/bar.ts";
import { referenceMarket, stationaryShares } from "../../../src/upstream/simulator/market-model.ts";
import { simulateMarket } from "../../../src/upstream/simulator/market-simulation.ts";
import { type BarTruth, describeTruth, successProbability } from "../../../src/upstream/simulator/market-truth.ts";

const horizon = 10;
const market = simulateMarket({ seed: 11, bars: 20_000, symbols: 2 });
const truth = describeTruth(market, horizon);

describe("a simulated market", () => {
  it("is the same for the same seed, and another for another", () => {
    const again = simulateMarket({ seed: 11, bars: 300, symbols: 2 });
    expect(again.symbols).toEqual(simulateMarket({ seed: 11, bars: 300, symbols: 2 }).symbols);
    expect(again.states).toEqual(market.states.slice(0, 300));
    const closes = (seed: number) => simulateMarket({ seed, bars: 50 }).symbols[0]?.bars.map((bar) => bar.close);
    expect(closes(12)).not.toEqual(closes(11));
    expect(closes(2 ** 40)).not.toEqual(closes(2 ** 41));
  });

  it("makes bars that hold together", () => {
    for (const { bars } of market.symbols) {
      for (const [index, bar] of bars.entries()) {
        assertUsableBar(bar);
        expect(bar.high >= Math.max(bar.open, bar.close) && bar.low <= Math.min(bar.open, bar.close)).toBe(true);
        if (index > 0) expect(bar.open).toBe(bars[index - 1]?.close);
      }
    }
  });

  it("spends its time in the states as its transitions say", () => {
    const shares = stationaryShares(referenceMarket);
    const found = shares.map(
      (_, state) => market.states.filter((each) => each === state).length / market.states.length,
    );
    // About 300 spells of each kind: three standard errors are some 0.08.
    for (const [state, share] of shares.entries()) expect(Math.abs((found[state] ?? 0) - share)).toBeLessThan(0.08);
  });

  it("moves as each state says", () => {
    for (const [index, state] of referenceMarket.states.entries()) {
      const pairs = market.states.flatMap((each, bar) => (each === index ? [scaledReturns(bar)] : []));
      const first = pairs.map(([value = 0]) => value);
      const second = pairs.map(([, value = 0]) => value);
      const error = 4 / Math.sqrt(pairs.length);
      expect(Math.abs(mean(first) - state.drift)).toBeLessThan(error * state.volatility);
      expect(Math.abs(deviation(first) / state.volatility - 1)).toBeLessThan(error);
      expect(Math.abs(correlation(first, second) - state.correlation)).toBeLessThan(error);
    }
  });

  it.each([
    ["a negative seed", { seed: -1, bars: 10 }],
    ["a single bar", { seed: 1, bars: 1 }],
    ["no symbol", { seed: 1, bars: 10, symbols: 0 }],
  ])("refuses %s", (_, options) => {
    expect(() => simulateMarket(options)).toThrow(RangeError);
  });
});

describe("the truth about a simulated market", () => {
  const judged = truth.flatMap((bar) => {
    const series = market.symbols.find(({ name }) => name === bar.symbol)?.bars ?? [];
    const at = series.findIndex(({ timeMs }) => timeMs === bar.timeMs);
    return { bar, series, at };
  });

  it.each<[string, (bar: BarTruth) => number]>([
    ["the hidden state", (bar) => bar.rise],
    ["the exact filter", (bar) => bar.filter.rise],
    ["the exact filter of one symbol", (bar) => bar.ownFilter.rise],
  ])("has chances by %s that come true as often as they say", (_, read) => {
    const bins = new Map<number, { expected: number; successes: number; count: number }>();
    for (const { bar, series, at } of judged) {
      const probability = successProbability(read(bar), bar.momentumDirection);
      const later = series[at + horizon];
      const now = series[at];
      if (probability === undefined || later === undefined || now === undefined) continue;
      const key = Math.min(9, Math.floor(probability * 10));
      const bin = bins.get(key) ?? { expected: 0, successes: 0, count: 0 };
      bin.expected += probability;
      bin.successes += Math.sign(later.close - now.close) === bar.momentumDirection ? 1 : 0;
      bin.count += 1;
      bins.set(key, bin);
    }
    for (const { expected, successes, count } of bins.values()) {
      // Ten overlapping bars of two correlated symbols are worth about one observation.
      const error = 4 * Math.sqrt(0.25 / Math.max(1, count / 20));
      expect(Math.abs(successes - expected) / count).toBeLessThan(error);
    }
    expect(bins.size).toBeGreaterThan(3);
  });

  it("knows more by all symbols than by one, and never everything", () => {
    const accuracy = (read: (bar: BarTruth) => readonly number[]): number =>
      mean(truth.map((bar) => (nameLargest(read(bar)) === bar.regime ? 1 : 0)));
    const shared = accuracy((bar) => bar.filter.regimes);
    const own = accuracy((bar) => bar.ownFilter.regimes);
    expect(shared).toBeGreaterThan(own);
    expect(own).toBeGreaterThan(0.7);
    expect(shared).toBeLessThan(0.99);
  });

  it("does not change with bars that come later", () => {
    const early = describeTruth(simulateMarket({ seed: 11, bars: 500, symbols: 2 }), horizon);
    const first = truth.filter((bar) => bar.symbol === "SIM1").slice(0, 500);
    expect(early.slice(0, 500)).toEqual(first);
  });
});

function scaledReturns(bar: number): number[] {
  return market.symbols.map(({ scale, bars }) => {
    const at = bars[bar];
    return at === undefined ? Number.NaN : Math.log(at.close / at.open) / scale;
  });
}

function nameLargest(probabilities: readonly number[]): string | undefined {
  return ["TRENDING", "RANGING", "STRESSED"][probabilities.indexOf(Math.max(...probabilities))];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

function correlation(left: readonly number[], right: readonly number[]): number {
  const [a, b] = [mean(left), mean(right)];
  const products = left.map((value, index) => (value - a) * ((right[index] ?? Number.NaN) - b));
  return mean(products) / (deviation(left) * deviation(right));
}
