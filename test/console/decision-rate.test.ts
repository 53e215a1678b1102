import { describe, expect, it } from "vitest";
import { addSample, currentRate, listRates, type RateSample, samplesMax } from "../../console/model/decision-rate.ts";

describe("the rate of decisions", () => {
  it("is unknown from one sample", () => {
    expect(currentRate([{ atMs: 0, total: 5 }])).toBeUndefined();
    expect(currentRate([])).toBeUndefined();
  });

  it("is that of the last ten seconds", () => {
    const samples = [0, 5_000, 13_000, 15_000].map((atMs, index) => ({ atMs, total: index * 100 }));
    expect(currentRate(samples)).toBe(20);
    expect(listRates(samples)).toEqual([20, 12.5, 50]);
  });

  it.each<[name: string, sample: RateSample, expected: readonly RateSample[]]>([
    [
      "later",
      { atMs: 2, total: 7 },
      [
        { atMs: 1, total: 7 },
        { atMs: 2, total: 7 },
      ],
    ],
    ["of the same time", { atMs: 1, total: 8 }, [{ atMs: 1, total: 7 }]],
    ["after a reset", { atMs: 2, total: 3 }, [{ atMs: 2, total: 3 }]],
  ])("takes a sample that is %s", (_, sample, expected) => {
    expect(addSample([{ atMs: 1, total: 7 }], sample)).toEqual(expected);
  });

  it("keeps a bounded number of samples", () => {
    let samples: readonly RateSample[] = [];
    for (let atMs = 0; atMs < samplesMax + 10; atMs++) samples = addSample(samples, { atMs, total: atMs });
    expect(samples).toHaveLength(samplesMax);
    expect(samples[0]?.atMs).toBe(10);
  });
});
