import type { JsonObject, MessageInitShape } from "@bufbuild/protobuf";
import {
  type ModelRegistryService,
  ModelVersion_State,
  type ModelVersionSchema,
} from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import type { Clock } from "../domain/clock.ts";
import type { ModelIdentity } from "../domain/decision.ts";
import type { ModelRegistry, RegisteredVersion } from "../registry/model-registry.ts";
import { refuse, refuseStream } from "./not-implemented.ts";
import type { ServiceHandlers } from "./service-handlers.ts";
import { toTimestamp } from "./timestamp-message.ts";

export interface ModelRegistryOptions {
  readonly registry: ModelRegistry;
  /** The models that decide now. */
  readonly serving: () => readonly ModelIdentity[];
  readonly clock: Clock;
}

/** Answers ModelRegistryService. */
export function createModelRegistryHandlers(
  options: ModelRegistryOptions,
): ServiceHandlers<typeof ModelRegistryService> {
  const { registry, serving, clock } = options;
  const show = (version: RegisteredVersion): MessageInitShape<typeof ModelVersionSchema> =>
    toModelVersion(version, serving());
  return {
    listModels: () => ({ timestamp: toTimestamp(clock.nowMicros()), models: registry.list().map(show) }),
    getModel: ({ modelName, version }) => ({ model: show(registry.find(modelName, version)) }),
    listModelVersions: ({ modelName }) => ({ modelName, versions: registry.listVersions(modelName).map(show) }),
    registerModel: refuse("registering a model"),
    uploadModel: refuseStream("uploading a model"),
    deleteModel: refuse("deleting a model"),
    setModelAlias: refuse("changing an alias"),
    rollbackModel: refuse("rolling a model back"),
  };
}

function toModelVersion(
  version: RegisteredVersion,
  serving: readonly ModelIdentity[],
): MessageInitShape<typeof ModelVersionSchema> {
  const isServing = serving.some((model) => model.name === version.modelName && model.version === version.version);
  const {
    created_at: createdAt,
    created_by: createdBy,
    feature_version: featureVersion,
    ...metadata
  } = version.metadata;
  const createdMs = typeof createdAt === "string" ? Date.parse(createdAt) : Number.NaN;
  return {
    modelName: version.modelName,
    version: version.version,
    format: version.format,
    sha256: version.sha256,
    sizeBytes: BigInt(version.sizeBytes),
    featureVersion: typeof featureVersion === "string" ? featureVersion : "",
    aliases: [...version.aliases],
    serving: isServing,
    state: isServing ? ModelVersion_State.AVAILABLE : ModelVersion_State.START,
    ...(Number.isNaN(createdMs) ? {} : { createdAt: toTimestamp(createdMs * 1000) }),
    createdBy: typeof createdBy === "string" ? createdBy : "",
    metadata: metadata as JsonObject,
  };
}
