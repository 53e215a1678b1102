import type { MessageInitShape } from "@bufbuild/protobuf";
import type { BatchPredictRequest, BatchPredictRequest_AppendBars } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type { StatusSchema } from "../../gen/ts/google/rpc/status_pb.ts";
import type { CallContext } from "../domain/call-context.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import { InvalidInputError } from "../domain/errors.ts";
import { type Pending, WithheldItem } from "../domain/pending.ts";
import type { DecisionRequest } from "../domain/request.ts";
import type { InferenceOptions } from "./inference.ts";
import { type AppendedBars, listSeries, type StreamWindows } from "./stream-windows.ts";
import { fromTimestamp } from "./timestamp-message.ts";
import type { Shelved } from "./wire/byte-shelf.ts";

/** One item of a stream, as a message or as a view of its bytes. */
export interface BatchItem {
  /** The caller's name for the item; empty when there is none. */
  readonly requestId: string;
  /** A full window, with the name that its own request has. */
  readonly window?: (DecisionRequest & { readonly requestId: string }) | undefined;
  /** Further bars; never beside a window. */
  readonly append?: AppendedBars | undefined;
  /** Close time of the newest bar in microseconds since 1970. */
  readonly barTimeMicros: number | undefined;
}

/** The message as it is read here. */
export function toBatchItem({ requestId, item }: BatchPredictRequest): BatchItem {
  const barTimeMicros = fromTimestamp(item.value?.barTime);
  switch (item.case) {
    case "window":
      return { requestId, window: item.value, barTimeMicros };
    case "append":
      return { requestId, append: toAppendedBars(item.value), barTimeMicros };
    case undefined:
      return { requestId, barTimeMicros };
    default:
      return item satisfies never;
  }
}

/** Appended bars as they are read here. */
export function toAppendedBars({ features, ...others }: BatchPredictRequest_AppendBars): AppendedBars {
  return { ...others, bars: listSeries(features) };
}

/** What one item is answered: a decision, or why there is none. */
export interface BatchAnswer {
  readonly requestId: string;
  readonly event?: DecisionEvent;
  readonly omitExplanation?: boolean;
  readonly error?: MessageInitShape<typeof StatusSchema>;
  /** In place of the decision: where the answer lies as it is sent. */
  readonly encoded?: Shelved;
}

export interface ItemOptions extends InferenceOptions {
  /** Turns an answer that is withheld until it is recorded into what shall wait in its place. @default the answer */
  readonly prepareToWait?: (answer: BatchAnswer) => BatchAnswer;
}

/** Answers one item, at once when the models do; it may be withheld until it is recorded. Never throws: a bad item has its error as its answer. */
export function answerItem(
  item: BatchItem,
  call: CallContext,
  windows: StreamWindows,
  options: ItemOptions,
): BatchAnswer | Promise<BatchAnswer> | WithheldItem<BatchAnswer> {
  try {
    const decided = decideItem(item, call, windows, options);
    if (!(decided instanceof Promise)) return finish(item, decided, call, windows, options);
    return decided.then(
      (event) => {
        const answer = finish(item, event, call, windows, options);
        return answer instanceof WithheldItem ? answer.toPromise() : answer;
      },
      (error: unknown) => giveUp(toPlace(item), error, call, windows, options),
    );
  } catch (error) {
    return toError(item.requestId, error, call, options);
  }
}

function finish(
  item: BatchItem,
  event: DecisionEvent,
  call: CallContext,
  windows: StreamWindows,
  options: ItemOptions,
): BatchAnswer | WithheldItem<BatchAnswer> {
  let pending: Pending | undefined;
  try {
    pending = options.record(event);
  } catch (error) {
    return giveUp(toPlace(item), error, call, windows, options);
  }
  const omitExplanation = (item.window ?? item.append)?.omitExplanation ?? false;
  const answer: BatchAnswer = { requestId: item.requestId, event, omitExplanation };
  if (pending === undefined) return answer;
  return withhold(pending, options.prepareToWait?.(answer) ?? answer, toPlace(item), call, windows, options);
}

/** Knows nothing of the item and its decision, so that they need not outlive the sync that the answer waits for. */
function withhold(
  pending: Pending,
  answer: BatchAnswer,
  place: ItemPlace,
  call: CallContext,
  windows: StreamWindows,
  options: ItemOptions,
): WithheldItem<BatchAnswer> {
  return new WithheldItem(answer, pending, (failure) => giveUp(place, failure, call, windows, options));
}

/** What an item's error needs to know of it. */
interface ItemPlace {
  readonly requestId: string;
  /** Undefined in an item that holds no bars. */
  readonly symbol: string | undefined;
  readonly timeframe: string | undefined;
}

function toPlace({ requestId, window, append }: BatchItem): ItemPlace {
  const applied = window ?? append;
  return { requestId, symbol: applied?.symbol, timeframe: applied?.timeframe };
}

/** The error of an item whose bars are in the stream's window already, which is therefore forgotten. */
function giveUp(
  { requestId, symbol, timeframe }: ItemPlace,
  error: unknown,
  call: CallContext,
  windows: StreamWindows,
  options: InferenceOptions,
): BatchAnswer {
  if (symbol !== undefined && timeframe !== undefined) windows.forget(symbol, timeframe);
  return toError(requestId, error, call, options);
}

function toError(requestId: string, error: unknown, call: CallContext, options: InferenceOptions): BatchAnswer {
  return { requestId, error: options.toStatus(error, requestId || call.requestId) };
}

function decideItem(
  { requestId, window, append, barTimeMicros }: BatchItem,
  call: CallContext,
  windows: StreamWindows,
  { decisionMaker }: InferenceOptions,
): DecisionEvent | Promise<DecisionEvent> {
  if (window !== undefined) {
    const event = decisionMaker.decide(window, requestId || window.requestId || call.requestId, barTimeMicros);
    try {
      windows.keep(window);
    } catch (error) {
      // That is the answer; a model that fails later must not end the process for want of a listener.
      if (event instanceof Promise) event.catch(() => undefined);
      throw error;
    }
    return event;
  }
  if (append !== undefined) {
    const id = requestId || call.requestId;
    return windows.advance(append, (request) => decisionMaker.decide(request, id, barTimeMicros));
  }
  throw new InvalidInputError([{ field: "item", description: "must hold a window or appended bars" }]);
}
