import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import { hashConfig } from "../config/config-hash.ts";
import { mergeConfig } from "../config/config-merge.ts";
import { defaultConfig } from "../config/config-schema.ts";
import { createSystemClock } from "../domain/clock.ts";
import { shippedModelsDirectory } from "../environment.ts";
import { toConfigPatch } from "../handlers/config-patch.ts";
import { openModelRegistry } from "../registry/model-registry.ts";
import type { Bar } from "../upstream/bar.ts";
import { readBarCsv } from "../upstream/bar-csv.ts";
import { UsageError } from "./bar-source.ts";
import { parseAssignments } from "./config-assignment.ts";
import { buildTrainingTable, type TrainingTable, toCsvLines } from "./dataset/training-table.ts";
import { readTruth } from "./dataset/truth-file.ts";
import { createProgressBar } from "./progress-bar.ts";

interface DatasetOptions {
  readonly bars: readonly string[];
  readonly truth?: string;
  readonly set?: readonly string[];
  readonly out: string;
}

/** The rules that a trained model is measured against are always the same. */
const rulesVersion = "v1.0.0_rule_based";
/** 120 returns for the statistics, and something to be labelled. */
const barsMin = 200;

/** Adds `ml-layer dataset`. */
export function registerDataset(program: Command): void {
  program
    .command("dataset")
    .description("turn bars into a training table, with the features that the service would see")
    .requiredOption("--bars <files...>", "CSV with the columns date (or time), open, high, low, close and maybe symbol")
    .option("--truth <file>", "truth.csv of ml-layer simulate, to train and measure against")
    .option("--set <key=value...>", "another configuration, e.g. training.momentum_horizon=5")
    .requiredOption("--out <file>", "where the table goes, CSV")
    .addHelpText("after", datasetHelp)
    .action(writeDataset);
}

const datasetHelp = `
Symbols of one call share a time axis (correlation, dispersion); a file without a symbol column is a symbol of its name.

Columns: time, symbol, feature_version, horizon; the model inputs under the names that models declare; rules_* is what
the rule-based models answer; label_success is 1 when the log return of the next H bars has the sign of momentum_score;
label_regime is the regime of the next H bars; excluded says why a label is missing (gap, stressed, neutral).

Configuration keys that count: training.momentum_horizon, training.exclude_stressed, training.exclude_gaps,
training.max_gap_bars, and the thresholds of regime.

Examples:
  ml-layer dataset --bars sp500.csv --out sp500-table.csv
  ml-layer dataset --bars eurusd.csv gbpusd.csv --set training.exclude_stressed=false --out fx-table.csv
  arbitrex-train signal --table fx-table.csv --out trained/signal`;

async function writeDataset(options: DatasetOptions): Promise<void> {
  const config = hashConfig(mergeConfig(defaultConfig, toConfigPatch(parseAssignments(options.set ?? []))));
  const barsBySymbol = await readAllBars(options.bars);
  const truth = options.truth === undefined ? undefined : readTruth(await readText(options.truth), options.truth);
  const registry = openModelRegistry(shippedModelsDirectory);
  const total = [...barsBySymbol.values()].reduce((sum, bars) => sum + bars.length, 0);
  const progress = createProgressBar(process.stderr, "bars", total, createSystemClock().monotonicMs);
  const table = buildTrainingTable(barsBySymbol, {
    config,
    regimeModel: registry.loadRegimeModel(rulesVersion),
    signalModel: registry.loadSignalModel(rulesVersion),
    truth,
    onProgress: (done) => progress.advanceTo(done),
  });
  progress.finish();
  if (table.rows.length === 0) {
    throw new UsageError("no bar has both a full history and a future; check that the symbols share their times");
  }
  try {
    await pipeline(Readable.from(toCsvLines(table)), createWriteStream(options.out));
  } catch (cause) {
    throw new UsageError(`cannot write ${options.out}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  process.stdout.write(describeTable(table, options.out, config.hash));
}

async function readAllBars(paths: readonly string[]): Promise<ReadonlyMap<string, readonly Bar[]>> {
  const all = new Map<string, readonly Bar[]>();
  for (const path of paths) {
    const fileName = basename(path);
    const symbol = basename(path, extname(path));
    const { barsBySymbol, warnings } = readBarCsv(await readText(path), { fileName, symbol, barsMin });
    for (const { line, message } of warnings) process.stderr.write(`note: ${fileName} line ${line}: ${message}\n`);
    for (const [name, bars] of barsBySymbol) {
      if (all.has(name)) throw new UsageError(`${fileName}: ${name} is in a file before it already`);
      all.set(name, bars);
    }
  }
  return all;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new UsageError(`cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function describeTable({ rows, excluded, columns }: TrainingTable, out: string, configHash: string): string {
  const count = (name: string, value: string | number): number => {
    const at = columns.indexOf(name);
    return rows.filter((row) => row[at] === value).length;
  };
  const [successes, failures] = [count("label_success", 1), count("label_success", 0)];
  const regimes = ["TRENDING", "RANGING", "STRESSED"].map((label) => `${label} ${count("label_regime", label)}`);
  return [
    `${out}: ${rows.length} rows, configuration ${configHash}`,
    `signal: ${successes + failures} labelled, ${successes} successes`,
    `regime of the next bars: ${regimes.join(", ")}`,
    `excluded from the signal: ${excluded.stressed} stressed, ${excluded.neutral} neutral; from both: ${excluded.gap} near a gap`,
    "",
  ].join("\n");
}
