import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashConfig } from "../../src/config/config-hash.ts";
import { defaultConfig } from "../../src/config/config-schema.ts";
import type { Config } from "../../src/domain/config.ts";
import type { DecisionRequest } from "../../src/domain/request.ts";
import type { TrainedModel } from "../../src/domain/trained-model.ts";
import { createDecisionEngine, type DecisionEngine } from "../../src/engine/decision-engine.ts";
import { readSignature } from "../../src/registry/model-metadata.ts";
import { openModelRegistry } from "../../src/registry/model-registry.ts";
import { loadOnnxModel } from "../../src/registry/onnx-model.ts";
import type { ModelName } from "../../src/registry/registry-index.ts";
import { readEnsembleFixture } from "../engine/trees/ensemble-fixture.ts";
import { modelsDirectory } from "../support/engine.ts";
import { passingQse } from "../support/requests.ts";

const loaded: TrainedModel[] = [];
afterAll(async () => {
  for (const model of loaded) await model.release();
});

async function loadFixture(name: "signal" | "regime", modelName: ModelName): Promise<TrainedModel> {
  const { metadata, bytes } = readEnsembleFixture(name);
  const identity = { name: modelName, version: "v9.0.0", sha256: "" };
  const model = await loadOnnxModel(bytes, readSignature(modelName, metadata), identity, metadata["tree_covers"]);
  loaded.push(model);
  return model;
}

/** A window whose newest bars hold the row. */
function createRequest(row: Float32Array, model: TrainedModel): DecisionRequest {
  const features = model.inputs.map(({ name }, index) => [
    name,
    { values: new Array<number>(120).fill(row[index] ?? 0) },
  ]);
  return { symbol: "EURUSD", timeframe: "4H", features: Object.fromEntries(features), qseOutput: passingQse };
}

describe("a decision by trees", () => {
  const signal = readEnsembleFixture("signal");
  const regime = readEnsembleFixture("regime");
  let models: { readonly signal: TrainedModel; readonly regime: TrainedModel };
  let engine: DecisionEngine;

  const createEngine = (config: Config): DecisionEngine =>
    createDecisionEngine({
      config: hashConfig(config),
      regimeModel: models.regime,
      signalModel: models.signal,
      findHalt: () => undefined,
    });

  beforeAll(async () => {
    models = {
      signal: await loadFixture("signal", "signal_filter"),
      regime: await loadFixture("regime", "regime_classifier"),
    };
    engine = createEngine(defaultConfig);
  });

  it("is explained by what LightGBM says each feature contributes, for both models", async () => {
    for (const [index, row] of signal.rows.slice(0, 20).entries()) {
      const { explanation, probability } = (await engine.decide(createRequest(row, models.signal))).signal;
      const expected = signal.contributions[index]?.[0];
      expect(explanation.unit).toBe("LOG_ODDS");
      expect(explanation.base).toBeCloseTo(expected?.at(-1) ?? Number.NaN, 6);
      for (const [feature, { name, contribution, value }] of explanation.contributions.entries()) {
        expect(name).toBe(models.signal.inputs[feature]?.name);
        expect(value).toBe(row[feature]);
        expect(Math.abs(contribution - (expected?.[feature] ?? Number.NaN))).toBeLessThan(1e-6);
      }
      const raw = explanation.contributions.reduce((sum, { contribution }) => sum + contribution, explanation.base);
      expect(1 / (1 + Math.exp(-raw))).toBeCloseTo(probability, 6);
    }
    for (const [index, row] of regime.rows.slice(0, 20).entries()) {
      const { explanation, label } = (await engine.decide(createRequest(row, models.regime))).regime;
      const classes = regime.metadata["classes"];
      const output = Array.isArray(classes) ? classes.indexOf(label) : -1;
      const expected = regime.contributions[index]?.[output];
      expect(explanation?.contributions).toHaveLength(models.regime.inputs.length);
      for (const [feature, { contribution }] of (explanation?.contributions ?? []).entries()) {
        expect(Math.abs(contribution - (expected?.[feature] ?? Number.NaN))).toBeLessThan(1e-6);
      }
    }
  });

  it("is the same decision unexplained, by the request's or the configuration's wish, and says that it was not asked for", async () => {
    const row = signal.rows[0] ?? new Float32Array();
    const request = createRequest(row, models.signal);
    const { signal: explained } = await engine.decide(request);
    const unasked = await engine.decide({ ...request, omitExplanation: true });
    const governance = { ...defaultConfig.governance, logFeatureImportance: false };
    const switchedOff = await createEngine({ ...defaultConfig, governance }).decide(request);
    for (const { signal: bare, regime: bareRegime } of [unasked, switchedOff]) {
      expect(bare.probability).toBe(explained.probability);
      expect(bare.explanation).toMatchObject({ contributions: [], note: "explanations were not asked for" });
      expect(bareRegime.explanation).toBeUndefined();
    }
  });

  it("without covers says why it is not split", async () => {
    const { metadata, bytes } = signal;
    const bare = await loadOnnxModel(bytes, readSignature("signal_filter", metadata), models.signal.identity);
    loaded.push(bare);
    const rules = openModelRegistry(modelsDirectory);
    const engineOverRules = createDecisionEngine({
      config: hashConfig(defaultConfig),
      regimeModel: rules.loadRegimeModel("champion"),
      signalModel: bare,
      findHalt: () => undefined,
    });
    const decision = await engineOverRules.decide(createRequest(signal.rows[0] ?? new Float32Array(), bare));
    expect(decision.signal.explanation.note).toContain("no trees with covers");
    expect(decision.regime.explanation).toBeUndefined();
    await rules.close();
  });
});
