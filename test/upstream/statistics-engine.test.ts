import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { QseOutputSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type { Bar } from "../../src/upstream/bar.ts";
import { computeFeatures } from "../../src/upstream/feature-engine.ts";
import {
  type BarStatistics,
  computeStatistics,
  createStatisticsEngine,
  type StatisticsEngineOptions,
} from "../../src/upstream/statistics-engine.ts";
import { arbitraryBars, cycle, readIndexFile, toBars, toCloses } from "./bar-series.ts";

const { bars: indexBars } = readIndexFile();

function statisticsOf(bars: readonly Bar[], options?: StatisticsEngineOptions): readonly (BarStatistics | undefined)[] {
  return computeStatistics(bars, computeFeatures(bars), options);
}

function newestOf(logReturns: readonly number[], options?: StatisticsEngineOptions): BarStatistics {
  const newest = statisticsOf(toBars(toCloses(logReturns), 0.1), options).at(-1);
  if (newest === undefined) throw new Error("no statistics");
  return newest;
}

/** Returns without memory, the same in every run. */
const noise = Array.from({ length: 130 }, (_, index) => (((index * 7919 + 13) ** 2 % 1009) / 1009 - 0.5) * 0.02);

describe("the statistics engine", () => {
  it("passes every check in a market of small independent returns", () => {
    expect(newestOf(noise).validation).toEqual({
      signalValidityFlag: true,
      autocorrCheckPassed: true,
      stationarityCheckPassed: true,
      distributionCheckPassed: true,
      trendPersistenceCheckPassed: true,
    });
  });

  // A slow swing of returns around zero: ten up, ten down.
  const swing = noise.map((value, index) => value * 0.3 + (Math.floor(index / 10) % 2 === 0 ? 0.01 : -0.01));
  const ramp = noise.map((value, index) => value * 0.001 + index * 1e-4);
  const failures: readonly [keyof BarStatistics["validation"], string, readonly number[]][] = [
    ["distributionCheckPassed", "the newest return is an outlier", [...noise, 0.03]],
    ["autocorrCheckPassed", "returns undo each other", noise.map((value, index) => value + (index % 2) * 0.02)],
    ["autocorrCheckPassed", "returns carry on", swing],
    ["trendPersistenceCheckPassed", "ten-bar moves are undone", swing],
    ["stationarityCheckPassed", "returns grow and grow", ramp],
    ["stationarityCheckPassed", "nothing moves", cycle([0], 130)],
  ];
  it.each(failures)("fails %s when %s, and the signal with it", (check, _when, logReturns) => {
    const { validation } = newestOf(logReturns);
    expect(validation[check]).toBe(false);
    expect(validation.signalValidityFlag).toBe(false);
  });

  it("holds the newest return against the returns before it", () => {
    // Before it: 60 × 0.01 and 59 × −0.01.
    const { zScore } = newestOf([...cycle([0.01, -0.01], 119), 0.05]).metrics;
    const mean = 0.01 / 119;
    const deviation = Math.sqrt((119 * 0.01 ** 2 - 119 * mean ** 2) / 118);
    expect(zScore).toBeCloseTo((0.05 - mean) / deviation, 8);
  });

  it("keeps every number finite when a standstill ends in a jump", () => {
    const { metrics, validation } = newestOf([...cycle([0], 129), 0.05]);
    expect(Number.isFinite(metrics.zScore)).toBe(true);
    expect(validation.distributionCheckPassed).toBe(false);
  });

  it.each([
    ["zScoreMax", { zScoreMax: 100 }, "distributionCheckPassed", [...noise, 0.03]],
    ["trendPersistenceMin", { trendPersistenceMin: -1 }, "trendPersistenceCheckPassed", swing],
  ] as const)("takes its limit from %s", (_name, options, check, logReturns) => {
    expect(newestOf(logReturns).validation[check]).toBe(false);
    expect(newestOf(logReturns, options).validation[check]).toBe(true);
  });

  it("sees a straight line as a trend of full strength, and a standstill as none", () => {
    expect(newestOf(cycle([0.001], 120)).regime.trendStrength).toBeCloseTo(1, 10);
    expect(newestOf(cycle([0], 120)).regime.trendStrength).toBe(0);
  });

  it("has its first answer when the window and the features are full", () => {
    const firstAnswer = (windowBars: number): number =>
      statisticsOf(indexBars.slice(0, 200), { windowBars }).findIndex((each) => each !== undefined);
    expect(firstAnswer(120)).toBe(120);
    expect(firstAnswer(40)).toBe(79);
  });

  it.each([{ windowBars: 39 }, { windowBars: 60, persistenceBars: 31 }])("refuses %o", (options) => {
    expect(() => createStatisticsEngine(options)).toThrow(RangeError);
  });

  it.each([
    [0, "NORMAL"],
    [0.29, "LOW"],
    [-0.5, "LOW"],
    [0.5, "NORMAL"],
    [0.71, "HIGH"],
  ])("calls a mean correlation of %d %s", (correlation, expected) => {
    const engine = createStatisticsEngine();
    const shared = { correlation, efficiency_ratio: 0.3, vol_percentile: 50 };
    const newest = toBars(toCloses(noise))
      .map((bar) => engine.push(bar, shared))
      .at(-1);
    expect(newest?.regime).toMatchObject({ correlationRegime: expected, efficiencyRatio: 0.3 });
    expect(newest?.metrics.volatilityPercentile).toBe(50);
  });
});

describe("the statistics of the S&P 500", () => {
  const answers = statisticsOf(indexBars).filter((each) => each !== undefined);

  it("are all finite and fit the wire", () => {
    for (const answer of answers) {
      for (const value of [...Object.values(answer.metrics), ...Object.values(answer.regime)]) {
        if (typeof value === "number") expect(Number.isFinite(value)).toBe(true);
      }
    }
    const [first] = answers;
    expect(first).toBeDefined();
    expect(create(QseOutputSchema, first ?? {}).metrics?.adfStatistic).toBe(first?.metrics.adfStatistic);
  });

  // Measured shares; a change of definition moves them, and the documentation with them.
  it.each([
    ["signalValidityFlag", 0.7123],
    ["autocorrCheckPassed", 0.9095],
    ["stationarityCheckPassed", 0.9956],
    ["distributionCheckPassed", 0.9811],
    ["trendPersistenceCheckPassed", 0.805],
  ] as const)("pass %s at a share of %d", (check, share) => {
    const passed = answers.filter((answer) => answer.validation[check]).length;
    expect(passed / answers.length).toBeCloseTo(share, 3);
  });
});

describe("causality", () => {
  it("makes the statistics of a prefix the prefix of the statistics, bit for bit", () => {
    const whole = statisticsOf(indexBars.slice(0, 600));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), (length) => {
        expect(statisticsOf(indexBars.slice(0, length))).toStrictEqual(whole.slice(0, length));
      }),
      { numRuns: 15 },
    );
  });

  it("keeps later bars from changing earlier statistics", () => {
    fc.assert(
      fc.property(arbitraryBars(160), arbitraryBars(160), fc.integer({ min: 121, max: 159 }), (past, future, cut) => {
        const mixed = [...past.slice(0, cut), ...future.slice(cut)];
        expect(statisticsOf(mixed).slice(0, cut)).toStrictEqual(statisticsOf(past).slice(0, cut));
      }),
      { numRuns: 15 },
    );
  });
});
