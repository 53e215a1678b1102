/** A challenger has a share of the time and no more, told by a clock that does not run. */

import { expect, it } from "vitest";
import { defaultConfig } from "../../src/config/config-schema.ts";
import type { BuiltEngine } from "../../src/control/engine-builder.ts";
import { Shadow } from "../../src/control/shadow.ts";
import type { DecisionEvent } from "../../src/domain/decision-event.ts";
import type { ShadowComparison } from "../../src/domain/shadow-comparison.ts";
import { createTestEngine } from "../support/engine.ts";
import { createAllowedRequest } from "../support/requests.ts";

const request = createAllowedRequest();

/** A shadow whose challenger takes `scoreMs` for each decision; deferred tasks run when told to. */
function createShadow(scoreMs: number, queueLengthMax?: number) {
  let nowMs = 0;
  let released = 0;
  const tasks: { readonly task: () => void; readonly delayMs: number }[] = [];
  const comparisons: ShadowComparison[] = [];
  const omissions: string[] = [];
  const engine = createTestEngine();
  const built: BuiltEngine = {
    engine: {
      ...engine,
      async redecide(inputs, halted) {
        nowMs += scoreMs;
        return engine.redecide(inputs, halted);
      },
    },
    versions: [],
    release: () => {
      released++;
    },
  };
  const shadow = new Shadow({
    monotonicMs: () => nowMs,
    defer: (task, delayMs) => tasks.push({ task, delayMs }),
    onComparison: (comparison) => comparisons.push(comparison),
    onOmission: (reason) => omissions.push(reason),
    ...(queueLengthMax !== undefined && { queueLengthMax }),
  });
  shadow.setChallenger(built);
  /** Runs what is due and lets it finish; answers the delay it had. */
  const runNext = async (): Promise<number | undefined> => {
    const next = tasks.shift();
    next?.task();
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    return next?.delayMs;
  };
  const decide = (config = defaultConfig): void => {
    shadow.watch(request)?.(toEvent(createTestEngine(config).decide(request)));
  };
  return { shadow, comparisons, omissions, runNext, decide, released: () => released };
}

function toEvent(decision: DecisionEvent["decision"]): DecisionEvent {
  const { symbol, timeframe } = request;
  const times = { timestampMicros: 0, barTimeMicros: undefined, processingTimeMs: 0 };
  return { predictionId: "p", symbol, timeframe, barIndex: 0, requestId: "r", decision, ...times };
}

it("pauses four times as long as it has worked", async () => {
  const { decide, runNext, comparisons } = createShadow(25);
  decide();
  decide();
  expect(await runNext()).toBe(0);
  expect(await runNext()).toBe(100);
  expect(comparisons).toHaveLength(2);
  expect(await runNext()).toBe(100);
  // Idle again: the next decision is scored at once.
  decide();
  expect(await runNext()).toBe(0);
  expect(comparisons).toHaveLength(3);
});

it("drops what comes while it is behind, and counts it", async () => {
  const { decide, omissions, comparisons, runNext } = createShadow(1000, 3);
  for (let count = 0; count < 10; count++) decide();
  expect(omissions).toEqual(new Array(7).fill("dropped"));
  for (let count = 0; count < 4; count++) await runNext();
  expect(comparisons).toHaveLength(3);
});

it("does not hold a decision of one configuration against another", async () => {
  const { decide, omissions, comparisons, runNext } = createShadow(1);
  decide({ ...defaultConfig, signalFilter: { ...defaultConfig.signalFilter, entryThreshold: 0.9 } });
  await runNext();
  expect([comparisons.length, omissions]).toEqual([0, ["dropped"]]);
});

it("gives the challenger back when the last decision that waits for it was scored", async () => {
  const { shadow, decide, runNext, comparisons, released } = createShadow(1);
  decide();
  decide();
  shadow.setChallenger(undefined);
  await runNext();
  expect(released()).toBe(0);
  await runNext();
  expect([comparisons.length, released()]).toEqual([2, 1]);
});
