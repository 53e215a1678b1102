import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alarmSum, PageHinkley, samplesMin, toleratedRise } from "../../../src/monitor/drift/page-hinkley.ts";

/** The test by its definition, over the whole series. */
function levelByDefinition(values: readonly number[]): number {
  if (values.length < samplesMin) return 0;
  const sums = [0];
  for (const [index, value] of values.entries()) {
    const mean = values.slice(0, index + 1).reduce((sum, each) => sum + each, 0) / (index + 1);
    sums.push((sums.at(-1) ?? 0) + value - mean - toleratedRise);
  }
  return ((sums.at(-1) ?? 0) - Math.min(...sums)) / alarmSum;
}

describe("Page and Hinkley's test", () => {
  it("is what its definition says, value by value", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 90, maxLength: 160 }), (values) => {
        const test = new PageHinkley(10);
        for (const value of values) test.add(value);
        expect(test.reading.level).toBeCloseTo(levelByDefinition(values), 9);
        expect(test.reading.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 9);
      }),
      { numRuns: 50 },
    );
  });

  function feed(test: PageHinkley, count: number, value: number): void {
    for (let index = 0; index < count; index++) test.add(value);
  }

  it("raises no alarm while the mean stays, and one when it rises, which it holds before it begins anew", () => {
    const test = new PageHinkley(20);
    feed(test, 2_000, 0.2);
    expect(test.reading).toMatchObject({ level: 0, alarms: 0 });
    feed(test, 60, 0.9);
    expect(test.reading).toMatchObject({ alarms: 0 });
    // The mean goes up with them: 0.7 less what it has moved, 90 times or so, is above 60.
    feed(test, 32, 0.9);
    const { level, alarms } = test.reading;
    expect(alarms).toBe(1);
    expect(level).toBeGreaterThan(1);
    feed(test, 2_000, 0.9);
    expect(test.reading).toMatchObject({ level: 0, alarms: 1 });
  });

  it("holds an alarm for as many samples as it was told", () => {
    const test = new PageHinkley(20);
    feed(test, 1_000, 0);
    while (test.reading.alarms === 0) test.add(1);
    feed(test, 19, 0);
    expect(test.reading.level).toBeGreaterThan(1);
    test.add(0);
    expect(test.reading).toMatchObject({ level: 0, samples: 0 });
  });

  it("raises none before it has seen enough to know what is usual", () => {
    const test = new PageHinkley(1, 1);
    feed(test, 50, 0);
    feed(test, samplesMin - 51, 1);
    expect(test.reading.alarms).toBe(0);
    test.add(1);
    expect(test.reading.alarms).toBe(1);
  });

  it("sees no fall", () => {
    const test = new PageHinkley(20);
    feed(test, 1_000, 0.9);
    feed(test, 1_000, 0.1);
    expect(test.reading).toMatchObject({ alarms: 0 });
  });
});
