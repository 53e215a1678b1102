import { describe, expect, it } from "vitest";
import { toCsvLines } from "../../../src/cli/dataset/table-file.ts";
import { buildTrainingTable, type TableOptions, type TrainingTable } from "../../../src/cli/dataset/training-table.ts";
import { hashConfig } from "../../../src/config/config-hash.ts";
import { mergeConfig } from "../../../src/config/config-merge.ts";
import { defaultConfig } from "../../../src/config/config-schema.ts";
import { featureNames } from "../../../src/domain/feature-schema.ts";
import { shippedModelsDirectory } from "../../../src/environment.ts";
import { openModelRegistry } from "../../../src/registry/model-registry.ts";
import type { Bar } from "../../../src/upstream/bar.ts";
import { computePanelFeatures } from "../../../src/upstream/feature-panel.ts";
import { peerFeatureNames } from "../../../src/upstream/peer-features.ts";
import { simulateMarket } from "../../../src/upstream/simulator/market-simulation.ts";

const registry = openModelRegistry(shippedModelsDirectory);
const options = (training: Partial<typeof defaultConfig.training> = {}): TableOptions => ({
  config: hashConfig(mergeConfig(defaultConfig, { training })),
  regimeModel: registry.loadRegimeModel("v1.0.0_rule_based"),
  signalModel: registry.loadSignalModel("v1.0.0_rule_based"),
});
const market = simulateMarket({ seed: 5, bars: 420, symbols: 2 });
const bars = new Map(market.symbols.map(({ name, bars: series }) => [name, series] as const));
const table = buildTrainingTable(bars, options());

/** What a row says before the horizon: all that a model may be trained on. */
const isKnown = (column: string): boolean => !column.startsWith("label_") && column !== "excluded";

describe("a training table", () => {
  it("has the service's own features, as float32", () => {
    const panel = computePanelFeatures(bars);
    for (const row of table.rows) {
      const symbol = String(cell(table, row, "symbol"));
      const index = panel.bars.get(symbol)?.findIndex(({ time }) => time === cell(table, row, "time")) ?? -1;
      for (const name of featureNames) {
        const computed = panel.features.get(symbol)?.[name][index] ?? Number.NaN;
        expect(Math.fround(Number(cell(table, row, name)))).toBe(Math.fround(computed));
      }
    }
    expect(table.rows.length).toBe(2 * (420 - 120 - 10));
  });

  it("adds the other symbols' features where it is asked to, and changes nothing else by it", () => {
    const wide = buildTrainingTable(bars, { ...options(), withPeers: true });
    const panel = computePanelFeatures(bars);
    expect(wide.columns.filter((name) => !table.columns.includes(name))).toEqual(peerFeatureNames);
    for (const [index, row] of wide.rows.entries()) {
      const other = cell(wide, row, "symbol") === "SIM1" ? "SIM2" : "SIM1";
      const at = bars.get(other)?.findIndex(({ time }) => time === cell(wide, row, "time")) ?? -1;
      const features = panel.features.get(other);
      expect(cell(wide, row, "peer_momentum_score")).toBeCloseTo(features?.momentum_score[at] ?? Number.NaN, 6);
      const scaled = (features?.log_return_1[at] ?? Number.NaN) / (features?.volatility[at] ?? Number.NaN);
      expect(cell(wide, row, "peer_log_return_1")).toBeCloseTo(scaled, 5);
      for (const name of table.columns) expect(cell(wide, row, name)).toBe(cell(table, table.rows[index] ?? [], name));
    }
  });

  it.each([false, true])("does not know the bars that come later (peers: %s)", (withPeers) => {
    const cut = 300;
    const whole = buildTrainingTable(bars, { ...options(), withPeers });
    const prefix = buildTrainingTable(cutBars(bars, cut), { ...options(), withPeers });
    expect(prefix.rows.length).toBe(2 * (cut - 120 - 10));
    for (const row of prefix.rows)
      expect(pickKnown(prefix, row)).toEqual(pickKnown(whole, findRow(whole, prefix, row)));
  });

  it("moves nothing but labels when the future is another", () => {
    const cut = 300;
    const other = new Map(
      [...bars].map(([name, series]) => [name, series.map((bar, at) => (at < cut ? bar : flip(bar)))]),
    );
    const changed = buildTrainingTable(other, options());
    let labelsMoved = 0;
    for (const row of changed.rows) {
      const before = findRow(table, changed, row);
      const index = market.symbols[0]?.bars.findIndex(({ time }) => time === cell(changed, row, "time")) ?? 0;
      if (index >= cut) continue;
      expect(pickKnown(changed, row)).toEqual(pickKnown(table, before));
      if (cell(changed, row, "label_return") !== cell(table, before, "label_return")) {
        labelsMoved += 1;
        expect(index).toBeGreaterThanOrEqual(cut - 10);
      }
    }
    expect(labelsMoved).toBe(20);
  });

  it("labels by the log returns of the next bars", () => {
    for (const row of table.rows) {
      const series = bars.get(String(cell(table, row, "symbol"))) ?? [];
      const at = series.findIndex(({ time }) => time === cell(table, row, "time"));
      const move = Math.log((series[at + 10]?.close ?? Number.NaN) / (series[at]?.close ?? Number.NaN));
      expect(cell(table, row, "label_return")).toBeCloseTo(move, 12);
      if (cell(table, row, "label_success") === "") continue;
      const agrees = Math.sign(move) === Math.sign(Number(cell(table, row, "momentum_score")));
      expect(cell(table, row, "label_success")).toBe(agrees ? 1 : 0);
    }
  });

  it("leaves the label of a signal out where the rules say STRESSED, unless told otherwise", () => {
    const stressed = table.rows.filter((row) => cell(table, row, "rules_regime") === "STRESSED");
    expect(stressed.length).toBeGreaterThan(0);
    for (const row of stressed) expect(cell(table, row, "label_success")).toBe("");
    expect(table.excluded.stressed).toBe(stressed.length);
    const kept = buildTrainingTable(bars, options({ excludeStressed: false }));
    expect(kept.excluded.stressed).toBe(0);
  });

  it("leaves both labels out near a hole in time, unless told otherwise", () => {
    const gapBar = 250;
    const holed = new Map(
      [...bars].map(([name, series]) => [name, series.map((bar, at) => (at < gapBar ? bar : delay(bar)))]),
    );
    const excluding = buildTrainingTable(holed, options());
    // From the bar whose future reaches across the hole to the bar whose features no longer do.
    expect(excluding.excluded.gap).toBe(2 * (10 + 60));
    for (const row of excluding.rows) {
      if (cell(excluding, row, "excluded") === "gap") expect(cell(excluding, row, "label_regime")).toBe("");
    }
    expect(buildTrainingTable(holed, options({ excludeGaps: false })).excluded.gap).toBe(0);
    expect(buildTrainingTable(holed, options({ maxGapBars: 50 })).excluded.gap).toBe(0);
  });

  it("uses the horizon of the configuration", () => {
    const short = buildTrainingTable(bars, options({ momentumHorizon: 3 }));
    expect(short.rows.length).toBe(2 * (420 - 120 - 3));
    expect(new Set(short.rows.map((row) => cell(short, row, "horizon")))).toEqual(new Set([3]));
  });

  it("is written as CSV, a symbol with a comma in quotes", () => {
    const lines = [...toCsvLines({ columns: ["symbol", "x"], rows: [['A,"B"', 1]] })];
    expect(lines).toEqual(["symbol,x\n", '"A,""B""",1\n']);
    expect([...toCsvLines(table)][0]).toBe(`${table.columns.join(",")}\n`);
  });
});

function cell({ columns }: TrainingTable, row: TrainingTable["rows"][number], column: string): string | number {
  const value = row[columns.indexOf(column)];
  if (value === undefined) throw new Error(`no column ${column}`);
  return value;
}

function pickKnown({ columns }: TrainingTable, row: TrainingTable["rows"][number]): Record<string, unknown> {
  return Object.fromEntries(columns.flatMap((column, at) => (isKnown(column) ? [[column, row[at]]] : [])));
}

function findRow(searched: TrainingTable, from: TrainingTable, row: TrainingTable["rows"][number]) {
  const found = searched.rows.find((each) =>
    ["symbol", "time"].every((column) => cell(searched, each, column) === cell(from, row, column)),
  );
  if (found === undefined) throw new Error("the row is missing");
  return found;
}

function cutBars(all: ReadonlyMap<string, readonly Bar[]>, count: number): ReadonlyMap<string, readonly Bar[]> {
  return new Map([...all].map(([name, series]) => [name, series.slice(0, count)]));
}

/** The same bar in a market that went the other way. */
function flip(bar: Bar): Bar {
  const [open, high, low, close] = [1e4 / bar.open, 1e4 / bar.low, 1e4 / bar.high, 1e4 / bar.close];
  return { ...bar, open, high, low, close };
}

function delay(bar: Bar): Bar {
  const timeMs = bar.timeMs + 20 * 4 * 3_600_000;
  return { ...bar, timeMs, time: new Date(timeMs).toISOString() };
}
