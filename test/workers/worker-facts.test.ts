import { deserialize, serialize } from "node:v8";
import { describe, expect, it } from "vitest";
import type { ShadowComparison } from "../../src/domain/shadow-comparison.ts";
import { RowVocabulary } from "../../src/monitor/rows/row-vocabulary.ts";
import { FactCollector, tellFacts } from "../../src/workers/worker-facts.ts";
import { createRegimeEvent, everyKindOfEvent } from "../monitor/decision-events.ts";
import { createFactListener } from "./fact-listener.ts";

/** The facts as the primary tells of them, whatever was told before. */
function createTeller() {
  const vocabulary = new RowVocabulary();
  return (collector: FactCollector): unknown[][] => {
    const listener = createFactListener();
    tellFacts(deserialize(serialize(collector.take())), vocabulary, listener);
    return listener.told;
  };
}

const event = createRegimeEvent("TRENDING", 0.75);
const { regimeModel, signalModel } = event.decision;
const comparison: ShadowComparison = {
  predictionId: event.predictionId,
  regimeModel,
  signalModel,
  regime: "STRESSED",
  probability: 0.25,
  allowed: false,
  probabilityDifference: -0.125,
  regimeDiffers: true,
  flips: false,
};
const call = { protocol: "grpc-web", method: "a/B", code: "ok", durationMs: 0.5, requestId: "" } as const;

describe("facts of a worker", () => {
  it("arrive whole, those of a kind in their order, through what processes send each other", () => {
    const collector = new FactCollector();
    collector.onStage("regime", regimeModel, 0.125);
    collector.onDecision(event);
    collector.onStage("read_inputs", undefined, 0.25);
    collector.onCall(call);
    collector.onAuditWait(1.5);
    collector.onDecision({ ...event, predictionId: "other", barTimeMicros: 17 });
    collector.onSync(2.5, 31);
    collector.onComparison(comparison);
    collector.onOmission("failed");
    expect(collector.count).toBe(9);
    const told = createTeller()(collector);
    expect(told).toEqual([
      ["stage", "regime", regimeModel, 0.125],
      ["decision", event],
      ["stage", "read_inputs", undefined, 0.25],
      ["decision", { ...event, predictionId: "other", barTimeMicros: 17 }],
      ["sync", 2.5, 31],
      ["comparison", comparison],
      ["omission", "failed"],
      ["audit_wait", 1.5],
      ["call", call],
    ]);
  });

  it("of calls are kept apart by protocol, method and code, and none is told twice", () => {
    const collector = new FactCollector();
    const tell = createTeller();
    const calls = [
      call,
      { ...call, durationMs: 1 },
      { ...call, protocol: "rest", durationMs: 2 },
      { ...call, method: "a/C", durationMs: 3 },
      { ...call, code: "unavailable", durationMs: 4 },
      { ...call, durationMs: 5 },
    ] as const;
    for (const each of calls) collector.onCall(each);
    const [first, second, ofRest, ofOther, failed, third] = calls.map((each) => ["call", each]);
    expect(tell(collector)).toEqual([first, second, third, ofRest, ofOther, failed]);
    expect(tell(collector)).toEqual([]);
    collector.onCall(calls[3]);
    expect(tell(collector)).toEqual([ofOther]);
  });

  it("are told of all, however many durations there are", () => {
    const collector = new FactCollector();
    const waits = Array.from({ length: 1_000 }, (_, index) => index / 7);
    for (const wait of waits) collector.onAuditWait(wait);
    expect(createTeller()(collector)).toEqual(waits.map((wait) => ["audit_wait", wait]));
  });

  it.each(everyKindOfEvent())("bring $kind there as it was", ({ event: kind }) => {
    const collector = new FactCollector();
    collector.onDecision(kind);
    const told = createTeller()(collector);
    expect(told).toStrictEqual([["decision", kind]]);
  });

  it("are gone once they are taken", () => {
    const collector = new FactCollector();
    collector.onAuditWait(1);
    collector.take();
    const told = createTeller()(collector);
    expect([collector.count, told]).toEqual([0, []]);
  });

  it.each([
    [3, 0],
    [4, 1],
  ])("find room for three: of %i are %i dropped and counted", (facts, dropped) => {
    const collector = new FactCollector({ factsMax: 3 });
    for (let fact = 0; fact < facts; fact++) collector.onDecision(event);
    const told = createTeller()(collector);
    expect([told.length, collector.dropped]).toEqual([3, dropped]);
    // There is room again.
    collector.onOmission("dropped");
    expect(collector.count).toBe(1);
  });
});

describe("the words of facts", () => {
  it("are told once and known from then on", () => {
    const collector = new FactCollector();
    const tell = createTeller();
    collector.onDecision(event);
    expect(tell(collector)).toStrictEqual([["decision", event]]);
    const other = { ...event, symbol: "XAUUSD", timeframe: "1H" };
    collector.onDecision(event);
    collector.onDecision(other);
    const { words } = collector.take();
    expect(words).toEqual({ terms: ["XAUUSD", "1H"], regimeModels: [], signalModels: [] });
  });

  it("are of the worker that wrote them", () => {
    const [one, another] = [new FactCollector(), new FactCollector()];
    one.onDecision({ ...event, symbol: "XAUUSD" });
    one.onDecision(event);
    another.onDecision(event);
    expect(createTeller()(one).at(-1)).toStrictEqual(["decision", event]);
    expect(createTeller()(another)).toStrictEqual([["decision", event]]);
  });

  it("are thrown away with nothing: a collector goes on after more than a message holds", () => {
    const collector = new FactCollector();
    const tell = createTeller();
    for (let fact = 0; fact < 2_000; fact++) collector.onDecision(event);
    expect(tell(collector)).toHaveLength(2_000);
    collector.onDecision(event);
    expect(tell(collector)).toStrictEqual([["decision", event]]);
  });
});
