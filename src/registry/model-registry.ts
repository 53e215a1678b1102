import { join } from "node:path";
import { type Clock, createSystemClock } from "../domain/clock.ts";
import type { ModelIdentity } from "../domain/decision.ts";
import { UnavailableError } from "../domain/errors.ts";
import type { RegimeModel, SignalModel } from "../domain/model.ts";
import type { ModelLease } from "../domain/trained-model.ts";
import { type CandidateCheck, type CandidateCheckOptions, createCandidateCheck } from "./candidate-check.ts";
import { type CatalogVersion, parseModelName, readCatalog, readVerified } from "./registry-catalog.ts";
import { createRegistryChanges, type RegistryChanges } from "./registry-changes.ts";
import { createRegistryDisk, type RegistryDisk } from "./registry-disk.ts";
import type { RegistryEvent } from "./registry-event.ts";
import type { ModelName } from "./registry-index.ts";
import { type RegistryFinding, scanRegistry } from "./registry-scan.ts";
import { assertFormat, createRegistryVersions, type RegistryVersions, toIdentity } from "./registry-versions.ts";
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
  /**
   * Goes over to the index as it is now, when another process has changed it, and unloads what is gone.
   *
   * @throws UnavailableError when it is absent or damaged; then nothing has changed.
   */
  refresh(): Promise<void>;
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
  const { isServing = () => false, onEvent = () => undefined, loadedVersionsMax: loadedMax = 8 } = options;
  const catalog = readCatalog(directory, readRegistryIndex(directory), undefined, true);
  assertChampions(catalog.versions, join(directory, indexFile));
  const versions = createRegistryVersions(catalog, { directory, loadedMax, isServing, onEvent });
  const check = createCandidateCheck(options.check);
  const show = (version: CatalogVersion): RegisteredVersion => {
    const { state, reason } = versions.status(version);
    const { fault: _, ...shown } = version;
    return { ...shown, state, stateReason: reason };
  };
  return {
    ...createChanges(directory, options, versions, check),
    list: () => versions.catalog().versions.map(show),
    listVersions(modelName) {
      const name = parseModelName(modelName);
      return versions
        .catalog()
        .versions.filter((version) => version.modelName === name)
        .map(show);
    },
    find: (modelName, version) => show(versions.find(modelName, version)),
    loadRegimeModel: (version) =>
      readRegimeModel(...readRuleBased(directory, versions.find("regime_classifier", version))),
    loadSignalModel: (version) => readSignalModel(...readRuleBased(directory, versions.find("signal_filter", version))),
    acquire: async (modelName, version) => await versions.acquire(versions.find(modelName, version)),
    preloadAliased: () => preloadAliased(versions),
    refresh: () => refresh(directory, versions),
    scan: () => scanRegistry(directory, readCatalog(directory, versions.catalog().index, undefined, true)),
    async close() {
      check.close();
      await versions.close();
    },
  };
}

function createChanges(
  directory: string,
  options: ModelRegistryOptions,
  versions: RegistryVersions,
  check: CandidateCheck,
): RegistryChanges {
  const { disk = createRegistryDisk(), lockTimeoutMs = 5000, clock = createSystemClock() } = options;
  const writer = createRegistryWriter(directory, disk, lockTimeoutMs);
  return createRegistryChanges({
    directory,
    clock,
    check,
    modelSizeBytesMax: options.modelSizeBytesMax ?? 64 * 1024 ** 2,
    versionsMax: options.versionsMax ?? 256,
    registrationsWaitingMax: options.registrationsWaitingMax ?? 8,
    isServing: options.isServing ?? (() => false),
    readIndex: () => versions.catalog().index,
    async change(plan) {
      try {
        const index = await writer.change(plan);
        versions.refresh(index);
        return index;
      } catch (error) {
        // Whatever went wrong, the folder decides what there is; another process may have changed it.
        versions.refresh(readRegistryIndex(directory));
        throw error;
      }
    },
    async hold(modelName, version) {
      const found = versions.find(modelName, version);
      if (found.format === "onnx") return await versions.acquire(found);
      if (found.fault !== undefined) throw new UnavailableError(found.fault, "MODEL_FILE_CHANGED");
      return undefined;
    },
    unload: versions.discard,
    onChange: (change) => options.onEvent?.({ type: "changed", change }),
  });
}

async function refresh(directory: string, versions: RegistryVersions): Promise<void> {
  const before = versions.catalog().versions;
  versions.refresh(readRegistryIndex(directory));
  const after = new Set(versions.catalog().versions.map(nameOf));
  for (const version of before) {
    if (after.has(nameOf(version))) continue;
    // The process that deleted it unloads its own session only.
    await versions.discard(version.modelName, version.version);
  }
}

function nameOf({ modelName, version }: CatalogVersion): string {
  return `${modelName}/${version}`;
}

async function preloadAliased(versions: RegistryVersions): Promise<readonly PreloadFailure[]> {
  const failures: PreloadFailure[] = [];
  for (const version of versions.catalog().versions) {
    if (version.format !== "onnx" || version.aliases.length === 0) continue;
    try {
      await (await versions.acquire(version)).release();
    } catch (error) {
      failures.push({ modelName: version.modelName, version: version.version, error });
    }
  }
  return failures;
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

function readRuleBased(directory: string, version: CatalogVersion): [ModelIdentity, unknown] {
  assertFormat(version, "rule_based");
  const bytes = readVerified(directory, version.file, version.sha256);
  return [toIdentity(version), JSON.parse(bytes.toString("utf8"))];
}
