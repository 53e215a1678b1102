import type { ModelIdentity } from "../domain/decision.ts";
import type { DecisionStage, StageObserver } from "../domain/decision-stage.ts";

/** Takes the time of one decision's stages, which follow each other without a gap. */
export class StageLaps {
  readonly #observer: StageObserver;
  #begunMs: number;

  constructor(observer: StageObserver) {
    this.#observer = observer;
    this.#begunMs = observer.monotonicMs();
  }

  /** Ends a stage and begins the next. */
  end(stage: DecisionStage, model: ModelIdentity | undefined): void {
    const nowMs = this.#observer.monotonicMs();
    this.#observer.observe(stage, model, nowMs - this.#begunMs);
    this.#begunMs = nowMs;
  }
}

/**
 * One decision in so many is timed: five readings of the clock take 0.25 µs, and the rules 1.3. The number is prime so that it does
 * not fall in step with the size of a batch and time the same symbol every time.
 */
export const decisionsPerTimed = 17;

/** Starts to take the time of the first decision and of every 17th after it. */
export function createLapStarter(observer: StageObserver | undefined): () => StageLaps | undefined {
  if (observer === undefined) return () => undefined;
  let untimed = 0;
  return () => {
    if (untimed-- > 0) return undefined;
    untimed = decisionsPerTimed - 1;
    return new StageLaps(observer);
  };
}
