import { hashConfig } from "../config/config-hash.ts";
import { parseConfig } from "../config/config-json.ts";
import { defaultConfig } from "../config/config-schema.ts";
import type { Halt } from "../config/halt.ts";
import { indexHalts } from "../config/halt-index.ts";
import { SerialQueue } from "../config/serial-queue.ts";
import type { Clock } from "../domain/clock.ts";
import type { HashedConfig } from "../domain/config.ts";
import type { Decision, ModelIdentity } from "../domain/decision.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import type { StageObserver } from "../domain/decision-stage.ts";
import { UnavailableError } from "../domain/errors.ts";
import type { DecisionRequest } from "../domain/request.ts";
import type { ShadowComparison, ShadowOmission } from "../domain/shadow-comparison.ts";
import { EngineSlot } from "../engine/engine-slot.ts";
import { type ModelRegistry, openModelRegistry } from "../registry/model-registry.ts";
import type { InForce } from "./control-plane.ts";
import { type BuiltEngine, createEngineBuilder, type EngineBuilder } from "./engine-builder.ts";
import type { Challengers, DecidingState } from "./followers.ts";
import { createShadow, type Shadow } from "./shadow.ts";

export interface FollowerOptions {
  readonly modelsDirectory: string;
  readonly clock: Clock;
  readonly onComparison: (comparison: ShadowComparison) => void;
  readonly onOmission: (reason: ShadowOmission) => void;
  /** Told of what went wrong where nobody waits for it. */
  readonly onFault: (message: string, error: unknown) => void;
  readonly stageObserver: StageObserver;
}

/**
 * Decides as the control plane of another process says. It changes nothing by itself and writes nothing to the disk: engines are built
 * aside when asked for and swapped in when told to, halts are those it was given last.
 */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #registry: ModelRegistry;
  readonly #build: EngineBuilder;
  readonly #shadow: Shadow;
  readonly #building = new SerialQueue();
  #halts = indexHalts([]);
  #slot: EngineSlot | undefined;
  #built: BuiltEngine | undefined;
  #prepared: { readonly change: number; readonly built: BuiltEngine } | undefined;

  /** @throws UnavailableError when the registry's folder is damaged. */
  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#registry = openModelRegistry(options.modelsDirectory, {
      clock: options.clock,
      isServing: (modelName, version) =>
        this.#built?.versions.some((each) => each.modelName === modelName && each.version === version) ?? false,
    });
    this.#build = createEngineBuilder({
      registry: this.#registry,
      findHalt: (symbol, models) => this.#halts.find(symbol, models),
      onReleaseFailure: (error) => options.onFault("model could not be released", error),
      stageObserver: options.stageObserver,
    });
    this.#shadow = createShadow(options);
  }

  /**
   * Builds the engine for a state aside; what was built for an earlier change that was never committed is given back.
   *
   * @throws UnavailableError when it cannot be the engine that the state describes.
   */
  prepare(change: number, state: DecidingState): Promise<void> {
    return this.#building.run(async () => {
      await this.#registry.refresh();
      const { regime_classifier, signal_filter } = state.models;
      const overrides = { regime_classifier: regime_classifier.version, signal_filter: signal_filter.version };
      const built = await this.#build(readConfig(state), overrides);
      const { regimeModel, signalModel } = built.engine.snapshot;
      if (isSame(regimeModel.identity, regime_classifier) && isSame(signalModel.identity, signal_filter)) {
        this.#prepared?.built.release();
        this.#prepared = { change, built };
        return;
      }
      built.release();
      throw new UnavailableError("a model is another file than the one that is to decide", "MODEL_FILE_CHANGED");
    });
  }

  /**
   * Swaps in what was prepared for a change: one assignment, the next decision is taken on it.
   *
   * @throws Error when nothing was prepared for it.
   */
  commit(change: number): void {
    const prepared = this.#prepared;
    if (prepared?.change !== change) throw new Error(`change ${change} was not prepared`);
    this.#prepared = undefined;
    this.#built = prepared.built;
    const { engine, release } = prepared.built;
    if (this.#slot === undefined) this.#slot = new EngineSlot(engine, release);
    else this.#slot.swap(engine, release);
  }

  discard(change: number): void {
    if (this.#prepared?.change !== change) return;
    this.#prepared.built.release();
    this.#prepared = undefined;
  }

  /** In force from the next decision on. */
  putHalts(halts: readonly Halt[]): void {
    this.#halts = indexHalts(halts);
  }

  /** Goes over to the registry as it is now and lets these versions shadow what decides. Never rejects. */
  follow(challengers: Challengers): Promise<void> {
    return this.#building.run(async () => {
      try {
        await this.#registry.refresh();
        this.#shadow.setChallenger(await this.#buildChallenger(challengers));
      } catch (error) {
        this.#shadow.setChallenger(undefined);
        this.#options.onFault("challenger cannot shadow", error);
      }
    });
  }

  async #buildChallenger(challengers: Challengers): Promise<BuiltEngine | undefined> {
    if (Object.keys(challengers).length === 0) return undefined;
    const { config, models } = this.inForce;
    const [regimeModel, signalModel] = models;
    const deciding = { regime_classifier: regimeModel.version, signal_filter: signalModel.version };
    return this.#build(config, { ...deciding, ...challengers });
  }

  /** @throws Error before the first commit. */
  get inForce(): InForce {
    const { config, regimeModel, signalModel } = this.#engines().engine.snapshot;
    return { config, models: [regimeModel.identity, signalModel.identity] };
  }

  decide(request: DecisionRequest): Decision | Promise<Decision> {
    return this.#engines().decide(request);
  }

  /** See {@link Shadow.watch}. */
  watch(request: DecisionRequest): ((event: DecisionEvent) => void) | undefined {
    return this.#shadow.watch(request);
  }

  async close(): Promise<void> {
    await this.#building.drain();
    this.#shadow.setChallenger(undefined);
    this.#prepared?.built.release();
    this.#built?.release();
    await this.#registry.close();
  }

  #engines(): EngineSlot {
    if (this.#slot === undefined) throw new Error("nothing decides yet");
    return this.#slot;
  }
}

/** @throws UnavailableError when this release reads another configuration out of it. */
function readConfig({ config, configHash }: DecidingState): HashedConfig {
  const read = Object.freeze(hashConfig(parseConfig(JSON.parse(config), { defaults: defaultConfig })));
  if (read.hash === configHash) return read;
  throw new UnavailableError(`the configuration reads as ${read.hash}, not as ${configHash}`, "CONFIG_CHANGED");
}

function isSame(one: ModelIdentity, other: ModelIdentity): boolean {
  return one.name === other.name && one.version === other.version && one.sha256 === other.sha256;
}
