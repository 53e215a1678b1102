import { type FieldViolation, InvalidInputError, OverloadedError, UnmetConditionError } from "../domain/errors.ts";
import type { DecisionRequest, FeatureWindow, QseOutput, SeriesValues } from "../domain/request.ts";
import { mostCommon } from "../engine/feature-window.ts";
import { streamValuesMax, streamWindowsMax } from "./inference-limits.ts";
import { SlidingWindow } from "./sliding-window.ts";

/** Series that are appended, each name once. */
export interface AppendedSeries {
  /** The same array as before needs no second look. */
  readonly names: readonly string[];
  /** In the order of the names. */
  readonly series: readonly SeriesValues[];
}

/** The series of a message. */
export function listSeries(features: FeatureWindow): AppendedSeries {
  const entries = Object.entries(features);
  return { names: entries.map(([name]) => name), series: entries.map(([, { values }]) => values) };
}

/** The newest bars of a window that a stream keeps. */
export interface AppendedBars {
  readonly symbol: string;
  readonly timeframe: string;
  readonly bars: AppendedSeries;
  readonly qseOutput?: QseOutput | undefined;
  readonly omitExplanation?: boolean | undefined;
}

interface StreamWindow {
  readonly sliding: SlidingWindow;
  historyBars: number;
  barIndex: number;
}

/**
 * The windows one BatchPredict stream keeps. The answer to appended bars is that of a Predict with the
 * newest bars of the same number as the full window had, and a history that counts all bars so far.
 */
export class StreamWindows {
  /** By symbol, then timeframe: two look-ups by texts that were met before are cheaper than one by a text made of both. */
  readonly #windows = new Map<string, Map<string, StreamWindow>>();
  #size = 0;
  #values = 0;

  /** Keeps a copy of a full window that has been decided on. */
  keep(request: DecisionRequest): void {
    const { symbol, timeframe, features } = request;
    const names = Object.keys(features);
    const bars = names.length === 0 ? 0 : (features[names[0] ?? ""]?.values.length ?? 0);
    const historyBars = request.historyBars ?? bars;
    const replaced = this.#find(symbol, timeframe);
    const values = this.#values - countValues(replaced) + bars * names.length;
    if (replaced === undefined && this.#size >= streamWindowsMax) {
      throw new OverloadedError(`a stream keeps at most ${streamWindowsMax} windows`, 0, "STREAM_WINDOWS_EXCEEDED");
    }
    if (values > streamValuesMax) {
      throw new OverloadedError(`a stream keeps at most ${streamValuesMax} numbers`, 0, "STREAM_VALUES_EXCEEDED");
    }
    this.#values = values;
    if (replaced === undefined) this.#size++;
    const barIndex = request.barIndex ?? historyBars - 1;
    if (replaced?.sliding.replace(features, names, bars) === true) Object.assign(replaced, { historyBars, barIndex });
    else this.#put(symbol, timeframe, { sliding: new SlidingWindow(features), historyBars, barIndex });
  }

  /**
   * Moves a kept window on by the appended bars, decides with it, and moves it back when that fails at once, so
   * that a refused item can be sent again. After a later failure further bars may stand on these: `forget` the window.
   *
   * @throws UnmetConditionError without a full window, InvalidInputError naming the series that does not fit.
   */
  advance<T>(append: AppendedBars, decide: (request: DecisionRequest) => T): T {
    const window = this.#find(append.symbol, append.timeframe);
    if (window === undefined) throw missingWindow(append);
    const { sliding } = window;
    const { names, series } = append.bars;
    const rows = sliding.rowsOf(names);
    const added = countBars(series);
    if (rows === undefined || added <= 0 || added > sliding.bars) throw describeBadAppend(append.bars, sliding);
    sliding.append(series, rows, added);
    window.historyBars += added;
    window.barIndex += added;
    try {
      return decide({
        symbol: append.symbol,
        timeframe: append.timeframe,
        features: sliding.features,
        qseOutput: append.qseOutput,
        historyBars: window.historyBars,
        barIndex: window.barIndex,
        omitExplanation: append.omitExplanation,
      });
    } catch (error) {
      sliding.moveBack(added);
      window.historyBars -= added;
      window.barIndex -= added;
      throw error;
    }
  }

  /** Drops a window that holds bars whose item has no decision: sent again, they would count twice. */
  forget(symbol: string, timeframe: string): void {
    const ofSymbol = this.#windows.get(symbol);
    const window = ofSymbol?.get(timeframe);
    if (ofSymbol === undefined || window === undefined) return;
    ofSymbol.delete(timeframe);
    if (ofSymbol.size === 0) this.#windows.delete(symbol);
    this.#size--;
    this.#values -= countValues(window);
  }

  get size(): number {
    return this.#size;
  }

  clear(): void {
    this.#windows.clear();
    this.#size = 0;
    this.#values = 0;
  }

  #find(symbol: string, timeframe: string): StreamWindow | undefined {
    return this.#windows.get(symbol)?.get(timeframe);
  }

  #put(symbol: string, timeframe: string, window: StreamWindow): void {
    const ofSymbol = this.#windows.get(symbol);
    if (ofSymbol === undefined) this.#windows.set(symbol, new Map([[timeframe, window]]));
    else ofSymbol.set(timeframe, window);
  }
}

function missingWindow({ symbol, timeframe }: AppendedBars): UnmetConditionError {
  return new UnmetConditionError(
    [
      {
        type: "FULL_WINDOW",
        subject: `${symbol} ${timeframe}`,
        description: "send a full window on this stream before appending to it",
      },
    ],
    "NO_WINDOW",
  );
}

function countValues(window: StreamWindow | undefined): number {
  return window === undefined ? 0 : window.sliding.bars * window.sliding.names.length;
}

/** How many bars each of these series has; -1 when they are not as many. */
function countBars(series: readonly SeriesValues[]): number {
  const bars = series[0]?.length ?? 0;
  for (const { length } of series) if (length !== bars) return -1;
  return bars;
}

function describeBadAppend({ names, series }: AppendedSeries, window: SlidingWindow): InvalidInputError {
  const violations: FieldViolation[] = [];
  const known = new Set(window.names);
  const given = new Set(names);
  const expected = mostCommon(series.map(({ length }) => length));
  for (const [at, name] of names.entries()) {
    const field = `append.features["${name}"]`;
    const length = series[at]?.length ?? 0;
    if (!known.has(name)) {
      violations.push({ field, description: "the full window has no such series" });
    } else if (length === 0) violations.push({ field, description: "must hold at least one bar" });
    else if (length > window.bars) {
      violations.push({ field, description: `${length} bars; the window holds ${window.bars}: send a full window` });
    } else if (length !== expected) {
      violations.push({ field, description: `${length} bars where the other series have ${expected}` });
    }
  }
  for (const name of window.names) {
    if (!given.has(name)) {
      violations.push({ field: `append.features["${name}"]`, description: "is missing; the full window has it" });
    }
  }
  if (violations.length === 0) {
    violations.push({ field: "append.features", description: "must hold at least one bar" });
  }
  return new InvalidInputError(violations, "INVALID_APPEND");
}
