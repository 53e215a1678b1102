import { describe, expect, it } from "vitest";
import { LatencyHistogram } from "../../src/monitor/latency-histogram.ts";

describe("a latency histogram", () => {
  it.each([0.001, 0.02, 1, 37.5, 9_000])("keeps %d ms within two percent at every quantile", (durationMs) => {
    const histogram = new LatencyHistogram();
    for (let sample = 0; sample < 10; sample++) histogram.record(durationMs);
    for (const quantile of [0, 0.5, 0.99, 1]) {
      expect(Math.abs(histogram.quantileMs(quantile) / durationMs - 1)).toBeLessThan(0.02);
    }
    expect(histogram.meanMs).toBeCloseTo(durationMs, 9);
  });

  it("orders what it has seen", () => {
    const histogram = new LatencyHistogram();
    for (let value = 1; value <= 100; value++) histogram.record(value);
    expect(histogram.quantileMs(0.5)).toBeGreaterThan(48);
    expect(histogram.quantileMs(0.5)).toBeLessThan(52);
    expect(histogram.quantileMs(0.99)).toBeGreaterThan(96);
    expect(histogram.maxMs).toBe(100);
  });

  it.each([0, -1, Number.NaN, 1e9])("counts %d without leaving its buckets", (durationMs) => {
    const histogram = new LatencyHistogram();
    histogram.record(durationMs);
    expect(histogram.count).toBe(1);
    expect(histogram.quantileMs(0.5)).toBeLessThanOrEqual(1e9);
  });

  it("adds up and can be used again", () => {
    const sum = new LatencyHistogram();
    const part = new LatencyHistogram();
    for (const value of [1, 2, 3]) part.record(value);
    sum.add(part);
    part.clear();
    expect([part.count, part.maxMs, part.meanMs, part.quantileMs(0.5)]).toEqual([0, 0, 0, 0]);
    part.record(100);
    sum.add(part);
    expect([sum.count, sum.maxMs, sum.meanMs]).toEqual([4, 100, 26.5]);
    expect(sum.quantileMs(0.5)).toBeCloseTo(2, 1);
    expect(part.quantileMs(0)).toBeGreaterThan(98);
  });
});
