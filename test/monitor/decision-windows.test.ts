import { describe, expect, it } from "vitest";
import { coarseSliceMs, DecisionWindows, fineSliceMs, windowMsMax } from "../../src/monitor/decision-windows.ts";
import { createEvent, createRegimeEvent, FakeClock, refusedRequest } from "./decision-events.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const event = createEvent();

/** Records one decision at a time and reads a window at another. */
function countAt(recordedMs: number, readMs: number, windowMs: number): number {
  const clock = new FakeClock();
  const windows = new DecisionWindows(clock);
  clock.ms = recordedMs;
  windows.record(event);
  clock.ms = readMs;
  return windows.read(windowMs).total;
}

describe("a sliding window", () => {
  // Each decision is taken at the given offset in a slice; the window must hold it for its length and for a slice more at most.
  const windows = [
    fineSliceMs,
    5 * minuteMs,
    15 * minuteMs,
    30 * minuteMs,
    hourMs,
    90 * minuteMs,
    2 * hourMs,
    windowMsMax,
  ];
  const cases = windows.flatMap((windowMs) => {
    const sliceMs = windowMs <= hourMs ? fineSliceMs : coarseSliceMs;
    return [0, 1, sliceMs / 2, sliceMs - 1].map((offsetMs) => [windowMs, offsetMs, sliceMs] as const);
  });

  it.each(cases)(
    "of %d ms holds a decision %d ms into a slice until it is older than the window",
    (windowMs, offset) => {
      const recordedMs = 4 * hourMs + offset;
      expect(countAt(recordedMs, recordedMs, windowMs)).toBe(1);
      expect(countAt(recordedMs, recordedMs + windowMs, windowMs)).toBe(1);
    },
  );

  it.each(cases)(
    "of %d ms drops a decision %d ms into a slice with the slice it is in",
    (windowMs, offset, sliceMs) => {
      const sliceEndMs = 4 * hourMs + sliceMs;
      expect(countAt(4 * hourMs + offset, sliceEndMs + windowMs - 1, windowMs)).toBe(1);
      expect(countAt(4 * hourMs + offset, sliceEndMs + windowMs, windowMs)).toBe(0);
      expect(countAt(4 * hourMs + offset, sliceEndMs + 3 * windowMs, windowMs)).toBe(0);
    },
  );

  it("is emptied of a round ago when its places are used again", () => {
    const clock = new FakeClock();
    const all = new DecisionWindows(clock);
    all.record(event);
    clock.ms = hourMs + fineSliceMs;
    all.record(event);
    expect(all.read(hourMs).total).toBe(1);
    clock.ms = windowMsMax + coarseSliceMs;
    all.record(event);
    expect(all.read(windowMsMax).total).toBe(2);
    expect(all.total).toBe(3);
  });

  it("agrees with counting one by one over a day and a half", () => {
    const clock = new FakeClock(17);
    const all = new DecisionWindows(clock);
    const times: number[] = [];
    for (let step = 0; clock.ms < 36 * hourMs; step++) {
      clock.ms += 1 + ((step * 7919) % 150) * 997;
      all.record(event);
      times.push(clock.ms);
      if (step % 50 !== 0) continue;
      for (const windowMs of [minuteMs, 5 * minuteMs, hourMs, 6 * hourMs, windowMsMax]) {
        const sliceMs = windowMs <= hourMs ? fineSliceMs : coarseSliceMs;
        const oldestMs = Math.floor((clock.ms - windowMs) / sliceMs) * sliceMs;
        expect(all.read(windowMs).total).toBe(times.filter((time) => time >= oldestMs).length);
      }
    }
  });

  it.each([0, -1, Number.NaN, windowMsMax + 1, Number.POSITIVE_INFINITY])("of %d ms is refused", (windowMs) => {
    expect(() => new DecisionWindows(new FakeClock()).read(windowMs)).toThrow(RangeError);
  });
});

describe("the figures of a window", () => {
  it("are zero, not NaN, without decisions", () => {
    for (const figure of Object.values(new DecisionWindows(new FakeClock()).read(hourMs))) expect(figure).toBe(0);
  });

  it("tell what was decided", () => {
    const clock = new FakeClock();
    const windows = new DecisionWindows(clock);
    windows.record(createEvent(refusedRequest, { processingTimeMs: 3 }));
    windows.record(createRegimeEvent("RANGING", 0.4, false));
    windows.record(createRegimeEvent("STRESSED", 0.9));
    windows.record(createRegimeEvent("UNKNOWN", 0.2));
    clock.ms = 30 * minuteMs;
    const figures = windows.read(hourMs);
    expect(figures).toMatchObject({
      total: 4,
      allowed: 3,
      suppressed: 1,
      allowRate: 0.75,
      suppressionRate: 0.25,
      avgProcessingTimeMs: 1.5,
      maxProcessingTimeMs: 3,
      minRegimeConfidence: 0.2,
      trendingRegimePct: 0.25,
      rangingRegimePct: 0.25,
      stressedRegimePct: 0.25,
      unknownRegimePct: 0.25,
      unstableRegimeShare: 0.25,
      predictionsPerHour: 8,
    });
    expect(figures.avgRegimeConfidence).toBeCloseTo((0.7 + 0.4 + 0.9 + 0.2) / 4, 2);
    expect(figures.p50ProcessingTimeMs).toBeCloseTo(1, 1);
    expect(figures.p99ProcessingTimeMs).toBeCloseTo(3, 1);
  });

  it("count absent inputs and the decisions that lack any", () => {
    const windows = new DecisionWindows(new FakeClock());
    const { decision } = event;
    windows.record({ ...event, decision: { ...decision, inputs: { ...decision.inputs, missing: [] } } });
    windows.record({ ...event, decision: { ...decision, inputs: { ...decision.inputs, missing: ["a", "b"] } } });
    expect(windows.read(hourMs).missingInputShare).toBe(0.5);
    expect(Object.fromEntries(windows.summarize(hourMs).missingInputs)).toEqual({ a: 1, b: 1 });
  });

  it("are made up by label", () => {
    const clock = new FakeClock();
    const windows = new DecisionWindows(clock);
    windows.record(event);
    windows.record(createEvent(refusedRequest, { timeframe: "1H" }));
    windows.recordError("internal");
    for (const windowMs of [hourMs, windowMsMax]) {
      const { regimes, symbols, timeframes, gateFailures, errors } = windows.summarize(windowMs);
      expect(Object.fromEntries(regimes)).toEqual({ TRENDING: 2 });
      expect(Object.fromEntries(symbols)).toEqual({ EURUSD: 1, GBPUSD: 1 });
      expect(Object.fromEntries(timeframes)).toEqual({ [event.timeframe]: 1, "1H": 1 });
      expect(Object.fromEntries(gateFailures)).toEqual({ QSE_VALID: 1 });
      expect(Object.fromEntries(errors)).toEqual({ internal: 1 });
    }
  });

  it("give the rate over the time covered, once that is a second", () => {
    const clock = new FakeClock(5_000);
    const windows = new DecisionWindows(clock);
    windows.record(event);
    clock.ms += 999;
    expect(windows.read(hourMs).predictionsPerHour).toBe(0);
    clock.ms += 1;
    expect(windows.read(hourMs).predictionsPerHour).toBe(3600);
    expect(windows.summarizeAll().predictionsPerHour).toBe(3600);
    clock.ms = 5 * hourMs;
    for (let count = 0; count < 60; count++) windows.record(event);
    expect(windows.read(hourMs).predictionsPerHour).toBe(60);
  });

  it("past 1 000 symbols count the rest together", () => {
    const windows = new DecisionWindows(new FakeClock());
    for (let symbol = 0; symbol < 1_003; symbol++) windows.record({ ...event, symbol: `S${symbol}` });
    const { symbols } = windows.summarize(hourMs);
    expect(symbols.size).toBe(1_001);
    expect(symbols.get("other")).toBe(3);
  });
});

describe("a reset", () => {
  it("empties every window and begins the time covered anew, but not what Prometheus counts", () => {
    const clock = new FakeClock();
    const windows = new DecisionWindows(clock);
    windows.record(event);
    clock.ms = 10 * minuteMs;
    windows.record(event);
    windows.reset();
    expect([windows.total, windows.read(hourMs).total, windows.read(windowMsMax).total]).toEqual([0, 0, 0]);
    windows.record(event);
    clock.ms += 1_000;
    expect(windows.read(windowMsMax).predictionsPerHour).toBe(3600);
    expect(windows.tallyLifetime().total).toBe(3);
  });
});
