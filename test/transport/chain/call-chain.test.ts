import { create, type Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { InferenceService, PredictRequestSchema } from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ErrorInfoSchema, RetryInfoSchema } from "../../../gen/ts/google/rpc/error_details_pb.ts";
import type { CallReport } from "../../../src/domain/call-context.ts";
import { NotFoundError, UnavailableError } from "../../../src/domain/errors.ts";
import { type Waiter, Withheld } from "../../../src/domain/pending.ts";
import type { CallStart } from "../../../src/transport/chain/call.ts";
import { type CallChainOptions, createCallChain } from "../../../src/transport/chain/call-chain.ts";
import { gate } from "../stub-service.ts";

const { predict, batchPredict } = InferenceService.method;
const request = create(PredictRequestSchema, { symbol: "EURUSD" });

/** A chain under a clock that stands still until told. */
function createTestChain(options: Partial<CallChainOptions> = {}) {
  const clock = { nowMs: 1_000 };
  const reports: CallReport[] = [];
  const late: unknown[] = [];
  const counts = { signals: 0 };
  const client = new AbortController();
  const chain = createCallChain({
    observe: (report) => void reports.push(report),
    monotonicMs: () => clock.nowMs,
    newRequestId: () => "made",
    onLateFailure: (_call, error) => void late.push(error),
    ...options,
  });
  const clientSignal = () => {
    counts.signals++;
    return client.signal;
  };
  const open = (start: Partial<CallStart> = {}) =>
    chain.open({ method: predict, protocol: "grpc", clientSignal, ...start });
  return { chain, clock, reports, late, counts, client, open };
}

function errorOf(action: () => unknown): ConnectError {
  try {
    action();
  } catch (error) {
    if (error instanceof ConnectError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("a unary call", () => {
  it("is answered without a promise, a timer or a signal when its handler answers at once", () => {
    const { chain, reports, counts, clock, open } = createTestChain();
    const call = open({ timeoutMs: 50, requestId: "r-1", requestBytes: 7 });
    const answer = chain.invokeUnary(call, request, () => {
      clock.nowMs += 3;
      return { symbol: "EURUSD" };
    });
    expect(answer).toMatchObject({ $typeName: "arbitrex.ml.v1.PredictResponse", symbol: "EURUSD" });
    expect(counts.signals).toBe(0);
    expect(reports).toEqual([
      {
        protocol: "grpc",
        method: "arbitrex.ml.v1.InferenceService/Predict",
        code: "ok",
        durationMs: 3,
        requestId: "r-1",
        requestBytes: 7,
      },
    ]);
  });

  it("waits for a handler that waits", async () => {
    const { chain, reports, open } = createTestChain();
    const answer = chain.invokeUnary(open(), request, async () => ({ symbol: "EURUSD" }));
    expect(reports).toEqual([]);
    await expect(answer).resolves.toMatchObject({ symbol: "EURUSD" });
    expect(reports).toMatchObject([{ code: "ok" }]);
    expect(chain.inFlight()).toBe(0);
  });

  it.each([
    [
      "thrown",
      () => {
        throw new NotFoundError("model", "x");
      },
    ],
    [
      "rejected",
      async () => {
        throw new NotFoundError("model", "x");
      },
    ],
  ])("maps and reports an error that is %s", async (_how, handler) => {
    const { chain, reports, open } = createTestChain();
    const failed = await Promise.resolve()
      .then(() => chain.invokeUnary(open(), request, handler))
      .catch((error) => error);
    expect(failed).toMatchObject({ code: Code.NotFound });
    expect(reports.map(({ code, error }) => [code, error])).toEqual([["not_found", undefined]]);
    expect(chain.inFlight()).toBe(0);
  });

  it("reports the cause of an error that has one", () => {
    const { chain, reports, open } = createTestChain();
    const cause = new Error("disk is gone");
    const unavailable = new UnavailableError("the audit log cannot be written", "AUDIT_LOG", 1_000, { cause });
    errorOf(() =>
      chain.invokeUnary(open(), request, () => {
        throw unavailable;
      }),
    );
    expect(reports).toMatchObject([{ code: "unavailable", error: unavailable }]);
  });

  it("is an internal error when its answer does not fit the message", () => {
    const { chain, reports, open } = createTestChain();
    const answer = {
      get symbol(): string {
        throw new TypeError("no symbol");
      },
    };
    const error = errorOf(() => chain.invokeUnary(open(), request, () => answer));
    expect(error).toMatchObject({ code: Code.Internal, rawMessage: "internal error" });
    expect(reports).toMatchObject([{ code: "internal" }]);
  });
});

describe("an answer that is withheld", () => {
  /** A call whose answer waits until `settle`, and what its receiver has been told. */
  function holdAnswer(write: (answer: string) => string = (answer) => `<${answer}>`, start: Partial<CallStart> = {}) {
    const test = createTestChain({ inFlightMax: 1 });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => undefined);
    const waiters: Waiter[] = [];
    const withheld = new Withheld("answer", { done: promise, tell: (waiter) => void waiters.push(waiter) });
    const told: unknown[] = [];
    const written: string[] = [];
    const method = {
      handle: () => withheld,
      write: (answer: string) => {
        written.push(answer);
        return write(answer);
      },
    };
    const call = test.open(start);
    const receiver = {
      onAnswer: (answer: string) => told.push(answer),
      onFailure: (error: unknown) => told.push(error),
    };
    const settle = (failure?: Error) => {
      if (failure === undefined) resolve();
      else reject(failure);
      for (const waiter of waiters) waiter.settle(failure);
    };
    return {
      ...test,
      call,
      method,
      receiver,
      told,
      written,
      settle,
      useTime: () => {
        for (const waiter of waiters) waiter.useTime();
      },
    };
  }

  it("is written while it waits, told when it may be, and reported then", () => {
    const { chain, call, method, receiver, told, written, useTime, settle, reports } = holdAnswer();
    chain.deliver(call, undefined, method, receiver);
    expect(written).toEqual([]);
    useTime();
    expect([written, told, reports, chain.inFlight()]).toEqual([["answer"], [], [], 1]);
    settle();
    expect([written, told, chain.inFlight()]).toEqual([["answer"], ["<answer>"], 0]);
    expect(reports).toMatchObject([{ code: "ok" }]);
  });

  it("is a promise for who asks for one", async () => {
    const { chain, call, method, useTime, settle } = holdAnswer();
    const answer = chain.invokeMethod(call, undefined, method);
    useTime();
    settle();
    expect(await answer).toBe("<answer>");
  });

  it("never leaves when what it waits for fails", () => {
    const { chain, call, method, receiver, told, useTime, settle, reports } = holdAnswer();
    chain.deliver(call, undefined, method, receiver);
    useTime();
    settle(new UnavailableError("the audit log cannot be written", "AUDIT_UNAVAILABLE"));
    expect(told).toMatchObject([{ code: Code.Unavailable }]);
    expect(reports).toMatchObject([{ code: "unavailable" }]);
    expect(chain.inFlight()).toBe(0);
  });

  it("is an internal error when it cannot be written, and not before it might have left", () => {
    const { chain, call, method, receiver, told, useTime, settle, reports } = holdAnswer(() => {
      throw new TypeError("no symbol");
    });
    chain.deliver(call, undefined, method, receiver);
    useTime();
    expect(told).toEqual([]);
    settle();
    expect(told).toMatchObject([{ code: Code.Internal, rawMessage: "internal error" }]);
    expect(reports).toMatchObject([{ code: "internal" }]);
  });

  it("does not leave after its deadline, and keeps its place until what it waits for has ended", async () => {
    const { chain, clock, call, method, receiver, told, useTime, settle, reports } = holdAnswer(undefined, {
      timeoutMs: 5,
    });
    chain.deliver(call, undefined, method, receiver);
    useTime();
    clock.nowMs += 5;
    while (told.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(told).toMatchObject([{ code: Code.DeadlineExceeded }]);
    expect(chain.refusal(predict)).toBeDefined();
    settle();
    expect(told).not.toContain("<answer>");
    expect(reports).toMatchObject([{ code: "deadline_exceeded" }]);
    expect(chain.refusal(predict)).toBeUndefined();
  });

  it("that is late when it may leave is none, though its timer has not fired", () => {
    const { chain, clock, call, method, receiver, told, useTime, settle } = holdAnswer(undefined, { timeoutMs: 5 });
    chain.deliver(call, undefined, method, receiver);
    useTime();
    clock.nowMs += 5;
    settle();
    expect(told).toMatchObject([{ code: Code.DeadlineExceeded }]);
  });

  it("goes nowhere when its client has gone, and a failure is told as a late one", () => {
    for (const failure of [undefined, new UnavailableError("disk", "AUDIT_UNAVAILABLE")]) {
      const { chain, call, method, receiver, told, late, useTime, settle, reports } = holdAnswer();
      chain.deliver(call, undefined, method, receiver);
      chain.refuse(call, new ConnectError("gone", Code.Canceled));
      useTime();
      settle(failure);
      expect(told).not.toContain("<answer>");
      expect(late).toEqual(failure === undefined ? [] : [failure]);
      expect(reports).toMatchObject([{ code: "canceled" }]);
      expect(chain.inFlight()).toBe(0);
    }
  });
});

describe("the request id", () => {
  it.each([
    ["a", "a"],
    ["x".repeat(128), "x".repeat(128)],
    ["with a blank", "with a blank"],
    ["x".repeat(129), "made"],
    ["", "made"],
    ["line\nbreak", "made"],
    ["tab\t", "made"],
    [" leading", "made"],
    ["Ünicode", "made"],
    [undefined, "made"],
  ])("%j becomes %j", (requestId, expected) => {
    expect(createTestChain().open({ requestId }).requestId).toBe(expected);
  });
});

describe("the limit of calls in flight", () => {
  it("lets in as many as allowed and refuses one more with RetryInfo", async () => {
    const { chain, reports, open } = createTestChain({ inFlightMax: 2 });
    const answer = gate();
    const wait = async () => {
      await answer.opened;
      return {};
    };
    const held = [chain.invokeUnary(open(), request, wait), chain.invokeUnary(open(), request, wait)];
    expect(chain.inFlight()).toBe(2);
    const error = errorOf(() => chain.invokeUnary(open(), request, () => ({})));
    expect(error.code).toBe(Code.ResourceExhausted);
    expect(error.findDetails(ErrorInfoSchema)).toMatchObject([{ reason: "TOO_MANY_IN_FLIGHT" }]);
    expect(error.findDetails(RetryInfoSchema)).toHaveLength(1);
    answer.open();
    await Promise.all(held);
    expect(chain.invokeUnary(open(), request, () => ({}))).toMatchObject({});
    expect(reports.map((report) => report.code)).toEqual(["resource_exhausted", "ok", "ok", "ok"]);
  });

  it("keeps the place of a handler that goes on after its deadline", async () => {
    const { chain, clock, open, late, reports } = createTestChain({ inFlightMax: 1 });
    const end = gate();
    const answer = chain.invokeUnary(open({ timeoutMs: 5 }), request, async () => {
      clock.nowMs += 5;
      await end.opened;
      throw new Error("too late to matter");
    });
    await expect(answer).rejects.toMatchObject({ code: Code.DeadlineExceeded });
    expect(chain.refusal(predict)).toBeDefined();
    end.open();
    await new Promise((resolve) => setImmediate(resolve));
    expect(chain.refusal(predict)).toBeUndefined();
    expect(late).toMatchObject([{ message: "too late to matter" }]);
    expect(reports).toHaveLength(1);
  });
});

describe("the deadline", () => {
  it("lets nothing pass after it, however the handler answers", async () => {
    for (const handler of [
      (clock: { nowMs: number }) => {
        clock.nowMs += 10;
        return {};
      },
      (clock: { nowMs: number }) => {
        clock.nowMs += 10;
        throw new NotFoundError("model", "x");
      },
      async (clock: { nowMs: number }) => {
        clock.nowMs += 10;
        return {};
      },
    ]) {
      const { chain, clock, reports, open } = createTestChain();
      const call = open({ timeoutMs: 10 });
      const answer = Promise.resolve().then(() => chain.invokeUnary(call, request, () => handler(clock)));
      await expect(answer).rejects.toMatchObject({ code: Code.DeadlineExceeded });
      expect(reports).toMatchObject([{ code: "deadline_exceeded" }]);
    }
  });

  it("lets an answer pass just before it", () => {
    const { chain, clock, open } = createTestChain();
    const answer = chain.invokeUnary(open({ timeoutMs: 10 }), request, () => {
      clock.nowMs += 9;
      return {};
    });
    expect(answer).toBeDefined();
  });

  it("keeps a call that is late already from its handler", () => {
    const { chain, clock, open } = createTestChain();
    const call = open({ timeoutMs: 10 });
    clock.nowMs += 10;
    let runs = 0;
    errorOf(() => chain.invokeUnary(call, request, () => ({ barIndex: ++runs })));
    expect(runs).toBe(0);
  });

  it("fires the signal of a handler that waits", async () => {
    const { chain, clock, open } = createTestChain();
    const answer = chain.invokeUnary(open({ timeoutMs: 1 }), request, async (_request, call) => {
      const aborted = new Promise((_, reject) =>
        call.signal.addEventListener("abort", () => reject(call.signal.reason)),
      );
      clock.nowMs += 1;
      await aborted;
      return {};
    });
    await expect(answer).rejects.toMatchObject({ code: Code.DeadlineExceeded });
  });

  it.each([
    ["the default of unary calls", { defaultTimeoutMs: 20 }, undefined, 20],
    ["the client's", { defaultTimeoutMs: 20 }, 30, 30],
    ["the longest allowed", { timeoutMsMax: 25 }, 30, 25],
    ["none", {}, undefined, undefined],
  ])("is %s", (_which, options, timeoutMs, expected) => {
    const { open } = createTestChain(options);
    expect(open({ timeoutMs }).deadlineMs).toBe(expected === undefined ? undefined : 1_000 + expected);
    if (timeoutMs === undefined) expect(open({ method: batchPredict }).deadlineMs).toBeUndefined();
  });
});

describe("draining", () => {
  it("refuses new calls but those that are exempt", () => {
    const { chain, open } = createTestChain({ isExempt: (method) => method === batchPredict });
    chain.startDraining();
    const error = errorOf(() => chain.invokeUnary(open(), request, () => ({})));
    expect(error.code).toBe(Code.Unavailable);
    expect(error.findDetails(RetryInfoSchema)).toHaveLength(1);
    expect(chain.refusal(batchPredict)).toBeUndefined();
  });
});

describe("a streaming call", () => {
  async function* two(): AsyncGenerator<Message> {
    yield request;
    yield request;
  }

  it("is reported once, when it ends", async () => {
    const { chain, reports, open } = createTestChain();
    const stream = chain.invokeStream(open({ method: batchPredict }), two(), async function* (requests) {
      for await (const _ of requests) yield { requestId: "a" };
    });
    const answers: Message[] = [];
    for await (const answer of stream) answers.push(answer);
    expect(answers).toMatchObject([{ requestId: "a" }, { requestId: "a" }]);
    expect(reports).toMatchObject([{ code: "ok" }]);
    expect(chain.inFlight()).toBe(0);
  });

  it("is canceled and released when its consumer stops", async () => {
    const { chain, reports, open } = createTestChain();
    let released = 0;
    const stream = chain.invokeStream(open({ method: batchPredict }), two(), async function* () {
      try {
        for (;;) yield {};
      } finally {
        released++;
      }
    });
    for await (const _ of stream) break;
    await new Promise((resolve) => setImmediate(resolve));
    expect([released, chain.inFlight()]).toEqual([1, 0]);
    expect(reports).toMatchObject([{ code: "canceled" }]);
  });

  it("is released when the client goes away while nobody reads", async () => {
    const { chain, reports, client, open } = createTestChain();
    let released = 0;
    const stream = chain.invokeStream(open({ method: batchPredict }), two(), async function* () {
      try {
        for (;;) yield {};
      } finally {
        released++;
      }
    });
    await stream.next();
    client.abort();
    await new Promise((resolve) => setImmediate(resolve));
    expect([released, chain.inFlight()]).toEqual([1, 0]);
    await expect(stream.next()).rejects.toMatchObject({ code: Code.Canceled });
    expect(reports).toMatchObject([{ code: "canceled" }]);
  });

  it("tells of a handler that fails while it lets go", async () => {
    const { chain, client, late, open } = createTestChain();
    const stream = chain.invokeStream(open({ method: batchPredict }), two(), async function* () {
      try {
        for (;;) yield {};
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: the failure under test
        throw new Error("could not let go");
      }
    });
    await stream.next();
    client.abort();
    await new Promise((resolve) => setImmediate(resolve));
    expect(late).toMatchObject([{ message: "could not let go" }]);
    expect(chain.inFlight()).toBe(0);
  });
});
