import { join } from "node:path";
import { type Clock, createSystemClock } from "../domain/clock.ts";
import type { ModelIdentity } from "../domain/decision.ts";
import { NotFoundError, UnavailableError } from "../domain/errors.ts";
import type { RegimeModel, SignalModel } from "../domain/model.ts";
import type { ModelLease, TrainedModel } from "../domain/trained-model.ts";
import { type CandidateCheckOptions, createCandidateCheck } from "./candidate-check.ts";
import { createLoadedVersions } from "./loaded-versions.ts";
import { readSignature } from "./model-metadata.ts";
import { verifyModel } from "./model-verification.ts";
import { loadOnnxModel } from "./onnx-model.ts";
import { type CatalogVersion, parseModelName, readCatalog, readVerified } from "./registry-catalog.ts";
import { createRegistryChanges, type RegistryChanges } from "./registry-changes.ts";
import { createRegistryDisk, type RegistryDisk } from "./registry-disk.ts";
import type { RegistryEvent } from "./registry-event.ts";
import type { ModelName } from "./registry-index.ts";
import { type RegistryFinding, scanRegistry } from "./registry-scan.ts";
import { createRegistryWriter, indexFile, readRegistryIndex } from "./registry-writer.ts";
import { readRegimeModel, readSignalModel } from "./rule-based-model.ts";
import type { VersionState } from "./version-state.ts";

/** One version with its metadata. */
export interface RegisteredVersion extends Omit<CatalogVersion, "fault"> {
  readonly state: VersionState;
  /** Why it is in that state. */
  readonly stateReason: string;
}

/** A version that an alias points at and that could not be loaded. */
export interface PreloadFailure {
  readonly modelName: ModelName;
  readonly version: string;
  readonly error: unknown;
}

/** Which versions exist, and the models in them. */
export interface ModelRegistry extends RegistryChanges {
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
  /**
   * Leases an ONNX model, loading it unless it is. The lease outlives aliases, deletion and everything else.
   *
   * @param version a version or an alias
   * @throws NotFoundError when there is no such model or version.
   * @throws UnavailableError when the file is not the one that was registered, or no ONNX model.
   */
  acquire(modelName: string, version: string): Promise<ModelLease>;
  /** Loads every ONNX version that an alias points at; aliases survive a restart, sessions do not. */
  preloadAliased(): Promise<readonly PreloadFailure[]>;
  /** What lies in the folder and should not, and what is damaged. */
  scan(): readonly RegistryFinding[];
  /** Unloads every version and ends the checking process. */
  close(): Promise<void>;
}

export interface ModelRegistryOptions {
  /** True for a version that decides now. @default never */
  readonly isServing?: (modelName: string, version: string) => boolean;
  /** Told after each change. @default nobody */
  readonly onEvent?: (event: RegistryEvent) => void;
  readonly clock?: Clock;
  readonly disk?: RegistryDisk;
  readonly check?: CandidateCheckOptions;
  /** @default 64 MiB: a thousand trees of depth 8 take about a tenth */
  readonly modelSizeBytesMax?: number;
  /** ONNX models in memory. @default 8: champion, challenger, predecessor and successor of both models */
  readonly loadedVersionsMax?: number;
  /** Versions of one model. @default 256 */
  readonly versionsMax?: number;
  /** Registrations at a time, of which one is being checked. @default 8 */
  readonly registrationsWaitingMax?: number;
  /** Longest wait for another process that changes the same folder, ms. @default 5000 */
  readonly lockTimeoutMs?: number;
}

/**
 * Opens the registry in a folder. Every file it names is read and held against its digest; a version with a damaged
 * file is listed as ended and never loaded.
 *
 * @throws UnavailableError when the index or a champion is absent or damaged.
 */
export function openModelRegistry(directory: string, options: ModelRegistryOptions = {}): ModelRegistry {
  const { isServing = () => false, onEvent = () => undefined, clock = createSystemClock() } = options;
  const { disk = createRegistryDisk(), lockTimeoutMs = 5000, loadedVersionsMax = 8 } = options;
  const check = createCandidateCheck(options.check);
  const writer = createRegistryWriter(directory, disk, lockTimeoutMs);
  let catalog = readCatalog(directory, readRegistryIndex(directory), undefined, true);
  assertChampions(catalog.versions, join(directory, indexFile));
  const findByKey = (key: string): CatalogVersion | undefined => catalog.versions.find((each) => keyOf(each) === key);
  const loaded = createLoadedVersions({
    loadedMax: loadedVersionsMax,
    isPinned(key) {
      const version = findByKey(key);
      return version !== undefined && (version.aliases.length > 0 || isServing(version.modelName, version.version));
    },
    onMove(key, from, to) {
      const [modelName = "", version = ""] = key.split("/");
      onEvent({ type: "state_changed", modelName, version, from: from.state, to: to.state, reason: to.reason });
    },
  });
  const refresh = (index: typeof catalog.index): void => {
    catalog = readCatalog(directory, index, catalog, false);
    admitVersions();
  };
  const admitVersions = (): void => {
    for (const version of catalog.versions) {
      if (version.format === "rule_based" || version.fault !== undefined) loaded.admit(keyOf(version), version.fault);
    }
  };
  admitVersions();
  const findVersion = (modelName: string, version: string): CatalogVersion => {
    const name = parseModelName(modelName);
    const found = catalog.versions.find(
      (each) => each.modelName === name && (each.version === version || each.aliases.includes(version)),
    );
    if (found === undefined) throw new NotFoundError("model_version", `${modelName}/${version}`);
    return found;
  };
  const show = ({ fault: _, ...version }: CatalogVersion): RegisteredVersion => {
    const { state, reason } = loaded.status(keyOf(version));
    return { ...version, state, stateReason: reason };
  };
  const acquire = async (modelName: string, version: string): Promise<ModelLease> => {
    const found = findVersion(modelName, version);
    assertFormat(found, "onnx");
    return await loaded.acquire(keyOf(found), () => loadTrainedModel(directory, found));
  };
  const changes = createRegistryChanges({
    directory,
    clock,
    check,
    modelSizeBytesMax: options.modelSizeBytesMax ?? 64 * 1024 ** 2,
    versionsMax: options.versionsMax ?? 256,
    registrationsWaitingMax: options.registrationsWaitingMax ?? 8,
    isServing,
    readIndex: () => catalog.index,
    async change(plan) {
      const index = await writer.change(plan);
      refresh(index);
      return index;
    },
    async hold(modelName, version) {
      const found = findVersion(modelName, version);
      if (found.fault !== undefined) throw new UnavailableError(found.fault, "MODEL_FILE_CHANGED");
      return found.format === "onnx" ? await acquire(modelName, version) : undefined;
    },
    async unload(modelName, version) {
      const key = keyOf({ modelName, version });
      await loaded.unload(key, "deleted");
      loaded.forget(key);
    },
    onChange: (change) => onEvent({ type: "changed", change }),
  });
  return {
    ...changes,
    list: () => catalog.versions.map(show),
    listVersions(modelName) {
      const name = parseModelName(modelName);
      return catalog.versions.filter((version) => version.modelName === name).map(show);
    },
    find: (modelName, version) => show(findVersion(modelName, version)),
    loadRegimeModel: (version) =>
      readRegimeModel(...readRuleBased(directory, findVersion("regime_classifier", version))),
    loadSignalModel: (version) => readSignalModel(...readRuleBased(directory, findVersion("signal_filter", version))),
    acquire,
    async preloadAliased() {
      const failures: PreloadFailure[] = [];
      for (const { modelName, version, format, aliases } of catalog.versions) {
        if (format !== "onnx" || aliases.length === 0) continue;
        try {
          await (await acquire(modelName, version)).release();
        } catch (error) {
          failures.push({ modelName, version, error });
        }
      }
      return failures;
    },
    scan: () => scanRegistry(directory, readCatalog(directory, catalog.index, undefined, true)),
    async close() {
      check.close();
      await loaded.close();
    },
  };
}

function keyOf({ modelName, version }: Pick<CatalogVersion, "modelName" | "version">): string {
  return `${modelName}/${version}`;
}

function assertChampions(versions: readonly CatalogVersion[], indexPath: string): void {
  for (const { modelName, version, aliases, fault } of versions) {
    if (fault === undefined || !aliases.includes("champion")) continue;
    throw new UnavailableError(
      `${fault} (${modelName}/${version} is the champion in ${indexPath})`,
      "MODEL_FILE_CHANGED",
    );
  }
}

function assertFormat({ modelName, version, format }: CatalogVersion, expected: "onnx" | "rule_based"): void {
  if (format === expected) return;
  throw new UnavailableError(
    `${modelName}/${version} is a ${format} model, and ${expected} was asked for`,
    "MODEL_FORMAT",
  );
}

function toIdentity({ modelName, version, sha256 }: CatalogVersion): ModelIdentity {
  return { name: modelName, version, sha256 };
}

function readRuleBased(directory: string, version: CatalogVersion): [ModelIdentity, unknown] {
  assertFormat(version, "rule_based");
  const bytes = readVerified(directory, version.file, version.sha256);
  return [toIdentity(version), JSON.parse(bytes.toString("utf8"))];
}

/** The golden rows are held again: this process is another one than that which checked them, and maybe a newer release. */
async function loadTrainedModel(directory: string, version: CatalogVersion): Promise<TrainedModel> {
  const signature = readSignature(version.modelName, version.metadata);
  const bytes = readVerified(directory, version.file, version.sha256);
  const model = await loadOnnxModel(bytes, signature, toIdentity(version));
  try {
    await verifyModel(model, signature);
    return model;
  } catch (error) {
    await model.release();
    throw error;
  }
}
