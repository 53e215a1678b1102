/** Lengths of the timeframes that have one, in milliseconds. */
const timeframeMs: ReadonlyMap<string, number> = new Map([
  ["1M", 60_000],
  ["5M", 300_000],
  ["15M", 900_000],
  ["1H", 3_600_000],
  ["4H", 14_400_000],
  ["1D", 86_400_000],
]);

/**
 * The time of the bar that a decision is about. Clients need not send it; then it is the start of the interval of the timeframe that
 * the decision was taken in, so that decisions on several symbols at one bar have one time: a trainer keeps labels apart by bars.
 *
 * @returns undefined for a timeframe without a known length
 */
export function findBarTime(barTime: string | undefined, timestamp: string, timeframe: string): string | undefined {
  if (barTime !== undefined) return new Date(barTime).toISOString();
  const lengthMs = timeframeMs.get(timeframe);
  if (lengthMs === undefined) return undefined;
  return new Date(Math.floor(Date.parse(timestamp) / lengthMs) * lengthMs).toISOString();
}
