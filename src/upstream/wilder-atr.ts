import type { Bar } from "./bar.ts";

/** Wilder's average true range, in price. */
export interface WilderAtr {
  /** Takes the next bar; NaN until `period` true ranges exist. */
  push(bar: Bar): number;
}

/**
 * The first average is the plain mean of the first `period` true ranges; after that each true range weighs 1/period. The
 * first bar has no true range, because there is no close before it (as in TA-Lib), so the first value comes with bar `period`.
 */
export function createWilderAtr(period: number): WilderAtr {
  let previousClose = Number.NaN;
  let ranges = 0;
  let average = 0;
  return {
    push(bar) {
      if (!Number.isNaN(previousClose)) {
        const range = Math.max(bar.high, previousClose) - Math.min(bar.low, previousClose);
        ranges += 1;
        average = ranges <= period ? average + range / period : (average * (period - 1) + range) / period;
      }
      previousClose = bar.close;
      return ranges < period ? Number.NaN : average;
    },
  };
}
