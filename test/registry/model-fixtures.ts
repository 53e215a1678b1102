import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Metadata } from "../../src/registry/model-metadata.ts";
import { type ModelRegistry, type ModelRegistryOptions, openModelRegistry } from "../../src/registry/model-registry.ts";
import { copyRuleModels } from "../support/rule-models.ts";

const fixtures = fileURLToPath(new URL("fixtures/", import.meta.url));
const described = new Map<string, Metadata>(Object.entries(JSON.parse(readFileSync(`${fixtures}models.json`, "utf8"))));

/** Every fixture's file name. */
export const fixtureNames = [...described.keys()];

/** A model made by fixtures/make-models.py, with its metadata. */
export function readFixture(name: string): { readonly bytes: Buffer; readonly metadata: Metadata } {
  const metadata = described.get(name);
  if (metadata === undefined) throw new Error(`fixtures/models.json does not describe ${name}`);
  return { bytes: readFileSync(join(fixtures, name)), metadata };
}

/** The model that a fixture is made for. */
export function modelOf(name: string): "regime_classifier" | "signal_filter" {
  return name.includes("regime") ? "regime_classifier" : "signal_filter";
}

/** A folder that the test's end removes. */
export function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "registry-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A models folder with the shipped rules. */
export function createModelsFolder(): string {
  const folder = createFolder();
  copyRuleModels(folder);
  return folder;
}

/** A registry over a folder of its own, closed at the test's end. */
export function openTestRegistry(options: ModelRegistryOptions = {}, folder = createModelsFolder()): ModelRegistry {
  const registry = openModelRegistry(folder, options);
  onTestFinished(() => registry.close());
  return registry;
}

/** Registers a fixture as it is. */
export async function registerFixture(registry: ModelRegistry, name: string, version?: string): Promise<string> {
  const change = await registry.register({ modelName: modelOf(name), version, ...readFixture(name), actor: "test" });
  return change.version;
}

/** Whole numbers below `limit` that are the same in every run (Park and Miller's minimal standard generator). */
export function createRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
}
