import { gateNames } from "../domain/decision.ts";
import type { CountVector } from "./count-vector.ts";
import { type DecisionTally, tallyLevels } from "./decision-tally.ts";

/** Figures over a set of decisions, all 0 without any. Every one may be watched by an alert rule, under its name in snake_case. */
export interface DecisionFigures {
  readonly total: number;
  readonly allowed: number;
  readonly suppressed: number;
  /** Rates and shares, the `pct` ones too, are in [0, 1]. */
  readonly allowRate: number;
  readonly suppressionRate: number;
  readonly avgProcessingTimeMs: number;
  readonly p50ProcessingTimeMs: number;
  readonly p95ProcessingTimeMs: number;
  readonly p99ProcessingTimeMs: number;
  readonly maxProcessingTimeMs: number;
  readonly avgRegimeConfidence: number;
  readonly minRegimeConfidence: number;
  readonly avgSignalProbability: number;
  readonly trendingRegimePct: number;
  readonly rangingRegimePct: number;
  readonly stressedRegimePct: number;
  readonly unknownRegimePct: number;
  readonly unstableRegimeShare: number;
  /** Over the time covered; 0 while that is less than a second, when a rate means nothing. */
  readonly predictionsPerHour: number;
  /** Share of decisions for which at least one input was absent. */
  readonly missingInputShare: number;
}

/** How a set of decisions is made up: counts by label, those that occurred. */
export interface DecisionDistributions {
  readonly regimes: ReadonlyMap<string, number>;
  readonly symbols: ReadonlyMap<string, number>;
  readonly timeframes: ReadonlyMap<string, number>;
  readonly gateFailures: ReadonlyMap<string, number>;
  readonly confidenceLevels: ReadonlyMap<string, number>;
  readonly missingInputs: ReadonlyMap<string, number>;
  /** Failed calls by status code. */
  readonly errors: ReadonlyMap<string, number>;
}

/** Everything that is told about a set of decisions. */
export interface DecisionSummary extends DecisionFigures, DecisionDistributions {
  /** Time that the decisions come from; at most the window and a slice. */
  readonly coveredMs: number;
}

/** Reads the figures of a tally that covers so much time. */
export function toFigures(tally: DecisionTally, coveredMs: number): DecisionFigures {
  const { total, latency } = tally;
  const share = (part: number): number => (total === 0 ? 0 : part / total);
  const regimes = { UNKNOWN: 0, TRENDING: 0, RANGING: 0, STRESSED: 0 };
  let allowed = 0;
  for (const cell of tally.cells()) {
    regimes[cell.regime] += cell.count;
    if (cell.allowed) allowed += cell.count;
  }
  return {
    total,
    allowed,
    suppressed: total - allowed,
    allowRate: share(allowed),
    suppressionRate: share(total - allowed),
    avgProcessingTimeMs: latency.meanMs,
    p50ProcessingTimeMs: latency.quantileMs(0.5),
    p95ProcessingTimeMs: latency.quantileMs(0.95),
    p99ProcessingTimeMs: latency.quantileMs(0.99),
    maxProcessingTimeMs: latency.maxMs,
    avgRegimeConfidence: share(tally.confidenceSum),
    minRegimeConfidence: tally.confidenceMin,
    avgSignalProbability: share(tally.probabilitySum),
    trendingRegimePct: share(regimes.TRENDING),
    rangingRegimePct: share(regimes.RANGING),
    stressedRegimePct: share(regimes.STRESSED),
    unknownRegimePct: share(regimes.UNKNOWN),
    unstableRegimeShare: share(tally.unstable),
    predictionsPerHour: coveredMs < 1_000 ? 0 : (total * 3_600_000) / coveredMs,
    missingInputShare: share(tally.withMissingInputs),
  };
}

/** Reads figures and distributions. */
export function toSummary(tally: DecisionTally, coveredMs: number): DecisionSummary {
  const { labels } = tally;
  const regimes = new Map<string, number>();
  const timeframes = new Map<string, number>();
  for (const { regime, timeframe, count } of tally.cells()) {
    regimes.set(regime, (regimes.get(regime) ?? 0) + count);
    timeframes.set(timeframe, (timeframes.get(timeframe) ?? 0) + count);
  }
  return {
    ...toFigures(tally, coveredMs),
    coveredMs,
    regimes,
    timeframes,
    symbols: toCounts(tally.symbols, (place) => labels.symbols.labelAt(place)),
    gateFailures: toCounts(tally.gateFailures, (place) => gateNames[place] ?? "other"),
    confidenceLevels: toCounts(tally.confidenceLevels, (place) => tallyLevels[place] ?? "other"),
    missingInputs: toCounts(tally.missingInputs, (place) => labels.missingInputs.labelAt(place)),
    errors: toCounts(tally.errors, (place) => labels.errors.labelAt(place)),
  };
}

/** Counts by label, those above 0. */
export function toCounts(counts: CountVector, labelAt: (place: number) => string): Map<string, number> {
  const found = new Map<string, number>();
  for (let place = 0; place < counts.length; place++) {
    if (counts.at(place) > 0) found.set(labelAt(place), counts.at(place));
  }
  return found;
}
