import { fileURLToPath } from "node:url";
import { hashConfig } from "../../src/config/config-hash.ts";
import { defaultConfig } from "../../src/config/config-schema.ts";
import type { Config } from "../../src/domain/config.ts";
import { createDecisionEngine, type RuleBasedEngine } from "../../src/engine/decision-engine.ts";
import type { HaltLookup } from "../../src/engine/engine-snapshot.ts";
import { openModelRegistry } from "../../src/registry/model-registry.ts";

/** The models folder that the package ships. */
export const modelsDirectory = fileURLToPath(new URL("../../models", import.meta.url));

/** An engine over the shipped rule-based models. */
export function createTestEngine(
  config: Config = defaultConfig,
  findHalt: HaltLookup = () => undefined,
): RuleBasedEngine {
  const registry = openModelRegistry(modelsDirectory);
  return createDecisionEngine({
    config: hashConfig(config),
    regimeModel: registry.loadRegimeModel("champion"),
    signalModel: registry.loadSignalModel("champion"),
    findHalt,
  });
}
