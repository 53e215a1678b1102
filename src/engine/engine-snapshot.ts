import type { HashedConfig } from "../domain/config.ts";
import type { ModelIdentity } from "../domain/decision.ts";
import type { StageObserver } from "../domain/decision-stage.ts";
import type { RegimeModel, SignalModel } from "../domain/model.ts";
import type { TrainedModel } from "../domain/trained-model.ts";
import type { HaltReason } from "./gates.ts";

/** Answers why a symbol may not trade, or `undefined` while it may. */
export type HaltLookup = (symbol: string, models: readonly ModelIdentity[]) => HaltReason;

/** Everything a decision depends on besides the request. */
export interface EngineSnapshot {
  readonly config: HashedConfig;
  readonly regimeModel: RegimeModel | TrainedModel;
  readonly signalModel: SignalModel | TrainedModel;
  readonly findHalt: HaltLookup;
  /** Told how long the stages of a sample of decisions took. @default nobody, and no clock is read */
  readonly stageObserver?: StageObserver;
}

/** A snapshot whose models are rules: its decisions need no waiting. */
export interface RuleBasedSnapshot extends EngineSnapshot {
  readonly regimeModel: RegimeModel;
  readonly signalModel: SignalModel;
}
