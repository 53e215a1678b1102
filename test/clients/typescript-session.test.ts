/** The session of the TypeScript client against a service that does what no real one can be made to do. */

import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { BatchSession } from "../../clients/typescript/batch-session.ts";
import {
  type BatchPredictRequest,
  type BatchPredictResponse,
  BatchPredictResponseSchema,
} from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";

const signal = { symbol: "EURUSD", timeframe: "4H" };
const window = { ...signal, features: { atr: { values: [1, 2, 3] } } };
const bar = (value: number) => ({ ...signal, features: { atr: { values: [value] } } });

/** One stream as the service sees it. */
class ServiceSide {
  readonly requests: BatchPredictRequest[] = [];
  #answers: BatchPredictResponse[] = [];
  #failure: Error | undefined;
  #wakeReader = () => {};
  #wakeTest = () => {};

  /** The next request that has not been looked at. */
  async next(): Promise<BatchPredictRequest> {
    for (;;) {
      const request = this.requests.shift();
      if (request !== undefined) return request;
      await new Promise<void>((resolve) => {
        this.#wakeTest = resolve;
      });
    }
  }

  answer(response: MessageInitShape<typeof BatchPredictResponseSchema>): void {
    this.#answers.push(create(BatchPredictResponseSchema, response));
    this.#wakeReader();
  }

  fail(error: Error): void {
    this.#failure = error;
    this.#wakeReader();
  }

  async *serve(
    requests: AsyncIterable<BatchPredictRequest>,
    signal: AbortSignal,
  ): AsyncGenerator<BatchPredictResponse> {
    signal.addEventListener("abort", () => this.fail(new ConnectError("canceled", Code.Canceled)));
    void this.#collect(requests);
    for (;;) {
      const answer = this.#answers.shift();
      if (answer !== undefined) yield answer;
      else if (this.#failure !== undefined) throw this.#failure;
      else {
        await new Promise<void>((resolve) => {
          this.#wakeReader = resolve;
        });
      }
    }
  }

  async #collect(requests: AsyncIterable<BatchPredictRequest>): Promise<void> {
    for await (const request of requests) {
      this.requests.push(request);
      this.#wakeTest();
    }
  }
}

/** A session, and the streams that it opens, in order. */
function openSession(): { session: BatchSession; stream: (index: number) => ServiceSide } {
  const sides = [new ServiceSide(), new ServiceSide(), new ServiceSide()];
  let opened = 0;
  const side = (index: number): ServiceSide => {
    const found = sides[index];
    if (found === undefined) throw new Error("more streams than the test knows of");
    return found;
  };
  const session = new BatchSession((requests, abort) => side(opened++).serve(requests, abort), { deadlineMs: 20_000 });
  return { session, stream: side };
}

const allowed = { case: "response", value: { prediction: { allowTrade: true } } } as const;

describe("a session", () => {
  it("takes a second item of the same request_id only when the first is answered", async () => {
    const { session, stream } = openSession();
    const first = session.window(window, { requestId: "mine" });
    await expect(session.append(bar(4), { requestId: "mine" })).rejects.toMatchObject({ code: Code.InvalidArgument });
    stream(0).answer({ requestId: "mine", result: allowed });
    await first;
    const second = session.append(bar(4), { requestId: "mine" });
    stream(0).answer({ requestId: "mine", result: allowed });
    expect((await second).prediction?.allowTrade).toBe(true);
  });

  it("fails what waits when the stream ends for a reason that will not pass", async () => {
    const { session, stream } = openSession();
    const answer = session.window(window);
    stream(0).fail(new ConnectError("who are you?", Code.Unauthenticated));
    await expect(answer).rejects.toMatchObject({ code: Code.Unauthenticated, message: "who are you?" });
  });

  it("sends the window with all bars so far when the stream breaks, those of a lost item included", async () => {
    const { session, stream } = openSession();
    const first = session.window(window, { requestId: "1" });
    stream(0).answer({ requestId: "1", result: allowed });
    await first;
    await expect(session.append(bar(4), { deadlineMs: 1 })).rejects.toMatchObject({ code: Code.DeadlineExceeded });
    const third = session.append(bar(5), { requestId: "3" });
    stream(0).fail(new ConnectError("gone", Code.Unavailable));
    const { item } = await stream(1).next();
    expect(item.value).toMatchObject({ features: { atr: { values: [3, 4, 5] } }, historyBars: 5, barIndex: 4 });
    stream(1).answer({ requestId: "3", result: allowed });
    expect((await third).prediction?.allowTrade).toBe(true);
  });

  it("goes on after an outage in which more items were lost than may wait", async () => {
    const { session, stream } = openSession();
    const first = session.window(window, { requestId: "1" });
    stream(0).answer({ requestId: "1", result: allowed });
    await first;
    const lost = Array.from({ length: 1_024 }, (_, index) => session.append(bar(index), { deadlineMs: 1 }));
    expect(await Promise.allSettled(lost)).toHaveLength(1_024);
    stream(0).fail(new ConnectError("gone", Code.Unavailable));
    await expect
      .poll(() => session.append(bar(4), { deadlineMs: 1 }).catch(({ code }) => code), { timeout: 10_000 })
      .toBe(Code.DeadlineExceeded);
    const last = session.append(bar(5), { requestId: "last" });
    stream(1).answer({ requestId: "last", result: allowed });
    expect((await last).prediction?.allowTrade).toBe(true);
  });

  it("leaves a refused item out of the window that it sends again", async () => {
    const { session, stream } = openSession();
    const first = session.window(window, { requestId: "1" });
    stream(0).answer({ requestId: "1", result: allowed });
    await first;
    const second = session.append(bar(Number.NaN), { requestId: "2" });
    stream(0).answer({ requestId: "2", result: { case: "error", value: { code: Code.InvalidArgument } } });
    await expect(second).rejects.toMatchObject({ code: Code.InvalidArgument });
    stream(0).fail(new ConnectError("gone", Code.Unavailable));
    const third = session.append(bar(4), { requestId: "3" });
    expect((await stream(1).next()).item.value).toMatchObject({ features: { atr: { values: [2, 3, 4] } } });
    stream(1).answer({ requestId: "3", result: allowed });
    await third;
  });

  it("sends the window with the next bars after any error but INVALID_ARGUMENT", async () => {
    const { session, stream } = openSession();
    const side = stream(0);
    const first = session.window(window, { requestId: "1" });
    side.answer({ requestId: "1", result: allowed });
    await first;
    await side.next();
    for (const [requestId, code] of [
      ["plain refusal", Code.InvalidArgument],
      ["no record", Code.ResourceExhausted],
    ] as const) {
      const refused = session.append(bar(9), { requestId });
      expect((await side.next()).item).toMatchObject({ case: "append", value: { features: { atr: { values: [9] } } } });
      side.answer({ requestId, result: { case: "error", value: { code } } });
      await expect(refused).rejects.toMatchObject({ code });
    }
    const next = session.append(bar(4), { requestId: "next" });
    expect((await side.next()).item).toMatchObject({
      case: "window",
      value: { features: { atr: { values: [2, 3, 4] } }, historyBars: 4, barIndex: 3 },
    });
    side.answer({ requestId: "next", result: allowed });
    await next;
    const last = session.append(bar(5), { requestId: "last" });
    expect((await side.next()).item.case).toBe("append");
    side.answer({ requestId: "last", result: allowed });
    await last;
  });

  it("waits for the answers on their way before it sends the window again, since each may move it or not", async () => {
    const { session, stream } = openSession();
    const side = stream(0);
    const first = session.window(window, { requestId: "1" });
    side.answer({ requestId: "1", result: allowed });
    await first;
    const [failed, moving, refused] = [4, 5, 6].map((value) => session.append(bar(value), { requestId: `${value}` }));
    side.answer({ requestId: "4", result: { case: "error", value: { code: Code.Unavailable } } });
    await expect(failed).rejects.toMatchObject({ code: Code.Unavailable });
    const next = session.append(bar(7), { requestId: "7" });
    side.answer({ requestId: "5", result: allowed });
    await moving;
    side.answer({ requestId: "6", result: { case: "error", value: { code: Code.InvalidArgument } } });
    await expect(refused).rejects.toMatchObject({ code: Code.InvalidArgument });
    for (const sent of ["1", "4", "5", "6"]) expect((await side.next()).requestId).toBe(sent);
    expect((await side.next()).item).toMatchObject({
      case: "window",
      value: { features: { atr: { values: [3, 5, 7] } }, historyBars: 5, barIndex: 4 },
    });
    side.answer({ requestId: "7", result: allowed });
    expect((await next).prediction?.allowTrade).toBe(true);
  });

  it("sends its own window after the caller's was refused on a stream that has none", async () => {
    const { session, stream } = openSession();
    const first = session.window(window, { requestId: "1" });
    stream(0).answer({ requestId: "1", result: allowed });
    await first;
    stream(0).fail(new ConnectError("gone", Code.Unavailable));
    const refused = session.window({ ...window, features: { atr: { values: [Number.NaN] } } }, { requestId: "2" });
    const next = session.append(bar(4), { requestId: "3" });
    expect((await stream(1).next()).requestId).toBe("2");
    stream(1).answer({ requestId: "2", result: { case: "error", value: { code: Code.InvalidArgument } } });
    await expect(refused).rejects.toMatchObject({ code: Code.InvalidArgument });
    expect((await stream(1).next()).item).toMatchObject({
      case: "window",
      value: { features: { atr: { values: [2, 3, 4] } } },
    });
    stream(1).answer({ requestId: "3", result: allowed });
    await next;
  });

  it("sends the bars of an item that no stream will answer with the next ones, once those before it are answered", async () => {
    const { session, stream } = openSession();
    const first = session.window(window, { requestId: "1" });
    stream(0).answer({ requestId: "1", result: allowed });
    await first;
    const kept = session.append(bar(4), { requestId: "4" });
    const refused = session.append(bar(5), { requestId: "5" });
    await expect(session.append(bar(6), { deadlineMs: 1 })).rejects.toMatchObject({ code: Code.DeadlineExceeded });
    stream(0).fail(new ConnectError("gone", Code.Unavailable));
    expect((await stream(1).next()).item.case).toBe("window");
    stream(1).answer({ requestId: "4", result: allowed });
    await kept;
    expect((await stream(1).next()).item.case).toBe("append");
    const next = session.append(bar(7), { requestId: "7" });
    stream(1).answer({ requestId: "5", result: { case: "error", value: { code: Code.InvalidArgument } } });
    await expect(refused).rejects.toMatchObject({ code: Code.InvalidArgument });
    expect((await stream(1).next()).item).toMatchObject({
      case: "window",
      value: { features: { atr: { values: [4, 6, 7] } }, historyBars: 6 },
    });
    stream(1).answer({ requestId: "7", result: allowed });
    await next;
  });

  it("is not held up by an item that no stream will answer", async () => {
    const { session, stream } = openSession();
    const first = session.window(window, { requestId: "1" });
    stream(0).answer({ requestId: "1", result: allowed });
    await first;
    const kept = session.append(bar(4), { requestId: "4" });
    const failed = session.append(bar(5), { requestId: "5" });
    await expect(session.append(bar(6), { deadlineMs: 1 })).rejects.toMatchObject({ code: Code.DeadlineExceeded });
    stream(0).fail(new ConnectError("gone", Code.Unavailable));
    await stream(1).next();
    stream(1).answer({ requestId: "4", result: allowed });
    await kept;
    await stream(1).next();
    stream(1).answer({ requestId: "5", result: { case: "error", value: { code: Code.Unavailable } } });
    await expect(failed).rejects.toMatchObject({ code: Code.Unavailable });
    const next = session.append(bar(7), { requestId: "7" });
    expect((await stream(1).next()).item.value).toMatchObject({ features: { atr: { values: [4, 6, 7] } } });
    stream(1).answer({ requestId: "7", result: allowed });
    await next;
  });

  it("is not changed by what its caller does to a message afterwards", async () => {
    const { session, stream } = openSession();
    const values = [1, 2, 3];
    const first = session.window({ ...signal, features: { atr: { values } } }, { requestId: "1" });
    values.fill(9);
    stream(0).answer({ requestId: "1", result: allowed });
    await first;
    stream(0).fail(new ConnectError("gone", Code.Unavailable));
    const second = session.append(bar(4), { requestId: "2" });
    expect((await stream(1).next()).item.value).toMatchObject({ features: { atr: { values: [2, 3, 4] } } });
    stream(1).answer({ requestId: "2", result: allowed });
    await second;
  });

  it("fails what nobody answers when it is closed, and takes nothing any more", async () => {
    const { session } = openSession();
    const answer = session.window(window);
    const outcome = expect(answer).rejects.toMatchObject({ code: Code.Canceled });
    await session.close();
    await outcome;
    await expect(session.append(bar(4))).rejects.toMatchObject({ code: Code.Canceled });
  });
});
