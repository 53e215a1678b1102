import type { ModelIdentity } from "../../domain/decision.ts";
import type { CountedDecision } from "../counted-decision.ts";
import { LabelIndex } from "../label-index.ts";
import type { JudgedOutcome } from "../outcomes/judged-outcome.ts";
import { PageHinkley, type PageHinkleyReading } from "./page-hinkley.ts";
import { RowRing } from "./row-ring.ts";

/** What rules read at the newest bar, under the names that a model's metadata would have. */
export const ruleInputNames = [
  "efficiency_ratio",
  "vol_percentile",
  "momentum_score",
  "trend_consistency",
  "qse_output.metrics.trend_persistence_score",
] as const;

/** Signal filters whose outcomes are tested: those judged last. */
export const filtersTestedMax = 16;

/** Symbols that are told apart; the rest count as one. */
export const symbolsToldApartMax = 1_000;

export interface DriftBookOptions {
  /** Decisions of a window; asked at every reading. */
  readonly windowLength: () => number;
  /** Asked at every reading. False: nothing is kept. */
  readonly isEnabled: () => boolean;
}

/** The newest rows of numbers that a model has read. */
export interface ReadRows {
  readonly size: number;
  readonly symbolCount: number;
  /** Values of one input, oldest first. */
  column(column: number): Float64Array;
  /** Names of the columns, where rules read them; a trained model's are in its metadata. */
  readonly names: readonly string[] | undefined;
}

interface TrainedRows {
  readonly model: ModelIdentity;
  readonly ring: RowRing;
}

/**
 * Keeps the newest rows that models have read, for comparison with what they were trained on. A decision copies its row and no more;
 * everything is computed when somebody asks.
 */
export class DriftBook {
  readonly #options: DriftBookOptions;
  readonly #symbols = new LabelIndex(symbolsToldApartMax);
  readonly #tests = new Map<string, PageHinkley>();
  #hasFollowed = false;
  #capacity: number;
  #isEnabled: boolean;
  #rules: RowRing;
  #regime: TrainedRows | undefined;
  #signal: TrainedRows | undefined;

  constructor(options: DriftBookOptions) {
    this.#options = options;
    this.#isEnabled = options.isEnabled();
    this.#capacity = options.windowLength();
    this.#rules = new RowRing(ruleInputNames.length, this.#capacity);
  }

  /** Must stay cheap: every decision waits for it. */
  record({ decision, symbol }: CountedDecision): void {
    const { inputs, regime } = decision;
    // At the first decision, since the configuration is not there yet when the book is opened.
    if (!this.#hasFollowed) this.#follow();
    if (!this.#isEnabled || regime.label === "UNKNOWN") return;
    const place = this.#symbols.placeOf(symbol);
    const { regimeRows, signalRow } = inputs;
    const regimeRow = regimeRows?.[regimeRows.length - 1];
    if (regimeRow === undefined || signalRow === undefined) {
      const { momentumScore, trendConsistency, trendPersistenceScore } = inputs;
      const { efficiencyRatio, volatilityPercentile } = regime;
      this.#rules.push5(
        place,
        efficiencyRatio,
        volatilityPercentile,
        momentumScore,
        trendConsistency,
        trendPersistenceScore,
      );
    }
    if (regimeRow !== undefined) this.#regime = this.#push(this.#regime, decision.regimeModel, place, regimeRow);
    if (signalRow !== undefined) this.#signal = this.#push(this.#signal, decision.signalModel, place, signalRow);
  }

  /** Tests the squared error of a signal filter's probability for a rise. */
  judge({ prediction, outcome }: JudgedOutcome): void {
    const { signalModel, probability } = prediction;
    if (!this.#hasFollowed) this.#follow();
    if (!this.#isEnabled || signalModel === undefined) return;
    const key = keyOf(signalModel);
    const test = this.#tests.get(key) ?? new PageHinkley(this.#capacity);
    test.add((probability - Number(outcome.success)) ** 2);
    this.#tests.delete(key);
    this.#tests.set(key, test);
    if (this.#tests.size <= filtersTestedMax) return;
    for (const longestAgo of this.#tests.keys()) {
      this.#tests.delete(longestAgo);
      break;
    }
  }

  get isEnabled(): boolean {
    this.#follow();
    return this.#isEnabled;
  }

  /** What a model has read. @param isTrained whether it has rows of its own */
  rowsOf(model: ModelIdentity, isTrained: boolean): ReadRows | undefined {
    this.#follow();
    const trained = [this.#regime, this.#signal].find((each) => each !== undefined && isSame(each.model, model));
    const ring = isTrained ? trained?.ring : this.#rules;
    if (ring === undefined) return undefined;
    const names = isTrained ? undefined : ruleInputNames;
    return { size: ring.size, symbolCount: ring.symbolCount, column: (column) => ring.column(column), names };
  }

  /** Undefined for a model whose outcomes nobody has told. */
  outcomesOf(model: ModelIdentity): PageHinkleyReading | undefined {
    return this.#tests.get(keyOf(model))?.reading;
  }

  reset(): void {
    this.#rules = new RowRing(ruleInputNames.length, this.#capacity);
    this.#regime = undefined;
    this.#signal = undefined;
    this.#tests.clear();
  }

  #push(rows: TrainedRows | undefined, model: ModelIdentity, symbol: number, row: readonly number[]): TrainedRows {
    const own =
      rows !== undefined && isSame(rows.model, model) && rows.ring.width === row.length
        ? rows
        : { model, ring: new RowRing(row.length, this.#capacity) };
    own.ring.push(symbol, row);
    return own;
  }

  /** Takes over what the configuration says now, so that no decision has to ask. */
  #follow(): void {
    const { isEnabled, windowLength } = this.#options;
    this.#hasFollowed = true;
    this.#capacity = windowLength();
    if (this.#isEnabled !== isEnabled()) {
      this.#isEnabled = !this.#isEnabled;
      this.reset();
    }
    for (const ring of [this.#rules, this.#regime?.ring, this.#signal?.ring]) ring?.resize(this.#capacity);
  }
}

function keyOf({ name, version, sha256 }: ModelIdentity): string {
  return `${name} ${version} ${sha256}`;
}

function isSame(one: ModelIdentity, other: ModelIdentity): boolean {
  return one === other || (one.version === other.version && one.name === other.name && one.sha256 === other.sha256);
}
