import { create } from "@bufbuild/protobuf";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import {
  type BatchPredictRequest,
  BatchPredictResponseSchema,
  InferenceService,
} from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { type StreamedAnswer, streamBars } from "../../src/cli/bar-stream.ts";
import { planReplay } from "../../src/cli/replay-plan.ts";
import { makeCloses, makeDailyBars } from "./bar-file.ts";

const plan = planReplay("TEST", "1D", makeDailyBars(makeCloses(200)));
const options = { signal: new AbortController().signal, monotonicMs: () => 0 };

describe("the stream of bars", () => {
  it("sends one full window and then one bar at a time", async () => {
    const received: BatchPredictRequest[] = [];
    const answers = await collect(
      answerWith((request) => {
        received.push(request);
        return undefined;
      }),
    );
    expect(answers.map(({ barIndex }) => barIndex)).toEqual(Array.from({ length: 80 }, (_, index) => 120 + index));
    const [first, ...others] = received;
    expect(first?.item.case).toBe("window");
    expect(first?.item.value).toMatchObject({ historyBars: 121, barIndex: 120, symbol: "TEST", timeframe: "1D" });
    for (const { item } of others) {
      expect(item.case).toBe("append");
      const lengths = Object.values(item.value?.features ?? {}).map(({ values }) => values.length);
      expect(lengths).toEqual(Array.from({ length: 16 }, () => 1));
      expect(item.value?.qseOutput?.validation).toBeDefined();
    }
  });

  it("has as many bars under way as it may and never more", async () => {
    const groups: number[] = [];
    const client = answerWhenStalled((bars) => groups.push(bars));
    let answered = 0;
    for await (const _ of streamBars(client, plan, { ...options, outstandingMax: 4 })) answered += 1;
    expect(answered).toBe(80);
    expect(new Set(groups)).toEqual(new Set([4]));
  });

  it("names the bar whose answer is an error", async () => {
    const client = answerWith(({ requestId }) =>
      requestId === "bar-130" ? { case: "error" as const, value: { code: 3, message: "wrong" } } : undefined,
    );
    await expect(collect(client)).rejects.toThrow(`bar ${plan.bars[130]?.time}: wrong`);
  });

  it("complains when the service ends the stream early", async () => {
    const client = createClient(
      InferenceService,
      createRouterTransport(({ service }) => {
        service(InferenceService, {
          async *batchPredict(requests) {
            for await (const { requestId } of requests) {
              yield { requestId, result: { case: "response" as const, value: {} } };
              return;
            }
          },
        });
      }),
    );
    await expect(collect(client)).rejects.toThrow(`the service ended the stream at bar ${plan.bars[121]?.time}`);
  });
});

type Answer = { case: "error"; value: { code: number; message: string } } | undefined;

/** A client of a service that answers each item with an empty decision, or with what `onRequest` says. */
function answerWith(onRequest: (request: BatchPredictRequest) => Answer) {
  const transport = createRouterTransport(({ service }) => {
    service(InferenceService, {
      async *batchPredict(requests) {
        for await (const request of requests) {
          const answer = onRequest(request);
          const result = typeof answer === "object" ? answer : { case: "response" as const, value: {} };
          yield create(BatchPredictResponseSchema, { requestId: request.requestId, result });
        }
      },
    });
  });
  return createClient(InferenceService, transport);
}

/** A client of a service that answers only once no further bar comes; `onStall` hears how many it then holds. */
function answerWhenStalled(onStall: (bars: number) => void) {
  const transport = createRouterTransport(({ service }) => {
    service(InferenceService, {
      async *batchPredict(requests) {
        const source = requests[Symbol.asyncIterator]();
        const held: BatchPredictRequest[] = [];
        let next = source.next();
        for (;;) {
          const arrived = await Promise.race([next, passTurns(50)]);
          if (arrived?.done === false) {
            held.push(arrived.value);
            next = source.next();
            continue;
          }
          if (held.length > 0) onStall(held.length);
          for (const { requestId } of held.splice(0)) {
            yield create(BatchPredictResponseSchema, { requestId, result: { case: "response", value: {} } });
          }
          if (arrived !== undefined) return;
        }
      },
    });
  });
  return createClient(InferenceService, transport);
}

/** Lets everything that can happen without a timer happen, so many times over. */
async function passTurns(turns: number): Promise<undefined> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return undefined;
}

async function collect(client: ReturnType<typeof answerWith>): Promise<StreamedAnswer[]> {
  const answers: StreamedAnswer[] = [];
  for await (const answer of streamBars(client, plan, options)) answers.push(answer);
  return answers;
}
