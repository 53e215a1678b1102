import { UnavailableError } from "../domain/errors.ts";
import { isPlainPath } from "./model-files.ts";

/** The models this service decides with. */
export const modelNames = ["regime_classifier", "signal_filter"] as const;
export type ModelName = (typeof modelNames)[number];

export type ModelFormat = "rule_based" | "onnx";

/** One version, as `registry_index.json` holds it. Paths are relative to the models folder. */
export interface IndexEntry {
  readonly version: string;
  readonly format: ModelFormat;
  readonly file: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly metadataFile: string;
  readonly metadataSha256: string;
}

export interface ModelIndex {
  /** Version by alias. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Oldest first. */
  readonly versions: readonly IndexEntry[];
  /** Versions that were champion, newest last: the way back for rollbacks. */
  readonly previousChampions: readonly string[];
  /** Deleted versions. They are never given to another file, because audit records name them. */
  readonly retired: readonly string[];
}

export type RegistryIndex = ReadonlyMap<ModelName, ModelIndex>;

/**
 * Reads the text of `registry_index.json`.
 *
 * @throws UnavailableError saying what is wrong with it: without its index the service must not guess.
 */
export function parseRegistryIndex(text: string, path: string): RegistryIndex {
  const root = members(parseJson(text, path), path, "the file");
  const models = members(root.get("models"), path, "models");
  return new Map(
    modelNames.map((name): [ModelName, ModelIndex] => {
      const model = members(models.get(name), path, `models.${name}`);
      const versions = model.get("versions");
      if (!Array.isArray(versions) || versions.length === 0) throw damaged(path, `models.${name}.versions is no list`);
      const entries = versions.map((each, index) => readEntry(each, path, `models.${name}.versions[${index}]`));
      return [
        name,
        {
          aliases: readAliases(model.get("aliases"), entries, path, `models.${name}.aliases`),
          versions: entries,
          previousChampions: readTexts(model.get("previous_champions"), path, `models.${name}.previous_champions`),
          retired: readTexts(model.get("retired"), path, `models.${name}.retired`),
        },
      ];
    }),
  );
}

/** Writes what {@link parseRegistryIndex} reads. */
export function formatRegistryIndex(index: RegistryIndex): string {
  const models = [...index].map(([name, model]) => [
    name,
    {
      aliases: Object.fromEntries(model.aliases),
      previous_champions: model.previousChampions,
      retired: model.retired,
      versions: model.versions.map((entry) => ({
        version: entry.version,
        format: entry.format,
        file: entry.file,
        sha256: entry.sha256,
        size_bytes: entry.sizeBytes,
        metadata_file: entry.metadataFile,
        metadata_sha256: entry.metadataSha256,
      })),
    },
  ]);
  return `${JSON.stringify({ index_version: 1, models: Object.fromEntries(models) }, undefined, 2)}\n`;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged(path, "it is not JSON", cause);
  }
}

function readEntry(value: unknown, path: string, at: string): IndexEntry {
  const entry = members(value, path, at);
  const text = (key: string): string => {
    const each = entry.get(key);
    if (typeof each === "string" && each !== "") return each;
    throw damaged(path, `${at}.${key} is no text`);
  };
  const format = text("format");
  if (format !== "rule_based" && format !== "onnx") throw damaged(path, `${at}.format is ${format}`);
  const sizeBytes = entry.get("size_bytes");
  if (typeof sizeBytes !== "number" || !Number.isSafeInteger(sizeBytes))
    throw damaged(path, `${at}.size_bytes is no number`);
  const file = (key: string): string => {
    const each = text(key);
    if (isPlainPath(each)) return each;
    throw damaged(path, `${at}.${key} leads out of the models folder`);
  };
  return {
    version: text("version"),
    format,
    file: file("file"),
    sha256: text("sha256"),
    sizeBytes,
    metadataFile: file("metadata_file"),
    metadataSha256: text("metadata_sha256"),
  };
}

/** Absent in an index that nothing was rolled back or deleted in. */
function readTexts(value: unknown, path: string, at: string): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
  throw damaged(path, `${at} is no list of versions`);
}

function readAliases(value: unknown, entries: readonly IndexEntry[], path: string, at: string): Map<string, string> {
  const aliases = new Map<string, string>();
  for (const [alias, version] of members(value, path, at)) {
    if (typeof version !== "string" || !entries.some((entry) => entry.version === version)) {
      throw damaged(path, `${at}.${alias} points at ${String(version)}, which is not in the list`);
    }
    aliases.set(alias, version);
  }
  if (!aliases.has("champion")) throw damaged(path, `${at} has no champion`);
  return aliases;
}

function members(value: unknown, path: string, at: string): ReadonlyMap<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return new Map(Object.entries(value));
  throw damaged(path, `${at} is no object`);
}

function damaged(path: string, what: string, cause?: unknown): UnavailableError {
  return new UnavailableError(
    `the model index ${path} is damaged: ${what}; restore it from a backup or from the repository`,
    "REGISTRY_DAMAGED",
    undefined,
    { cause },
  );
}
