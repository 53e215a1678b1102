/** What an item that fails after its decision began leaves behind in its stream. */

import { Code } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import type { CallContext } from "../../src/domain/call-context.ts";
import type { DecisionEvent } from "../../src/domain/decision-event.ts";
import { OverloadedError, UnavailableError, UnmetConditionError } from "../../src/domain/errors.ts";
import type { DecisionRequest } from "../../src/domain/request.ts";
import { answerItem, type BatchAnswer, type BatchItem } from "../../src/handlers/batch-item.ts";
import type { InferenceOptions } from "../../src/handlers/inference.ts";
import { StreamWindows } from "../../src/handlers/stream-windows.ts";
import { allowedRequest, createEvent } from "../monitor/decision-events.ts";
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
  append: { symbol, timeframe, features: createAllowedRequest(1).features },
  barTimeMicros: undefined,
});
const bar = createBar(symbol);

interface Parts {
  decide: (request: DecisionRequest) => DecisionEvent | Promise<DecisionEvent>;
  record: () => Promise<void> | undefined;
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
    return summarize(await answerItem(item, call, this.windows, this.options));
  }
}

const toCode = (error: unknown): Code => {
  if (error instanceof UnmetConditionError) return Code.FailedPrecondition;
  return error instanceof OverloadedError ? Code.ResourceExhausted : Code.Unavailable;
};
const summarize = ({ event, error }: BatchAnswer): number | string => event?.barIndex ?? Code[error?.code ?? 0] ?? "";

const overloaded = (): never => {
  throw new OverloadedError("full", 50, "AUDIT_QUEUE_FULL");
};
const later = async (request: DecisionRequest) => decideAt(request);
const unwritten = () => Promise.reject(new UnavailableError("disk", "AUDIT_UNAVAILABLE"));
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
