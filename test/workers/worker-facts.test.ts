import { deserialize, serialize } from "node:v8";
import { describe, expect, it } from "vitest";
import type { ShadowComparison } from "../../src/domain/shadow-comparison.ts";
import { FactReader, FactWriter } from "../../src/workers/fact-columns.ts";
import { FactCollector, type FactListener, tellFacts } from "../../src/workers/worker-facts.ts";
import { createRegimeEvent, everyKindOfEvent } from "../monitor/decision-events.ts";

/** Keeps what it is told, in order. */
function createListener(): FactListener & { readonly told: unknown[][] } {
  const told: unknown[][] = [];
  const keep =
    (kind: string) =>
    (...fact: unknown[]): void =>
      void told.push([kind, ...fact]);
  return {
    told,
    onDecision: keep("decision"),
    onCall: keep("call"),
    onAuditWait: keep("audit_wait"),
    onSync: keep("sync"),
    onStage: keep("stage"),
    onComparison: keep("comparison"),
    onOmission: keep("omission"),
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
  it("arrive whole and in their order, through what processes send each other", () => {
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
    const listener = createListener();
    tellFacts(deserialize(serialize(collector.take())), listener);
    expect(listener.told).toEqual([
      ["stage", "regime", regimeModel, 0.125],
      ["decision", event],
      ["stage", "read_inputs", undefined, 0.25],
      ["call", call],
      ["audit_wait", 1.5],
      ["decision", { ...event, predictionId: "other", barTimeMicros: 17 }],
      ["sync", 2.5, 31],
      ["comparison", comparison],
      ["omission", "failed"],
    ]);
  });

  it.each(everyKindOfEvent())("bring $kind there as it was", ({ event: kind }) => {
    const collector = new FactCollector();
    collector.onDecision(kind);
    const listener = createListener();
    tellFacts(deserialize(serialize(collector.take())), listener);
    expect(listener.told).toEqual([["decision", kind]]);
  });

  it("are gone once they are taken", () => {
    const collector = new FactCollector();
    collector.onAuditWait(1);
    collector.take();
    const listener = createListener();
    tellFacts(collector.take(), listener);
    expect([collector.count, listener.told]).toEqual([0, []]);
  });

  it.each([
    [3, 0],
    [4, 1],
  ])("find room for three: of %i are %i dropped and counted", (facts, dropped) => {
    const collector = new FactCollector({ factsMax: 3 });
    for (let fact = 0; fact < facts; fact++) collector.onDecision(event);
    const listener = createListener();
    tellFacts(collector.take(), listener);
    expect([listener.told.length, collector.dropped]).toEqual([3, dropped]);
    // There is room again.
    collector.onOmission("dropped");
    expect(collector.count).toBe(1);
  });
});

describe("columns of facts", () => {
  it("hold more than they began with", () => {
    const writer = new FactWriter();
    for (let value = 0; value < 10_000; value++) writer.number(value);
    const reader = new FactReader(writer.take());
    expect(Array.from({ length: 10_000 }, () => reader.number())).toEqual(
      Array.from({ length: 10_000 }, (_, at) => at),
    );
  });

  it("hold a text and a model once, however often they occur", () => {
    const writer = new FactWriter();
    for (let time = 0; time < 3; time++) writer.texts(["one", "other"]);
    for (let time = 0; time < 3; time++) writer.model(regimeModel);
    const columns = writer.take();
    expect(columns).toMatchObject({ texts: ["one", "other"], models: [regimeModel] });
  });

  it("refuse to be read past their end", () => {
    const reader = new FactReader(new FactWriter().take());
    expect(() => reader.number()).toThrow(RangeError);
  });
});
