import { cpSync } from "node:fs";
import { join } from "node:path";
import { hashConfig } from "../../src/config/config-hash.ts";
import { defaultConfig } from "../../src/config/config-schema.ts";
import { createDecisionEngine, type DecisionEngine } from "../../src/engine/decision-engine.ts";
import { shippedModelsDirectory } from "../../src/environment.ts";
import { type ModelRegistry, openModelRegistry } from "../../src/registry/model-registry.ts";
import type { ModelName } from "../../src/registry/registry-index.ts";
import { modelOf, readFixture } from "../../test/registry/model-fixtures.ts";

/** Small ensembles of the tests, for a package that ships no trained model. */
const fixtures = ["regime-lightgbm.onnx", "signal-lightgbm.onnx"] as const;

/**
 * An engine in which both models are trained: those that are shipped, else the fixtures of the tests.
 *
 * @param directory where the fixtures are registered in a copy of the models folder
 */
export async function createTrainedEngine(directory: string): Promise<{ engine: DecisionEngine; description: string }> {
  const registry = await openRegistry(directory);
  const regime = await registry.acquire("regime_classifier", findTrained(registry, "regime_classifier") ?? "");
  const signal = await registry.acquire("signal_filter", findTrained(registry, "signal_filter") ?? "");
  const engine = createDecisionEngine({
    config: hashConfig(defaultConfig),
    regimeModel: regime.model,
    signalModel: signal.model,
    findHalt: () => undefined,
  });
  const description = [regime, signal].map(({ model }) => model.identity.version).join(", ");
  return { engine, description };
}

/** The newest version that is no rules; undefined when there is none. */
export function findTrained(registry: ModelRegistry, modelName: ModelName): string | undefined {
  return registry.listVersions(modelName).findLast(({ format }) => format !== "rule_based")?.version;
}

async function openRegistry(directory: string): Promise<ModelRegistry> {
  const shipped = openModelRegistry(shippedModelsDirectory);
  if (findTrained(shipped, "regime_classifier") !== undefined && findTrained(shipped, "signal_filter") !== undefined) {
    return shipped;
  }
  const models = join(directory, "models");
  cpSync(shippedModelsDirectory, models, { recursive: true });
  const registry = openModelRegistry(models);
  for (const name of fixtures) {
    const version = `v${name.startsWith("regime") ? 1 : 2}.9.0_test_fixture`;
    await registry.register({ modelName: modelOf(name), version, ...readFixture(name), actor: "bench" });
  }
  return registry;
}
