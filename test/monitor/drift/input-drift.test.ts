import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { driftBinsMax, type InputReference, readDriftReference } from "../../../src/domain/drift-reference.ts";
import { driftBeyondChance, measureInputDrift } from "../../../src/monitor/drift/input-drift.ts";

interface ReferenceCase {
  readonly name: string;
  readonly reference: InputReference;
  readonly live: readonly number[];
  readonly expected: { readonly psi: number; readonly ks: number; readonly outside: number };
}

const fixture = new URL("fixtures/drift-reference.json", import.meta.url);
const { cases }: { cases: readonly ReferenceCase[] } = JSON.parse(readFileSync(fixture, "utf8"));
const look = { inputCount: 16, symbolCount: 1 };

function measure(values: readonly number[], reference: InputReference, name = "log_return_1") {
  return measureInputDrift(name, Float64Array.from(values), reference, look);
}

describe("the drift of an input", () => {
  it.each(cases)("is that of numpy and scipy: $name", ({ reference, live, expected }) => {
    const drift = measure(live, reference);
    expect(drift.psi).toBeCloseTo(expected.psi, 12);
    expect(drift.ks).toBeCloseTo(expected.ks, 12);
    expect(drift.outOfRangeShare).toBeCloseTo(expected.outside, 12);
  });

  it("counts a value into the bin whose upper edge it does not exceed, as counting one by one does", () => {
    const edges = fc.uniqueArray(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 8 });
    const values = fc.array(fc.integer({ min: -12, max: 12 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(edges, values, (given, live) => {
        const sorted = given.toSorted((one, other) => one - other);
        const shares = new Array<number>(sorted.length + 1).fill(1 / (sorted.length + 1));
        const { ks, psi } = measure(live, { edges: sorted, shares, min: -9, max: 9 });
        const distances = sorted.map((edge, index) => {
          const below = live.filter((value) => value <= edge).length / live.length;
          return Math.abs(below - (index + 1) / shares.length);
        });
        expect(ks).toBeCloseTo(Math.max(...distances), 12);
        expect(psi).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("is none without samples, and finite where the training rows had none", () => {
    const reference = { edges: [0], shares: [0, 1], min: 0, max: 1 };
    expect(measure([], reference)).toMatchObject({ psi: 0, ks: 0, outOfRangeShare: 0, effectiveSamples: 1 });
    expect(measure([-1, -1], reference).psi).toBeLessThan(20);
  });

  it("is worth as many samples as there are stretches that resemble nothing before", () => {
    const reference = { edges: [0], shares: [0.5, 0.5], min: -1, max: 1 };
    const values = new Float64Array(1_000);
    const worth = (name: string, symbolCount: number): number =>
      measureInputDrift(name, values, reference, { inputCount: 1, symbolCount }).effectiveSamples;
    expect(worth("log_return_1", 1)).toBe(200);
    expect(worth("log_return_1", 4)).toBe(50);
    expect(worth("ma_slope_50", 1)).toBe(10);
    expect(worth("ma_slope_50", 100)).toBe(1);
    expect(worth("something_else", 1)).toBeCloseTo(1_000 / 60, 12);
  });

  it("is beyond chance where the distance is above Massart's bound, and then the index counts", () => {
    const { ksByChance } = measure(new Array<number>(500).fill(0), { edges: [0], shares: [0.5, 0.5], min: 0, max: 0 });
    expect(ksByChance).toBeCloseTo(Math.sqrt(Math.log(32_000) / 200), 12);
    expect(driftBeyondChance({ psi: 3, ks: ksByChance, ksByChance })).toBe(0);
    expect(driftBeyondChance({ psi: 3, ks: ksByChance + 1e-9, ksByChance })).toBe(3);
  });
});

describe("the drift reference in metadata", () => {
  const good = { edges: [0, 1], shares: [0.25, 0.5, 0.25], min: -1, max: 2 };

  it("is read by input", () => {
    expect(readDriftReference({ drift_reference: { atr: good } })).toEqual(new Map([["atr", good]]));
  });

  const bins = (count: number) => ({
    edges: Array.from({ length: count - 1 }, (_, index) => index),
    shares: new Array<number>(count).fill(1 / count),
    min: 0,
    max: count,
  });

  it.each([
    ["nothing", undefined],
    ["a list", [good]],
    ["edges that do not ascend", { atr: { ...good, edges: [1, 1] } }],
    ["as many shares as edges", { atr: { ...good, shares: [0.5, 0.5] } }],
    ["shares that do not sum to 1", { atr: { ...good, shares: [0.25, 0.5, 0.5] } }],
    ["a share below 0", { atr: { ...good, shares: [-0.25, 1, 0.25] } }],
    ["a number that is none", { atr: { ...good, max: "2" } }],
    ["a range upside down", { atr: { ...good, min: 3 } }],
    ["too many bins", { atr: bins(driftBinsMax + 1) }],
  ])("leaves out %s", (_, reference) => {
    expect(readDriftReference({ drift_reference: reference }).size).toBe(0);
  });

  it("takes as many bins as the limit says", () => {
    expect(readDriftReference({ drift_reference: { atr: bins(driftBinsMax) } }).size).toBe(1);
  });
});
