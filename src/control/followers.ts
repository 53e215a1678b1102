import { toCanonicalJson } from "../config/config-hash.ts";
import type { Halt } from "../config/halt.ts";
import type { ModelIdentity } from "../domain/decision.ts";
import type { EngineSnapshot } from "../engine/engine-snapshot.ts";
import type { ModelName } from "../registry/registry-index.ts";

/** Everything that another process needs to decide as this one would, but for the model files that both read. */
export interface DecidingState {
  /** Canonical JSON of the whole configuration. */
  readonly config: string;
  readonly configHash: string;
  /** The models that take part, to the digest. */
  readonly models: Readonly<Record<ModelName, ModelIdentity>>;
}

/** Versions that shadow what decides. */
export type Challengers = Partial<Readonly<Record<ModelName, string>>>;

/** A change that every follower is ready for. */
export interface PreparedChange {
  /**
   * Puts it in force everywhere. Resolves when nobody decides on the old state any more; a follower that does not take it over is
   * ended, so this never rejects.
   */
  commit(): Promise<void>;
  /** Nothing is to be changed after all. */
  discard(): void;
}

/** Other processes that decide, and that change what they decide by when this one does. */
export interface Followers {
  /**
   * Has every follower build the engine for a state aside.
   *
   * @throws UnavailableError naming the follower that cannot; then nobody keeps what was built.
   */
  prepare(state: DecidingState): Promise<PreparedChange>;
  /** Puts these halts, and no others, in force everywhere at once. Resolves when they are; never rejects. */
  putHalts(halts: readonly Halt[]): Promise<void>;
  /** Tells that the registry's index has changed, and which versions shadow now. */
  follow(challengers: Challengers): void;
}

/** The state that an engine decides by. */
export function describeState({ config, regimeModel, signalModel }: EngineSnapshot): DecidingState {
  return {
    config: toCanonicalJson(config.config),
    configHash: config.hash,
    models: { regime_classifier: regimeModel.identity, signal_filter: signalModel.identity },
  };
}
