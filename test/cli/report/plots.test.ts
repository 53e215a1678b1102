import { describe, expect, it } from "vitest";
import { drawLines, drawRuns } from "../../../src/cli/report/plot-paths.ts";
import { createPriceScale } from "../../../src/cli/report/price-scale.ts";
import { chooseTimeTicks } from "../../../src/cli/report/time-ticks.ts";
import type { Bar } from "../../../src/upstream/bar.ts";

describe("the paths of a plot", () => {
  it.each<[string, number[], (index: number) => boolean, string]>([
    ["all", [1, 2, 3], () => true, "M0 1L1 2 2 3"],
    ["none", [1, 2, 3], () => false, ""],
    ["the middle", [1, 2, 3, 4], (index) => index === 2, "M1 2L2 3"],
    ["two stretches", [1, 2, 3, 4], (index) => index !== 2, "M0 1L1 2M2 3L3 4"],
    ["what follows a hole", [Number.NaN, 2, 3], () => true, "M1 2L2 3"],
    ["rounded heights", [1.4, 2.6], () => true, "M0 1L1 3"],
  ])("draw lines through %s", (_, heights, include, path) => {
    expect(drawLines(heights, include)).toBe(path);
  });

  it.each<[string, (index: number) => boolean, string]>([
    ["none", () => false, ""],
    ["all", () => true, "M-0.5 0h4v9h-4z"],
    ["the first and the last", (index) => index === 0 || index === 3, "M-0.5 0h1v9h-1zM2.5 0h1v9h-1z"],
  ])("draw boxes over %s", (_, include, path) => {
    expect(drawRuns(4, 9, include)).toBe(path);
  });
});

describe("the price scale", () => {
  it.each([
    [
      [676, 3386],
      [700, 1000, 1500, 2000, 3000],
    ],
    [
      [1.1, 1.5],
      [1.1, 1.2, 1.3, 1.4, 1.5],
    ],
    [
      [1.05, 1.2],
      [1.05, 1.1, 1.15, 1.2],
    ],
    [[5, 5], [5]],
    [
      [90, 110],
      [90, 95, 100, 105, 110],
    ],
  ])("of %j has round ticks inside the range", (prices, expected) => {
    const { ticks, toShare } = createPriceScale(prices);
    expect(ticks).toEqual(expected);
    expect(ticks.length).toBeGreaterThan(0);
    for (const share of ticks.map(toShare)) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
  });

  it("gives equal ratios equal room, high prices on top", () => {
    const { toShare } = createPriceScale([100, 400]);
    expect(toShare(100) - toShare(200)).toBeCloseTo(toShare(200) - toShare(400), 12);
    expect(toShare(400)).toBeLessThan(toShare(100));
  });
});

describe("the time axis", () => {
  const dayMs = 86_400_000;
  it.each([
    ["years", dayMs, 5 * 365, ["2021", "2022", "2023", "2024"]],
    ["months", dayMs, 120, ["2020-02", "2020-03", "2020-04"]],
    ["days", 6 * 3_600_000, 20, ["2020-01-02", "2020-01-03", "2020-01-04", "2020-01-05"]],
    ["hours", 900_000, 16, ["01-01 01", "01-01 02", "01-01 03"]],
  ])("names the starts of %s", (_, distanceMs, count, labels) => {
    expect(chooseTimeTicks(makeTimes(distanceMs, count)).map(({ label }) => label)).toEqual(labels);
  });

  it("has room for its labels, on a narrow screen too", () => {
    const ticks = chooseTimeTicks(makeTimes(dayMs, 60 * 365));
    expect(ticks.length).toBeLessThanOrEqual(24);
    expect(ticks.filter(({ major }) => major).length).toBeLessThanOrEqual(6);
  });
});

function makeTimes(distanceMs: number, count: number): Bar[] {
  return Array.from({ length: count }, (_, index) => {
    const timeMs = Date.UTC(2020, 0, 1) + index * distanceMs;
    return { time: "", timeMs, open: 1, high: 1, low: 1, close: 1, volume: 0 };
  });
}
