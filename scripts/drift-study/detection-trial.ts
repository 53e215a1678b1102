import type { InputReference } from "../../src/domain/drift-reference.ts";
import { featureNames } from "../../src/domain/feature-schema.ts";
import { driftBeyondChance, measureInputDrift } from "../../src/monitor/drift/input-drift.ts";
import type { PageHinkley } from "../../src/monitor/drift/page-hinkley.ts";
import { RowRing } from "../../src/monitor/drift/row-ring.ts";
import type { FeatureColumns } from "../../src/upstream/feature-engine.ts";
import { computePanelFeatures } from "../../src/upstream/feature-panel.ts";
import { createExactFilter } from "../../src/upstream/simulator/exact-filter.ts";
import { referenceMarket } from "../../src/upstream/simulator/market-model.ts";
import { successProbability } from "../../src/upstream/simulator/market-truth.ts";
import { riseProbabilities } from "../../src/upstream/simulator/rise-probability.ts";
import { type ChangedMarket, quietBars, trainingBars } from "./changed-market.ts";

/** When a detector was in alarm, from the end of training on. */
export interface Detection {
  /** Looks before the change, and how many of them were an alarm. */
  readonly quietLooks: number;
  readonly quietAlarms: number;
  /** Alarms before the change that began: one that lasts counts once. */
  readonly quietBeginnings: number;
  /** Bars from the change to the first alarm; undefined for none. */
  readonly delayBars: number | undefined;
}

/** Inputs are known from here on: volatility is ranked among 252 bars. */
const warmUpBars = 300;
const bins = 10;
const horizonBars = 10;
const momentumBars = 12;

/** Inputs of a market, and what they looked like in training. */
export interface WatchedInputs {
  readonly features: readonly FeatureColumns[];
  readonly references: readonly InputReference[];
}

export function readInputs(market: ChangedMarket): WatchedInputs {
  const features = [...computePanelFeatures(market.bars).features.values()];
  const references = featureNames.map((name) =>
    describeReference(features.flatMap((columns) => columns[name].slice(warmUpBars, trainingBars))),
  );
  return { features, references };
}

/** Says whether the worst input of a look is an alarm. */
export type DriftRule = (worst: { readonly psi: number; readonly beyondChance: number }) => boolean;

/** Watches inputs decision by decision, symbols in turn, as the service would see them. */
export function detectByInputs(
  { features, references }: WatchedInputs,
  windowLength: number,
  isDrift: DriftRule,
): Detection {
  const ring = new RowRing(featureNames.length, windowLength);
  const bars = features[0]?.momentum_score.length ?? 0;
  // Ten looks a window: more would show the same rows again.
  const barsPerLook = Math.max(1, Math.floor(windowLength / 10 / features.length));
  const log = new AlarmLog();
  for (let bar = trainingBars; bar < bars; bar++) {
    for (const [symbol, columns] of features.entries())
      ring.push(
        symbol,
        featureNames.map((name) => columns[name][bar] ?? 0),
      );
    if (ring.size < windowLength || bar % barsPerLook !== 0) continue;
    const drifts = references.map((reference, column) =>
      measureInputDrift(featureNames[column] ?? "", ring.column(column), reference, {
        inputCount: references.length,
        symbolCount: features.length,
      }),
    );
    const psi = Math.max(...drifts.map((each) => each.psi));
    log.look(bar, isDrift({ psi, beyondChance: Math.max(...drifts.map(driftBeyondChance)) }));
  }
  return log.detection;
}

/** Tests the squared error of one who knows the market as it was: the exact filter with the parameters before the change. */
export function detectByOutcomes(market: ChangedMarket, test: PageHinkley): Detection {
  const rises = riseProbabilities(referenceMarket, horizonBars);
  const filters = market.returns.map(() => createExactFilter(referenceMarket));
  const log = new AlarmLog();
  const bars = market.returns[0]?.length ?? 0;
  const awaiting: { readonly bar: number; readonly errors: readonly number[] }[] = [];
  for (let bar = 0; bar < bars - horizonBars; bar++) {
    const errors = market.returns.flatMap((returns, symbol) => {
      const shares = filters[symbol]?.push([returns[bar] ?? 0]) ?? [];
      if (bar < trainingBars - horizonBars) return [];
      const rise = shares.reduce((sum, share, state) => sum + share * (rises[state] ?? 0), 0);
      const direction = Math.sign(sumOf(returns, bar - momentumBars + 1, bar));
      const probability = successProbability(rise, direction) ?? 0.5;
      return [(probability - Number(direction * sumOf(returns, bar + 1, bar + horizonBars) > 0)) ** 2];
    });
    // An outcome is known when its horizon is over.
    awaiting.push({ bar, errors });
    const known = awaiting.length > horizonBars ? awaiting.shift() : undefined;
    if (known === undefined || bar < trainingBars) continue;
    for (const error of known.errors) test.add(error);
    log.look(bar, test.reading.level > 1);
  }
  return log.detection;
}

class AlarmLog {
  readonly #changeBar = trainingBars + quietBars;
  #looks = 0;
  #alarms = 0;
  #beginnings = 0;
  #delayBars: number | undefined;
  #isAlarm = false;

  look(bar: number, isAlarm: boolean): void {
    if (bar < this.#changeBar) {
      this.#looks++;
      if (isAlarm) this.#alarms++;
      if (isAlarm && !this.#isAlarm) this.#beginnings++;
    } else if (isAlarm) this.#delayBars ??= bar - this.#changeBar + 1;
    this.#isAlarm = isAlarm;
  }

  get detection(): Detection {
    const [quietLooks, quietAlarms, quietBeginnings] = [this.#looks, this.#alarms, this.#beginnings];
    return { quietLooks, quietAlarms, quietBeginnings, delayBars: this.#delayBars };
  }
}

/** As arbitrex-train describes it: edges at the deciles, each one of the values. */
export function describeReference(values: readonly number[]): InputReference {
  const sorted = Float64Array.from(values).sort();
  const last = sorted.length - 1;
  const edges: number[] = [];
  for (let bin = 1; bin < bins; bin++) {
    const edge = sorted[Math.floor((last * bin) / bins)] ?? 0;
    if (edge !== edges.at(-1)) edges.push(edge);
  }
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of sorted) {
    const bin = edges.findIndex((edge) => value <= edge);
    const place = bin === -1 ? edges.length : bin;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  const shares = counts.map((count) => count / sorted.length);
  return { edges, shares, min: sorted[0] ?? 0, max: sorted[last] ?? 0 };
}

function sumOf(values: readonly number[], first: number, last: number): number {
  let sum = 0;
  for (let index = first; index <= last; index++) sum += values[index] ?? 0;
  return sum;
}
