/** The library: decisions without a server. `README.md` shows it in use, and a test runs what it shows. */
import { hashConfig, toCanonicalJson } from "./config/config-hash.ts";
import { type ConfigPatch, mergeConfig } from "./config/config-merge.ts";
import { defaultConfig } from "./config/config-schema.ts";
import { type Clock, createSystemClock } from "./domain/clock.ts";
import type { Config, HashedConfig } from "./domain/config.ts";
import type { DecisionEvent } from "./domain/decision-event.ts";
import type { FeatureWindow, QseOutput } from "./domain/request.ts";
import { createDecisionEngine, type RuleBasedEngine } from "./engine/decision-engine.ts";
import { shippedModelsDirectory } from "./environment.ts";
import { createIdSource } from "./id-source.ts";
import { Monitor } from "./monitor/monitor.ts";
import { openModelRegistry } from "./registry/model-registry.ts";

export type { ConfigPatch } from "./config/config-merge.ts";
export type { Config, HashedConfig } from "./domain/config.ts";
export type {
  Contribution,
  Decision,
  DecisionInputs,
  Explanation,
  GateName,
  GateOutcome,
  ModelIdentity,
  RegimeAssessment,
  SignalAssessment,
} from "./domain/decision.ts";
export type { DecisionEvent } from "./domain/decision-event.ts";
export {
  InvalidInputError,
  MlError,
  NotFoundError,
  UnavailableError,
} from "./domain/errors.ts";
export type { QseOutput } from "./domain/request.ts";
export { mlVersion } from "./package-root.ts";
export { type ModelRegistry, openModelRegistry } from "./registry/model-registry.ts";

/** Makes and checks configurations. */
export const MlConfig = {
  /** What a service starts with. */
  defaults: defaultConfig,
  /**
   * The defaults with the given keys changed.
   *
   * @throws InvalidInputError naming every key that is wrong.
   */
  create: (changes: ConfigPatch = {}): HashedConfig => hashConfig(mergeConfig(defaultConfig, changes)),
  /** What the hash is taken over. */
  toCanonicalJson,
} as const;

/** A feature window as plain arrays, oldest bar first, all of one length. */
export type FeatureArrays = Readonly<Record<string, readonly number[]>>;

export interface MlInferenceEngineOptions {
  /** @default the embedded defaults */
  readonly config?: HashedConfig;
  /** @default the shipped models */
  readonly modelsDirectory?: string;
  /** @default the machine's clock */
  readonly clock?: Clock;
}

/** Decides in this process. Pure but for the clock: the same call has the same decision. */
export class MlInferenceEngine {
  readonly #engine: RuleBasedEngine;
  readonly #clock: Clock;
  readonly #newId = createIdSource();

  constructor(options: MlInferenceEngineOptions = {}) {
    const registry = openModelRegistry(options.modelsDirectory ?? shippedModelsDirectory);
    this.#clock = options.clock ?? createSystemClock();
    this.#engine = createDecisionEngine({
      config: options.config ?? MlConfig.create(),
      regimeModel: registry.loadRegimeModel("champion"),
      signalModel: registry.loadSignalModel("champion"),
      findHalt: () => undefined,
    });
  }

  get config(): Config {
    return this.#engine.snapshot.config.config;
  }

  /**
   * Decides for one symbol at the newest bar of its window.
   *
   * @param features series by name, 1 to 10 000 bars each
   * @param qseOutput upstream checks; without them the gate QSE_VALID fails
   * @throws InvalidInputError naming the field that is wrong.
   */
  predict(symbol: string, timeframe: string, features: FeatureArrays, qseOutput?: QseOutput): DecisionEvent {
    const startedMs = this.#clock.monotonicMs();
    const decision = this.#engine.decide({ symbol, timeframe, features: toWindow(features), qseOutput });
    return {
      predictionId: this.#newId(),
      timestampMicros: this.#clock.nowMicros(),
      symbol,
      timeframe,
      barIndex: decision.inputs.bars - 1,
      barTimeMicros: undefined,
      requestId: "",
      processingTimeMs: this.#clock.monotonicMs() - startedMs,
      decision,
    };
  }
}

function toWindow(features: FeatureArrays): FeatureWindow {
  return Object.fromEntries(Object.entries(features).map(([name, values]) => [name, { values }]));
}

/** Keeps figures and history of decisions, in memory only: the audit log belongs to the service. */
export class MlMonitor {
  readonly #monitor: Monitor;

  constructor(clock: Clock = createSystemClock()) {
    this.#monitor = new Monitor({ clock });
  }

  /** Counts one decision. */
  logPrediction(event: DecisionEvent): void {
    // Without an audit log there is nothing to wait for.
    void this.#monitor.record(event);
  }

  /** Figures since the start. */
  get stats(): Monitor["stats"] {
    return this.#monitor.stats;
  }

  /** The newest decisions first. */
  recentDecisions(limit = 100): readonly DecisionEvent[] {
    return this.#monitor.history.list({ limit });
  }
}
