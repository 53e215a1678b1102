import { describe, expect, it } from "vitest";
import { checkForward } from "../../../src/cli/report/forward-check.ts";
import { profileLatencies } from "../../../src/cli/report/latency-profile.ts";
import { wilsonInterval } from "../../../src/cli/report/wilson-interval.ts";
import { makeBars, makeRow } from "./decision-rows.ts";

describe("the Wilson interval", () => {
  // Closed forms with z = 1.96: n / (n + z²) where all or none succeed, ½ ± z / 2√(n + z²) where half do.
  it.each([
    [0, 10, 0, 0.277_533],
    [10, 10, 0.722_467, 1],
    [50, 100, 0.403_832, 0.596_168],
    [1, 1, 0.206_549, 1],
  ])("of %d in %d runs from %d to %d", (successes, trials, low, high) => {
    const interval = wilsonInterval(successes, trials);
    expect(interval?.low).toBeCloseTo(low, 5);
    expect(interval?.high).toBeCloseTo(high, 5);
  });

  it("of nothing is not there", () => {
    expect(wilsonInterval(0, 0)).toBeUndefined();
  });
});

describe("the latency profile", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  it.each([
    [[7], { count: 1, p50Ms: 7, p95Ms: 7, p99Ms: 7, maxMs: 7 }],
    [[3, 1, 2], { count: 3, p50Ms: 2, p95Ms: 3, p99Ms: 3, maxMs: 3 }],
    [hundred, { count: 100, p50Ms: 50, p95Ms: 95, p99Ms: 99, maxMs: 100 }],
  ])("of %j takes values that were measured", (latenciesMs, profile) => {
    expect(profileLatencies(latenciesMs)).toEqual(profile);
  });

  it("of nothing is not there", () => {
    expect(profileLatencies([])).toBeUndefined();
  });
});

describe("the forward check", () => {
  // Up for ten bars, then down.
  const bars = makeBars([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 9, 8, 7, 6, 5]);
  const rows = bars.map((bar, index) =>
    makeRow(index, bar, { momentumScore: index === 1 ? 0 : 1, ...(index < 6 ? {} : { probability: 0.1 }) }),
  );

  it("counts a hit when the price went the way of the momentum", () => {
    const { allowed, refused } = checkForward(rows, bars, 4);
    // Bars 0 to 5 without bar 1, which has no direction: all rose within four bars.
    expect(allowed).toMatchObject({ trials: 5, hits: 5, rate: 1 });
    // Bars 6 to 10: 7→9 rose, 8→8 did not move, then three fell; bars 11 to 14 have no future.
    expect(refused).toMatchObject({ trials: 5, hits: 1, rate: 0.2 });
  });

  it("takes a falling price for a hit of falling momentum", () => {
    const falling = rows.map((row) => ({ ...row, momentumScore: -1 }));
    expect(checkForward(falling, bars, 4).refused).toMatchObject({ trials: 5, hits: 3 });
  });

  it("counts bars apart once a horizon, which widens the interval", () => {
    const { allowed } = checkForward(rows, bars, 4);
    expect(allowed.apart).toBe(2);
    expect(allowed.apartInterval?.low).toBeLessThan(allowed.interval?.low ?? 0);
  });

  it("has no rate without trials", () => {
    expect(checkForward([], bars).allowed).toEqual({
      trials: 0,
      hits: 0,
      rate: undefined,
      interval: undefined,
      apart: 0,
      apartInterval: undefined,
    });
  });
});
