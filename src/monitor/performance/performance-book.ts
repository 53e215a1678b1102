import type { ModelIdentity } from "../../domain/decision.ts";
import type { JudgedOutcome } from "../outcomes/judged-outcome.ts";
import { computePerformance, type PerformanceFigures } from "./performance-figures.ts";
import { type JudgedClaim, PerformanceWindow } from "./performance-window.ts";

/** Model versions that have a window: those judged last. Both models, each with champion, predecessors and rollbacks. */
export const modelsJudgedMax = 16;

/** Both classes are as likely: the side of this that the probability is on is the model's answer. */
const evenOdds = 0.5;

export interface PerformanceBookOptions {
  /** Outcomes of a window; asked whenever it matters, since it is configuration. */
  readonly windowLength: () => number;
  /** False: outcomes are not judged. */
  readonly isEnabled: () => boolean;
}

/** How a model has done over its newest outcomes. */
export interface ModelPerformance {
  readonly model: ModelIdentity;
  readonly figures: PerformanceFigures;
  /** Outcomes since the start or the last reset, whether or not they are in the window still. */
  readonly total: number;
}

interface JudgedModel {
  readonly model: ModelIdentity;
  readonly window: PerformanceWindow;
  /** Of the window as it is; undefined when it has changed since. */
  figures: PerformanceFigures | undefined;
  total: number;
}

/** Judges models by the outcomes of their predictions: each version over its own newest ones. */
export class PerformanceBook {
  readonly #options: PerformanceBookOptions;
  /** Judged longest ago first. */
  readonly #judged = new Map<string, JudgedModel>();

  constructor(options: PerformanceBookOptions) {
    this.#options = options;
  }

  /** Judges the signal filter by the success, and the regime classifier where the outcome says which regime it was. */
  record({ prediction, outcome }: JudgedOutcome): void {
    if (!this.#options.isEnabled()) return;
    const { regime, allowed, probability, confidence, signalModel, regimeModel } = prediction;
    const { success, realisedRegime } = outcome;
    if (signalModel !== undefined) {
      const isHit = probability > evenOdds === success;
      this.#add(signalModel, { probability, isTrue: success, isHit, regime, allowed });
    }
    if (regimeModel !== undefined && realisedRegime !== undefined) {
      const isHit = regime === realisedRegime;
      this.#add(regimeModel, { probability: confidence, isTrue: isHit, isHit, regime, allowed });
    }
  }

  /** Judged last first. */
  list(): ModelPerformance[] {
    const windowLength = this.#options.windowLength();
    return [...this.#judged.values()].reverse().map((judged) => {
      const { model, window } = judged;
      if (window.size > windowLength) judged.figures = undefined;
      window.resize(windowLength);
      judged.figures ??= computePerformance([...window.claims()]);
      return { model, figures: judged.figures, total: judged.total };
    });
  }

  reset(): void {
    this.#judged.clear();
  }

  #add(model: ModelIdentity, claim: JudgedClaim): void {
    const key = `${model.name} ${model.version} ${model.sha256}`;
    const windowLength = this.#options.windowLength();
    const judged = this.#judged.get(key) ?? {
      model,
      window: new PerformanceWindow(windowLength),
      figures: undefined,
      total: 0,
    };
    judged.window.resize(windowLength);
    judged.window.add(claim);
    judged.figures = undefined;
    judged.total++;
    this.#judged.delete(key);
    this.#judged.set(key, judged);
    if (this.#judged.size <= modelsJudgedMax) return;
    for (const longestAgo of this.#judged.keys()) {
      this.#judged.delete(longestAgo);
      break;
    }
  }
}
