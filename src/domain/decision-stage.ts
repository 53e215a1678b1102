import type { ModelIdentity } from "./decision.ts";

/** What a decision is made of, in order. */
export type DecisionStage = "read_inputs" | "regime" | "signal" | "gates";

/** Watches how long the stages of decisions take, of a sample of them. */
export interface StageObserver {
  monotonicMs(): number;
  /** @param model the one that took part, for `regime` and `signal` */
  observe(stage: DecisionStage, model: ModelIdentity | undefined, durationMs: number): void;
}
