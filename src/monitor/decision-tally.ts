import { type ConfidenceLevel, gateNames } from "../domain/decision.ts";
import type { RegimeLabel } from "../domain/regime.ts";
import { bucketOf } from "./bucket-histogram.ts";
import { CountVector } from "./count-vector.ts";
import type { CountedDecision } from "./counted-decision.ts";
import { LabelIndex } from "./label-index.ts";
import { LatencyHistogram } from "./latency-histogram.ts";

/** Symbols counted one by one. */
export const symbolsMax = 1_000;
/** Timeframes counted one by one. */
export const timeframesMax = 100;
/** Inputs and status codes are closed sets; the caps only keep a mistake from growing. */
const missingInputsMax = 64;
const errorCodesMax = 32;

export const tallyRegimes = ["UNKNOWN", "TRENDING", "RANGING", "STRESSED"] as const satisfies readonly RegimeLabel[];
export const tallyLevels = ["LOW", "MEDIUM", "HIGH"] as const satisfies readonly ConfidenceLevel[];

/** Upper bounds for what lies in [0, 1], finer where the default thresholds are. */
export const shareBounds = [0.1, 0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9, 1] as const;

/** The labels that tallies of one service count by; tallies add up only when they share them. */
export class TallyLabels {
  readonly symbols = new LabelIndex(symbolsMax);
  readonly timeframes = new LabelIndex(timeframesMax);
  readonly missingInputs = new LabelIndex(missingInputsMax);
  readonly errors = new LabelIndex(errorCodesMax);
}

/** Each timeframe has a cell for every regime, refused and allowed. */
const cellsPerTimeframe = 2 * tallyRegimes.length;

/**
 * Sums over decisions, made to add up and to be cheap to record into: array increments and two look-ups. What can be
 * derived (totals, shares, distributions) is derived when somebody asks.
 */
export class DecisionTally {
  readonly labels: TallyLabels;
  readonly latency = new LatencyHistogram();
  readonly symbols = new CountVector();
  readonly gateFailures = new CountVector(gateNames.length);
  readonly confidenceLevels = new CountVector(tallyLevels.length);
  readonly missingInputs = new CountVector();
  /** By place in {@link shareBounds}. */
  readonly confidences = new CountVector(shareBounds.length);
  /** By place in {@link shareBounds}. */
  readonly probabilities = new CountVector(shareBounds.length);
  readonly errors = new CountVector();
  readonly #cells = new CountVector(2 * cellsPerTimeframe);
  #unstable = 0;
  #withMissingInputs = 0;
  #confidenceSum = 0;
  #confidenceMin = Number.POSITIVE_INFINITY;
  #probabilitySum = 0;

  constructor(labels: TallyLabels) {
    this.labels = labels;
  }

  record(event: CountedDecision): void {
    const { labels } = this;
    const { regime, signal, gates, allowTrade, inputs } = event.decision;
    this.latency.record(event.processingTimeMs);
    this.symbols.increment(labels.symbols.placeOf(event.symbol));
    this.#cells.increment(cellOf(labels.timeframes.placeOf(event.timeframe), regimePlaceOf(regime.label), allowTrade));
    this.confidenceLevels.increment(levelPlaceOf(signal.level));
    // Gates are reported in the order of gateNames: the index is the place.
    for (let gate = 0; gate < gates.length; gate++)
      if (gates[gate]?.passed === false) this.gateFailures.increment(gate);
    if (inputs.missing.length > 0) {
      this.#withMissingInputs++;
      for (const name of inputs.missing) this.missingInputs.increment(labels.missingInputs.placeOf(name));
    }
    if (!regime.stable) this.#unstable++;
    this.confidences.increment(bucketOf(shareBounds, regime.confidence));
    this.probabilities.increment(bucketOf(shareBounds, signal.probability));
    this.#confidenceSum += regime.confidence;
    if (regime.confidence < this.#confidenceMin) this.#confidenceMin = regime.confidence;
    this.#probabilitySum += signal.probability;
  }

  recordError(code: string): void {
    this.errors.increment(this.labels.errors.placeOf(code));
  }

  add(other: DecisionTally): void {
    this.latency.add(other.latency);
    this.symbols.add(other.symbols);
    this.gateFailures.add(other.gateFailures);
    this.confidenceLevels.add(other.confidenceLevels);
    this.missingInputs.add(other.missingInputs);
    this.errors.add(other.errors);
    this.confidences.add(other.confidences);
    this.probabilities.add(other.probabilities);
    this.#cells.add(other.#cells);
    this.#unstable += other.#unstable;
    this.#withMissingInputs += other.#withMissingInputs;
    this.#confidenceSum += other.#confidenceSum;
    this.#confidenceMin = Math.min(this.#confidenceMin, other.#confidenceMin);
    this.#probabilitySum += other.#probabilitySum;
  }

  clear(): void {
    this.latency.clear();
    this.symbols.clear();
    this.gateFailures.clear();
    this.confidenceLevels.clear();
    this.missingInputs.clear();
    this.confidences.clear();
    this.probabilities.clear();
    this.errors.clear();
    this.#cells.clear();
    this.#unstable = 0;
    this.#withMissingInputs = 0;
    this.#confidenceSum = 0;
    this.#confidenceMin = Number.POSITIVE_INFINITY;
    this.#probabilitySum = 0;
  }

  get total(): number {
    return this.latency.count;
  }

  get unstable(): number {
    return this.#unstable;
  }

  /** Decisions for which at least one input was absent. */
  get withMissingInputs(): number {
    return this.#withMissingInputs;
  }

  get confidenceSum(): number {
    return this.#confidenceSum;
  }

  /** 0 without decisions. */
  get confidenceMin(): number {
    return this.total === 0 ? 0 : this.#confidenceMin;
  }

  get probabilitySum(): number {
    return this.#probabilitySum;
  }

  /** Decisions by timeframe, regime and outcome, those that occurred. */
  *cells(): Iterable<{ readonly timeframe: string; readonly regime: RegimeLabel; allowed: boolean; count: number }> {
    for (let cell = 0; cell < this.#cells.length; cell++) {
      const count = this.#cells.at(cell);
      const regime = tallyRegimes[(cell >> 1) % tallyRegimes.length];
      if (count === 0 || regime === undefined) continue;
      const timeframe = this.labels.timeframes.labelAt(Math.floor(cell / cellsPerTimeframe));
      yield { timeframe, regime, allowed: (cell & 1) === 1, count };
    }
  }
}

function cellOf(timeframe: number, regime: number, allowed: boolean): number {
  return timeframe * cellsPerTimeframe + 2 * regime + (allowed ? 1 : 0);
}

/** Place in {@link tallyRegimes}. */
export function regimePlaceOf(label: RegimeLabel): number {
  switch (label) {
    case "UNKNOWN":
      return 0;
    case "TRENDING":
      return 1;
    case "RANGING":
      return 2;
    case "STRESSED":
      return 3;
    default:
      return label satisfies never;
  }
}

/** Place in {@link tallyLevels}. */
export function levelPlaceOf(level: ConfidenceLevel): number {
  switch (level) {
    case "LOW":
      return 0;
    case "MEDIUM":
      return 1;
    case "HIGH":
      return 2;
    default:
      return level satisfies never;
  }
}
