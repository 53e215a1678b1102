import type { Clock } from "../domain/clock.ts";
import { MlError, OverloadedError, UnmetConditionError } from "../domain/errors.ts";
import type { ModelLease } from "../domain/trained-model.ts";
import type { CandidateCheck } from "./candidate-check.ts";
import { layOutVersion, type ReadRegistration, type Registration, readRegistration } from "./registration.ts";
import { parseModelName } from "./registry-catalog.ts";
import {
  type AliasName,
  addVersion,
  assertVersionFree,
  chooseVersion,
  dropAlias,
  findAliased,
  findEntry,
  findPreviousChampion,
  parseAlias,
  pointAlias,
  removeVersion,
  rollBack,
} from "./registry-edits.ts";
import type { RegistryChange } from "./registry-event.ts";
import type { ModelName, RegistryIndex } from "./registry-index.ts";
import type { IndexChange } from "./registry-writer.ts";
import { checkRuleBasedModel } from "./rule-based-check.ts";

/** A version that an operator wants changed. */
export interface VersionRequest {
  readonly modelName: string;
  readonly version: string;
  readonly actor: string;
}

export interface AliasRequest extends VersionRequest {
  /** champion or challenger */
  readonly alias: string;
}

/** How the registry is changed. Each call answers with what an audit record needs. */
export interface RegistryChanges {
  /**
   * Checks the file in a process of its own, adds it as a new version and loads it.
   *
   * @throws InvalidInputError for a file or metadata that cannot be accepted.
   * @throws UnmetConditionError for model inputs that nothing delivers.
   * @throws AlreadyExistsError for a version that is taken, or was.
   * @throws OverloadedError when too many registrations wait.
   */
  register(registration: Registration): Promise<RegistryChange>;
  /**
   * @throws NotFoundError when there is no such version.
   * @throws UnmetConditionError while it serves or has an alias.
   */
  delete(request: VersionRequest): Promise<RegistryChange>;
  /**
   * Loads the version unless it is loaded, then points the alias at it.
   *
   * @throws NotFoundError when there is no such version.
   * @throws UnmetConditionError when the version cannot be made available.
   */
  setAlias(request: AliasRequest): Promise<RegistryChange>;
  /**
   * @throws NotFoundError when the version does not have the alias.
   * @throws UnmetConditionError for the champion and for a version that serves.
   */
  removeAlias(request: AliasRequest): Promise<RegistryChange>;
  /**
   * Makes the previous champion champion again.
   *
   * @throws UnmetConditionError when there is none, or it cannot be made available.
   */
  rollback(request: Pick<VersionRequest, "modelName" | "actor">): Promise<RegistryChange>;
  /**
   * The champion that a rollback would return to.
   *
   * @throws NotFoundError when there is no such model.
   * @throws UnmetConditionError when there was none before.
   */
  previousChampion(modelName: string): string;
}

/** What the changes need of the registry around them. */
export interface RegistryChangesOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly check: CandidateCheck;
  readonly modelSizeBytesMax: number;
  readonly versionsMax: number;
  readonly registrationsWaitingMax: number;
  readonly isServing: (modelName: string, version: string) => boolean;
  readonly readIndex: () => RegistryIndex;
  /** Writes the index durably and makes it the registry's. */
  readonly change: (plan: (current: RegistryIndex) => IndexChange) => Promise<RegistryIndex>;
  /** Makes the version available for as long as the lease is out; a rule-based one needs none. */
  readonly hold: (modelName: ModelName, version: string) => Promise<ModelLease | undefined>;
  readonly unload: (modelName: ModelName, version: string) => Promise<void>;
  readonly onChange: (change: RegistryChange) => void;
}

export function createRegistryChanges(options: RegistryChangesOptions): RegistryChanges {
  let waiting = 0;
  const tell = (change: RegistryChange): RegistryChange => {
    options.onChange(change);
    return change;
  };
  return {
    async register(registration) {
      if (waiting >= options.registrationsWaitingMax) {
        throw new OverloadedError(`${waiting} registrations wait already`, 5000, "REGISTRATIONS_LIMIT");
      }
      waiting++;
      try {
        return tell(await registerVersion(options, registration));
      } finally {
        waiting--;
      }
    },
    delete: async (request) => tell(await deleteVersion(options, request)),
    setAlias: async (request) => tell(await moveAlias(options, request)),
    removeAlias: async (request) => tell(await removeAlias(options, request)),
    rollback: async (request) => tell(await rollBackChampion(options, request)),
    previousChampion: (modelName) => findPreviousChampion(options.readIndex(), parseModelName(modelName)),
  };
}

async function registerVersion(options: RegistryChangesOptions, given: Registration): Promise<RegistryChange> {
  const { directory, modelSizeBytesMax: sizeBytesMax, versionsMax, clock } = options;
  const modelName = parseModelName(given.modelName);
  if (given.version) assertVersionFree(options.readIndex(), modelName, given.version);
  const read = await readRegistration(directory, modelName, given, sizeBytesMax);
  await checkModel(options, read);
  let version = "";
  const createdAt = new Date(clock.nowMicros() / 1000).toISOString();
  await options.change((current) => {
    version = read.version ?? chooseVersion(current, modelName, read.format === "onnx" ? "" : "rule_based");
    const { entry, files } = layOutVersion(current, read, version, createdAt);
    return { index: addVersion(current, modelName, entry, versionsMax), newFiles: files };
  });
  await loadRegistered(options, modelName, version);
  return { action: "REGISTER", modelName, version, sha256: read.sha256, actor: given.actor };
}

async function checkModel(options: RegistryChangesOptions, read: ReadRegistration): Promise<void> {
  const { modelName, bytes, metadata } = read;
  if (read.format === "rule_based") checkRuleBasedModel(modelName, bytes);
  else await options.check.check({ modelName, bytes, metadata, sizeBytesMax: options.modelSizeBytesMax });
}

/** The version is registered whether or not there is room for it now; its state says which. */
async function loadRegistered(options: RegistryChangesOptions, modelName: ModelName, version: string): Promise<void> {
  try {
    await (await options.hold(modelName, version))?.release();
  } catch (error) {
    if (!(error instanceof MlError)) throw error;
  }
}

async function deleteVersion(options: RegistryChangesOptions, request: VersionRequest): Promise<RegistryChange> {
  const { version, actor } = request;
  const modelName = parseModelName(request.modelName);
  let sha256 = "";
  await options.change((current) => {
    const entry = findEntry(current, modelName, version);
    sha256 = entry.sha256;
    const index = removeVersion(current, modelName, version);
    assertNotServing(options, modelName, version);
    return { index, oldFiles: [entry.file, entry.metadataFile] };
  });
  await options.unload(modelName, version);
  return { action: "DELETE", modelName, version, sha256, actor };
}

async function moveAlias(options: RegistryChangesOptions, request: AliasRequest): Promise<RegistryChange> {
  const alias = parseAlias(request.alias);
  const { version, actor } = request;
  const modelName = parseModelName(request.modelName);
  const { sha256 } = findEntry(options.readIndex(), modelName, version);
  const previous = await pointAt(options, modelName, version, alias, (index) =>
    pointAlias(index, modelName, alias, version),
  );
  return { action: "SET_ALIAS", modelName, version, sha256, alias, previous, actor };
}

async function rollBackChampion(
  options: RegistryChangesOptions,
  request: Pick<VersionRequest, "modelName" | "actor">,
): Promise<RegistryChange> {
  const modelName = parseModelName(request.modelName);
  const version = findPreviousChampion(options.readIndex(), modelName);
  const { sha256 } = findEntry(options.readIndex(), modelName, version);
  const previous = await pointAt(options, modelName, version, "champion", (index) => {
    if (findPreviousChampion(index, modelName) === version) return rollBack(index, modelName);
    throw unmet("CHAMPION_CHANGED", modelName, "somebody else changed the champion meanwhile; look and try again");
  });
  return { action: "ROLLBACK", modelName, version, sha256, alias: "champion", previous, actor: request.actor };
}

/** Keeps the version available while the alias is being pointed at it. Answers where the alias pointed before. */
async function pointAt(
  options: RegistryChangesOptions,
  modelName: ModelName,
  version: string,
  alias: AliasName,
  edit: (index: RegistryIndex) => RegistryIndex,
): Promise<string | undefined> {
  const lease = await holdAvailable(options, modelName, version);
  try {
    let previous: string | undefined;
    await options.change((current) => {
      previous = findAliased(current, modelName, alias);
      return { index: edit(current) };
    });
    return previous;
  } finally {
    await lease?.release();
  }
}

async function holdAvailable(
  options: RegistryChangesOptions,
  modelName: ModelName,
  version: string,
): Promise<ModelLease | undefined> {
  try {
    return await options.hold(modelName, version);
  } catch (error) {
    if (!(error instanceof MlError)) throw error;
    throw unmet("MODEL_NOT_AVAILABLE", `${modelName}/${version}`, error.message);
  }
}

async function removeAlias(options: RegistryChangesOptions, request: AliasRequest): Promise<RegistryChange> {
  const alias = parseAlias(request.alias);
  const { version, actor } = request;
  const modelName = parseModelName(request.modelName);
  let sha256 = "";
  await options.change((current) => {
    sha256 = findEntry(current, modelName, version).sha256;
    const index = dropAlias(current, modelName, alias, version);
    assertNotServing(options, modelName, version);
    return { index };
  });
  return { action: "REMOVE_ALIAS", modelName, version, sha256, alias, previous: version, actor };
}

function assertNotServing({ isServing }: RegistryChangesOptions, modelName: ModelName, version: string): void {
  if (isServing(modelName, version)) throw unmet("MODEL_SERVING", `${modelName}/${version}`, "it decides now");
}

function unmet(type: string, subject: string, description: string): UnmetConditionError {
  return new UnmetConditionError([{ type, subject, description }], type);
}
