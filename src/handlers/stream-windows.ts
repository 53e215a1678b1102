import { type FieldViolation, InvalidInputError, OverloadedError, UnmetConditionError } from "../domain/errors.ts";
import type { DecisionRequest, FeatureWindow, QseOutput } from "../domain/request.ts";
import { commonLength } from "../engine/feature-window.ts";
import { streamValuesMax, streamWindowsMax } from "./inference-limits.ts";
import { SlidingWindow } from "./sliding-window.ts";

/** The newest bars of a window that a stream keeps. */
export interface AppendedBars {
  readonly symbol: string;
  readonly timeframe: string;
  readonly features: FeatureWindow;
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
    const added = measureAppend(append.features, sliding);
    sliding.append(append.features, added);
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

/** How many bars are appended. Throws InvalidInputError unless every series of the window has as many, and no other has any. */
function measureAppend(features: FeatureWindow, { names, bars }: SlidingWindow): number {
  let added = -1;
  let series = 0;
  for (const name in features) {
    const length = features[name]?.values.length ?? 0;
    if (added === -1) added = length;
    else if (length !== added) throw describeBadAppend(features, names, bars);
    series++;
  }
  if (added <= 0 || added > bars || series !== names.length) throw describeBadAppend(features, names, bars);
  for (const name of names) {
    if (!Object.hasOwn(features, name)) throw describeBadAppend(features, names, bars);
  }
  return added;
}

function describeBadAppend(features: FeatureWindow, names: readonly string[], bars: number): InvalidInputError {
  const violations: FieldViolation[] = [];
  const known = new Set(names);
  const expected = commonLength(features);
  for (const name of Object.keys(features)) {
    const field = `append.features["${name}"]`;
    const length = features[name]?.values.length ?? 0;
    if (!known.has(name)) {
      violations.push({ field, description: "the full window has no such series" });
    } else if (length === 0) violations.push({ field, description: "must hold at least one bar" });
    else if (length > bars) {
      violations.push({ field, description: `${length} bars; the window holds ${bars}: send a full window` });
    } else if (length !== expected) {
      violations.push({ field, description: `${length} bars where the other series have ${expected}` });
    }
  }
  for (const name of names) {
    if (!Object.hasOwn(features, name)) {
      violations.push({ field: `append.features["${name}"]`, description: "is missing; the full window has it" });
    }
  }
  if (violations.length === 0) {
    violations.push({ field: "append.features", description: "must hold at least one bar" });
  }
  return new InvalidInputError(violations, "INVALID_APPEND");
}
