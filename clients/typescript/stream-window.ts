/** What a BatchPredict stream holds for one symbol and timeframe, kept on this side so that another stream can be given it. */

import { create } from "@bufbuild/protobuf";
import {
  type BatchPredictRequest_AppendBars,
  type PredictRequest,
  PredictRequestSchema,
} from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";

/** One thing that a caller does to a window. */
export type WindowChange =
  | { readonly case: "window"; readonly value: PredictRequest }
  | { readonly case: "append"; readonly value: BatchPredictRequest_AppendBars };

/** The newest bars, and how many there have been. Immutable: a resend starts from one and the bars after it. */
export interface StreamWindow {
  readonly series: Readonly<Record<string, readonly number[]>>;
  readonly bars: number;
  readonly historyBars: number;
  readonly barIndex: number;
}

/** The window after a change; undefined when bars are appended to nothing. */
export function applyChange(window: StreamWindow | undefined, change: WindowChange): StreamWindow | undefined {
  return change.case === "window" ? toWindow(change.value) : window && appendBars(window, change.value);
}

/** The request whose answer is that of `append`, from the window that has the appended bars already. */
export function toFullWindow(window: StreamWindow, append: BatchPredictRequest_AppendBars): PredictRequest {
  const { symbol, timeframe, qseOutput, barTime, omitExplanation } = append;
  return create(PredictRequestSchema, {
    symbol,
    timeframe,
    omitExplanation,
    features: Object.fromEntries(
      Object.entries(window.series).map(([name, values]) => [name, { values: [...values] }]),
    ),
    historyBars: window.historyBars,
    barIndex: window.barIndex,
    ...(qseOutput !== undefined && { qseOutput }),
    ...(barTime !== undefined && { barTime }),
  });
}

function toWindow(request: PredictRequest): StreamWindow {
  const entries = Object.entries(request.features);
  const bars = entries[0]?.[1].values.length ?? 0;
  const historyBars = request.historyBars ?? bars;
  return {
    series: Object.fromEntries(entries.map(([name, { values }]) => [name, [...values]])),
    bars,
    historyBars,
    barIndex: request.barIndex ?? historyBars - 1,
  };
}

function appendBars(window: StreamWindow, { features }: BatchPredictRequest_AppendBars): StreamWindow {
  const added = Object.values(features)[0]?.values.length ?? 0;
  return {
    series: Object.fromEntries(
      Object.entries(window.series).map(([name, values]) => {
        const newest = features[name]?.values ?? [];
        return [name, [...values.slice(newest.length), ...newest]];
      }),
    ),
    bars: window.bars,
    historyBars: window.historyBars + added,
    barIndex: window.barIndex + added,
  };
}
