import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import type { Command } from "commander";
import { hashConfig } from "../config/config-hash.ts";
import { mergeConfig } from "../config/config-merge.ts";
import { defaultConfig } from "../config/config-schema.ts";
import { createSystemClock } from "../domain/clock.ts";
import { readEnvironment, shippedModelsDirectory } from "../environment.ts";
import { toConfigPatch } from "../handlers/config-patch.ts";
import { readAuditRecords } from "../monitor/audit/audit-reader.ts";
import { openModelRegistry } from "../registry/model-registry.ts";
import type { Bar } from "../upstream/bar.ts";
import { readBarCsv } from "../upstream/bar-csv.ts";
import { UsageError } from "./bar-source.ts";
import { parseAssignments } from "./config-assignment.ts";
import { createInputLookup, findLoggedConfig } from "./dataset/audit-source.ts";
import { type AuditTable, auditExclusions, buildAuditTable } from "./dataset/audit-table.ts";
import { type Table, writeTable } from "./dataset/table-file.ts";
import { buildTrainingTable, type TrainingTable } from "./dataset/training-table.ts";
import { readTruth } from "./dataset/truth-file.ts";
import { readCount } from "./option-count.ts";
import { createProgressBar } from "./progress-bar.ts";

interface DatasetOptions {
  readonly bars?: readonly string[];
  readonly audit?: string;
  readonly models?: string;
  readonly maxRows: number;
  readonly truth?: string;
  readonly peers?: boolean;
  readonly set?: readonly string[];
  readonly out: string;
}

/** The rules that a trained model is measured against are always the same. */
const rulesVersion = "v1.0.0_rule_based";
/** 120 returns for the statistics, and something to be labelled. */
const barsMin = 200;
/** Of a table of decisions: about 1 GB in memory. */
const auditRowsMax = 2_000_000;

/** Adds `ml-layer dataset`. */
export function registerDataset(program: Command): void {
  program
    .command("dataset")
    .description("turn bars, or the audit log and its outcomes, into a training table")
    .option("--bars <files...>", "CSV with the columns date (or time), open, high, low, close and maybe symbol")
    .option("--audit <folder>", "the audit log of a service, instead of bars")
    .option(
      "--models <folder>",
      "registry that names what logged models read (default: MODELS_DIR or the shipped models)",
    )
    .option("--max-rows <count>", "most decisions of an audit log", (text) => readCount(text, auditRowsMax), 500_000)
    .option("--truth <file>", "truth.csv of ml-layer simulate, to train and measure against")
    .option("--peers", "add peer_… columns: means of the other symbols' features, which requests must then carry")
    .option("--set <key=value...>", "another configuration, e.g. training.momentum_horizon=5")
    .requiredOption("--out <file>", "where the table goes: Parquet when it ends in .parquet, else CSV")
    .addHelpText("after", datasetHelp)
    .action(writeDataset);
}

const datasetHelp = `
Symbols of one call share a time axis (correlation, dispersion); a file without a symbol column is a symbol of its name.

Columns: time, symbol, feature_version, config_hash, horizon; the model inputs under the names that models declare; rules_* is what
the rule-based models answer; label_success is 1 when the log return of the next H bars has the sign of momentum_score;
label_regime is the regime of the next H bars; excluded says why a label is missing (gap, stressed, neutral).

From an audit log: one row a decision, with its prediction_id. Inputs are the numbers that the models of the time read
(rules read few; a trained model its row), labels are the outcomes recorded since; excluded says why there is none
(insufficient_data, no_bar_time, repeated_bar, no_outcome, neutral, stressed). The configuration is the log's newest.

Configuration keys that count: training.momentum_horizon, training.exclude_stressed, training.exclude_gaps,
training.max_gap_bars, and the thresholds of regime.

Examples:
  ml-layer dataset --bars sp500.csv --out sp500-table.csv
  ml-layer dataset --bars eurusd.csv gbpusd.csv --set training.exclude_stressed=false --out fx-table.parquet
  ml-layer dataset --audit logs --out logged.parquet
  arbitrex-train signal --table fx-table.parquet --out trained/signal`;

async function writeDataset(options: DatasetOptions): Promise<void> {
  if ((options.bars === undefined) === (options.audit === undefined)) {
    throw new UsageError("give either --bars or --audit");
  }
  if (options.audit !== undefined && options.truth !== undefined) {
    throw new UsageError("--truth belongs to --bars: a log has its own outcomes");
  }
  if (options.audit !== undefined && options.peers === true) {
    throw new UsageError("--peers belongs to --bars: a log has what requests carried");
  }
  const told =
    options.audit === undefined ? await tableBars(options, options.bars ?? []) : await tableLog(options, options.audit);
  await writeTable(told.table, options.out);
  process.stdout.write(`${options.out}: ${told.table.rows.length} rows, configuration ${told.configHash}\n`);
  process.stdout.write(`${told.lines.join("\n")}\n`);
}

/** A table, and what is told of it. */
interface ToldTable {
  readonly table: Table;
  readonly configHash: string;
  readonly lines: readonly string[];
}

async function tableBars(options: DatasetOptions, paths: readonly string[]): Promise<ToldTable> {
  const config = hashConfig(mergeConfig(defaultConfig, toConfigPatch(parseAssignments(options.set ?? []))));
  const barsBySymbol = await readAllBars(paths);
  const truth = options.truth === undefined ? undefined : readTruth(await readText(options.truth), options.truth);
  const registry = openModelRegistry(shippedModelsDirectory);
  const total = [...barsBySymbol.values()].reduce((sum, bars) => sum + bars.length, 0);
  const progress = createProgressBar(process.stderr, "bars", total, createSystemClock().monotonicMs);
  const table = buildTrainingTable(barsBySymbol, {
    config,
    regimeModel: registry.loadRegimeModel(rulesVersion),
    signalModel: registry.loadSignalModel(rulesVersion),
    truth,
    withPeers: options.peers === true,
    onProgress: (done) => progress.advanceTo(done),
  });
  progress.finish();
  if (table.rows.length === 0) {
    throw new UsageError("no bar has both a full history and a future; check that the symbols share their times");
  }
  return { table, configHash: config.hash, lines: describeTable(table) };
}

async function tableLog(options: DatasetOptions, directory: string): Promise<ToldTable> {
  const readRecords = () => readAuditRecords(directory);
  const config = await findLoggedConfig(readRecords(), toConfigPatch(parseAssignments(options.set ?? [])));
  const shipped = openModelRegistry(shippedModelsDirectory);
  const registry = openModelRegistry(options.models ?? readEnvironment(process.env).modelsDirectory);
  const note = (model: string): void =>
    void process.stderr.write(
      `note: the registry has no ${model} as the log names it; of its inputs only those of rules are known\n`,
    );
  const table = await buildAuditTable(readRecords, {
    config,
    regimeModel: shipped.loadRegimeModel(rulesVersion),
    signalModel: shipped.loadSignalModel(rulesVersion),
    findInputs: createInputLookup(registry, note),
    rowsMax: options.maxRows,
  });
  if (table.rows.length === 0) throw new UsageError(`${directory} holds no decision`);
  return { table, configHash: config.hash, lines: describeLog(table) };
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

function describeTable(table: TrainingTable): readonly string[] {
  const { excluded } = table;
  return [
    ...describeLabels(table),
    `excluded from the signal: ${excluded.stressed} stressed, ${excluded.neutral} neutral; from both: ${excluded.gap} near a gap`,
  ];
}

function describeLog(table: AuditTable): readonly string[] {
  const reasons = auditExclusions.map((reason) => `${table.excluded[reason]} ${reason}`);
  return [...describeLabels(table), `excluded: ${reasons.join(", ")}`];
}

function describeLabels({ rows, columns }: Table): readonly string[] {
  const count = (name: string, value: string | number): number => {
    const at = columns.indexOf(name);
    return rows.filter((row) => row[at] === value).length;
  };
  const [successes, failures] = [count("label_success", 1), count("label_success", 0)];
  const regimes = ["TRENDING", "RANGING", "STRESSED"].map((label) => `${label} ${count("label_regime", label)}`);
  return [
    `signal: ${successes + failures} labelled, ${successes} successes`,
    `regime of the next bars: ${regimes.join(", ")}`,
  ];
}
