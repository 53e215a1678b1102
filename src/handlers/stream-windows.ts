import type { BatchPredictRequest_AppendBars, PredictRequest } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { type FieldViolation, InvalidInputError, OverloadedError, UnmetConditionError } from "../domain/errors.ts";
import type { DecisionRequest } from "../domain/request.ts";
import { streamValuesMax, streamWindowsMax } from "./inference-limits.ts";

interface MutableSeries {
  readonly values: number[];
}

interface StreamWindow {
  readonly series: Record<string, MutableSeries>;
  readonly bars: number;
  historyBars: number;
  barIndex: number;
}

/**
 * The windows one BatchPredict stream keeps. The answer to appended bars is that of a Predict with the
 * newest bars of the same number as the full window had, and a history that counts all bars so far.
 */
export class StreamWindows {
  readonly #windows = new Map<string, StreamWindow>();
  #values = 0;

  /** Keeps a full window that has been decided on. */
  keep(request: PredictRequest): void {
    const key = keyOf(request);
    const names = Object.keys(request.features);
    const bars = names.length === 0 ? 0 : (request.features[names[0] ?? ""]?.values.length ?? 0);
    const historyBars = request.historyBars ?? bars;
    const replaced = this.#windows.get(key);
    const values = this.#values - countValues(replaced) + bars * names.length;
    if (replaced === undefined && this.#windows.size >= streamWindowsMax) {
      throw new OverloadedError(`a stream keeps at most ${streamWindowsMax} windows`, 0, "STREAM_WINDOWS_EXCEEDED");
    }
    if (values > streamValuesMax) {
      throw new OverloadedError(`a stream keeps at most ${streamValuesMax} numbers`, 0, "STREAM_VALUES_EXCEEDED");
    }
    this.#values = values;
    const barIndex = request.barIndex ?? historyBars - 1;
    this.#windows.set(key, { series: request.features, bars, historyBars, barIndex });
  }

  /**
   * Moves a kept window on by the appended bars, decides with it, and moves it back when that fails, so
   * that a refused item can be sent again.
   *
   * @throws UnmetConditionError without a full window, InvalidInputError naming the series that does not fit.
   */
  advance<T>(append: BatchPredictRequest_AppendBars, decide: (request: DecisionRequest) => T): T {
    const window = this.#windows.get(keyOf(append));
    if (window === undefined) {
      throw new UnmetConditionError(
        [
          {
            type: "FULL_WINDOW",
            subject: `${append.symbol} ${append.timeframe}`,
            description: "send a full window on this stream before appending to it",
          },
        ],
        "NO_WINDOW",
      );
    }
    const added = measureAppend(append, window);
    const dropped = shiftIn(append, window, added);
    try {
      return decide({
        symbol: append.symbol,
        timeframe: append.timeframe,
        features: window.series,
        qseOutput: append.qseOutput,
        historyBars: window.historyBars,
        barIndex: window.barIndex,
      });
    } catch (error) {
      shiftBack(dropped, window, added);
      throw error;
    }
  }

  get size(): number {
    return this.#windows.size;
  }

  clear(): void {
    this.#windows.clear();
    this.#values = 0;
  }
}

function keyOf(named: { readonly symbol: string; readonly timeframe: string }): string {
  return `${named.symbol}\u0000${named.timeframe}`;
}

function countValues(window: StreamWindow | undefined): number {
  return window === undefined ? 0 : window.bars * Object.keys(window.series).length;
}

function measureAppend(append: BatchPredictRequest_AppendBars, window: StreamWindow): number {
  const violations: FieldViolation[] = [];
  let added = -1;
  for (const name in append.features) {
    const field = `append.features["${name}"]`;
    const length = append.features[name]?.values.length ?? 0;
    if (!Object.hasOwn(window.series, name)) {
      violations.push({ field, description: "the full window has no such series" });
    } else if (length === 0) violations.push({ field, description: "must hold at least one bar" });
    else if (length > window.bars) {
      violations.push({ field, description: `${length} bars; the window holds ${window.bars}: send a full window` });
    } else if (added !== -1 && length !== added) {
      violations.push({ field, description: `${length} bars where another series has ${added}` });
    }
    if (added === -1) added = length;
  }
  for (const name in window.series) {
    if (!Object.hasOwn(append.features, name)) {
      violations.push({ field: `append.features["${name}"]`, description: "is missing; the full window has it" });
    }
  }
  if (violations.length > 0) throw new InvalidInputError(violations, "INVALID_APPEND");
  if (added <= 0) {
    throw new InvalidInputError(
      [{ field: "append.features", description: "must hold at least one bar" }],
      "INVALID_APPEND",
    );
  }
  return added;
}

function shiftIn(append: BatchPredictRequest_AppendBars, window: StreamWindow, added: number): number[][] {
  const dropped: number[][] = [];
  for (const name in window.series) {
    const values = window.series[name]?.values ?? [];
    values.push(...(append.features[name]?.values ?? []));
    dropped.push(values.splice(0, added));
  }
  window.historyBars += added;
  window.barIndex += added;
  return dropped;
}

function shiftBack(dropped: readonly number[][], window: StreamWindow, added: number): void {
  let at = 0;
  for (const name in window.series) {
    const values = window.series[name]?.values ?? [];
    values.length -= added;
    values.unshift(...(dropped[at++] ?? []));
  }
  window.historyBars -= added;
  window.barIndex -= added;
}
