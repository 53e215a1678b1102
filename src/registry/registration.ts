import { createHash } from "node:crypto";
import { type FieldViolation, InvalidInputError } from "../domain/errors.ts";
import { featureVersion } from "../domain/feature-schema.ts";
import { readModelFile } from "./model-files.ts";
import type { Metadata } from "./model-metadata.ts";
import type { IndexEntry, ModelFormat, ModelName, RegistryIndex } from "./registry-index.ts";
import type { NewFile } from "./registry-writer.ts";
import { digestInSlices } from "./sliced-digest.ts";
import { parseVersion } from "./version.ts";

/** A new version, as a caller asks for it. */
export interface Registration {
  readonly modelName: string;
  /** @default the metadata's; else the next minor version */
  readonly version?: string | undefined;
  /** The file, or … */
  readonly bytes?: Uint8Array | undefined;
  /** … where it lies inside the models folder. */
  readonly modelPath?: string | undefined;
  readonly metadata: Metadata;
  readonly actor: string;
}

/** A registration whose parts have been read and held against one another. */
export interface ReadRegistration {
  readonly modelName: ModelName;
  /** undefined: to be chosen */
  readonly version: string | undefined;
  readonly format: ModelFormat;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly metadata: Metadata;
  readonly actor: string;
}

const actorLengthMax = 256;
const metadataBytesMax = 1024 ** 2;

/**
 * Reads the file and what the metadata says about it.
 *
 * @throws InvalidInputError naming the part that is wrong.
 */
export async function readRegistration(
  directory: string,
  modelName: ModelName,
  given: Registration,
  sizeBytesMax: number,
): Promise<ReadRegistration> {
  const { metadata, actor } = given;
  assertText("actor", actor, actorLengthMax);
  assertMetadata(metadata);
  const format = readFormat(metadata);
  const version = readVersion(given.version, metadata);
  assertMember(metadata, "model_name", modelName);
  const bytes = await readBytes(directory, given, sizeBytesMax);
  const sha256 = await digestInSlices(bytes);
  assertMember(metadata, "sha256", sha256);
  return { modelName, version, format, bytes, sha256, metadata, actor };
}

async function readBytes(directory: string, given: Registration, sizeBytesMax: number): Promise<Uint8Array> {
  const { bytes, modelPath } = given;
  if ((bytes === undefined) === (modelPath === undefined)) {
    throw refuse("model", "expected either the model's bytes or its path");
  }
  const read = bytes ?? (await readModelFile(directory, modelPath ?? "", sizeBytesMax));
  const field = bytes === undefined ? "model_path" : "model";
  if (read.byteLength === 0) throw refuse(field, "the file is empty");
  if (read.byteLength > sizeBytesMax) throw refuse(field, `${read.byteLength} bytes are more than ${sizeBytesMax}`);
  return read;
}

function readFormat(metadata: Metadata): ModelFormat {
  const format = metadata["format"] ?? "onnx";
  if (format === "onnx" || format === "rule_based") return format;
  throw refuse("metadata.format", "expected onnx or rule_based");
}

function readVersion(given: string | undefined, metadata: Metadata): string | undefined {
  const stated = metadata["version"];
  if (given === undefined || given === "") {
    if (stated === undefined) return undefined;
    if (typeof stated !== "string") throw refuse("metadata.version", "expected a text");
    parseVersion(stated, "metadata.version");
    return stated;
  }
  parseVersion(given, "version");
  assertMember(metadata, "version", given);
  return given;
}

function assertMember(metadata: Metadata, key: string, expected: string): void {
  const found = metadata[key];
  if (found === undefined || found === expected) return;
  throw refuse(`metadata.${key}`, `it says ${JSON.stringify(found)}, but this is ${expected}`);
}

function assertMetadata(metadata: Metadata): void {
  const bytes = Buffer.byteLength(JSON.stringify(metadata));
  if (bytes > metadataBytesMax) throw refuse("metadata", `${bytes} bytes are more than ${metadataBytesMax}`);
}

function assertText(field: string, text: string, lengthMax: number): void {
  if (text.length > lengthMax) throw refuse(field, `it is longer than ${lengthMax} characters`);
}

/** The files of a version, by their names in the models folder, and how the index lists them. */
export function layOutVersion(
  index: RegistryIndex,
  read: ReadRegistration,
  version: string,
  createdAt: string,
): { entry: IndexEntry; files: readonly NewFile[] } {
  const { modelName, format, bytes, sha256, metadata, actor } = read;
  const file = `${modelName}/${version}.${format === "onnx" ? "onnx" : "json"}`;
  const metadataFile = chooseMetadataFile(index, modelName, version);
  const complete = {
    feature_version: featureVersion,
    ...metadata,
    model_name: modelName,
    version,
    format,
    sha256,
    created_at: createdAt,
    created_by: actor,
  };
  const metadataBytes = Buffer.from(`${JSON.stringify(complete, undefined, 2)}\n`);
  const metadataSha256 = createHash("sha256").update(metadataBytes).digest("hex");
  return {
    entry: { version, format, file, sha256, sizeBytes: bytes.byteLength, metadataFile, metadataSha256 },
    files: [
      { path: file, bytes },
      { path: metadataFile, bytes: metadataBytes },
    ],
  };
}

/** The shipped v1.0.0_rule_based has the metadata file of v1.0.0: the number alone is not always free. */
function chooseMetadataFile(index: RegistryIndex, modelName: ModelName, version: string): string {
  const taken = new Set(index.get(modelName)?.versions.map((each) => each.metadataFile));
  const plain = `${modelName}/metadata/${version}_metadata.json`;
  return taken.has(plain) ? `${modelName}/metadata/${version}.model_metadata.json` : plain;
}

function refuse(field: string, description: string): InvalidInputError {
  const violation: FieldViolation = { field, description };
  return new InvalidInputError([violation], "INVALID_REGISTRATION");
}
