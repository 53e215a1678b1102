import { setImmediate } from "node:timers/promises";
import type { HashedConfig } from "../domain/config.ts";
import type { StageObserver } from "../domain/decision-stage.ts";
import { NotFoundError, UnavailableError, UnmetConditionError } from "../domain/errors.ts";
import type { RegimeModel, SignalModel } from "../domain/model.ts";
import type { ModelLease, TrainedModel } from "../domain/trained-model.ts";
import { createDecisionEngine, type DecisionEngine } from "../engine/decision-engine.ts";
import type { HaltLookup } from "../engine/engine-snapshot.ts";
import { prepareExplainerAside } from "../engine/trained-assessment.ts";
import type { ModelRegistry, RegisteredVersion } from "../registry/model-registry.ts";
import type { ModelName } from "../registry/registry-index.ts";

/** An engine, and the way to give back what it holds. */
export interface BuiltEngine {
  readonly engine: DecisionEngine;
  /** Versions that take part, so that nobody deletes them. */
  readonly versions: readonly RegisteredVersion[];
  /** Releases the leases on models; called when the last decision on the engine is over. */
  release(): void;
}

export interface EngineBuilderOptions {
  readonly registry: ModelRegistry;
  readonly findHalt: HaltLookup;
  /** Told how long the stages of decisions take. @default nobody */
  readonly stageObserver?: StageObserver;
  /** Told of a lease that could not be given back. */
  readonly onReleaseFailure: (error: unknown) => void;
}

/** Versions that decide instead of the ones that the registry's aliases name. */
export type VersionOverrides = Partial<Readonly<Record<ModelName, string>>>;

export type EngineBuilder = (config: HashedConfig, overrides?: VersionOverrides) => Promise<BuiltEngine>;

/**
 * Builds engines aside: whatever fails here leaves the engine in force as it is.
 *
 * Which version decides: with `use_ml_model` the configured version, or the champion where none is configured; without
 * it the configured version if that is rule-based, else the first rule-based one, whatever the champion is. Not the newest:
 * a registration alone must never change what decides at the next change of a threshold.
 */
export function createEngineBuilder(options: EngineBuilderOptions): EngineBuilder {
  const { registry, findHalt, stageObserver, onReleaseFailure } = options;
  return async (config, overrides = {}) => {
    const { regime, signalFilter, model } = config.config;
    const regimeVersion = choose("regime_classifier", regime.useMlModel, model.regimeClassifierVersion);
    const signalVersion = choose("signal_filter", signalFilter.useMlModel, model.signalFilterVersion);
    const leases: ModelLease[] = [];
    const release = (): void => {
      for (const lease of leases) lease.release().catch(onReleaseFailure);
    };
    try {
      const snapshot = {
        config,
        regimeModel: await load(regimeVersion, registry.loadRegimeModel, leases),
        signalModel: await load(signalVersion, registry.loadSignalModel, leases),
        findHalt,
        ...(stageObserver !== undefined && { stageObserver }),
      };
      if (config.config.governance.logFeatureImportance) {
        // Calls are answered between its steps; made in one go it would hold them up.
        for (const { model: trained } of leases) await prepareExplainerAside(trained, setImmediate);
      }
      return { engine: createDecisionEngine(snapshot), versions: [regimeVersion, signalVersion], release };
    } catch (error) {
      release();
      throw error;
    }

    function choose(modelName: ModelName, useMlModel: boolean, configured: string): RegisteredVersion {
      const override = overrides[modelName];
      if (override !== undefined) return registry.find(modelName, override);
      return useMlModel ? findConfigured(modelName, configured || "champion") : findRules(modelName, configured);
    }
  };

  async function load<T extends RegimeModel | SignalModel>(
    { modelName, version, format }: RegisteredVersion,
    loadRules: (version: string) => T,
    leases: ModelLease[],
  ): Promise<T | TrainedModel> {
    try {
      if (format === "rule_based") return loadRules(version);
      const lease = await registry.acquire(modelName, version);
      leases.push(lease);
      return lease.model;
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      // Asking again does not mend a file: the caller must see a condition, not an outage.
      const unmet = { type: error.reason, subject: `${modelName}/${version}`, description: error.message };
      throw new UnmetConditionError([unmet], "MODEL_NOT_AVAILABLE");
    }
  }

  /** A configured version may leave out what follows the number: v2.0.0 finds v2.0.0_lightgbm while only one has that number. */
  function findConfigured(modelName: ModelName, wanted: string): RegisteredVersion {
    const versions = registry.listVersions(modelName);
    const numbered = versions.filter(({ version }) => version.startsWith(`${wanted}_`));
    const exact = versions.find(({ version, aliases }) => version === wanted || aliases.includes(wanted));
    const found = exact ?? (numbered.length === 1 ? numbered[0] : undefined);
    if (found === undefined) throw new NotFoundError("model_version", `${modelName}/${wanted}`);
    return found;
  }

  function findRules(modelName: ModelName, configured: string): RegisteredVersion {
    const rules = registry.listVersions(modelName).filter(({ format }) => format === "rule_based");
    const found = rules.find(({ version }) => version === configured) ?? rules[0];
    if (found === undefined) throw new NotFoundError("model_version", `${modelName} (rule-based)`);
    return found;
  }
}
