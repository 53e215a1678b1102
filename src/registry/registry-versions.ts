import type { ModelIdentity } from "../domain/decision.ts";
import { readDriftReference } from "../domain/drift-reference.ts";
import { NotFoundError, UnavailableError } from "../domain/errors.ts";
import { createModelScore } from "../domain/row-score.ts";
import type { ModelLease, TrainedModel } from "../domain/trained-model.ts";
import { createLoadedVersions } from "./loaded-versions.ts";
import { readSignature } from "./model-metadata.ts";
import { verifyModel } from "./model-verification.ts";
import {
  type Catalog,
  type CatalogVersion,
  parseModelName,
  readCatalog,
  readVerifiedAside,
} from "./registry-catalog.ts";
import type { RegistryEvent } from "./registry-event.ts";
import type { ModelFormat, ModelName, RegistryIndex } from "./registry-index.ts";
import type { VersionStatus } from "./version-state.ts";

/** The versions of the folder together with what this process has of them in memory. */
export interface RegistryVersions {
  catalog(): Catalog;
  /** Goes over to an index that was written. */
  refresh(index: RegistryIndex): void;
  /**
   * @param version a version or an alias
   * @throws NotFoundError when there is no such model or version.
   */
  find(modelName: string, version: string): CatalogVersion;
  status(version: CatalogVersion): VersionStatus;
  /** @throws UnavailableError when the file is not the one that was registered, or no ONNX model. */
  acquire(version: CatalogVersion): Promise<ModelLease>;
  /** Unloads a version that no longer exists. */
  discard(modelName: ModelName, version: string): Promise<void>;
  close(): Promise<void>;
}

export interface RegistryVersionsOptions {
  readonly directory: string;
  readonly loadedMax: number;
  readonly isServing: (modelName: string, version: string) => boolean;
  readonly onEvent: (event: RegistryEvent) => void;
}

/** @param initial what was found when the folder was opened, every file verified */
export function createRegistryVersions(initial: Catalog, options: RegistryVersionsOptions): RegistryVersions {
  const { directory, loadedMax, isServing, onEvent } = options;
  let catalog = initial;
  const loaded = createLoadedVersions({
    loadedMax,
    isPinned: (key) =>
      catalog.versions.some(
        (each) => keyOf(each) === key && (each.aliases.length > 0 || isServing(each.modelName, each.version)),
      ),
    onMove(key, from, to) {
      const [modelName = "", version = ""] = key.split("/");
      onEvent({ type: "state_changed", modelName, version, from: from.state, to: to.state, reason: to.reason });
    },
  });
  // Rules take no memory worth speaking of, and damaged files never get any.
  const admit = (): void => {
    for (const version of catalog.versions) {
      if (version.format === "rule_based" || version.fault !== undefined) loaded.admit(keyOf(version), version.fault);
    }
  };
  admit();
  return {
    catalog: () => catalog,
    refresh(index) {
      catalog = readCatalog(directory, index, catalog, false);
      admit();
    },
    find(modelName, version) {
      const name = parseModelName(modelName);
      const found = catalog.versions.find(
        (each) => each.modelName === name && (each.version === version || each.aliases.includes(version)),
      );
      if (found === undefined) throw new NotFoundError("model_version", `${modelName}/${version}`);
      return found;
    },
    status: (version) => loaded.status(keyOf(version)),
    async acquire(version) {
      assertFormat(version, "onnx");
      return await loaded.acquire(keyOf(version), () => loadTrainedModel(directory, version));
    },
    async discard(modelName, version) {
      const key = keyOf({ modelName, version });
      await loaded.unload(key, "deleted");
      loaded.forget(key);
    },
    close: () => loaded.close(),
  };
}

function keyOf({ modelName, version }: Pick<CatalogVersion, "modelName" | "version">): string {
  return `${modelName}/${version}`;
}

/** @throws UnavailableError when the version is of another format. */
export function assertFormat({ modelName, version, format }: CatalogVersion, expected: ModelFormat): void {
  if (format === expected) return;
  throw new UnavailableError(
    `${modelName}/${version} is in the format ${format}, and ${expected} was asked for`,
    "MODEL_FORMAT",
  );
}

export function toIdentity({ modelName, version, sha256 }: CatalogVersion): ModelIdentity {
  return { name: modelName, version, sha256 };
}

/** The golden rows are held again: this is another process than the one that checked them, and maybe a newer release. */
async function loadTrainedModel(directory: string, version: CatalogVersion): Promise<TrainedModel> {
  if (version.fault !== undefined) throw new UnavailableError(version.fault, "MODEL_FILE_CHANGED");
  const signature = readSignature(version.modelName, version.metadata);
  const bytes = await readVerifiedAside(directory, version.file, version.sha256);
  // The runtime takes a tenth of a second and 20 MB of memory, which a service over rules can do without.
  const { loadOnnxModel } = await import("./onnx-model.ts");
  const model = await loadOnnxModel(bytes, signature, toIdentity(version), version.metadata["tree_covers"]);
  try {
    await verifyModel(model, signature);
    const { inputs, inputNames } = signature;
    const scoreRow = createModelScore(inputs, inputNames, readDriftReference(version.metadata));
    return scoreRow === undefined ? model : { ...model, scoreRow };
  } catch (error) {
    await model.release();
    throw error;
  }
}
