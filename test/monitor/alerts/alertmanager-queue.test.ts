import { describe, expect, it } from "vitest";
import { alertRuleDefaults } from "../../../src/config/config-schema.ts";
import type { Alert } from "../../../src/monitor/alerts/alert.ts";
import {
  AlertmanagerQueue,
  type AlertmanagerQueueOptions,
  batchAlertsMax,
  closeTimeoutMs,
  postTimeoutMs,
} from "../../../src/monitor/alerts/alertmanager-queue.ts";
import { ManualTime } from "../../support/manual-time.ts";

function createAlert(name: string, change: Partial<Alert> = {}): Alert {
  const rule = {
    ...alertRuleDefaults,
    name,
    metric: "suppression_rate",
    comparison: "GREATER_THAN" as const,
    threshold: 0.9,
    windowMinutes: 60,
    severity: "WARNING" as const,
  };
  return {
    rule,
    state: "FIRING",
    span: "the last 60 min",
    value: 1,
    startedAtMicros: 1,
    firedAtMicros: 1,
    resolvedAtMicros: undefined,
    ...change,
  };
}

/** A receiver that answers when told to. */
class Receiver {
  readonly time = new ManualTime();
  readonly bodies: string[] = [];
  readonly outcomes: string[] = [];
  readonly queue: AlertmanagerQueue;
  #answers: { resolve: (status: number) => void; reject: (cause: unknown) => void }[] = [];

  constructor(change: Partial<AlertmanagerQueueOptions> = {}) {
    this.queue = new AlertmanagerQueue({
      url: "http://alertmanager.example/prefix/",
      timers: this.time,
      random: () => 1,
      toBody: (alerts) => alerts.map(({ rule, state }) => `${rule.name}:${state}`).join(),
      onOutcome: (outcome, alerts) => this.outcomes.push(`${outcome} ${alerts}`),
      post: (url, body, signal) => {
        this.bodies.push(`${url} ${body}`);
        return new Promise((resolve, reject) => {
          this.#answers.push({ resolve, reject });
          signal.addEventListener("abort", () => reject(signal.reason));
        });
      },
      ...change,
    });
  }

  /** Answers the request that is out, and lets the queue act on it. */
  async answer(status: number): Promise<void> {
    this.#answers.shift()?.resolve(status);
    await settle();
  }

  async breakOff(): Promise<void> {
    this.#answers.shift()?.reject(new Error("connection reset"));
    await settle();
  }

  get sent(): string[] {
    return this.bodies.map((body) => body.replace(/^\S+ /, ""));
  }
}

/** Lets promises that are settled already take their course. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe("a queue of notifications", () => {
  it("posts to the v2 path below the address", () => {
    const { queue, bodies } = new Receiver();
    queue.add(createAlert("one"));
    expect(bodies).toEqual(["http://alertmanager.example/prefix/api/v2/alerts one:FIRING"]);
  });

  it("sends what came up meanwhile in one request, in order", async () => {
    const receiver = new Receiver();
    for (const name of ["one", "two", "three"]) receiver.queue.add(createAlert(name));
    await receiver.answer(200);
    await receiver.answer(200);
    expect(receiver.sent).toEqual(["one:FIRING", "two:FIRING,three:FIRING"]);
    expect(receiver.outcomes).toEqual(["delivered 1", "delivered 2"]);
    expect(receiver.queue.length).toBe(0);
  });

  it("starts again after it has been empty", async () => {
    const receiver = new Receiver();
    receiver.queue.add(createAlert("one"));
    await receiver.answer(200);
    receiver.queue.add(createAlert("two"));
    expect(receiver.sent).toEqual(["one:FIRING", "two:FIRING"]);
  });

  it(`puts ${batchAlertsMax} alerts and no more into a request`, async () => {
    const receiver = new Receiver();
    receiver.queue.add(createAlert("first"));
    for (let index = 0; index <= batchAlertsMax; index++) receiver.queue.add(createAlert(`rule_${index}`));
    // The first one is out already and comes again with the others if it fails; here it does not.
    await receiver.answer(200);
    await receiver.answer(200);
    expect(receiver.sent.map((body) => body.split(",").length)).toEqual([1, batchAlertsMax, 1]);
  });

  it("tries again after waits that double up to 30 seconds", async () => {
    const receiver = new Receiver();
    receiver.queue.add(createAlert("one"));
    const waits: number[] = [];
    for (let failure = 0; failure < 9; failure++) {
      if (failure % 2 === 0) await receiver.answer(503);
      else await receiver.breakOff();
      waits.push(...receiver.time.waits);
      receiver.time.advanceBy(receiver.time.waits[0] ?? 0);
      await settle();
    }
    await receiver.answer(200);
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(receiver.outcomes.slice(-2)).toEqual(["failed 1", "delivered 1"]);
    expect(receiver.queue.length).toBe(0);
  });

  it.each([
    [0, 250],
    [0.5, 375],
  ])("leaves half of a wait to chance: %d waits %d ms", async (random, waitMs) => {
    const receiver = new Receiver({ random: () => random });
    receiver.queue.add(createAlert("one"));
    await receiver.answer(500);
    expect(receiver.time.waits).toEqual([waitMs]);
  });

  it.each([
    [200, "delivered"],
    [204, "delivered"],
    [302, "failed"],
    [400, "refused"],
    [404, "refused"],
    [408, "failed"],
    [422, "refused"],
    [429, "failed"],
    [500, "failed"],
    [503, "failed"],
  ])("takes status %d as %s", async (status, outcome) => {
    const receiver = new Receiver();
    receiver.queue.add(createAlert("one"));
    await receiver.answer(status);
    expect(receiver.outcomes).toEqual([`${outcome} 1`]);
    expect(receiver.queue.length).toBe(outcome === "failed" ? 1 : 0);
  });

  it("gives up on an answer after its time", async () => {
    const receiver = new Receiver();
    receiver.queue.add(createAlert("one"));
    receiver.time.advanceBy(postTimeoutMs - 1);
    await settle();
    expect(receiver.outcomes).toEqual([]);
    receiver.time.advanceBy(1);
    await settle();
    expect(receiver.outcomes).toEqual(["failed 1"]);
  });

  it("lets newer word of an alert take the place of older", async () => {
    const receiver = new Receiver();
    receiver.queue.add(createAlert("one"));
    receiver.queue.add(createAlert("two"));
    receiver.queue.add(createAlert("two"));
    receiver.queue.add(createAlert("one", { state: "RESOLVED", resolvedAtMicros: 2 }));
    await receiver.answer(200);
    await receiver.answer(200);
    expect(receiver.sent).toEqual(["one:FIRING", "two:FIRING,one:RESOLVED"]);
  });

  it("keeps apart two alerts of one rule", async () => {
    const receiver = new Receiver();
    receiver.queue.add(createAlert("other"));
    receiver.queue.add(createAlert("one", { state: "RESOLVED", resolvedAtMicros: 2 }));
    receiver.queue.add(createAlert("one", { startedAtMicros: 3, firedAtMicros: 3 }));
    await receiver.answer(200);
    expect(receiver.sent.at(-1)).toBe("one:RESOLVED,one:FIRING");
  });

  it("drops the oldest, and says so, when it is longer than its bound", async () => {
    const receiver = new Receiver({ lengthMax: 3 });
    receiver.queue.add(createAlert("out"));
    await receiver.answer(503);
    for (const name of ["one", "two"]) receiver.queue.add(createAlert(name));
    expect(receiver.outcomes).toEqual(["failed 1"]);
    receiver.queue.add(createAlert("three"));
    expect(receiver.outcomes).toEqual(["failed 1", "dropped 1"]);
    expect(receiver.queue.length).toBe(3);
    receiver.time.advanceBy(500);
    await settle();
    expect(receiver.sent.at(-1)).toBe("one:FIRING,two:FIRING,three:FIRING");
  });
});

describe("a queue that is closed", () => {
  it("makes a last attempt instead of waiting", async () => {
    const receiver = new Receiver();
    receiver.queue.add(createAlert("one"));
    await receiver.answer(503);
    const closed = receiver.queue.close();
    await settle();
    await receiver.answer(200);
    await closed;
    expect(receiver.outcomes).toEqual(["failed 1", "delivered 1"]);
    expect(receiver.time.waits).toEqual([]);
  });

  it("drops what nobody takes", async () => {
    const receiver = new Receiver();
    receiver.queue.add(createAlert("one"));
    const closed = receiver.queue.close();
    await receiver.answer(503);
    await closed;
    expect(receiver.outcomes).toEqual(["failed 1", "dropped 1"]);
  });

  it("waits no longer than it may for a receiver that is silent", async () => {
    const receiver = new Receiver();
    receiver.queue.add(createAlert("one"));
    const closed = receiver.queue.close();
    receiver.time.advanceBy(closeTimeoutMs);
    await closed;
    expect(receiver.outcomes).toEqual(["failed 1", "dropped 1"]);
  });

  it("has nothing to do when it is empty", async () => {
    const receiver = new Receiver();
    await receiver.queue.close();
    expect(receiver.bodies).toEqual([]);
  });
});
