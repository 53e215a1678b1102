import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ModelIdentity } from "../domain/decision.ts";
import { NotFoundError, UnavailableError } from "../domain/errors.ts";
import type { RegimeModel, SignalModel } from "../domain/model.ts";
import {
  type IndexEntry,
  type ModelName,
  modelNames,
  parseRegistryIndex,
  type RegistryIndex,
} from "./registry-index.ts";
import { readRegimeModel, readSignalModel } from "./rule-based-model.ts";

/** One version with its metadata. */
export interface RegisteredVersion extends IndexEntry {
  readonly modelName: ModelName;
  readonly aliases: readonly string[];
  /** The parsed metadata file. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Which versions exist, and the models in them. */
export interface ModelRegistry {
  /** Every version of every model, by name, then oldest first. */
  list(): readonly RegisteredVersion[];
  /** @throws NotFoundError when there is no such model. */
  listVersions(modelName: string): readonly RegisteredVersion[];
  /**
   * @param version a version or an alias
   * @throws NotFoundError when there is no such model or version.
   */
  find(modelName: string, version: string): RegisteredVersion;
  /** @throws UnavailableError when the file is not the one that was registered. */
  loadRegimeModel(version: string): RegimeModel;
  /** @throws UnavailableError when the file is not the one that was registered. */
  loadSignalModel(version: string): SignalModel;
}

/**
 * Opens the registry in a folder. Every file it names is read and held against its digest.
 *
 * @throws UnavailableError when the index or a file is absent or damaged.
 */
export function openModelRegistry(directory: string): ModelRegistry {
  const indexPath = join(directory, "registry_index.json");
  const index = parseRegistryIndex(readRegistryFile(indexPath).toString("utf8"), indexPath);
  const versions = readVersions(directory, index);
  const listVersions = (modelName: string): readonly RegisteredVersion[] => {
    if (!modelNames.some((name) => name === modelName)) throw new NotFoundError("model", modelName);
    return versions.filter((version) => version.modelName === modelName);
  };
  const find = (modelName: string, version: string): RegisteredVersion => {
    const found = listVersions(modelName).find((each) => each.version === version || each.aliases.includes(version));
    if (found === undefined) throw new NotFoundError("model_version", `${modelName}/${version}`);
    return found;
  };
  const load = (modelName: ModelName, version: string): [ModelIdentity, unknown] => {
    const found = find(modelName, version);
    if (found.format !== "rule_based") {
      throw new UnavailableError(`${modelName}/${found.version} is no rule-based model`, "MODEL_FORMAT");
    }
    const identity = { name: modelName, version: found.version, sha256: found.sha256 };
    return [identity, JSON.parse(readVerified(directory, found.file, found.sha256).toString("utf8"))];
  };
  return {
    list: () => versions,
    listVersions,
    find,
    loadRegimeModel: (version) => readRegimeModel(...load("regime_classifier", version)),
    loadSignalModel: (version) => readSignalModel(...load("signal_filter", version)),
  };
}

function readVersions(directory: string, index: RegistryIndex): readonly RegisteredVersion[] {
  const versions: RegisteredVersion[] = [];
  for (const [modelName, model] of index) {
    for (const entry of model.versions) {
      readVerified(directory, entry.file, entry.sha256);
      const metadata = JSON.parse(readVerified(directory, entry.metadataFile, entry.metadataSha256).toString("utf8"));
      const aliases = [...model.aliases].filter(([, version]) => version === entry.version).map(([alias]) => alias);
      versions.push({ ...entry, modelName, aliases, metadata });
    }
  }
  return versions;
}

function readVerified(directory: string, file: string, sha256: string): Buffer {
  const path = join(directory, file);
  const bytes = readRegistryFile(path);
  const found = hash("sha256", bytes, "hex");
  if (found === sha256) return bytes;
  throw new UnavailableError(
    `${path} is not the file that was registered: its SHA-256 is ${found}, the index says ${sha256}`,
    "MODEL_FILE_CHANGED",
  );
}

function readRegistryFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new UnavailableError(`cannot read ${path}; is MODELS_DIR right?`, "MODEL_FILE_UNREADABLE", undefined, {
      cause,
    });
  }
}
