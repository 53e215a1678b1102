import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { computePerformance } from "../../../src/monitor/performance/performance-figures.ts";
import { type JudgedClaim, PerformanceWindow } from "../../../src/monitor/performance/performance-window.ts";

interface ReferenceCase {
  readonly name: string;
  readonly y: readonly number[];
  readonly p: readonly number[];
  readonly expected: {
    readonly auc: number;
    readonly brier: number;
    readonly log_loss: number;
    readonly accuracy: number;
    readonly calibration?: { readonly mean: readonly number[]; readonly true: readonly number[] };
  };
}

const fixture = new URL("fixtures/performance-reference.json", import.meta.url);
const { cases }: { cases: readonly ReferenceCase[] } = JSON.parse(readFileSync(fixture, "utf8"));

function claim(probability: number, isTrue: boolean, change: Partial<JudgedClaim> = {}): JudgedClaim {
  return { probability, isTrue, isHit: probability > 0.5 === isTrue, regime: "TRENDING", allowed: true, ...change };
}

describe("the figures of a model", () => {
  it.each(cases)("are those of scikit-learn: $name", ({ y, p, expected }) => {
    const figures = computePerformance(p.map((probability, index) => claim(probability, y[index] === 1)));
    expect(figures.count).toBe(y.length);
    expect(figures.auc).toBeCloseTo(expected.auc, 12);
    expect(figures.brier).toBeCloseTo(expected.brier, 12);
    expect(figures.logLoss).toBeCloseTo(expected.log_loss, 9);
    expect(figures.accuracy).toBeCloseTo(expected.accuracy, 12);
    for (const [index, group] of figures.calibration.entries()) {
      if (expected.calibration === undefined) break;
      expect(group.meanProbability).toBeCloseTo(expected.calibration.mean[index] ?? -1, 12);
      expect(group.trueShare).toBeCloseTo(expected.calibration.true[index] ?? -1, 12);
    }
  });

  it("rank as comparing every pair does, and keep every claim in one decile, in order", () => {
    const claims = fc.array(
      fc.record({ tenths: fc.nat(20), isTrue: fc.boolean() }).map(({ tenths, isTrue }) => claim(tenths / 20, isTrue)),
      { minLength: 1, maxLength: 80 },
    );
    fc.assert(
      fc.property(claims, (given) => {
        const { auc, calibration, trueShare } = computePerformance(given);
        expect(auc).toEqual(comparePairs(given));
        expect(calibration.reduce((sum, { count }) => sum + count, 0)).toBe(given.length);
        expect(calibration.length).toBeLessThanOrEqual(10);
        for (const [index, { probabilityMin, probabilityMax }] of calibration.entries()) {
          expect(probabilityMin).toBeLessThanOrEqual(probabilityMax);
          expect(calibration[index - 1]?.probabilityMax ?? -1).toBeLessThan(probabilityMin);
        }
        const truths = calibration.reduce((sum, group) => sum + group.count * group.trueShare, 0);
        expect(truths / given.length).toBeCloseTo(trueShare, 12);
      }),
    );
  });

  it("tell regimes and decisions apart", () => {
    const { regimes, allowed, refused } = computePerformance([
      claim(0.9, true),
      claim(0.8, false),
      claim(0.4, false, { regime: "RANGING", allowed: false }),
      claim(0.7, true, { regime: "UNKNOWN", allowed: false }),
    ]);
    expect(regimes).toEqual({
      TRENDING: { count: 2, trueShare: 0.5, accuracy: 0.5 },
      RANGING: { count: 1, trueShare: 0, accuracy: 1 },
      STRESSED: { count: 0, trueShare: 0, accuracy: 0 },
    });
    expect(allowed).toEqual({ count: 2, trueShare: 0.5, accuracy: 0.5 });
    expect(refused).toEqual({ count: 2, trueShare: 0.5, accuracy: 1 });
  });

  it("are 0 without claims, and there is no AUC with claims of one kind", () => {
    const empty = { count: 0, brier: 0, logLoss: 0, accuracy: 0, calibrationError: 0, calibration: [] };
    expect(computePerformance([])).toMatchObject({ ...empty, auc: undefined });
    expect(computePerformance([claim(0.9, true), claim(0.1, true)]).auc).toBeUndefined();
  });

  it("measure how far deciles are from what came of them", () => {
    const { calibrationError } = computePerformance([claim(0.25, true), claim(0.25, false), claim(0.75, true)]);
    expect(calibrationError).toBeCloseTo((2 * 0.25 + 1 * 0.25) / 3, 12);
  });
});

describe("a window of claims", () => {
  const numbered = Array.from({ length: 9 }, (_, index) =>
    claim(index / 10, index % 2 === 0, { regime: index % 3 === 0 ? "STRESSED" : "UNKNOWN", allowed: index % 4 === 0 }),
  );

  it("gives back the newest, oldest first, just as they were", () => {
    const window = new PerformanceWindow(4);
    for (const each of numbered) window.add(each);
    expect([...window.claims()]).toEqual(numbered.slice(-4));
  });

  it.each([
    [2, 2],
    [4, 4],
    [6, 4],
  ])("keeps the newest when it is resized to %d", (capacity, kept) => {
    const window = new PerformanceWindow(4);
    for (const each of numbered) window.add(each);
    window.resize(capacity);
    expect([...window.claims()]).toEqual(numbered.slice(-kept));
    for (const each of numbered) window.add(each);
    expect([...window.claims()]).toEqual(numbered.slice(-capacity));
  });
});

/** By comparing every claim that came true with every one that did not. */
function comparePairs(claims: readonly JudgedClaim[]): number | undefined {
  const truths = claims.filter(({ isTrue }) => isTrue);
  const falsehoods = claims.filter(({ isTrue }) => !isTrue);
  if (truths.length * falsehoods.length === 0) return undefined;
  let wins = 0;
  for (const truth of truths) {
    for (const { probability } of falsehoods) {
      wins += truth.probability > probability ? 1 : truth.probability === probability ? 0.5 : 0;
    }
  }
  return wins / (truths.length * falsehoods.length);
}
