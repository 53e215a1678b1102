import { describe, expect, it } from "vitest";
import { hashConfig } from "../../src/config/config-hash.ts";
import { mergeConfig } from "../../src/config/config-merge.ts";
import { defaultConfig } from "../../src/config/config-schema.ts";
import { createRowScore } from "../../src/domain/row-score.ts";
import type { TrainedModel } from "../../src/domain/trained-model.ts";
import { createDecisionEngine, type DecisionEngine } from "../../src/engine/decision-engine.ts";
import { openModelRegistry } from "../../src/registry/model-registry.ts";
import { createTestEngine, modelsDirectory } from "../support/engine.ts";
import { createAllowedRequest } from "../support/requests.ts";

const rules = openModelRegistry(modelsDirectory);

/** A filter of one input that always sees success. Trained on momentum scores from -1 to 1, whose interdecile range is 1. */
function createFilter(isScored: boolean): TrainedModel {
  return {
    identity: { name: "signal_filter", version: "v9.0.0", sha256: "" },
    inputs: [{ kind: "feature", name: "momentum_score", isDeclared: false }],
    outputCount: 1,
    run: async () => Float32Array.of(0.875),
    release: async () => undefined,
    ...(isScored && {
      scoreRow: createRowScore([{ edges: [-0.5, 0.5], shares: [0.1, 0.8, 0.1], min: -1, max: 1 }]),
    }),
  };
}

function createEngine(threshold: number, signalModel: TrainedModel): DecisionEngine {
  return createDecisionEngine({
    config: hashConfig(mergeConfig(defaultConfig, { governance: { outOfDistributionThreshold: threshold } })),
    regimeModel: rules.loadRegimeModel("champion"),
    signalModel,
    findHalt: () => undefined,
  });
}

const requestOf = (momentumScore: number, bars = 120) => {
  const request = createAllowedRequest(bars);
  return {
    ...request,
    features: { ...request.features, momentum_score: { values: new Array<number>(bars).fill(momentumScore) } },
  };
};

describe("the out-of-distribution score", () => {
  it("is told of the trained model's row, 0 inside, and of no rules", async () => {
    const engine = createEngine(0, createFilter(true));
    for (const [momentumScore, score] of [
      [0.5, 0],
      [1, 0],
      [3, 2],
      [-1.25, 0.25],
    ] as const) {
      const { regime, signal } = await engine.decide(requestOf(momentumScore));
      expect(signal.outOfDistribution).toBe(score);
      expect(regime).not.toHaveProperty("outOfDistribution");
    }
    const { regime, signal } = createTestEngine().decide(requestOf(3));
    expect(regime).not.toHaveProperty("outOfDistribution");
    expect(signal).not.toHaveProperty("outOfDistribution");
  });

  it("is not there without a reference, nor with too few bars", async () => {
    expect((await createEngine(0, createFilter(false)).decide(requestOf(3))).signal).not.toHaveProperty(
      "outOfDistribution",
    );
    const { signal } = await createEngine(0, createFilter(true)).decide(requestOf(3, 60));
    expect(signal).not.toHaveProperty("outOfDistribution");
  });
});

describe("the gate IN_DISTRIBUTION", () => {
  const gateOf = async (engine: DecisionEngine, momentumScore: number, bars = 120) => {
    const { gates, allowTrade } = await engine.decide(requestOf(momentumScore, bars));
    return { gate: gates[5], allowTrade };
  };

  it("is not there unless it is asked for", async () => {
    expect(await gateOf(createEngine(0, createFilter(true)), 1e6)).toEqual({ gate: undefined, allowTrade: true });
  });

  it("passes at its threshold, and fails above it", async () => {
    const engine = createEngine(0.5, createFilter(true));
    expect(await gateOf(engine, 1.5)).toEqual({
      allowTrade: true,
      gate: {
        name: "IN_DISTRIBUTION",
        passed: true,
        value: 0.5,
        threshold: 0.5,
        margin: 0,
        message: "out-of-distribution score 0.5000 of signal_filter v9.0.0 is not above 0.5",
      },
    });
    const outside = await engine.decide(requestOf(1.75));
    const message = "out-of-distribution score 0.7500 of signal_filter v9.0.0 is above 0.5";
    expect(outside).toMatchObject({ allowTrade: false, reasons: [message] });
    expect(outside.gates[5]).toMatchObject({ passed: false, value: 0.75, margin: 0.25 });
  });

  it("is named in a readable message however far outside a row is", async () => {
    const { gate } = await gateOf(createEngine(1, createFilter(true)), 1e30);
    expect(gate?.message).toMatch(/score 1\.0000e\+30 of/);
  });

  it("fails where a trained model cannot tell", async () => {
    const { gate, allowTrade } = await gateOf(createEngine(1000, createFilter(false)), 0.5);
    expect([gate?.passed, gate?.value, gate?.threshold, allowTrade]).toEqual([false, 0, 1, false]);
    expect(gate?.message).toBe("signal_filter v9.0.0 has no out-of-distribution score");
    expect((await gateOf(createEngine(1000, createFilter(true)), 0.5, 60)).gate?.passed).toBe(false);
  });

  it("passes where rules decide, which were trained on nothing", () => {
    const config = mergeConfig(defaultConfig, { governance: { outOfDistributionThreshold: 0.1 } });
    const { gates, allowTrade } = createTestEngine(config).decide(requestOf(1e6));
    expect(gates[5]).toMatchObject({ name: "IN_DISTRIBUTION", passed: true, message: "no trained model decides" });
    expect(allowTrade).toBe(true);
  });

  it("has the same outcome when the decision is taken again", async () => {
    const engine = createEngine(0.5, createFilter(true));
    for (const momentumScore of [0, 1.5, 1.75, -40]) {
      const decision = await engine.decide(requestOf(momentumScore));
      expect((await engine.redecide(JSON.parse(JSON.stringify(decision.inputs)), undefined)).gates).toEqual(
        decision.gates,
      );
    }
  });
});
