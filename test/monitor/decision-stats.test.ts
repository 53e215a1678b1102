import { describe, expect, it } from "vitest";
import type { DecisionEvent } from "../../src/domain/decision-event.ts";
import type { DecisionRequest } from "../../src/domain/request.ts";
import { DecisionHistory } from "../../src/monitor/decision-history.ts";
import { DecisionStats } from "../../src/monitor/decision-stats.ts";
import { LabelCounts } from "../../src/monitor/label-counts.ts";
import { LatencyHistogram } from "../../src/monitor/latency-histogram.ts";
import { Monitor } from "../../src/monitor/monitor.ts";
import { createTestEngine } from "../support/engine.ts";
import { createAllowedRequest } from "../support/requests.ts";

const engine = createTestEngine();

function createEvent(request: DecisionRequest, change: Partial<DecisionEvent> = {}): DecisionEvent {
  return {
    predictionId: "id",
    timestampMicros: 1_000_000,
    symbol: request.symbol,
    timeframe: request.timeframe,
    barIndex: 119,
    barTimeMicros: undefined,
    requestId: "",
    processingTimeMs: 1,
    decision: engine.decide(request),
    ...change,
  };
}

const allowed = createAllowedRequest();
const refused: DecisionRequest = { ...createAllowedRequest(), symbol: "GBPUSD", qseOutput: undefined };

describe("decision figures", () => {
  it("are zero, not NaN, without decisions", () => {
    const { allowRate, suppressionRate, meanConfidence, minConfidence, meanProbability, unstableShare } =
      new DecisionStats();
    expect([allowRate, suppressionRate, meanConfidence, minConfidence, meanProbability, unstableShare]).toEqual([
      0, 0, 0, 0, 0, 0,
    ]);
  });

  it("count what was decided", () => {
    const stats = new DecisionStats();
    stats.record(createEvent(allowed, { processingTimeMs: 1 }));
    stats.record(createEvent(refused, { processingTimeMs: 3 }));
    stats.record(createEvent(createAllowedRequest(40)));
    expect(stats.total).toBe(3);
    expect([stats.allowed, stats.suppressed]).toEqual([1, 2]);
    expect(stats.allowRate).toBeCloseTo(1 / 3);
    expect(Object.fromEntries(stats.regimes.entries())).toEqual({ TRENDING: 2, UNKNOWN: 1 });
    expect(Object.fromEntries(stats.symbols.entries())).toEqual({ EURUSD: 2, GBPUSD: 1 });
    expect(Object.fromEntries(stats.gateFailures.entries())).toEqual({
      QSE_VALID: 1,
      REGIME_ALLOWED: 1,
      REGIME_CONFIDENCE: 1,
      SIGNAL_PROBABILITY: 1,
    });
    expect(stats.minConfidence).toBe(0);
    expect(stats.meanConfidence).toBeCloseTo((0.7 + 0.7 + 0) / 3);
  });
});

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
});

describe("label counts", () => {
  it("put labels past the cap together", () => {
    const counts = new LabelCounts(2);
    for (const label of ["a", "b", "c", "d", "a"]) counts.add(label);
    expect(Object.fromEntries(counts.entries())).toEqual({ a: 2, b: 1, other: 2 });
  });
});

describe("the decision history", () => {
  const events = Array.from({ length: 7 }, (_, index) =>
    createEvent(index % 2 === 0 ? allowed : refused, { predictionId: `p${index}`, timestampMicros: index }),
  );
  const history = new DecisionHistory(5);
  for (const event of events) history.add(event);
  const ids = (filter: Parameters<DecisionHistory["list"]>[0]) =>
    history.list(filter).map(({ predictionId }) => predictionId);

  it("keeps the newest and shows them newest first", () => {
    expect(ids({ limit: 100 })).toEqual(["p6", "p5", "p4", "p3", "p2"]);
    expect(ids({ limit: 2 })).toEqual(["p6", "p5"]);
  });

  it.each([
    [{ symbol: "GBPUSD" }, ["p5", "p3"]],
    [{ allowed: true }, ["p6", "p4", "p2"]],
    [{ regime: "RANGING" as const }, []],
    [{ sinceMicros: 3, untilMicros: 6 }, ["p5", "p4", "p3"]],
  ])("filters by %j", (filter, expected) => {
    expect(ids({ ...filter, limit: 100 })).toEqual(expected);
  });
});

describe("the monitor", () => {
  const clock = { nowMicros: () => 0, monotonicMs: () => 0 };

  it("counts nothing that could not be logged", () => {
    const monitor = new Monitor({
      clock,
      audit: {
        append: () => {
          throw new Error("disk is gone");
        },
      },
    });
    expect(() => monitor.record(createEvent(allowed))).toThrow("disk is gone");
    expect(monitor.stats.total).toBe(0);
    expect(monitor.history.list({ limit: 10 })).toEqual([]);
  });

  it("returns the promise of the audit log, so that the answer waits for it", () => {
    const written = Promise.resolve();
    expect(new Monitor({ clock, audit: { append: () => written } }).record(createEvent(allowed))).toBe(written);
    expect(new Monitor({ clock, audit: { append: () => undefined } }).record(createEvent(allowed))).toBeUndefined();
  });

  it("writes a record from which the decision can be taken again, bit for bit", () => {
    const records: unknown[] = [];
    const monitor = new Monitor({ clock, audit: { append: (record) => void records.push(record) } });
    const event = createEvent(refused, { barTimeMicros: 1_700_000_000_123_456 });
    monitor.record(event);
    const record = JSON.parse(JSON.stringify(records[0]));
    expect(record).toMatchObject({
      kind: "decision",
      timestamp: "1970-01-01T00:00:01.000000Z",
      bar_time: "2023-11-14T22:13:20.123456Z",
      symbol: "GBPUSD",
      regime: "TRENDING",
      allowed: false,
      config_hash: event.decision.configHash,
      inputs: { bars: 120, signal_valid: null, efficiency_ratio: [0.8, 0.8, 0.8], vol_percentile: [50, 50, 50] },
    });
  });

  it("starts again after a reset", () => {
    const monitor = new Monitor({ clock });
    monitor.record(createEvent(allowed));
    monitor.reset();
    expect(monitor.stats.total).toBe(0);
    expect(monitor.history.list({ limit: 1 })).toEqual([]);
  });
});
