/** The changes of the index, as functions from the old one to the new one. */
import { AlreadyExistsError, InvalidInputError, NotFoundError, UnmetConditionError } from "../domain/errors.ts";
import type { IndexEntry, ModelIndex, ModelName, RegistryIndex } from "./registry-index.ts";
import { findVersion, formatVersion, nextMinor } from "./version.ts";

export const aliasNames = ["champion", "challenger"] as const;
export type AliasName = (typeof aliasNames)[number];

/** Champions that a rollback can go back to. */
const previousChampionsMax = 100;

/** @throws InvalidInputError for an alias that does not exist. */
export function parseAlias(text: string): AliasName {
  const alias = aliasNames.find((each) => each === text);
  if (alias !== undefined) return alias;
  throw new InvalidInputError([{ field: "alias", description: `expected ${aliasNames.join(" or ")}` }]);
}

/** The version after the newest that ever was. */
export function chooseVersion(index: RegistryIndex, modelName: ModelName, label: string): string {
  const { versions, retired } = modelIn(index, modelName);
  const taken = [...versions.map(({ version }) => version), ...retired].flatMap((text) => findVersion(text) ?? []);
  return formatVersion(nextMinor(taken, label));
}

/** @throws AlreadyExistsError for a version that is taken, or was. */
export function assertVersionFree(index: RegistryIndex, modelName: ModelName, version: string): void {
  const { versions, retired } = modelIn(index, modelName);
  if (versions.every((each) => each.version !== version) && !retired.includes(version)) return;
  throw new AlreadyExistsError("model_version", `${modelName}/${version}`);
}

/**
 * @param versionsMax versions that a model may have
 * @throws AlreadyExistsError for a version that is taken, or was.
 * @throws UnmetConditionError when there are too many.
 */
export function addVersion(
  index: RegistryIndex,
  modelName: ModelName,
  entry: IndexEntry,
  versionsMax: number,
): RegistryIndex {
  assertVersionFree(index, modelName, entry.version);
  const model = modelIn(index, modelName);
  if (model.versions.length >= versionsMax) {
    throw unmet("VERSIONS_LIMIT", modelName, `it has ${versionsMax} versions; delete one first`);
  }
  return replaceModel(index, modelName, { ...model, versions: [...model.versions, entry] });
}

/**
 * @throws NotFoundError when there is no such version.
 * @throws UnmetConditionError while an alias points at it.
 */
export function removeVersion(index: RegistryIndex, modelName: ModelName, version: string): RegistryIndex {
  const model = modelIn(index, modelName);
  findEntry(index, modelName, version);
  const [alias] = [...model.aliases].find(([, each]) => each === version) ?? [];
  if (alias !== undefined) throw unmet("MODEL_ALIASED", `${modelName}/${version}`, `it is the ${alias}`);
  return replaceModel(index, modelName, {
    aliases: model.aliases,
    versions: model.versions.filter((each) => each.version !== version),
    previousChampions: model.previousChampions.filter((each) => each !== version),
    retired: [...model.retired, version],
  });
}

/** @throws NotFoundError when there is no such version. */
export function pointAlias(
  index: RegistryIndex,
  modelName: ModelName,
  alias: AliasName,
  version: string,
): RegistryIndex {
  const model = modelIn(index, modelName);
  findEntry(index, modelName, version);
  const previous = model.aliases.get(alias);
  if (previous === version) return index;
  const aliases = new Map(model.aliases).set(alias, version);
  if (alias !== "champion" || previous === undefined) return replaceModel(index, modelName, { ...model, aliases });
  const previousChampions = [...model.previousChampions, previous].slice(-previousChampionsMax);
  return replaceModel(index, modelName, { ...model, aliases, previousChampions });
}

/**
 * @throws NotFoundError when the version does not have the alias.
 * @throws UnmetConditionError for the champion: there must always be one.
 */
export function dropAlias(
  index: RegistryIndex,
  modelName: ModelName,
  alias: AliasName,
  version: string,
): RegistryIndex {
  const model = modelIn(index, modelName);
  findEntry(index, modelName, version);
  if (model.aliases.get(alias) !== version) throw new NotFoundError("model_alias", `${modelName}/${version}/${alias}`);
  if (alias === "champion") {
    throw unmet("MODEL_SERVING", `${modelName}/${version}`, "a model needs a champion; make another version champion");
  }
  const aliases = new Map(model.aliases);
  aliases.delete(alias);
  return replaceModel(index, modelName, { ...model, aliases });
}

/**
 * The champion that a rollback returns to.
 *
 * @throws UnmetConditionError when there was none before.
 */
export function findPreviousChampion(index: RegistryIndex, modelName: ModelName): string {
  const previous = modelIn(index, modelName).previousChampions.at(-1);
  if (previous !== undefined) return previous;
  throw unmet("NO_PREVIOUS_CHAMPION", modelName, "there is no earlier champion to return to");
}

/** Undoes the last change of champion; a second rollback goes one further back. */
export function rollBack(index: RegistryIndex, modelName: ModelName): RegistryIndex {
  const model = modelIn(index, modelName);
  const aliases = new Map(model.aliases).set("champion", findPreviousChampion(index, modelName));
  return replaceModel(index, modelName, { ...model, aliases, previousChampions: model.previousChampions.slice(0, -1) });
}

/** @throws NotFoundError when there is no such version. */
export function findEntry(index: RegistryIndex, modelName: ModelName, version: string): IndexEntry {
  const entry = modelIn(index, modelName).versions.find((each) => each.version === version);
  if (entry !== undefined) return entry;
  throw new NotFoundError("model_version", `${modelName}/${version}`);
}

/** Version that an alias points at. */
export function findAliased(index: RegistryIndex, modelName: ModelName, alias: string): string | undefined {
  return modelIn(index, modelName).aliases.get(alias);
}

function modelIn(index: RegistryIndex, modelName: ModelName): ModelIndex {
  const model = index.get(modelName);
  if (model !== undefined) return model;
  throw new NotFoundError("model", modelName);
}

function replaceModel(index: RegistryIndex, modelName: ModelName, model: ModelIndex): RegistryIndex {
  return new Map(index).set(modelName, model);
}

function unmet(type: string, subject: string, description: string): UnmetConditionError {
  return new UnmetConditionError([{ type, subject, description }], type);
}
