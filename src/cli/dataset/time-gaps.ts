import type { Bar } from "../../upstream/bar.ts";

/** Longest stretch of returns that a feature looks at: `correlation` and `return_autocorrelation`. */
const lookBackBars = 60;

/**
 * Marks the bars whose features or whose future span a hole in time: an interval of more than `gapBarsMax` usual ones within
 * the last 60 bars or the next `horizonBars`.
 */
export function markGaps(bars: readonly Bar[], gapBarsMax: number, horizonBars: number): boolean[] {
  const intervals = bars.slice(1).map((bar, index) => bar.timeMs - (bars[index]?.timeMs ?? Number.NaN));
  const usual = intervals.toSorted((a, b) => a - b)[Math.floor(intervals.length / 2)] ?? Number.NaN;
  const marked = bars.map(() => false);
  for (const [index, interval] of intervals.entries()) {
    if (!(interval > gapBarsMax * usual)) continue;
    // The hole lies between the bars index and index + 1.
    marked.fill(true, Math.max(0, index + 1 - horizonBars), Math.min(bars.length, index + 1 + lookBackBars));
  }
  return marked;
}
