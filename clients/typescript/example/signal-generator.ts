/**
 * A signal generator that asks before it trades: `signal-generator.ts HOST:PORT BARS.csv [BARS]`.
 *
 * Reads daily bars with the columns date and close, makes features of them, and prints for each of the newest bars whether its
 * momentum signal may trade. Your own feature engine and statistics take the place of `toFeatures` and `check`.
 */

import { readFileSync } from "node:fs";
import { createMlClient, MlRpcError } from "../node.ts";

const symbol = "SPX";
const timeframe = "1D";
const lookback = 20;
const rankBars = 100;
const windowBars = 120;

interface Features {
  readonly momentum_score: number;
  readonly efficiency_ratio: number;
  readonly vol_percentile: number;
  readonly trend_consistency: number;
}

interface Bar {
  readonly date: string;
  readonly close: number;
}

function readBars(path: string): readonly Bar[] {
  const [header = "", ...lines] = readFileSync(path, "utf8").trim().split("\n");
  const columns = header.trim().split(",");
  return lines.map((line) => {
    const cells = line.trim().split(",");
    return { date: cells[columns.indexOf("date")] ?? "", close: Number(cells[columns.indexOf("close")]) };
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The features of one bar, from that bar and those before it. */
function toFeatures(closes: readonly number[], at: number): Features {
  const close = (index: number): number => closes[index] ?? Number.NaN;
  const bars = (count: number) => Array.from({ length: count }, (_, index) => at - count + 1 + index);
  const returns = bars(lookback + rankBars).map((index) => Math.log(close(index) / close(index - 1)));
  const volatilities = Array.from({ length: rankBars }, (_, index) => {
    const slice = returns.slice(index + 1, index + 1 + lookback);
    return Math.sqrt(sum(slice.map((value) => value * value)) / lookback);
  });
  const volatility = volatilities.at(-1) ?? Number.NaN;
  const recent = returns.slice(-lookback);
  const momentum = sum(recent);
  const path = sum(bars(lookback).map((index) => Math.abs(close(index) - close(index - 1))));
  return {
    momentum_score: momentum / (volatility * Math.sqrt(lookback)),
    efficiency_ratio: Math.abs(close(at) - close(at - lookback)) / path,
    vol_percentile: (100 * volatilities.filter((value) => value < volatility).length) / volatilities.length,
    trend_consistency: recent.filter((value) => value * momentum > 0).length / lookback,
  };
}

/** What a statistics engine would find. This one only looks whether the trend persists. */
function check(features: Features) {
  return {
    validation: {
      signalValidityFlag: true,
      autocorrCheckPassed: true,
      stationarityCheckPassed: true,
      distributionCheckPassed: Math.abs(features.momentum_score) < 3,
    },
    metrics: { trendPersistenceScore: 2 * features.trend_consistency - 1 },
  };
}

/** The bars as series. */
function toSeries(bars: readonly Features[]): Record<string, { values: number[] }> {
  const names = ["momentum_score", "efficiency_ratio", "vol_percentile", "trend_consistency"] as const;
  return Object.fromEntries(names.map((name) => [name, { values: bars.map((bar) => bar[name]) }]));
}

const [address = "127.0.0.1:8003", path = "bars.csv", count = "60"] = process.argv.slice(2);
const bars = readBars(path);
const closes = bars.map(({ close }) => close);
const first = bars.length - Number(count);

using client = createMlClient(address);
await client.waitForHealth({ timeoutMs: 30_000 });
await using session = client.openSession();
let trades = 0;
for (let at = first; at < bars.length; at++) {
  const date = bars[at]?.date;
  const features = toFeatures(closes, at);
  const signal = { symbol, timeframe, qseOutput: check(features) };
  try {
    const { prediction } =
      at === first
        ? await session.window({
            ...signal,
            features: toSeries(
              Array.from({ length: windowBars }, (_, index) => toFeatures(closes, at - windowBars + 1 + index)),
            ),
            historyBars: at + 1,
          })
        : await session.append({ ...signal, features: toSeries([features]) });
    if (prediction?.allowTrade === true) {
      // Here an order would go out.
      const side = features.momentum_score > 0 ? "long" : "short";
      console.log(`${date}  ${side}, probability ${prediction.signal?.momentumSuccessProb.toFixed(4)}`);
      trades++;
    } else console.log(`${date}  no trade: ${prediction?.decisionReasons[0]}`);
  } catch (error) {
    // No decision is a refusal.
    if (!(error instanceof MlRpcError)) throw error;
    console.log(`${date}  no trade: ${error.codeName}: ${error.message}`);
  }
}
console.log(`${trades} trades on ${bars.length - first} bars`);
