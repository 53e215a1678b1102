import type { DecisionEvent } from "../domain/decision-event.ts";
import { LabelCounts } from "./label-counts.ts";
import { LatencyHistogram } from "./latency-histogram.ts";

/** Symbols counted one by one. */
export const symbolsMax = 1_000;
/** Timeframes counted one by one. */
export const timeframesMax = 100;

/** Running figures of the decisions taken since it was made. */
export class DecisionStats {
  readonly latency = new LatencyHistogram();
  readonly regimes = new LabelCounts(8);
  readonly symbols = new LabelCounts(symbolsMax);
  readonly timeframes = new LabelCounts(timeframesMax);
  readonly gateFailures = new LabelCounts(8);
  readonly confidenceLevels = new LabelCounts(8);
  readonly missingInputs = new LabelCounts(64);
  #allowed = 0;
  #unstable = 0;
  #confidenceSum = 0;
  #confidenceMin = Number.POSITIVE_INFINITY;
  #probabilitySum = 0;

  record(event: DecisionEvent): void {
    const { regime, signal, gates, allowTrade, inputs } = event.decision;
    this.latency.record(event.processingTimeMs);
    this.regimes.add(regime.label);
    this.symbols.add(event.symbol);
    this.timeframes.add(event.timeframe);
    this.confidenceLevels.add(signal.level);
    for (const gate of gates) if (!gate.passed) this.gateFailures.add(gate.name);
    for (const name of inputs.missing) this.missingInputs.add(name);
    if (allowTrade) this.#allowed++;
    if (!regime.stable) this.#unstable++;
    this.#confidenceSum += regime.confidence;
    this.#confidenceMin = Math.min(this.#confidenceMin, regime.confidence);
    this.#probabilitySum += signal.probability;
  }

  get total(): number {
    return this.latency.count;
  }

  get allowed(): number {
    return this.#allowed;
  }

  get suppressed(): number {
    return this.total - this.#allowed;
  }

  /** Shares and means are 0 without decisions. */
  get allowRate(): number {
    return this.#share(this.#allowed);
  }

  get suppressionRate(): number {
    return this.#share(this.suppressed);
  }

  get unstableShare(): number {
    return this.#share(this.#unstable);
  }

  get meanConfidence(): number {
    return this.#share(this.#confidenceSum);
  }

  get minConfidence(): number {
    return this.total === 0 ? 0 : this.#confidenceMin;
  }

  get meanProbability(): number {
    return this.#share(this.#probabilitySum);
  }

  #share(part: number): number {
    return this.total === 0 ? 0 : part / this.total;
  }
}
