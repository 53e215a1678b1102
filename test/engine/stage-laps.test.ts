import { describe, expect, it } from "vitest";
import { createDecisionEngine } from "../../src/engine/decision-engine.ts";
import { decisionsPerTimed } from "../../src/engine/stage-laps.ts";
import { createTestEngine } from "../support/engine.ts";
import { createAllowedRequest } from "../support/requests.ts";

/** An engine whose clock moves by 1 ms whenever it is read. */
function createTimedEngine() {
  let nowMs = 0;
  const told: [string, string | undefined, number][] = [];
  const { snapshot } = createTestEngine();
  const engine = createDecisionEngine({
    ...snapshot,
    stageObserver: {
      monotonicMs: () => nowMs++,
      observe: (stage, model, durationMs) => told.push([stage, model?.name, durationMs]),
    },
  });
  return { engine, told };
}

describe("the stages of a decision", () => {
  it("are timed in order, each until the next begins, with the model that took part", () => {
    const { engine, told } = createTimedEngine();
    engine.decide(createAllowedRequest());
    expect(told).toEqual([
      ["read_inputs", undefined, 1],
      ["regime", "regime_classifier", 1],
      ["signal", "signal_filter", 1],
      ["gates", undefined, 1],
    ]);
  });

  it("of a window that is too short are those that took place", () => {
    const { engine, told } = createTimedEngine();
    engine.decide(createAllowedRequest(40));
    expect(told.map(([stage]) => stage)).toEqual(["read_inputs", "gates"]);
  });

  it("are timed for the first decision and then for one in so many", () => {
    const { engine, told } = createTimedEngine();
    const timed: number[] = [];
    for (let index = 0; index <= 2 * decisionsPerTimed; index++) {
      const before = told.length;
      engine.decide(createAllowedRequest());
      if (told.length > before) timed.push(index);
    }
    expect(timed).toEqual([0, decisionsPerTimed, 2 * decisionsPerTimed]);
  });

  it("leave the decision as it is", () => {
    const { engine } = createTimedEngine();
    const request = createAllowedRequest();
    expect(engine.decide(request)).toEqual(createTestEngine().decide(request));
  });
});
