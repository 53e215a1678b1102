/**
 * For how many bars do inputs stay what they are? `node scripts/drift-study/input-persistence.ts` prints what
 * src/monitor/drift/input-persistence.ts holds, rounded up: integrated autocorrelation times of the rank of each input and of its
 * distance from the middle, over four simulated markets and the S&P 500.
 */
import { readFileSync } from "node:fs";
import { featureNames } from "../../src/domain/feature-schema.ts";
import type { Bar } from "../../src/upstream/bar.ts";
import { readBarCsv } from "../../src/upstream/bar-csv.ts";
import type { FeatureColumns } from "../../src/upstream/feature-engine.ts";
import { computePanelFeatures } from "../../src/upstream/feature-panel.ts";
import { simulateMarket } from "../../src/upstream/simulator/market-simulation.ts";

const seeds = [301, 302, 303, 304];
const warmUpBars = 300;
/** Geyer's initial positive sequence ends where two neighbours together say no more than this. */
const pairMin = 0.02;

function readFeatures(barsBySymbol: ReadonlyMap<string, readonly Bar[]>): FeatureColumns[] {
  return [...computePanelFeatures(barsBySymbol).features.values()];
}

function rank(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((one, other) => one.value - other.value);
  const ranks = new Array<number>(values.length).fill(0);
  for (const [place, { index }] of order.entries()) ranks[index] = place / values.length;
  return ranks;
}

function correlationTime(values: readonly number[]): number {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let index = 0; index + lag < count; index++) {
      sum += ((values[index] ?? 0) - mean) * ((values[index + lag] ?? 0) - mean);
    }
    return sum;
  };
  const variance = covariance(0);
  let time = 1;
  for (let lag = 1; lag < count / 4; lag += 2) {
    const pair = (covariance(lag) + covariance(lag + 1)) / variance;
    if (pair < pairMin) break;
    time += 2 * pair;
  }
  return time;
}

function describe(features: readonly FeatureColumns[], name: (typeof featureNames)[number]): string {
  const ranks = features.map((columns) => rank(columns[name].slice(warmUpBars)));
  const mean = (times: readonly number[]): number => times.reduce((sum, time) => sum + time, 0) / times.length;
  const level = mean(ranks.map(correlationTime));
  const spread = mean(ranks.map((values) => correlationTime(values.map((each) => Math.abs(each - 0.5)))));
  return `${level.toFixed(1).padStart(8)} ${spread.toFixed(1).padStart(8)}`;
}

const simulated = seeds.flatMap((seed) => {
  const { symbols } = simulateMarket({ seed, bars: 5_000 });
  return readFeatures(new Map(symbols.map(({ name, bars }) => [name, bars])));
});
const index = new URL("../../node_modules/vega-datasets/data/sp500-2000.csv", import.meta.url);
const { bars } = readBarCsv(readFileSync(index, "utf8"));
const real = readFeatures(new Map([["SP500", bars]]));
process.stdout.write(`${"".padEnd(24)} simulator: rank, distance    S&P 500: rank, distance\n`);
for (const name of featureNames) {
  process.stdout.write(`${name.padEnd(24)} ${describe(simulated, name)}         ${describe(real, name)}\n`);
}
