import { describe, expect, it } from "vitest";
import { DecisionHistory } from "../../src/monitor/decision-history.ts";
import { Monitor } from "../../src/monitor/monitor.ts";
import { pendingUntil } from "../support/pending.ts";
import { allowedRequest, createEvent, everyKindOfEvent, FakeClock, refusedRequest } from "./decision-events.ts";

describe("the decision history", () => {
  const events = Array.from({ length: 7 }, (_, index) =>
    createEvent(index % 2 === 0 ? allowedRequest : refusedRequest, {
      predictionId: `p${index}`,
      timestampMicros: index,
    }),
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

  it("gives back every kind of decision as it was", () => {
    const events = everyKindOfEvent().map(({ event }) => event);
    const kept = new DecisionHistory(100);
    // Twice, so that rows are written over by decisions of other shapes.
    for (const event of [...events, ...events.toReversed()]) kept.add(event);
    expect(kept.list({ limit: 100 })).toStrictEqual([...events, ...events.toReversed()]);
  });

  it("finds what there was when it was asked, though it is gone by the time it is read", () => {
    const kept = new DecisionHistory(2);
    const later = { ...createEvent(refusedRequest), predictionId: "later", requestId: "a text of another length" };
    for (const event of events) kept.add(event);
    const found = kept.find({ limit: 2 });
    for (let index = 0; index < 2000; index++) kept.add(later);
    expect([...found]).toStrictEqual([events[6], events[5]]);
  });

  it("keeps what it has while it grows", () => {
    const kept = new DecisionHistory(3000);
    for (let index = 0; index < 3500; index++) kept.add(createEvent(allowedRequest, { predictionId: `p${index}` }));
    const found = kept.list({ limit: 5000 });
    expect(found.map(({ predictionId }) => predictionId)).toEqual(
      Array.from({ length: 3000 }, (_, back) => `p${3499 - back}`),
    );
  });
});

describe("the monitor", () => {
  const clock = { nowMicros: () => 0, monotonicMs: () => 0 };

  it("counts nothing that could not be logged", () => {
    const monitor = new Monitor({
      clock,
      audit: {
        add: () => {
          throw new Error("disk is gone");
        },
      },
    });
    expect(() => monitor.record(createEvent())).toThrow("disk is gone");
    expect(monitor.stats.total).toBe(0);
    expect(monitor.history.list({ limit: 10 })).toEqual([]);
  });

  it("tells how long a decision waited for the audit log, whatever became of it", async () => {
    const moving = new FakeClock();
    const waits: number[] = [];
    const outcomes = [undefined, Promise.resolve(), Promise.reject(new Error("disk is gone"))];
    for (const outcome of outcomes) {
      const add = () => {
        moving.ms += 2;
        return outcome && pendingUntil(outcome);
      };
      const monitor = new Monitor({ clock: moving, audit: { add }, onAuditWait: (waitMs) => waits.push(waitMs) });
      await monitor.record(createEvent())?.catch(() => undefined);
    }
    expect(waits).toEqual([2, 2, 2]);
  });

  it("returns the promise of the audit log, so that the answer waits for it", () => {
    const written = Promise.resolve();
    expect(new Monitor({ clock, audit: { add: () => pendingUntil(written) } }).record(createEvent())).toBe(written);
    expect(new Monitor({ clock, audit: { add: () => undefined } }).record(createEvent())).toBeUndefined();
  });

  it("writes a record from which the decision can be taken again, bit for bit", () => {
    const records: string[] = [];
    const monitor = new Monitor({ clock, audit: { add: (record) => void records.push(String(record)) } });
    const event = createEvent(refusedRequest, { barTimeMicros: 1_700_000_000_123_456 });
    monitor.record(event);
    const record = JSON.parse(`${records[0]}}`);
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
    monitor.record(createEvent());
    monitor.reset();
    expect(monitor.stats.total).toBe(0);
    expect(monitor.history.list({ limit: 1 })).toEqual([]);
  });
});
