import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatRegistryIndex } from "../../src/registry/registry-index.ts";
import { readRegistryIndex } from "../../src/registry/registry-writer.ts";
import { modelsDirectory } from "./engine.ts";

/** Copies the shipped models but the trained ones: tests of a registry register their own, and count them. */
export function copyRuleModels(folder: string): void {
  cpSync(modelsDirectory, folder, { recursive: true });
  const index = [...readRegistryIndex(folder)].map(([name, model]) => {
    const trained = model.versions.filter(({ format }) => format === "onnx");
    for (const { file, metadataFile } of trained) for (const path of [file, metadataFile]) rmSync(join(folder, path));
    return [name, { ...model, versions: model.versions.filter((entry) => !trained.includes(entry)) }] as const;
  });
  writeFileSync(join(folder, "registry_index.json"), formatRegistryIndex(new Map(index)));
}
