import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MlError, NotFoundError, UnavailableError } from "../domain/errors.ts";
import type { Metadata } from "./model-metadata.ts";
import { type IndexEntry, type ModelName, modelNames, type RegistryIndex } from "./registry-index.ts";
import { digestInSlices } from "./sliced-digest.ts";

/** One version as the folder has it. */
export interface CatalogVersion extends IndexEntry {
  readonly modelName: ModelName;
  readonly aliases: readonly string[];
  /** The parsed metadata file; empty when that is damaged. */
  readonly metadata: Metadata;
  /** What is wrong with its files. */
  readonly fault: string | undefined;
}

/** What the index lists, with the metadata read. */
export interface Catalog {
  readonly index: RegistryIndex;
  /** By name, then oldest first. */
  readonly versions: readonly CatalogVersion[];
}

/**
 * Reads the metadata of every version. Files of versions that `known` has are taken from there.
 *
 * @param isThorough holds the model files against their digests as well
 */
export function readCatalog(
  directory: string,
  index: RegistryIndex,
  known: Catalog | undefined,
  isThorough: boolean,
): Catalog {
  const versions = [...index].flatMap(([modelName, model]) =>
    model.versions.map((entry): CatalogVersion => {
      const aliases = [...model.aliases].filter(([, version]) => version === entry.version).map(([alias]) => alias);
      const before = known?.versions.find((each) => each.modelName === modelName && isSameEntry(each, entry));
      const files = before ?? readFiles(directory, entry, isThorough);
      return { ...entry, modelName, aliases, metadata: files.metadata, fault: files.fault };
    }),
  );
  return { index, versions };
}

function isSameEntry(a: IndexEntry, b: IndexEntry): boolean {
  return a.version === b.version && a.sha256 === b.sha256 && a.metadataSha256 === b.metadataSha256;
}

function readFiles(
  directory: string,
  entry: IndexEntry,
  isThorough: boolean,
): Pick<CatalogVersion, "metadata" | "fault"> {
  try {
    if (isThorough) readVerified(directory, entry.file, entry.sha256);
    return { metadata: readMetadata(directory, entry), fault: undefined };
  } catch (error) {
    if (error instanceof MlError) return { metadata: {}, fault: error.message };
    throw error;
  }
}

function readMetadata(directory: string, entry: IndexEntry): Metadata {
  const text = readVerified(directory, entry.metadataFile, entry.metadataSha256).toString("utf8");
  const value: unknown = JSON.parse(text);
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value));
  throw new UnavailableError(`${entry.metadataFile} is no JSON object`, "MODEL_FILE_CHANGED");
}

/** @throws NotFoundError for a name that is no model. */
export function parseModelName(text: string): ModelName {
  const name = modelNames.find((each) => each === text);
  if (name !== undefined) return name;
  throw new NotFoundError("model", text);
}

/** @throws UnavailableError when the file is absent or not the one that was registered. */
export function readVerified(directory: string, file: string, sha256: string): Buffer {
  const path = join(directory, file);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  assertDigest(path, hash("sha256", bytes, "hex"), sha256);
  return bytes;
}

/** The same for a file that may be large, while calls are answered. */
export async function readVerifiedAside(directory: string, file: string, sha256: string): Promise<Buffer> {
  const path = join(directory, file);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  assertDigest(path, await digestInSlices(bytes), sha256);
  return bytes;
}

function assertDigest(path: string, found: string, registered: string): void {
  if (found === registered) return;
  throw new UnavailableError(
    `${path} is not the file that was registered: its SHA-256 is ${found}, the index says ${registered}`,
    "MODEL_FILE_CHANGED",
  );
}

function unreadable(path: string, cause: unknown): UnavailableError {
  return new UnavailableError(`cannot read ${path}; is MODELS_DIR right?`, "MODEL_FILE_UNREADABLE", undefined, {
    cause,
  });
}
