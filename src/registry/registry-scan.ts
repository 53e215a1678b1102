import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Catalog } from "./registry-catalog.ts";
import { modelNames } from "./registry-index.ts";
import { indexFile, temporarySuffix } from "./registry-writer.ts";

/** Something in the models folder that is not as it should be. It is never loaded. */
export interface RegistryFinding {
  readonly kind: "STRAY" | "UNFINISHED" | "DAMAGED";
  /** Relative to the models folder. */
  readonly path: string;
  readonly description: string;
}

/**
 * Lists files that no version has, files that a crash left unfinished, and versions that are damaged. Other folders,
 * such as the one for incoming files, are nobody's business here.
 */
export function scanRegistry(directory: string, catalog: Catalog): readonly RegistryFinding[] {
  const listed = new Set(catalog.versions.flatMap((version) => [version.file, version.metadataFile]));
  const findings: RegistryFinding[] = [];
  for (const path of listFiles(directory)) {
    if (listed.has(path) || path === indexFile) continue;
    if (path.endsWith(temporarySuffix)) {
      findings.push({ kind: "UNFINISHED", path, description: "a write was interrupted; it may be deleted" });
    } else if (path.includes("/")) {
      findings.push({ kind: "STRAY", path, description: "no version has this file; register or delete it" });
    }
  }
  for (const { file, fault } of catalog.versions) {
    if (fault !== undefined) findings.push({ kind: "DAMAGED", path: file, description: fault });
  }
  return findings;
}

/** Files of the folder itself and of the models' folders. */
function listFiles(directory: string): readonly string[] {
  const folders = ["", ...modelNames.flatMap((name) => [name, `${name}/metadata`])];
  return folders.flatMap((folder) => {
    const entries = readEntries(join(directory, folder));
    return entries.map((name) => (folder === "" ? name : `${folder}/${name}`));
  });
}

function readEntries(path: string): readonly string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
