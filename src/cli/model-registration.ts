import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { open, readFile } from "node:fs/promises";
import { create, type JsonObject, type MessageInitShape } from "@bufbuild/protobuf";
import type { Command } from "commander";
import {
  type ModelVersion,
  RegisterModelResponseSchema,
  type UploadModelRequestSchema,
} from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { createSystemClock } from "../domain/clock.ts";
import { type AdminClient, registerDeadlineMs } from "./admin-client.ts";
import {
  addChangeOptions,
  addExamples,
  type ChangeOptions,
  chooseActor,
  type Report,
  runAdminCommand,
  toReportJson,
} from "./admin-command.ts";
import { UsageError } from "./bar-source.ts";
import { nameState, nameVersion } from "./model-text.ts";
import { createProgressBar, type TextOutput } from "./progress-bar.ts";

interface RegisterOptions extends ChangeOptions {
  readonly model: string;
  readonly metadata?: string;
  readonly version?: string;
}

/** What is told of a model besides its bytes. */
interface Header {
  readonly modelName: string;
  readonly version: string;
  readonly metadata: JsonObject;
  readonly actor: string;
}

/** A model larger than this is sent in pieces: one message holds 4 MiB, metadata included. */
const oneMessageBytesMax = 3 * 1024 ** 2;
const chunkBytes = 256 * 1024;

/** Adds `ml-layer models register`. */
export function registerModelRegistration(models: Command): void {
  const register = models
    .command("register")
    .description("add a version after checking it; promote it to let it decide")
    .argument("<file>", "the model: ONNX, or the parameters of a rule-based model as JSON")
    .requiredOption("--model <name>", "regime_classifier or signal_filter")
    .option("--metadata <file>", "JSON with inputs, outputs, classes, golden rows, figures")
    .option("--version <version>", "e.g. v1.1.0 (default: the metadata's, else the next free one)")
    .action(registerModel);
  addExamples(
    addChangeOptions(register),
    "models register --model signal_filter signal.onnx --metadata signal.json",
    "models register --model signal_filter rules.json --metadata rules-metadata.json --version v1.1.0_rule_based",
    "models register --model regime_classifier regime.onnx --metadata regime.json --json | jq -r .model.version",
  );
}

function registerModel(path: string, options: RegisterOptions): Promise<void> {
  return runAdminCommand(options, async (client) => {
    const metadata = options.metadata === undefined ? {} : await readMetadata(options.metadata);
    const header = {
      modelName: options.model,
      version: options.version ?? "",
      metadata,
      actor: chooseActor(options),
    };
    const file = await openFile(path);
    try {
      return describeRegistered(await sendModel(client, header, file, process.stderr));
    } finally {
      await file.close();
    }
  });
}

async function sendModel(
  { models }: AdminClient,
  header: Header,
  file: FileHandle,
  progress: TextOutput,
): Promise<ModelVersion | undefined> {
  const { size } = await file.stat();
  const call = { timeoutMs: registerDeadlineMs };
  if (size > oneMessageBytesMax) {
    // The service takes pieces for the whole only where it knows the digest of the whole.
    const metadata = { sha256: await digestFile(file), ...header.metadata };
    return (await models.uploadModel(sendParts({ ...header, metadata }, file, size, progress), call)).model;
  }
  const source = { case: "model" as const, value: await file.readFile() };
  return (await models.registerModel({ ...header, source }, call)).model;
}

async function digestFile(file: FileHandle): Promise<string> {
  const sha256 = createHash("sha256");
  const pieces = file.createReadStream({ start: 0, highWaterMark: chunkBytes, autoClose: false });
  for await (const piece of pieces) sha256.update(piece);
  return sha256.digest("hex");
}

async function* sendParts(
  header: Header,
  file: FileHandle,
  sizeBytes: number,
  progress: TextOutput,
): AsyncGenerator<MessageInitShape<typeof UploadModelRequestSchema>> {
  const bar = createProgressBar(progress, "sent, bytes", sizeBytes, createSystemClock().monotonicMs);
  try {
    yield { part: { case: "header", value: header } };
    let sentBytes = 0;
    for await (const chunk of file.createReadStream({ start: 0, highWaterMark: chunkBytes, autoClose: false })) {
      const value = Buffer.from(chunk);
      yield { part: { case: "chunk", value } };
      sentBytes += value.length;
      bar.advanceTo(Math.min(sentBytes, sizeBytes));
    }
  } finally {
    bar.finish();
  }
}

function describeRegistered(model: ModelVersion | undefined): Report {
  const json = toReportJson(
    RegisterModelResponseSchema,
    create(RegisterModelResponseSchema, { status: "success", model }),
  );
  if (model === undefined) return { json, lines: [] };
  const state = nameState(model.state);
  const because = model.stateReason === "" ? "" : `: ${model.stateReason}`;
  const lines = [
    `registered ${nameVersion(model)} (${model.format}, ${model.sizeBytes} bytes, sha256 ${model.sha256.slice(0, 12)})`,
    `state ${state}${because}`,
    `next: ml-layer models shadow ${model.modelName} ${model.version}`,
  ];
  return { json, lines };
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const file = await open(path);
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch (cause) {
    throw describeFileFault(path, cause);
  }
  throw new UsageError(`cannot read ${path}: it is no file`);
}

async function readMetadata(path: string): Promise<JsonObject> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw describeFileFault(path, cause);
  });
  const json = parseJson(path, text);
  if (typeof json === "object" && json !== null && !Array.isArray(json))
    return Object.fromEntries(Object.entries(json));
  throw new UsageError(`${path}: expected a JSON object`);
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${path} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function describeFileFault(path: string, cause: unknown): UsageError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const reason = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : String(cause);
  return new UsageError(`cannot read ${path}: ${reason}`, { cause });
}
