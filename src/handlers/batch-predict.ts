import type { MessageInitShape } from "@bufbuild/protobuf";
import type { BatchPredictRequest, BatchPredictResponseSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type { CallContext } from "../domain/call-context.ts";
import { WithheldItem } from "../domain/pending.ts";
import type { AppendOptions } from "../monitor/audit/audit-log.ts";
import { answerItem, type BatchAnswer, type ItemOptions, toBatchItem } from "./batch-item.ts";
import type { InferenceOptions } from "./inference.ts";
import { streamPendingMax } from "./inference-limits.ts";
import { OrderedQueue } from "./ordered-queue.ts";
import { toPredictResponse } from "./prediction-message.ts";
import { StreamWindows } from "./stream-windows.ts";
import { BatchCodec } from "./wire/batch-codec.ts";

type Answer = MessageInitShape<typeof BatchPredictResponseSchema>;

/**
 * Answers a stream of items. Items are decided as they arrive and answered in the same order; while one
 * waits for the audit log the next are decided, so that many share one sync. At most
 * {@link streamPendingMax} wait: past that the stream is not read until the client has read.
 */
export function createBatchPredict(options: InferenceOptions) {
  return async function* batchPredict(
    requests: AsyncIterable<BatchPredictRequest>,
    call: CallContext,
  ): AsyncGenerator<Answer> {
    const windows = new StreamWindows();
    const queue = new OrderedQueue<BatchAnswer>(streamPendingMax);
    // A client that resets the stream does not make the generator return; the signal is all that fires.
    const release = (): void => {
      queue.abandon();
      windows.clear();
    };
    call.signal.addEventListener("abort", release, { once: true });
    try {
      void pump(requests, call, windows, queue, options);
      for await (const answer of queue.drain()) yield toMessage(answer, options.mlVersion);
    } finally {
      call.signal.removeEventListener("abort", release);
      release();
    }
  };
}

/** The same from bytes to bytes: what one stream needs. Items that wait are the protocol's to count. */
export function createDirectBatchPredict(options: InferenceOptions) {
  const codec = new BatchCodec(options.mlVersion);
  const { record, flushRecords } = options;
  const together: ItemOptions = {
    ...options,
    record: flushRecords === undefined ? record : (event) => record(event, writtenLater),
    prepareToWait: (answer) => codec.encode(answer),
  };
  return {
    pendingMax: streamPendingMax,
    open(call: CallContext) {
      const windows = new StreamWindows();
      return {
        answer: (message: Buffer) => answerItem(codec.read(message), call, windows, together),
        write: (answers: readonly BatchAnswer[]) => codec.write(confirmRecords(answers, call, windows, options)),
        close: () => windows.clear(),
      };
    },
  };
}

const writtenLater: AppendOptions = { isWrittenLater: true };

/** Writes the records of all these answers at once. Where that fails, each of them is answered with the failure, and its window is forgotten. */
function confirmRecords(
  answers: readonly BatchAnswer[],
  call: CallContext,
  windows: StreamWindows,
  { flushRecords, toStatus }: InferenceOptions,
): readonly BatchAnswer[] {
  try {
    flushRecords?.();
    return answers;
  } catch (error) {
    return answers.map((answer) => {
      if (answer.event === undefined) return answer;
      windows.forget(answer.event.symbol, answer.event.timeframe);
      return { requestId: answer.requestId, error: toStatus(error, answer.requestId || call.requestId) };
    });
  }
}

/** Reads the stream to its end. Never rejects: what ends it is put into the queue. */
async function pump(
  requests: AsyncIterable<BatchPredictRequest>,
  call: CallContext,
  windows: StreamWindows,
  queue: OrderedQueue<BatchAnswer>,
  options: InferenceOptions,
): Promise<void> {
  try {
    for await (const request of requests) {
      const answer = answerItem(toBatchItem(request), call, windows, options);
      const full = queue.push(answer instanceof WithheldItem ? answer.toPromise() : answer);
      if (full !== undefined) await full;
      if (queue.abandoned) return;
    }
    queue.end();
  } catch (error) {
    queue.fail(error);
  }
}

function toMessage({ requestId, event, omitExplanation = false, error }: BatchAnswer, mlVersion: string): Answer {
  if (event !== undefined) {
    return {
      requestId,
      result: { case: "response", value: toPredictResponse(event, mlVersion, omitExplanation) },
    };
  }
  return error === undefined ? { requestId } : { requestId, result: { case: "error", value: error } };
}
