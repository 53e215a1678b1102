import type { ShadowComparison, ShadowOmission } from "../domain/shadow-comparison.ts";
import { decisionsKept } from "./decision-history.ts";

/** What a challenger has shown since it began. */
export interface ShadowFigures {
  readonly compared: number;
  readonly flips: number;
  readonly regimeDifferences: number;
  /** 0 without comparisons. */
  readonly meanAbsProbabilityDifference: number;
  readonly maxAbsProbabilityDifference: number;
  /** Decisions that were not compared because the challenger's time was up or its queue full. */
  readonly dropped: number;
  /** Decisions that the challenger could not take. */
  readonly failed: number;
}

/** Keeps the newest comparisons and figures over all of them. */
export class ShadowRecord {
  readonly #comparisons = new Map<string, ShadowComparison>();
  readonly #kept: number;
  #compared = 0;
  #flips = 0;
  #regimeDifferences = 0;
  #differenceSum = 0;
  #differenceMax = 0;
  #dropped = 0;
  #failed = 0;

  constructor(kept: number = decisionsKept) {
    this.#kept = kept;
  }

  add(comparison: ShadowComparison): void {
    const difference = Math.abs(comparison.probabilityDifference);
    this.#compared++;
    if (comparison.flips) this.#flips++;
    if (comparison.regimeDiffers) this.#regimeDifferences++;
    this.#differenceSum += difference;
    this.#differenceMax = Math.max(this.#differenceMax, difference);
    this.#comparisons.set(comparison.predictionId, comparison);
    if (this.#comparisons.size <= this.#kept) return;
    // A map iterates in the order of insertion: the first key is the oldest comparison.
    for (const oldest of this.#comparisons.keys()) {
      this.#comparisons.delete(oldest);
      break;
    }
  }

  omit(reason: ShadowOmission): void {
    if (reason === "dropped") this.#dropped++;
    else this.#failed++;
  }

  find(predictionId: string): ShadowComparison | undefined {
    return this.#comparisons.get(predictionId);
  }

  get figures(): ShadowFigures {
    return {
      compared: this.#compared,
      flips: this.#flips,
      regimeDifferences: this.#regimeDifferences,
      meanAbsProbabilityDifference: this.#compared === 0 ? 0 : this.#differenceSum / this.#compared,
      maxAbsProbabilityDifference: this.#differenceMax,
      dropped: this.#dropped,
      failed: this.#failed,
    };
  }
}
