/** What an item that fails after its decision began leaves behind in its stream. */

import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { BatchPredictRequestSchema, BatchPredictResponseSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type { CallContext } from "../../src/domain/call-context.ts";
import type { DecisionEvent } from "../../src/domain/decision-event.ts";
import { OverloadedError, UnavailableError, UnmetConditionError } from "../../src/domain/errors.ts";
import { type Pending, WithheldItem } from "../../src/domain/pending.ts";
import type { DecisionRequest } from "../../src/domain/request.ts";
import { answerItem, type BatchAnswer, type BatchItem } from "../../src/handlers/batch-item.ts";
import { createDirectBatchPredict } from "../../src/handlers/batch-predict.ts";
import type { InferenceOptions } from "../../src/handlers/inference.ts";
import { streamWindowsMax } from "../../src/handlers/inference-limits.ts";
import { listSeries, StreamWindows } from "../../src/handlers/stream-windows.ts";
import { allowedRequest, createEvent } from "../monitor/decision-events.ts";
import { pendingUntil } from "../support/pending.ts";
import { createAllowedRequest } from "../support/requests.ts";

const { symbol, timeframe } = allowedRequest;
const call: CallContext = {
  protocol: "grpc",
  method: "arbitrex.ml.v1.InferenceService/BatchPredict",
  requestId: "call",
  signal: new AbortController().signal,
};
const full: BatchItem = {
  requestId: "full",
  window: { ...allowedRequest, requestId: "" },
  barTimeMicros: undefined,
};
const createBar = (symbol: string): BatchItem => ({
  requestId: "bar",
  append: { symbol, timeframe, bars: listSeries(createAllowedRequest(1).features) },
  barTimeMicros: undefined,
});
const bar = createBar(symbol);

interface Parts {
  decide: (request: DecisionRequest) => DecisionEvent | Promise<DecisionEvent>;
  record: () => Pending | undefined;
}

const decideAt = (request: DecisionRequest): DecisionEvent =>
  createEvent(allowedRequest, { barIndex: request.barIndex ?? -1 });
const working: Parts = { decide: decideAt, record: () => undefined };

/** One stream whose decisions and records do what a test wants. */
class TestStream {
  parts = working;
  readonly windows = new StreamWindows();
  readonly options: InferenceOptions = {
    decisionMaker: { decide: (request) => this.parts.decide(request) },
    record: () => this.parts.record(),
    toStatus: (error) => ({ code: toCode(error), message: String(error) }),
    mlVersion: "test",
  };

  /** The bar that was decided, or the code of the error. */
  async answer(item: BatchItem): Promise<number | string> {
    return summarize(await released(answerItem(item, call, this.windows, this.options)));
  }
}

type Answered<T> = T | Promise<T> | WithheldItem<T>;
const released = async <T>(answer: Answered<T>): Promise<T> =>
  answer instanceof WithheldItem ? answer.toPromise() : answer;

const toCode = (error: unknown): Code => {
  if (error instanceof UnmetConditionError) return Code.FailedPrecondition;
  return error instanceof OverloadedError ? Code.ResourceExhausted : Code.Unavailable;
};
const summarize = ({ event, error }: BatchAnswer): number | string => event?.barIndex ?? Code[error?.code ?? 0] ?? "";

const overloaded = (): never => {
  throw new OverloadedError("full", 50, "AUDIT_QUEUE_FULL");
};
const later = async (request: DecisionRequest) => decideAt(request);
const unwritten = () => pendingUntil(Promise.reject(new UnavailableError("disk", "AUDIT_UNAVAILABLE")));
const failing: readonly [what: string, parts: Partial<Parts>, code: string][] = [
  ["is a promise that rejects", { decide: () => Promise.reject(new Error("worker")) }, "Unavailable"],
  ["has a record that is refused", { record: overloaded }, "ResourceExhausted"],
  ["has a record that cannot be written", { record: unwritten }, "Unavailable"],
  ["comes later and has a record that is refused", { decide: later, record: overloaded }, "ResourceExhausted"],
];

describe.each(failing)("a decision that %s", (_what, parts, code) => {
  it.each([
    ["appended bars", bar],
    ["a full window", full],
  ])("leaves no window behind after %s", async (_kind, item) => {
    const stream = new TestStream();
    expect(await stream.answer(full)).toBe(-1);
    expect(await stream.answer(bar)).toBe(120);
    stream.parts = { ...working, ...parts };
    expect(await stream.answer(item)).toBe(code);
    stream.parts = working;
    expect(await stream.answer(bar)).toBe("FailedPrecondition");
    expect(stream.windows.size).toBe(0);
    expect(await stream.answer(full)).toBe(-1);
    expect(await stream.answer(bar)).toBe(120);
  });

  it("leaves the windows of other symbols alone", async () => {
    const stream = new TestStream();
    await stream.answer({ ...full, window: { ...allowedRequest, requestId: "", symbol: "GBPUSD" } });
    await stream.answer(full);
    stream.parts = { ...working, ...parts };
    await stream.answer(bar);
    stream.parts = working;
    expect(await stream.answer(createBar("GBPUSD"))).toBe(120);
  });
});

it("a decision that fails at once leaves the window as it was", async () => {
  const stream = new TestStream();
  await stream.answer(full);
  const decide = () => {
    throw new Error("refused");
  };
  stream.parts = { ...working, decide };
  expect(await stream.answer(bar)).toBe("Unavailable");
  stream.parts = working;
  expect(await stream.answer(bar)).toBe(120);
});

it("a later item that stands on one without a decision is answered, and nothing after it", async () => {
  const stream = new TestStream();
  await stream.answer(full);
  const worker = Promise.withResolvers<DecisionEvent>();
  stream.parts = { ...working, decide: () => worker.promise };
  const first = stream.answer(bar);
  stream.parts = working;
  expect(await stream.answer(bar)).toBe(121);
  worker.reject(new Error("gone"));
  expect(await first).toBe("Unavailable");
  expect(await stream.answer(bar)).toBe("FailedPrecondition");
});

it("a decision on a window that is not kept may fail unheard", async () => {
  const stream = new TestStream();
  for (let index = 0; index < streamWindowsMax; index++) {
    stream.windows.keep({ symbol: `S${index}`, timeframe, features: { atr: { values: [1] } } });
  }
  const worker = Promise.withResolvers<DecisionEvent>();
  stream.parts = { ...working, decide: () => worker.promise };
  expect(await stream.answer(full)).toBe("ResourceExhausted");
  const unheard: unknown[] = [];
  const listen = (reason: unknown) => void unheard.push(reason);
  process.on("unhandledRejection", listen);
  worker.reject(new Error("gone"));
  // Node tells of rejections that nobody heard before the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", listen);
  expect(unheard).toEqual([]);
});

describe("an answer on a stream of bytes", () => {
  const window = { symbol, timeframe, features: createAllowedRequest(120).features };
  const message = create(BatchPredictRequestSchema, { requestId: "one", item: { case: "window", value: window } });
  const request = Buffer.from(toBinary(BatchPredictRequestSchema, message));
  const read = (framed: Buffer) => fromBinary(BatchPredictResponseSchema, framed.subarray(5));

  it("is the same whether or not its record is waited for, but waits without its decision", async () => {
    const stream = new TestStream();
    const { answer, write } = createDirectBatchPredict(stream.options).open(call);
    const atOnce = await released(answer(request));
    const written = Promise.withResolvers<void>();
    stream.parts = { ...working, record: () => pendingUntil(written.promise) };
    const pending = released(answer(request));
    written.resolve();
    const later = await pending;
    expect([atOnce.event, later.event]).toEqual([expect.anything(), undefined]);
    expect(read(write([later]))).toEqual(read(write([atOnce])));
  });

  it("that waited in vain is an error, and leaves no window behind", async () => {
    const stream = new TestStream();
    const { answer, write } = createDirectBatchPredict(stream.options).open(call);
    await released(answer(request));
    stream.parts = { ...working, record: unwritten };
    const { requestId, result } = read(write([await released(answer(request))]));
    expect([requestId, result.case === "error" && result.value.code]).toEqual(["one", Code.Unavailable]);
    stream.parts = working;
    const { features } = createAllowedRequest(1);
    const append = create(BatchPredictRequestSchema, {
      item: { case: "append", value: { symbol, timeframe, features } },
    });
    const refused = read(write([await released(answer(Buffer.from(toBinary(BatchPredictRequestSchema, append))))]));
    expect(refused.result.case === "error" && refused.result.value.code).toBe(Code.FailedPrecondition);
  });
});

it("records written together and in vain leave no window behind", async () => {
  const stream = new TestStream();
  let isBroken = true;
  const flushRecords = () => {
    if (isBroken) throw new UnavailableError("disk", "AUDIT_UNAVAILABLE");
  };
  const { answer, write } = createDirectBatchPredict({ ...stream.options, flushRecords }).open(call);
  const send = async (item: MessageInitShape<typeof BatchPredictRequestSchema>["item"]) => {
    const bytes = toBinary(BatchPredictRequestSchema, create(BatchPredictRequestSchema, { ...(item && { item }) }));
    const framed = write([await released(answer(Buffer.from(bytes)))]);
    const { result } = fromBinary(BatchPredictResponseSchema, framed.subarray(5));
    return result.case === "error" ? Code[result.value.code] : result.value?.barIndex;
  };
  const features = createAllowedRequest(1).features;
  expect(await send({ case: "window", value: { symbol, timeframe, features } })).toBe("Unavailable");
  isBroken = false;
  expect(await send({ case: "append", value: { symbol, timeframe, features } })).toBe("FailedPrecondition");
});
