import type { MessageInitShape } from "@bufbuild/protobuf";
import type { BatchPredictRequest, BatchPredictResponseSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type { CallContext } from "../domain/call-context.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import { InvalidInputError } from "../domain/errors.ts";
import type { InferenceOptions } from "./inference.ts";
import { streamPendingMax } from "./inference-limits.ts";
import { OrderedQueue } from "./ordered-queue.ts";
import { toPredictResponse } from "./prediction-message.ts";
import { StreamWindows } from "./stream-windows.ts";
import { fromTimestamp } from "./timestamp-message.ts";

type Item = MessageInitShape<typeof BatchPredictResponseSchema>;

/**
 * Answers a stream of items. Items are decided as they arrive and answered in the same order; while one
 * waits for the audit log the next are decided, so that many share one sync. At most
 * {@link streamPendingMax} wait: past that the stream is not read until the client has read.
 */
export function createBatchPredict(options: InferenceOptions) {
  return async function* batchPredict(
    requests: AsyncIterable<BatchPredictRequest>,
    call: CallContext,
  ): AsyncGenerator<Item> {
    const windows = new StreamWindows();
    const queue = new OrderedQueue<Item>(streamPendingMax);
    // A client that resets the stream does not make the generator return; the signal is all that fires.
    const release = (): void => {
      queue.abandon();
      windows.clear();
    };
    call.signal.addEventListener("abort", release, { once: true });
    try {
      void pump(requests, call, windows, queue, options);
      yield* queue.drain();
    } finally {
      call.signal.removeEventListener("abort", release);
      release();
    }
  };
}

/** Reads the stream to its end. Never rejects: what ends it is put into the queue. */
async function pump(
  requests: AsyncIterable<BatchPredictRequest>,
  call: CallContext,
  windows: StreamWindows,
  queue: OrderedQueue<Item>,
  options: InferenceOptions,
): Promise<void> {
  try {
    for await (const request of requests) {
      const full = queue.push(answer(request, call, windows, options));
      if (full !== undefined) await full;
      if (queue.abandoned) return;
    }
    queue.end();
  } catch (error) {
    queue.fail(error);
  }
}

function answer(
  request: BatchPredictRequest,
  call: CallContext,
  windows: StreamWindows,
  options: InferenceOptions,
): Item | Promise<Item> {
  const { requestId } = request;
  const toError = (error: unknown): Item => ({
    requestId,
    result: { case: "error", value: options.toStatus(error, requestId || call.requestId) },
  });
  const finish = (event: DecisionEvent): Item | Promise<Item> => {
    const written = options.record(event);
    const omit = request.item.value?.omitExplanation ?? false;
    const item: Item = {
      requestId,
      result: { case: "response", value: toPredictResponse(event, options.mlVersion, omit) },
    };
    return written === undefined ? item : written.then(() => item, toError);
  };
  try {
    const decided = decideItem(request, call, windows, options);
    return decided instanceof Promise ? decided.then(finish).catch(toError) : finish(decided);
  } catch (error) {
    return toError(error);
  }
}

function decideItem(
  { item, requestId }: BatchPredictRequest,
  call: CallContext,
  windows: StreamWindows,
  { decisionMaker }: InferenceOptions,
): DecisionEvent | Promise<DecisionEvent> {
  switch (item.case) {
    case "window": {
      const window = item.value;
      const id = requestId || window.requestId || call.requestId;
      const event = decisionMaker.decide(window, id, fromTimestamp(window.barTime));
      windows.keep(window);
      return event;
    }
    case "append": {
      const barTime = fromTimestamp(item.value.barTime);
      return windows.advance(item.value, (request) =>
        decisionMaker.decide(request, requestId || call.requestId, barTime),
      );
    }
    case undefined:
      throw new InvalidInputError([{ field: "item", description: "must hold a window or appended bars" }]);
    default:
      return item satisfies never;
  }
}
