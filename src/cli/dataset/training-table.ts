import type { HashedConfig } from "../../domain/config.ts";
import { featureVersion } from "../../domain/feature-schema.ts";
import type { RegimeModel, SignalModel } from "../../domain/model.ts";
import type { DecisionRequest } from "../../domain/request.ts";
import { createDecisionEngine, type RuleBasedEngine } from "../../engine/decision-engine.ts";
import type { Bar } from "../../upstream/bar.ts";
import type { FeatureColumns } from "../../upstream/feature-engine.ts";
import { computePanelFeatures } from "../../upstream/feature-panel.ts";
import { computePeerFeatures, peerFeatureNames } from "../../upstream/peer-features.ts";
import { buildRequestWindow, type RequestWindow } from "../../upstream/request-window.ts";
import { computeStatistics } from "../../upstream/statistics-engine.ts";
import { type ForwardOutcome, labelForward } from "./forward-labels.ts";
import { createRowReader, type RowReader, tableInputNames } from "./row-reader.ts";
import type { Cell, Table } from "./table-file.ts";
import { markGaps } from "./time-gaps.ts";
import type { TruthFile } from "./truth-file.ts";

export interface TableOptions {
  readonly config: HashedConfig;
  readonly regimeModel: RegimeModel;
  readonly signalModel: SignalModel;
  readonly truth?: TruthFile | undefined;
  /** Adds what the other symbols show, as features outside the schema. @default false */
  readonly withPeers?: boolean;
  /** Told after every bar how many are done. */
  readonly onProgress?: (done: number) => void;
}

/** Why a row has no label of one kind or the other. */
export type Exclusion = "gap" | "stressed" | "neutral";

/** A training table: one row for each symbol and bar, symbol by symbol. */
export interface TrainingTable extends Table {
  readonly excluded: Readonly<Record<Exclusion, number>>;
}

/** Bars sent with each question: what the rules read, smoothing included. The full window gives the same decision. */
const windowBars = 30;

/** What a table starts with; a trainer takes features by name, so their prefixes are part of the format. */
export const rowColumns: readonly string[] = ["time", "symbol", "feature_version", "config_hash", "horizon"];
/** What stands behind the inputs. */
export const answerColumns: readonly string[] = [
  ...["rules_regime", "rules_trending", "rules_ranging", "rules_stressed", "rules_success"],
  ...["label_success", "label_regime", "label_return", "excluded"],
];

/**
 * Makes a training table of bars.
 *
 * Each row holds what the service would see at a bar (features and statistics, as float32), what its rules would answer, and,
 * under names that start with `label_`, what happened afterwards.
 */
export function buildTrainingTable(
  barsBySymbol: ReadonlyMap<string, readonly Bar[]>,
  options: TableOptions,
): TrainingTable {
  const panel = computePanelFeatures(barsBySymbol);
  const peers = options.withPeers === true ? computePeerFeatures(panel.features) : undefined;
  const extraNames = peers === undefined ? [] : peerFeatureNames;
  const inputNames = [...tableInputNames, ...extraNames];
  const readInputs = createRowReader(inputNames, new Set(extraNames));
  const rows: Cell[][] = [];
  const excluded = { gap: 0, stressed: 0, neutral: 0 };
  let done = 0;
  for (const [symbol, bars] of panel.bars) {
    const features = panel.features.get(symbol);
    if (features === undefined) throw new RangeError(`no features of ${symbol}`);
    const series = { symbol, bars, features, extra: peers?.get(symbol) ?? {}, readInputs };
    for (const row of listRows(series, options, (count) => options.onProgress?.(done + count))) {
      if (row.exclusion !== undefined) excluded[row.exclusion] += 1;
      rows.push(row.cells);
    }
    done += bars.length;
  }
  const columns = [...rowColumns, ...inputNames, ...answerColumns, ...(options.truth?.columns ?? [])];
  return { columns, rows, excluded };
}

interface Series {
  readonly symbol: string;
  readonly bars: readonly Bar[];
  readonly features: FeatureColumns;
  /** Further series, by name, as long as the bars. */
  readonly extra: Readonly<Record<string, readonly number[]>>;
  readonly readInputs: RowReader;
}

interface TableRow {
  readonly cells: Cell[];
  readonly exclusion: Exclusion | undefined;
}

function* listRows(series: Series, options: TableOptions, onBar: (done: number) => void): Generator<TableRow> {
  const { symbol, bars, features, readInputs } = series;
  const { config, regimeModel, signalModel } = options;
  const { momentumHorizon: horizonBars, excludeGaps, maxGapBars } = config.config.training;
  const engine = createDecisionEngine({ config, regimeModel, signalModel, findHalt: () => undefined });
  const statistics = computeStatistics(bars, features);
  const outcomes = labelForward(bars, { horizonBars, thresholds: config.config.regime, rules: regimeModel.rules });
  const isNearGap = markGaps(bars, maxGapBars, horizonBars);
  for (const [index, outcome] of outcomes.entries()) {
    onBar(index + 1);
    const [bar, qseOutput] = [bars[index], statistics[index]];
    const window = buildRequestWindow(features, index, windowBars);
    if (bar === undefined || qseOutput === undefined || window === undefined) continue;
    const request = {
      symbol,
      timeframe: config.config.signalTimeframe,
      features: { ...window, ...cutExtra(series, index, window) },
      qseOutput,
      historyBars: index + 1,
    };
    const known = describeKnown(request, engine, readInputs);
    const label = judgeOutcome(outcome, known, config, excludeGaps && isNearGap[index] === true);
    const cells = [
      ...[bar.time, symbol, featureVersion, config.hash, horizonBars],
      ...known.values.map(toShortFloat),
      ...known.rules,
      ...[label.success, label.regime, outcome.logReturn, label.exclusion ?? ""],
      ...(options.truth?.find(symbol, bar.timeMs) ?? []),
    ];
    yield { cells, exclusion: label.exclusion };
  }
  onBar(bars.length);
}

/** The same bars of the further series as a window has of the features. */
function cutExtra({ extra }: Series, endIndex: number, window: RequestWindow): RequestWindow {
  const start = endIndex + 1 - (window["atr"]?.values.length ?? 0);
  return Object.fromEntries(
    Object.entries(extra).map(([name, values]) => [name, { values: values.slice(start, endIndex + 1) }]),
  );
}

interface Known {
  readonly values: readonly number[];
  /** Sign of `momentum_score`. */
  readonly direction: number;
  readonly isStressed: boolean;
  readonly rules: readonly Cell[];
}

/** What is known at the newest bar of a request. Nothing here sees an outcome. */
function describeKnown(request: DecisionRequest, engine: RuleBasedEngine, readInputs: RowReader): Known {
  const newest = (request.features["momentum_score"]?.values.length ?? 0) - 1;
  const values = readInputs(request, newest);
  const { regime, signal } = engine.decide(request);
  return {
    values,
    direction: Math.sign(values[tableInputNames.indexOf("momentum_score")] ?? Number.NaN),
    isStressed: regime.label === "STRESSED",
    rules: [regime.label, regime.probTrending, regime.probRanging, regime.probStressed, signal.probability],
  };
}

interface Labels {
  /** 1, 0, or nothing. */
  readonly success: number | string;
  readonly regime: string;
  readonly exclusion: Exclusion | undefined;
}

function judgeOutcome(outcome: ForwardOutcome, known: Known, config: HashedConfig, isNearGap: boolean): Labels {
  if (isNearGap) return { success: "", regime: "", exclusion: "gap" };
  const regime = outcome.regime ?? "";
  if (known.direction === 0) return { success: "", regime, exclusion: "neutral" };
  // A signal in a stressed market is refused whatever its chances, so its outcome would only blur the others.
  if (config.config.training.excludeStressed && known.isStressed) return { success: "", regime, exclusion: "stressed" };
  return { success: Math.sign(outcome.logReturn) === known.direction ? 1 : 0, regime, exclusion: undefined };
}

/** Nine digits name a float32 exactly; the seventeen of a double would double the file. */
function toShortFloat(value: number): number {
  return Number(value.toPrecision(9));
}
