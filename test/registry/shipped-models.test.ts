/** The models that the package ships: rules decide, and a trained version of each lies ready. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { InferenceService } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ModelRegistryService } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { featureNames } from "../../src/domain/feature-schema.ts";
import { createTreeExplainer } from "../../src/engine/trees/tree-shap.ts";
import { readSignature } from "../../src/registry/model-metadata.ts";
import { openModelRegistry } from "../../src/registry/model-registry.ts";
import { Operator } from "../control/governed-service.ts";
import { createTrainedRequest } from "../control/trained-requests.ts";
import { modelsDirectory } from "../support/engine.ts";
import { startTestService } from "../support/start-service.ts";

const trained = [
  ["regime_classifier", "v1.1.0_lightgbm", "regimeModel"],
  ["signal_filter", "v2.0.0_lightgbm", "signalModel"],
] as const;
const rules = "v1.0.0_rule_based";
const metadataBytesMax = 1024 ** 2;

function openShipped() {
  const registry = openModelRegistry(modelsDirectory);
  onTestFinished(() => registry.close());
  return registry;
}

describe.each(trained)("%s %s", (modelName, version) => {
  it("lies beside the rules and is not champion", () => {
    const found = openShipped().listVersions(modelName);
    expect(found.map((each) => [each.version, each.aliases])).toEqual([
      [rules, ["champion"]],
      [version, []],
    ]);
  });

  it("costs a start nothing but its digest: it is loaded when it is asked for", () => {
    expect(openShipped().find(modelName, version).state).toBe("START");
  });

  it("answers its golden rows as LightGBM did", async () => {
    const registry = openShipped();
    const signature = readSignature(modelName, registry.find(modelName, version).metadata);
    const lease = await registry.acquire(modelName, version);
    const rows = Float32Array.from(signature.goldenRows.flatMap(({ inputs }) => inputs));
    const answers = await lease.model.run(rows, signature.goldenRows.length);
    const expected = signature.goldenRows.flatMap(({ outputs }) => outputs);
    expect(expected.length).toBe(answers.length);
    for (const [at, value] of expected.entries()) {
      expect(Math.abs((answers[at] ?? Number.NaN) - value)).toBeLessThanOrEqual(signature.goldenTolerance);
    }
    await lease.release();
  });

  it("splits its score into contributions that sum to it", async () => {
    const registry = openShipped();
    const { goldenRows } = readSignature(modelName, registry.find(modelName, version).metadata);
    const lease = await registry.acquire(modelName, version);
    const trees = lease.model.trees;
    if (trees === undefined) throw new Error("it has no trees");
    const explainer = createTreeExplainer(trees.ensemble);
    for (const { inputs, outputs } of goldenRows) {
      const row = Float32Array.from(inputs);
      const scores = trees.classes.map((output) => {
        const { base, contributions } = explainer.explain(row, output);
        return contributions.reduce((sum, value) => sum + value, base);
      });
      const shares = scores.length === 1 ? scores.map((score) => 1 / (1 + Math.exp(-score))) : softmax(scores);
      for (const [at, share] of shares.entries()) expect(share).toBeCloseTo(outputs[at] ?? Number.NaN, 5);
    }
    await lease.release();
  });

  it("says what it was trained on, how it fared, and what its inputs looked like", () => {
    const { metadata, metadataFile } = openShipped().find(modelName, version);
    expect(readFileSync(join(modelsDirectory, metadataFile)).length).toBeLessThan(metadataBytesMax / 4);
    expect(metadata["data"]).toMatch(/^(36 simulated markets|S&P 500)/);
    expect(metadata["forced"]).toBe(false);
    expect(metadata["inputs"]).toEqual(featureNames);
    for (const member of [
      "walk_forward",
      "in_sample",
      "training_window",
      "samples",
      "horizon",
      "label",
      "config_hash",
    ]) {
      expect(metadata).toHaveProperty(member);
    }
    expect(Object.keys(metadata["feature_importance"] ?? {}).toSorted()).toEqual([...featureNames].toSorted());
    expect(Object.keys(metadata["drift_reference"] ?? {})).toEqual(featureNames);
  });
});

it.each(trained)("lets %s %s shadow, decide and go back in a service", async (modelName, version, field) => {
  await using service = await startTestService();
  using operator = new Operator(service.port);
  const request = createTrainedRequest(1);
  const ask = () => operator.predict(request);
  await operator.setAlias(modelName, version, "challenger");
  expect((await ask())[field]?.version).toBe(rules);
  const section = modelName === "signal_filter" ? "signalFilter" : "regime";
  await operator.configure({ [section]: { useMlModel: true } });
  expect((await ask())[field]?.version).toBe(rules);
  await operator.setAlias(modelName, version, "champion");
  const decided = await ask();
  expect(decided[field]?.version).toBe(version);
  const explanation =
    modelName === "signal_filter" ? decided.prediction?.signal?.explanation : decided.prediction?.regime?.explanation;
  expect(explanation?.contributions.map(({ name }) => name)).toEqual(featureNames);
  await operator.ask(ModelRegistryService.method.rollbackModel, { modelName, actor: "ada" });
  expect((await operator.ask(InferenceService.method.predict, request))[field]?.version).toBe(rules);
});

function softmax(scores: readonly number[]): number[] {
  const weights = scores.map(Math.exp);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
