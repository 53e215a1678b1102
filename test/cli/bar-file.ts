import type { Bar } from "../../src/upstream/bar.ts";

const dayMs = 86_400_000;

/** Closes that trend, range and jump in turn; the same every time. */
export function makeCloses(count: number): number[] {
  const closes: number[] = [];
  let close = 100;
  let seed = 1;
  for (let bar = 0; bar < count; bar += 1) {
    seed = (seed * 48_271) % 2_147_483_647;
    const noise = seed / 2_147_483_647 - 0.5;
    const trend = bar % 60 >= 40 ? 0.006 : 0;
    close *= 1 + trend + 0.02 * noise;
    closes.push(Number(close.toFixed(4)));
  }
  return closes;
}

/** Daily bars with these closes. */
export function makeDailyBars(closes: readonly number[]): Bar[] {
  return closes.map((close, day) => {
    const timeMs = Date.UTC(2020, 0, 1) + day * dayMs;
    const time = new Date(timeMs).toISOString().slice(0, 10);
    return { time, timeMs, open: close, high: close * 1.01, low: close * 0.99, close, volume: 0 };
  });
}

/** The lines of a bar file, header first. */
export function toCsvLines(bars: readonly Bar[]): string[] {
  return [
    "date,open,high,low,close",
    ...bars.map(({ time, open, high, low, close }) => [time, open, high.toFixed(4), low.toFixed(4), close].join(",")),
  ];
}
