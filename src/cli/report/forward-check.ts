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
  /** Of the trials, as many as have no future in common: neighbours share most of theirs. */
  readonly apart: number;
  /** The same interval if only those trials counted. */
  readonly apartInterval: Interval | undefined;
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
  const counts = { allowed: emptyCount(), refused: emptyCount() };
  for (const row of rows) {
    const direction = Math.sign(row.momentumScore);
    const later = bars[row.barIndex + horizonBars];
    if (later === undefined || direction === 0) continue;
    const count = row.allowed ? counts.allowed : counts.refused;
    count.trials += 1;
    if (row.barIndex >= count.nextApart) {
      count.apart += 1;
      count.nextApart = row.barIndex + horizonBars;
    }
    if (Math.sign(later.close - row.bar.close) === direction) count.hits += 1;
  }
  return {
    horizonBars,
    allowed: toHitRate(counts.allowed),
    refused: toHitRate(counts.refused),
  };
}

interface Count {
  trials: number;
  hits: number;
  apart: number;
  nextApart: number;
}

function emptyCount(): Count {
  return { trials: 0, hits: 0, apart: 0, nextApart: 0 };
}

function toHitRate({ hits, trials, apart }: Count): HitRate {
  const rate = trials === 0 ? undefined : hits / trials;
  return {
    trials,
    hits,
    rate,
    interval: wilsonInterval(hits, trials),
    apart,
    apartInterval: wilsonInterval((rate ?? 0) * apart, apart),
  };
}
