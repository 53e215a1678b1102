import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { defaultConfig } from "../config/config-schema.ts";
import { regimeLabels } from "../domain/regime.ts";
import { type SimulatedMarket, simulateMarket } from "../upstream/simulator/market-simulation.ts";
import { type BarTruth, describeTruth, successProbability } from "../upstream/simulator/market-truth.ts";
import { UsageError } from "./bar-source.ts";
import { readCount } from "./option-count.ts";

interface SimulateOptions {
  readonly seed: number;
  readonly bars: number;
  readonly symbols: number;
  readonly horizon: number;
  readonly out: string;
}

const barsMax = 200_000;
const symbolsMax = 20;
const horizonMax = 50;

/** Adds `ml-layer simulate`. */
export function registerSimulate(program: Command): void {
  program
    .command("simulate")
    .description("make bars of a market whose regime and chances are known at every bar")
    .option("--seed <number>", "the same seed gives the same market", readSeed, 1)
    .option("--bars <count>", "bars of each symbol", (text) => readCount(text, barsMax), 5000)
    .option("--symbols <count>", "symbols that share the regime", (text) => readCount(text, symbolsMax), 4)
    .option(
      "--horizon <bars>",
      "bars over which a signal is to pay off",
      (text) => readCount(text, horizonMax),
      defaultConfig.training.momentumHorizon,
    )
    .requiredOption("--out <folder>", "where the files go; it is made when it is missing")
    .addHelpText("after", simulateHelp)
    .action(simulate);
}

const simulateHelp = `
Writes bars.csv (what a market shows), truth.csv (what it hides: regime, chances, and what the exact Bayesian filter
makes of the returns, which no causal model can beat) and market.json (the parameters).

Examples:
  ml-layer simulate --seed 7 --out market-7
  ml-layer dataset --bars market-7/bars.csv --truth market-7/truth.csv --out table-7.csv`;

function readSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw new InvalidArgumentError("Expected a whole number from 0 to 2^53 - 1.");
}

async function simulate({ seed, bars, symbols, horizon, out }: SimulateOptions): Promise<void> {
  if (bars < 2) throw new UsageError("--bars 1: a market needs at least 2 bars");
  const market = simulateMarket({ seed, bars, symbols });
  const truth = describeTruth(market, horizon);
  const files = new Map([
    ["bars.csv", toBarCsv(market)],
    ["truth.csv", toTruthCsv(truth)],
    ["market.json", toMarketJson(market, horizon)],
  ]);
  try {
    await mkdir(out, { recursive: true });
    for (const [name, text] of files) await writeFile(join(out, name), text);
  } catch (cause) {
    throw new UsageError(`cannot write into ${out}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  const shares = regimeLabels.map((label) => {
    const count = truth.filter((each) => each.regime === label).length;
    return `${label} ${((100 * count) / truth.length).toFixed(1)} %`;
  });
  process.stdout.write(`${symbols} symbols of ${bars} bars, seed ${seed}: ${shares.join(", ")}\n`);
  process.stdout.write([...files.keys()].map((name) => `${join(out, name)}\n`).join(""));
}

/** Bar by bar rather than symbol by symbol, as a feed would bring them. */
function toBarCsv({ symbols, states }: SimulatedMarket): string {
  const lines = ["time,symbol,open,high,low,close,volume"];
  for (let bar = 0; bar < states.length; bar += 1) {
    for (const { name, bars } of symbols) {
      const at = bars[bar];
      if (at !== undefined) lines.push([at.time, name, at.open, at.high, at.low, at.close, at.volume].join(","));
    }
  }
  return `${lines.join("\n")}\n`;
}

const beliefColumns = ["trending", "ranging", "stressed", "rise", "success"];

function toTruthCsv(truth: readonly BarTruth[]): string {
  const header = [
    ...["time", "symbol", "state", "regime", "momentum_direction", "rise", "success"],
    ...beliefColumns.map((name) => `filter_${name}`),
    ...beliefColumns.map((name) => `own_filter_${name}`),
  ];
  const lines = truth.map((bar) => {
    const success = (rise: number): number | string => successProbability(rise, bar.momentumDirection) ?? "";
    return [
      ...[bar.time, bar.symbol, bar.state, bar.regime, bar.momentumDirection, bar.rise, success(bar.rise)],
      ...[bar.filter, bar.ownFilter].flatMap(({ regimes, rise }) => [...regimes, rise, success(rise)]),
    ].join(",");
  });
  return `${[header.join(","), ...lines].join("\n")}\n`;
}

function toMarketJson({ model, seed, symbols }: SimulatedMarket, horizon: number): string {
  const scales = symbols.map(({ name, scale }) => ({ name, scale }));
  return `${JSON.stringify({ seed, horizon, symbols: scales, ...model }, undefined, 2)}\n`;
}
