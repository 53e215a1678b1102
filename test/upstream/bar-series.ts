import { readFileSync } from "node:fs";
import fc from "fast-check";
import type { Bar } from "../../src/upstream/bar.ts";
import { type BarFile, readBarCsv } from "../../src/upstream/bar-csv.ts";

const dayMs = 86_400_000;

/** Daily bars with these closes; each opens at its close and reaches `reach` above and below. */
export function toBars(closes: readonly number[], reach = 0): Bar[] {
  return closes.map((close, day) => {
    const timeMs = day * dayMs;
    const time = new Date(timeMs).toISOString().slice(0, 10);
    return { time, timeMs, open: close, high: close + reach, low: close - reach, close, volume: 0 };
  });
}

/** 100, and then one close a log return. */
export function toCloses(logReturns: readonly number[]): number[] {
  const closes = [100];
  let sum = 0;
  for (const logReturn of logReturns) {
    sum += logReturn;
    closes.push(100 * Math.exp(sum));
  }
  return closes;
}

/** The items over and over, `length` in all. */
export function cycle(items: readonly number[], length: number): number[] {
  return Array.from({ length }, (_, index) => items[index % items.length] ?? Number.NaN);
}

/** Twenty years of daily S&P 500 bars. */
export function readIndexFile(): BarFile {
  const path = new URL("../../node_modules/vega-datasets/data/sp500-2000.csv", import.meta.url);
  return readBarCsv(readFileSync(path, "utf8"), { fileName: "sp500-2000.csv" });
}

/** Bars of a jumpy random market, standstills among them. */
export function arbitraryBars(length: number): fc.Arbitrary<Bar[]> {
  const step = fc.oneof(fc.constant(0), fc.double({ min: -0.05, max: 0.05, noNaN: true }));
  const candle = fc.record({ step, reach: fc.double({ min: 0, max: 0.03, noNaN: true }) });
  return fc.array(candle, { minLength: length, maxLength: length }).map((candles) => {
    const closes = toCloses(candles.slice(1).map((each) => each.step));
    return toBars(closes).map((bar, index) => {
      const reach = 1 + (candles[index]?.reach ?? 0);
      return { ...bar, high: bar.close * reach, low: bar.close / reach };
    });
  });
}
