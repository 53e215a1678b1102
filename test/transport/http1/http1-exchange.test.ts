/** An exchange that is told more than it needs: it ends once, and lets go of everything. */

import { describe, expect, it } from "vitest";
import { InferenceService } from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type { CallContext } from "../../../src/domain/call-context.ts";
import { Call } from "../../../src/transport/chain/call.ts";
import { Http1Exchange } from "../../../src/transport/http1/http1-exchange.ts";
import type { Http1Answer, Http1Route } from "../../../src/transport/http1/http1-route.ts";
import type { RequestHead } from "../../../src/transport/http1/request-head.ts";
import { ReadSweep, type SweptRead } from "../../../src/transport/read-sweep.ts";
import { gate } from "../stub-service.ts";

class CountingSweep extends ReadSweep {
  readonly reads = new Set<SweptRead>();
  override add(read: SweptRead): void {
    this.reads.add(read);
  }
  override delete(read: SweptRead): void {
    this.reads.delete(read);
  }
}

const head: RequestHead = { path: "/", headers: new Map(), contentLength: 1, bytes: 1 };
const answerOf = (body: string): Http1Answer => ({ status: 200, fields: [], body, encoding: "latin1" });
const body = Buffer.of(1);

/** An exchange whose answer is the test's to give. */
function open() {
  const answer = gate<Http1Answer>();
  const sweep = new CountingSweep(1_000);
  const sent: string[] = [];
  const failed: unknown[] = [];
  const calls: CallContext[] = [];
  const route: Http1Route = {
    sweep,
    accepts: () => true,
    open(_head, clientSignal) {
      const times = { startedMs: 0, deadlineMs: undefined, monotonicMs: () => 0 };
      const call = new Call(
        { method: InferenceService.method.predict, protocol: "connect", clientSignal },
        "method",
        "id",
        times,
      );
      calls.push(call);
      return call;
    },
    refusal: () => undefined,
    answer: () => answer.opened,
    fail(_call, error) {
      failed.push(error);
      return answerOf("failed");
    },
  };
  const exchange = new Http1Exchange({ head, route }, { send: (given) => void sent.push(given.body) });
  return { exchange, answer, sweep, sent, failed, signal: () => calls[0]?.signal };
}

describe("an exchange", () => {
  it("is answered once, and what comes later changes nothing", async () => {
    const { exchange, answer, sent, failed, signal } = open();
    exchange.answer(body);
    answer.open(answerOf("ok"));
    await answer.opened;
    expect(sent).toEqual(["ok"]);
    exchange.refuse(new Error("too late"));
    exchange.expire();
    exchange.abandon();
    expect([sent, failed]).toEqual([["ok"], []]);
    // Whoever asks only now is told that nobody listens any more.
    expect(signal()?.aborted).toBe(true);
  });

  it("sends nothing when its client has gone, whatever the handler still says", async () => {
    const { exchange, answer, sent, failed, signal } = open();
    exchange.answer(body);
    expect(signal()?.aborted).toBe(false);
    exchange.abandon();
    exchange.abandon();
    expect(signal()?.aborted).toBe(true);
    answer.open(answerOf("ok"));
    await answer.opened;
    expect([sent.length, failed.length]).toEqual([0, 1]);
  });

  it.each([
    ["complete", (exchange: Http1Exchange) => exchange.answer(body)],
    ["refused", (exchange: Http1Exchange) => exchange.refuse(new Error("no"))],
    ["given up by its client", (exchange: Http1Exchange) => exchange.abandon()],
  ])("is watched while its body comes, and no longer when it is %s", (_what, end) => {
    const { exchange, sweep } = open();
    expect(sweep.reads.size).toBe(0);
    exchange.limitReading();
    exchange.limitReading();
    expect([...sweep.reads]).toEqual([exchange]);
    end(exchange);
    expect(sweep.reads.size).toBe(0);
  });
});
