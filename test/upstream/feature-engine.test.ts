import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FeatureName, featureNames } from "../../src/domain/feature-schema.ts";
import type { Bar } from "../../src/upstream/bar.ts";
import { computeFeatures, createFeatureEngine, type FeatureVector } from "../../src/upstream/feature-engine.ts";
import { arbitraryBars, cycle, readIndexFile, toBars, toCloses } from "./bar-series.ts";
import reference from "./fixtures/feature-reference.json" with { type: "json" };

function lastVector(bars: readonly Bar[]): FeatureVector {
  const engine = createFeatureEngine();
  const last = bars.map((bar) => engine.push(bar)).at(-1);
  if (last === undefined) throw new Error("no bars");
  return last;
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
const flat = (length: number): number[] => cycle([100], length);
const growing = (length: number): number[] => upTo(length).map((k) => (k % 2 === 0 ? 1e-4 : -1e-4) * k);
const wideLastBar = [...toBars(flat(15), 1), ...toBars(flat(16), 8).slice(15)];

describe("a feature", () => {
  const byHand: readonly [FeatureName, string, readonly Bar[], number][] = [
    ["log_return_1", "is ln(C/C₋₁)", toBars([100, 110]), Math.log(1.1)],
    ["rolling_return_20", "is ln(C/C₋₂₀)", toBars([100, ...flat(19), 121]), Math.log(1.21)],
    // Sum 0.12, mean 0.01, every deviation ±0.01: 0.12 / (0.01·√(12/11)·√12) = √11.
    ["momentum_score", "is the move in its own deviations", toBars(toCloses(cycle([0.02, 0], 12))), Math.sqrt(11)],
    ["momentum_score", "is 0 when no return differs", toBars(toCloses(cycle([0.01], 12))), 0],
    // Net 20 over a path of 40.
    ["efficiency_ratio", "is net move over path", toBars([100, ...upTo(20).map((k) => 100 + k + (k % 2) * 2)]), 0.5],
    ["volatility", "divides by n − 1", toBars(toCloses(cycle([0.01, -0.01], 20))), 0.01 * Math.sqrt(20 / 19)],
    ["trend_consistency", "counts agreeing returns, up", toBars(toCloses(cycle([0.01, 0.01, -0.01, 0.01], 20))), 0.75],
    [
      "trend_consistency",
      "counts agreeing returns, down",
      toBars(toCloses(cycle([-0.01, 0.01, -0.01, -0.01], 20))),
      0.75,
    ],
    ["trend_consistency", "counts a standstill as not agreeing", toBars(toCloses(cycle([0.01, 0], 20))), 0.5],
    ["trend_consistency", "is neutral without direction", toBars(flat(21)), 0.5],
    ["ma_distance_20", "is (C − SMA)/C", toBars(upTo(20)), 9.5 / 20],
    ["ma_distance_50", "is (C − SMA)/C", toBars(upTo(50)), 24.5 / 50],
    ["ma_slope_50", "is the change of the SMA a bar over C", toBars(upTo(53)), 1 / 53],
    ["atr", "starts as the mean of 14 ranges", toBars(flat(15), 1), 0.02],
    // (13·2 + 16)/14 = 3.
    ["atr", "then moves by a fourteenth", wideLastBar, 0.03],
    ["atr", "counts the jump from the last close", toBars([...flat(14), 114]), 1 / 114],
    ["vol_percentile", "is 100 at the peak", toBars(toCloses(growing(79))), 100],
    ["vol_percentile", "is one in 60 at the bottom", toBars(toCloses(growing(79).reverse())), 100 / 60],
    ["vol_percentile", "looks back 252 bars", toBars(toCloses(growing(400).reverse())), 100 / 252],
    // Squares 4a², mean 0, against a standstill five bars ago.
    [
      "vol_slope",
      "is the change in five bars over 5",
      toBars(toCloses([...cycle([0], 20), 0.01, -0.01, 0.01, -0.01, 0])),
      0.02 / Math.sqrt(19) / 5,
    ],
    ["range_compression", "is the range over 12 mean ranges", toBars(flat(15), 1), 1 / 12],
    [
      "return_autocorrelation",
      "is −59/60 when returns alternate",
      toBars(toCloses(cycle([0.01, -0.01], 60))),
      -59 / 60,
    ],
    ["correlation", "is 0 alone", toBars(flat(1)), 0],
    ["dispersion", "is 0 alone", toBars(flat(1)), 0],
  ];
  it.each(byHand)("%s %s", (name, _claim, bars, expected) => {
    expect(lastVector(bars)[name]).toBeCloseTo(expected, 12);
  });

  const historyNeeded: readonly [FeatureName, number][] = [
    ["log_return_1", 2],
    ["momentum_score", 13],
    ["atr", 15],
    ["range_compression", 15],
    ["ma_distance_20", 20],
    ["efficiency_ratio", 21],
    ["volatility", 21],
    ["rolling_return_20", 21],
    ["trend_consistency", 21],
    ["vol_slope", 26],
    ["ma_distance_50", 50],
    ["ma_slope_50", 53],
    ["return_autocorrelation", 61],
    ["vol_percentile", 80],
  ];
  it.each(historyNeeded)("%s is a number from bar %i on, not before", (name, bars) => {
    const series = computeFeatures(toBars(toCloses(cycle([0.01, -0.02, 0.005], 99)), 1))[name];
    expect(series.findIndex((value) => Number.isFinite(value))).toBe(bars - 1);
    expect(series.slice(bars - 1).every((value) => Number.isFinite(value))).toBe(true);
  });

  it("is a plain number in a market that stands still", () => {
    expect(lastVector(toBars(flat(100)))).toEqual({
      ...Object.fromEntries(featureNames.map((name) => [name, 0])),
      trend_consistency: 0.5,
      vol_percentile: 100,
    });
  });
});

describe("the features of the S&P 500", () => {
  const { bars } = readIndexFile();
  const features = computeFeatures(bars);

  it.each(reference.alone)("agree with pandas at bar $bar", ({ bar, features: expected }) => {
    for (const name of featureNames) {
      expect(Math.abs((features[name][bar] ?? Number.NaN) - expected[name]), name).toBeLessThan(1e-12);
    }
  });

  it("come in the order of the schema", () => {
    expect(Object.keys(features)).toEqual([...featureNames]);
  });
});

describe("causality", () => {
  it("makes the features of a prefix the prefix of the features, bit for bit", () => {
    const { bars } = readIndexFile();
    const whole = computeFeatures(bars.slice(0, 1200));
    const cut = fc.integer({ min: 0, max: 1200 });
    fc.assert(
      fc.property(cut, (length) => {
        const prefix = computeFeatures(bars.slice(0, length));
        for (const name of featureNames) expect(prefix[name]).toStrictEqual(whole[name].slice(0, length));
      }),
      { numRuns: 15 },
    );
  });

  it("keeps later bars from changing earlier features", () => {
    fc.assert(
      fc.property(arbitraryBars(150), arbitraryBars(150), fc.integer({ min: 1, max: 149 }), (past, future, cut) => {
        const before = computeFeatures(past);
        const after = computeFeatures([...past.slice(0, cut), ...future.slice(cut)]);
        for (const name of featureNames) expect(after[name].slice(0, cut)).toStrictEqual(before[name].slice(0, cut));
      }),
      { numRuns: 15 },
    );
  });
});

describe("the engine", () => {
  it("stays within the bounds of every share and ratio whatever the market does", () => {
    fc.assert(
      fc.property(arbitraryBars(120), (bars) => {
        const vector = lastVector(bars);
        for (const name of featureNames) expect(Number.isFinite(vector[name]), name).toBe(true);
        expect(vector.efficiency_ratio).toBeGreaterThanOrEqual(0);
        expect(vector.efficiency_ratio).toBeLessThanOrEqual(1 + 1e-12);
        expect(vector.vol_percentile).toBeGreaterThan(0);
        expect(vector.vol_percentile).toBeLessThanOrEqual(100);
        expect(Math.abs(vector.return_autocorrelation)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });

  const dayOne = Date.UTC(1970, 0, 1);
  const prices = { open: 100, high: 100, low: 100, close: 100, volume: 0 };
  const first: Bar = { time: "1970-01-01", timeMs: dayOne, ...prices };
  const second: Bar = { time: "1970-01-02", timeMs: dayOne + 1, ...prices };
  const refused: readonly [string, readonly Bar[], readonly Bar[], string][] = [
    ["a close of zero", [{ ...first, close: 0 }], [], "close is 0"],
    ["a high that is not a number", [{ ...first, high: Number.NaN }], [], "high is NaN"],
    ["the same bar twice", [first, first], [], "not later"],
    ["a bar from the past", [second, first], [], "not later"],
    ["a peer that nobody announced", [first], [first], "1 peers, not 0"],
  ];
  it.each(refused)("refuses %s", (_name, bars, peers, message) => {
    const engine = createFeatureEngine();
    const pushAll = (): void => {
      for (const bar of bars) engine.push(bar, peers);
    };
    expect(pushAll).toThrow(message);
  });

  it("refuses a peer's bar of another time", () => {
    expect(() => createFeatureEngine({ peerCount: 1 }).push(first, [second])).toThrow("a peer's bar is of 1970-01-02");
  });
});
