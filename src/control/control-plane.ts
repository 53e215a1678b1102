import * as nodeFs from "node:fs";
import { join } from "node:path";
import type { ChangeNote } from "../config/change-note.ts";
import type { ConfigPatch } from "../config/config-merge.ts";
import type { ConfigVersion } from "../config/config-record.ts";
import { type ConfigChange, type ConfigStore, openConfigStore, type UpdateOptions } from "../config/config-store.ts";
import { assertServingConfig } from "../config/config-validation.ts";
import type { Halt } from "../config/halt.ts";
import { type HaltBoard, type HaltRequest, openHaltBoard } from "../config/halt-board.ts";
import { SerialQueue } from "../config/serial-queue.ts";
import { createDirectory } from "../disk/durable-write.ts";
import { describeLockHolder, tryLockFile } from "../disk/file-lock.ts";
import type { Clock } from "../domain/clock.ts";
import type { Config, HashedConfig } from "../domain/config.ts";
import type { Decision, ModelIdentity } from "../domain/decision.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import type { StageObserver } from "../domain/decision-stage.ts";
import { UnavailableError } from "../domain/errors.ts";
import type { DecisionRequest } from "../domain/request.ts";
import type { ShadowComparison, ShadowOmission } from "../domain/shadow-comparison.ts";
import { EngineSlot } from "../engine/engine-slot.ts";
import { assertAlertRules } from "../monitor/alerts/alert-metrics.ts";
import { type ModelRegistry, openModelRegistry } from "../registry/model-registry.ts";
import type { Registration } from "../registry/registration.ts";
import type { AliasRequest, VersionRequest } from "../registry/registry-changes.ts";
import type { RegistryChange, RegistryEvent } from "../registry/registry-event.ts";
import { type ModelName, modelNames } from "../registry/registry-index.ts";
import { type AdminAction, describeConfigChange, describeHaltChange, describeRegistryChange } from "./admin-action.ts";
import { type BuiltEngine, createEngineBuilder, type EngineBuilder, type VersionOverrides } from "./engine-builder.ts";
import {
  type Challengers,
  type DecidingState,
  describeState,
  type Followers,
  type PreparedChange,
} from "./followers.ts";
import { createShadow, type Shadow } from "./shadow.ts";

export interface ControlPlaneOptions {
  readonly modelsDirectory: string;
  readonly configDirectory: string;
  /** In force until somebody changes it. */
  readonly defaults: Config;
  readonly clock: Clock;
  /** Writes an administrative action to the audit log; resolves when it is there. */
  readonly recordAction: (action: AdminAction) => Promise<void> | undefined;
  /** Told of changes of models and their states. @default nobody */
  readonly onRegistryEvent?: (event: RegistryEvent) => void;
  /** Told of what a challenger would have decided. */
  readonly onComparison: (comparison: ShadowComparison) => void;
  /** Told of a decision that a challenger did not take, and why. */
  readonly onOmission: (reason: ShadowOmission) => void;
  /** Told of what went wrong where nobody waits for it. */
  readonly onFault: (message: string, error: unknown) => void;
  /** Told how long the stages of decisions take. @default nobody */
  readonly stageObserver?: StageObserver;
  /** Other processes that decide by what is in force here; then this one takes no decisions. @default none */
  readonly followers?: Followers;
}

/** What decides now. */
export interface InForce {
  readonly config: HashedConfig;
  /** Regime classifier, signal filter. */
  readonly models: readonly [ModelIdentity, ModelIdentity];
}

/**
 * Changes what decides: configuration, versions, aliases, halts. Each change builds the next engine aside, makes the change
 * durable, swaps the engine in, and leaves a record in the audit log; what fails before that leaves everything as it was. Changes
 * that may swap the engine are made one after the other.
 */
export class ControlPlane {
  readonly registry: ModelRegistry;
  readonly #options: ControlPlaneOptions;
  readonly #config: ConfigStore;
  readonly #halts: HaltBoard;
  readonly #build: EngineBuilder;
  readonly #slot: EngineSlot;
  readonly #changes = new SerialQueue();
  readonly #shadow: Shadow;
  readonly #unlock: () => void;
  #built: BuiltEngine;
  /** Resolves when no follower decides on the state before the last swap. */
  #followed: Promise<void> | undefined;

  private constructor(parts: {
    options: ControlPlaneOptions;
    registry: ModelRegistry;
    config: ConfigStore;
    halts: HaltBoard;
    build: EngineBuilder;
    built: BuiltEngine;
    unlock: () => void;
  }) {
    this.#options = parts.options;
    this.registry = parts.registry;
    this.#config = parts.config;
    this.#halts = parts.halts;
    this.#build = parts.build;
    this.#built = parts.built;
    this.#unlock = parts.unlock;
    this.#slot = new EngineSlot(parts.built.engine, parts.built.release);
    this.#shadow = createShadow(parts.options);
  }

  /** @throws UnavailableError or ConfigFileError when a folder is damaged; nothing is left open then. */
  static async open(options: ControlPlaneOptions): Promise<ControlPlane> {
    // Given back in reverse when a later part cannot be opened.
    const opened: (() => void | Promise<void>)[] = [];
    try {
      return await ControlPlane.#openParts(options, opened);
    } catch (error) {
      for (const close of opened.reverse()) await close();
      throw error;
    }
  }

  static async #openParts(options: ControlPlaneOptions, opened: (() => void | Promise<void>)[]): Promise<ControlPlane> {
    let plane: ControlPlane | undefined;
    const unlock = lockConfig(options.configDirectory);
    opened.push(unlock);
    const registry = openModelRegistry(options.modelsDirectory, {
      clock: options.clock,
      isServing: (modelName, version) => plane?.isServing(modelName, version) ?? false,
      ...(options.onRegistryEvent !== undefined && { onEvent: options.onRegistryEvent }),
    });
    opened.push(() => registry.close());
    const { configDirectory: directory, clock } = options;
    const { followers } = options;
    const halts = openHaltBoard({
      directory,
      clock,
      modelNames,
      ...(followers !== undefined && { spread: (all) => followers.putHalts(all) }),
    });
    opened.push(() => halts.close());
    const build = createEngineBuilder({
      registry,
      findHalt: (symbol, models) => halts.find(symbol, models),
      onReleaseFailure: (error) => options.onFault("model could not be released", error),
      ...(options.stageObserver !== undefined && { stageObserver: options.stageObserver }),
    });
    for (const { modelName, version, error } of await registry.preloadAliased()) {
      options.onFault(`${modelName}/${version} could not be loaded`, error);
    }
    const config = await openConfigStore({
      directory,
      clock,
      defaults: options.defaults,
      checkServing(next) {
        assertServingConfig(next);
        // Only the monitor knows what it measures, and the configuration must not know the monitor.
        assertAlertRules(next.alertRules);
      },
      prepare: (next) => plane?.prepareConfig(next) ?? { commit: () => undefined, discard: () => undefined },
    });
    opened.push(() => config.close());
    const built = await build(config.current());
    plane = new ControlPlane({ options, registry, config, halts, build, built, unlock });
    await plane.#followChallengers();
    return plane;
  }

  decide(request: DecisionRequest): Decision | Promise<Decision> {
    return this.#slot.decide(request);
  }

  /** See {@link Shadow.watch}. */
  watch(request: DecisionRequest): ((event: DecisionEvent) => void) | undefined {
    return this.#shadow.watch(request);
  }

  get inForce(): InForce {
    const { config, regimeModel, signalModel } = this.#slot.engine.snapshot;
    return { config, models: [regimeModel.identity, signalModel.identity] };
  }

  /** What followers need to decide as this plane says now. */
  get decidingState(): DecidingState {
    return describeState(this.#slot.engine.snapshot);
  }

  /** Versions that shadow. */
  get challengers(): Challengers {
    const challengers = this.registry.list().filter(({ aliases }) => aliases.includes("challenger"));
    return Object.fromEntries(challengers.map(({ modelName, version }) => [modelName, version]));
  }

  isServing(modelName: string, version: string): boolean {
    return this.#built.versions.some((each) => each.modelName === modelName && each.version === version);
  }

  /** Names of what a trained model reads, in its order; undefined when this is no version any more. */
  inputNames({ name, version, sha256 }: ModelIdentity): readonly unknown[] | undefined {
    const found = this.registry.list().find((each) => each.modelName === name && each.version === version);
    const names = found?.sha256 === sha256 ? found.metadata["inputs"] : undefined;
    return Array.isArray(names) ? names : undefined;
  }

  /** Builds the engine a configuration would have, for a look at what it would decide; release it afterwards. */
  buildAside(config: HashedConfig): Promise<BuiltEngine> {
    return this.#build(config);
  }

  findConfig(hash: string): HashedConfig {
    return hash === "" ? this.#config.current() : this.#config.find(hash);
  }

  configHistory(limit: number): ConfigVersion[] {
    return this.#config.history(limit);
  }

  /** @throws InvalidInputError, ConflictError, NotFoundError, UnavailableError; then nothing has changed. */
  updateConfig(patch: ConfigPatch, options: UpdateOptions): Promise<ConfigChange> {
    return this.#changes.run(async () =>
      this.#recordConfig("UPDATE_CONFIG", await this.#config.update(patch, options), options),
    );
  }

  /** @throws NotFoundError, InvalidInputError, UnavailableError; then nothing has changed. */
  rollbackConfig(hash: string, note: ChangeNote): Promise<ConfigChange> {
    return this.#changes.run(async () =>
      this.#recordConfig("ROLLBACK_CONFIG", await this.#config.rollback(hash, note), note),
    );
  }

  async #recordConfig(
    action: "UPDATE_CONFIG" | "ROLLBACK_CONFIG",
    change: ConfigChange,
    note: Partial<ChangeNote>,
  ): Promise<ConfigChange> {
    if (!change.isApplied) return change;
    await this.#followed;
    await this.#followChallengers();
    await this.#options.recordAction(describeConfigChange(action, change, note));
    return change;
  }

  /** Called by the configuration store between checking a change and writing it. */
  async prepareConfig(next: HashedConfig): Promise<{ commit(): void; discard(): void }> {
    const prepared = await this.#prepare(next);
    return { commit: () => this.#swap(prepared), discard: () => discard(prepared) };
  }

  /** Builds the next engine here and has all followers build theirs; what fails anywhere leaves nothing behind. */
  async #prepare(config: HashedConfig, overrides?: VersionOverrides): Promise<PreparedSwap> {
    const { followers } = this.#options;
    const built = await this.#build(config, overrides);
    if (followers === undefined) return { built, change: undefined };
    try {
      return { built, change: await followers.prepare(describeState(built.engine.snapshot)) };
    } catch (error) {
      built.release();
      throw error;
    }
  }

  async register(registration: Registration): Promise<RegistryChange> {
    return this.#recordRegistry(await this.registry.register(registration));
  }

  deleteVersion(request: VersionRequest): Promise<RegistryChange> {
    return this.#changes.run(async () => this.#recordRegistry(await this.registry.delete(request)));
  }

  /** Points an alias at a version; a new champion decides at once where the champion is what decides. */
  setAlias(request: AliasRequest): Promise<RegistryChange> {
    if (request.alias !== "champion") {
      return this.#changes.run(async () => this.#recordRegistry(await this.registry.setAlias(request)));
    }
    return this.#changes.run(() => this.#changeChampion(request, () => this.registry.setAlias(request)));
  }

  removeAlias(request: AliasRequest): Promise<RegistryChange> {
    return this.#changes.run(async () => this.#recordRegistry(await this.registry.removeAlias(request)));
  }

  /** Makes the previous champion champion again, and lets it decide where the champion is what decides. */
  rollbackModel(request: Pick<VersionRequest, "modelName" | "actor">): Promise<RegistryChange> {
    return this.#changes.run(async () => {
      const version = this.registry.previousChampion(request.modelName);
      return this.#changeChampion({ ...request, version }, () => this.registry.rollback(request));
    });
  }

  async #changeChampion(request: VersionRequest, change: () => Promise<RegistryChange>): Promise<RegistryChange> {
    const prepared = await this.#prepare(this.#config.current(), this.#overridesFor(request));
    try {
      const changed = await change();
      this.#swap(prepared);
      await this.#followed;
      return await this.#recordRegistry(changed);
    } catch (error) {
      if (this.#built !== prepared.built) discard(prepared);
      throw error;
    }
  }

  /** The engine as it will be when the champion is this version. */
  #overridesFor({ modelName, version }: VersionRequest): VersionOverrides {
    const { regime, signalFilter, model } = this.#config.current().config;
    const follows: Readonly<Record<ModelName, boolean>> = {
      regime_classifier: regime.useMlModel && model.regimeClassifierVersion === "",
      signal_filter: signalFilter.useMlModel && model.signalFilterVersion === "",
    };
    const name = modelNames.find((each) => each === modelName);
    return name !== undefined && follows[name] ? { [name]: version } : {};
  }

  get halts(): readonly Halt[] {
    return this.#halts.list();
  }

  /** In force from the next decision on, even when the disk refuses it; resolves when it would survive a crash. */
  async halt(request: HaltRequest): Promise<void> {
    try {
      await this.#halts.halt(request);
    } catch (error) {
      // What stopped trading belongs in the log whether or not a restart would remember it.
      if (error instanceof UnavailableError) await this.#options.recordAction(describeHaltChange("HALT", request));
      throw error;
    }
    await this.#options.recordAction(describeHaltChange("HALT", request));
  }

  async resume(request: HaltRequest): Promise<void> {
    await this.#halts.resume(request);
    await this.#options.recordAction(describeHaltChange("RESUME", request));
  }

  /** Waits for changes under way, then gives everything back. */
  async close(): Promise<void> {
    await this.#changes.drain();
    await this.#config.close();
    await this.#halts.close();
    this.#shadow.setChallenger(undefined);
    this.#built.release();
    await this.registry.close();
    this.#unlock();
  }

  #swap({ built, change }: PreparedSwap): void {
    this.#built = built;
    this.#slot.swap(built.engine, built.release);
    this.#followed = change?.commit();
  }

  /** Rebuilds the engine that shadows: the one in force with each challenger in its place. */
  async #followChallengers(): Promise<void> {
    const { followers } = this.#options;
    if (followers !== undefined) {
      followers.follow(this.challengers);
      return;
    }
    const overrides = this.challengers;
    if (Object.keys(overrides).length === 0) {
      this.#shadow.setChallenger(undefined);
      return;
    }
    try {
      this.#shadow.setChallenger(await this.#build(this.#config.current(), overrides));
    } catch (error) {
      // A challenger that cannot be loaded must not hold up a change of what decides.
      this.#shadow.setChallenger(undefined);
      this.#options.onFault("challenger cannot shadow", error);
    }
  }

  async #recordRegistry(change: RegistryChange): Promise<RegistryChange> {
    const isChoice = change.action !== "REGISTER" && change.action !== "DELETE";
    // Followers read the registry's index, whatever has changed in it.
    if (isChoice || this.#options.followers !== undefined) await this.#followChallengers();
    await this.#options.recordAction(describeRegistryChange(change));
    return change;
  }
}

/** An engine that is ready to be swapped in, here and in all followers. */
interface PreparedSwap {
  readonly built: BuiltEngine;
  readonly change: PreparedChange | undefined;
}

function discard({ built, change }: PreparedSwap): void {
  built.release();
  change?.discard();
}

/** @throws UnavailableError when another process serves with this configuration. */
function lockConfig(directory: string): () => void {
  createDirectory(nodeFs, directory);
  const path = join(directory, "config.lock");
  const release = tryLockFile(path);
  if (release !== undefined) return release;
  throw new UnavailableError(
    `the configuration in ${directory} is in use by ${describeLockHolder(path)}; stop it, or give this service its own CONFIG_DIR`,
    "CONFIG_LOCKED",
  );
}
