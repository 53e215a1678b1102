import type { JsonObject, MessageInitShape } from "@bufbuild/protobuf";
import {
  type ModelRegistryService,
  ModelVersion_State,
  type ModelVersionSchema,
  type RegisterModelRequest,
  type UploadModelRequest,
} from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import type { Clock } from "../domain/clock.ts";
import { InvalidInputError, OverloadedError } from "../domain/errors.ts";
import type { ModelRegistry, RegisteredVersion } from "../registry/model-registry.ts";
import type { Registration } from "../registry/registration.ts";
import type { AliasRequest, VersionRequest } from "../registry/registry-changes.ts";
import type { RegistryChange } from "../registry/registry-event.ts";
import type { ServiceHandlers } from "./service-handlers.ts";
import { toTimestamp } from "./timestamp-message.ts";

export interface ModelRegistryOptions {
  readonly registry: Pick<ModelRegistry, "list" | "listVersions" | "find">;
  readonly isServing: (modelName: string, version: string) => boolean;
  readonly register: (registration: Registration) => Promise<RegistryChange>;
  readonly deleteVersion: (request: VersionRequest) => Promise<RegistryChange>;
  readonly setAlias: (request: AliasRequest) => Promise<RegistryChange>;
  readonly removeAlias: (request: AliasRequest) => Promise<RegistryChange>;
  readonly rollbackModel: (request: Pick<VersionRequest, "modelName" | "actor">) => Promise<RegistryChange>;
  /** Largest file that is taken in chunks. */
  readonly modelSizeBytesMax: number;
  readonly clock: Clock;
}

/** Answers ModelRegistryService. */
export function createModelRegistryHandlers(
  options: ModelRegistryOptions,
): ServiceHandlers<typeof ModelRegistryService> {
  const { registry, clock } = options;
  const show = (version: RegisteredVersion) => toModelVersion(version, options.isServing);
  const showChanged = ({ modelName, version }: RegistryChange) => show(registry.find(modelName, version));
  return {
    listModels: () => ({ timestamp: toTimestamp(clock.nowMicros()), models: registry.list().map(show) }),
    getModel: ({ modelName, version }) => ({ model: show(registry.find(modelName, version)) }),
    listModelVersions: ({ modelName }) => ({ modelName, versions: registry.listVersions(modelName).map(show) }),
    async registerModel(request) {
      return { status: "success", model: showChanged(await options.register(toRegistration(request))) };
    },
    async uploadModel(requests) {
      const registration = await collectUpload(requests, options.modelSizeBytesMax);
      return { model: showChanged(await options.register(registration)) };
    },
    async deleteModel({ modelName, version, actor }) {
      await options.deleteVersion({ modelName, version, actor });
      return { status: "success" };
    },
    async setModelAlias({ modelName, version, alias, remove, actor }) {
      const change = remove ? options.removeAlias : options.setAlias;
      const changed = await change({ modelName, version, alias, actor });
      return { status: "success", previousVersion: changed.previous ?? "", model: showChanged(changed) };
    },
    async rollbackModel({ modelName, actor }) {
      const changed = await options.rollbackModel({ modelName, actor });
      return { status: "success", previousVersion: changed.previous ?? "", model: showChanged(changed) };
    },
  };
}

function toRegistration(request: RegisterModelRequest): Registration {
  const { modelName, version, source, metadata = {}, actor } = request;
  return {
    modelName,
    version: version === "" ? undefined : version,
    bytes: source.case === "model" ? source.value : undefined,
    modelPath: source.case === "modelPath" ? source.value : undefined,
    metadata,
    actor,
  };
}

/** Puts an upload together: a header first, then the file in order. */
async function collectUpload(requests: AsyncIterable<UploadModelRequest>, sizeBytesMax: number): Promise<Registration> {
  let header: RegisterModelRequest | undefined;
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const { part } of requests) {
    if (part.case === "header") {
      if (header !== undefined) throw refusePart("header", "was sent already");
      if (part.value.source.case !== undefined) throw refusePart("header", "must not hold the file; chunks follow");
      header = part.value;
    } else if (part.case === "chunk") {
      if (header === undefined) throw refusePart("chunk", "must come after the header");
      sizeBytes += part.value.length;
      if (sizeBytes > sizeBytesMax) {
        throw new OverloadedError(`the file is larger than ${sizeBytesMax} bytes`, 0, "MODEL_TOO_LARGE");
      }
      chunks.push(part.value);
    } else throw refusePart("part", "must be a header or a chunk");
  }
  if (header === undefined) throw refusePart("header", "is missing");
  // A client that goes away can look like one that has finished; only the digest tells a part of a file from the whole.
  if (typeof header.metadata?.["sha256"] !== "string") {
    throw refusePart("header.metadata.sha256", "must hold the SHA-256 of the whole file");
  }
  return { ...toRegistration(header), bytes: Buffer.concat(chunks) };
}

function refusePart(field: string, description: string): InvalidInputError {
  return new InvalidInputError([{ field, description }], "INVALID_UPLOAD");
}

/** Metadata that has a field of its own. */
const shownElsewhere = new Set([
  "model_name",
  "version",
  "format",
  "sha256",
  "feature_version",
  "created_at",
  "created_by",
]);

function toModelVersion(
  version: RegisteredVersion,
  isServing: (modelName: string, version: string) => boolean,
): MessageInitShape<typeof ModelVersionSchema> {
  const { metadata } = version;
  const text = (key: string): string => (typeof metadata[key] === "string" ? metadata[key] : "");
  const createdMs = Date.parse(text("created_at"));
  return {
    modelName: version.modelName,
    version: version.version,
    format: version.format,
    sha256: version.sha256,
    sizeBytes: BigInt(version.sizeBytes),
    featureVersion: text("feature_version"),
    aliases: [...version.aliases],
    serving: isServing(version.modelName, version.version),
    state: ModelVersion_State[version.state],
    stateReason: version.stateReason,
    ...(!Number.isNaN(createdMs) && { createdAt: toTimestamp(createdMs * 1000) }),
    createdBy: text("created_by"),
    metadata: selectMetadata(metadata),
  };
}

function selectMetadata(metadata: RegisteredVersion["metadata"]): JsonObject {
  const selected = Object.entries(metadata).filter(([key]) => !shownElsewhere.has(key));
  // The metadata was parsed from JSON and goes back into it.
  return JSON.parse(JSON.stringify(Object.fromEntries(selected)));
}
