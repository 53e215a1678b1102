/**
 * Trains the two LightGBM models that the package ships, from data that everybody can get, and puts them into models/:
 *
 *     npm run test:training                        # once: makes training/.venv
 *     node scripts/ship-models.ts --folder trained [--only signal_filter] [--check]
 *
 * The signal filter learns from simulated markets (seeds 101 to 136), the regime classifier from 20 years of the S&P 500. Tables and
 * models that are in the folder already are taken as they are. Five minutes on two cores from nothing. With --check nothing is written:
 * the models are trained and held against those in models/, and exit code 1 says that one differs. The same packages on the same kind of
 * machine give the same bytes; another processor may sum in another order.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openModelRegistry } from "../src/registry/model-registry.ts";
import {
  formatRegistryIndex,
  type IndexEntry,
  type ModelName,
  modelNames,
  type RegistryIndex,
} from "../src/registry/registry-index.ts";
import { readRegistryIndex } from "../src/registry/registry-writer.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const modelsFolder = join(root, "models");
const trainer = join(root, "training/.venv/bin/arbitrex-train");
const marketSeeds = Array.from({ length: 36 }, (_, index) => 101 + index);

interface Recipe {
  readonly modelName: ModelName;
  readonly version: string;
  readonly metadataFile: string;
  readonly data: string;
  readonly tables: (folder: string) => readonly string[];
  readonly arguments: readonly string[];
}

const recipes: readonly Recipe[] = [
  {
    modelName: "signal_filter",
    version: "v2.0.0_lightgbm",
    metadataFile: "signal_filter/metadata/v2.0.0_metadata.json",
    data:
      "36 simulated markets (ml-layer simulate, seeds 101 to 136), 5 000 bars of 4 symbols each. It has learnt these markets, " +
      "whose drifts are stronger than real ones; on the S&P 500 no signal model of these features showed an edge.",
    tables: (folder) => marketSeeds.map((seed) => makeMarketTable(folder, seed)),
    arguments: ["signal", "--child-samples", "200", "--learning-rate", "0.1", "--bootstrap", "100"],
  },
  {
    modelName: "regime_classifier",
    version: "v1.1.0_lightgbm",
    metadataFile: "regime_classifier/metadata/v1.1.0_metadata.json",
    data:
      "S&P 500, 5 105 daily bars from 2000 to 2020 (npm package vega-datasets, data/sp500-2000.csv). The label is the regime that " +
      "prevailed over the next 10 bars, by the thresholds of the default configuration.",
    tables: (folder) => [makeIndexTable(folder)],
    arguments: ["regime"],
  },
];

const { values: options } = parseArgs({
  options: {
    folder: { type: "string" },
    only: { type: "string" },
    check: { type: "boolean", default: false },
    "created-at": { type: "string" },
  },
});
if (options.folder === undefined) throw new Error("--folder says where tables and reports are kept");
if (!existsSync(trainer)) throw new Error(`there is no ${trainer}; npm run test:training makes it`);
const folder = options.folder;
mkdirSync(folder, { recursive: true });
const chosen = recipes.filter(({ modelName }) => options.only === undefined || options.only === modelName);
for (const recipe of chosen) trainModel(recipe, folder);
if (options.check) chosen.forEach(compareModel);
else await shipModels(chosen);

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with code ${status}`);
}

function makeMarketTable(into: string, seed: number): string {
  const table = join(into, `table-${seed}.parquet`);
  if (existsSync(table)) return table;
  const market = join(into, `market-${seed}`);
  runLayer("simulate", "--seed", String(seed), "--out", market);
  return makeTable(table, ["--bars", join(market, "bars.csv"), "--truth", join(market, "truth.csv"), "--peers"]);
}

function makeIndexTable(into: string): string {
  const table = join(into, "sp500.parquet");
  return existsSync(table) ? table : makeTable(table, ["--bars", "node_modules/vega-datasets/data/sp500-2000.csv"]);
}

/** A table is there only when it is whole. */
function makeTable(table: string, args: readonly string[]): string {
  const unfinished = table.replace(".parquet", ".unfinished.parquet");
  runLayer("dataset", ...args, "--out", unfinished);
  renameSync(unfinished, table);
  return table;
}

function runLayer(...args: readonly string[]): void {
  run(process.execPath, ["src/main.ts", ...args]);
}

function trainModel(recipe: Recipe, into: string): void {
  if (existsSync(join(into, recipe.modelName, "metadata.json"))) return;
  const { version, data } = recipe;
  const about = ["--version", version, "--data", data, "--out", join(into, recipe.modelName)];
  run(trainer, [...recipe.arguments, ...about, "--table", ...recipe.tables(into)]);
}

function readTrained({ modelName }: Recipe): { bytes: Buffer; metadata: Readonly<Record<string, unknown>> } {
  const bytes = readFileSync(join(folder, modelName, "model.onnx"));
  return { bytes, metadata: JSON.parse(readFileSync(join(folder, modelName, "metadata.json"), "utf8")) };
}

function compareModel(recipe: Recipe): void {
  const shipped = readFileSync(join(modelsFolder, recipe.modelName, `${recipe.version}.onnx`));
  const isSame = shipped.equals(readTrained(recipe).bytes);
  process.stdout.write(`${recipe.modelName} ${recipe.version}: ${isSame ? "the same bytes" : "ANOTHER MODEL"}\n`);
  if (!isSame) process.exitCode = 1;
}

/** Registers in a copy, so that the models go through the same checks as anybody's, then takes the files over. */
async function shipModels(trained: readonly Recipe[]): Promise<void> {
  const copy = mkdtempSync(join(tmpdir(), "ship-models-"));
  try {
    cpSync(modelsFolder, copy, { recursive: true });
    const names = new Set(trained.map(({ version }) => version));
    writeFileSync(join(copy, "registry_index.json"), formatRegistryIndex(withoutVersions(names)));
    const registry = openModelRegistry(copy);
    for (const recipe of trained) {
      await registry.register({ modelName: recipe.modelName, ...readTrained(recipe), actor: "arbitrex" });
    }
    await registry.close();
    writeFileSync(join(modelsFolder, "registry_index.json"), formatRegistryIndex(takeOver(copy, trained)));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function withoutVersions(names: ReadonlySet<string>): RegistryIndex {
  return new Map(
    [...readRegistryIndex(modelsFolder)].map(([name, model]) => [
      name,
      { ...model, versions: model.versions.filter(({ version }) => !names.has(version)) },
    ]),
  );
}

function takeOver(copy: string, trained: readonly Recipe[]): RegistryIndex {
  const registered = readRegistryIndex(copy);
  return new Map(
    modelNames.map((name) => {
      const model = registered.get(name);
      if (model === undefined) throw new Error(`the registry has no ${name}`);
      const recipe = trained.find(({ modelName }) => modelName === name);
      const versions = model.versions.map((entry) =>
        recipe?.version === entry.version ? takeEntry(copy, entry, recipe) : entry,
      );
      return [name, { ...model, versions }];
    }),
  );
}

function takeEntry(copy: string, entry: IndexEntry, { metadataFile }: Recipe): IndexEntry {
  const metadata: Record<string, unknown> = JSON.parse(readFileSync(join(copy, entry.metadataFile), "utf8"));
  if (options["created-at"] !== undefined) metadata["created_at"] = options["created-at"];
  // A line a member: golden rows and covers would fill thousands of lines otherwise.
  const members = Object.entries(metadata).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const text = `{\n${members.join(",\n")}\n}\n`;
  cpSync(join(copy, entry.file), join(modelsFolder, entry.file));
  writeFileSync(join(modelsFolder, metadataFile), text);
  return { ...entry, metadataFile, metadataSha256: createHash("sha256").update(text).digest("hex") };
}
