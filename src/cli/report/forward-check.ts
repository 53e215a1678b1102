import type { Bar } from "../../upstream/bar.ts";
import type { DecisionRow } from "./decision-row.ts";
import { type Interval, wilsonInterval } from "./wilson-interval.ts";

/** How often momentum held after bars of one kind. */
export interface HitRate {
  /** Bars with a direction and a future to look at. */
  readonly trials: number;
  /** Of those, bars after which the price moved in the momentum's direction. */
  readonly hits: number;
  /** Undefined without trials. */
  readonly rate: number | undefined;
  /** 95 % Wilson interval as if the bars were independent. */
  readonly interval: Interval | undefined;
  /** The same with one bar in `horizonBars` counted, since neighbours share most of their future. */
  readonly overlapInterval: Interval | undefined;
}

/** What happened after the decisions. Descriptive: it looks into the future, which no decision did. */
export interface ForwardCheck {
  readonly horizonBars: number;
  readonly allowed: HitRate;
  readonly refused: HitRate;
}

/** Bars ahead that momentum is given: the horizon that `training.momentum_horizon` has by default. */
export const forwardHorizonBars = 10;

/** Compares what followed allowed and refused bars. Bars without direction or too near the end of `bars` do not count. */
export function checkForward(
  rows: readonly DecisionRow[],
  bars: readonly Bar[],
  horizonBars: number = forwardHorizonBars,
): ForwardCheck {
  const counts = { allowed: { trials: 0, hits: 0 }, refused: { trials: 0, hits: 0 } };
  for (const row of rows) {
    const direction = Math.sign(row.momentumScore);
    const later = bars[row.barIndex + horizonBars];
    if (later === undefined || direction === 0) continue;
    const count = row.allowed ? counts.allowed : counts.refused;
    count.trials += 1;
    if (Math.sign(later.close - row.bar.close) === direction) count.hits += 1;
  }
  return {
    horizonBars,
    allowed: toHitRate(counts.allowed.hits, counts.allowed.trials, horizonBars),
    refused: toHitRate(counts.refused.hits, counts.refused.trials, horizonBars),
  };
}

function toHitRate(hits: number, trials: number, horizonBars: number): HitRate {
  return {
    trials,
    hits,
    rate: trials === 0 ? undefined : hits / trials,
    interval: wilsonInterval(hits, trials),
    overlapInterval: wilsonInterval(hits / horizonBars, trials / horizonBars),
  };
}
