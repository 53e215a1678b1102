/**
 * What a decision over gRPC costs, as counts: promises, timers, copies, doubles that are read, messages that the general
 * codec handles. A clock would say more of the machine than of the path; these say the same on every machine.
 */

import { once } from "node:events";
import { Agent, request as httpRequest } from "node:http";
import { type ClientHttp2Session, connect } from "node:http2";
import { create, toBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BatchPredictRequestSchema, PredictRequestSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { featureNames } from "../../src/domain/feature-schema.ts";
import { createPredictRequest, type PredictRequestInit } from "../support/predict-requests.ts";
import { createWindow } from "../support/requests.ts";
import { startTestService, type TestService } from "../support/start-service.ts";
import { countWork, type WorkCounts } from "../support/work-counter.ts";
import { toEnvelope } from "./raw-grpc.ts";

let service: TestService;
let session: ClientHttp2Session;
beforeAll(async () => {
  service = await startTestService();
  session = connect(service.url);
});
afterAll(async () => {
  session.destroy();
  await service[Symbol.asyncDispose]();
});

/** Sixteen series, of which the rules read four. */
const request = {
  ...createPredictRequest(),
  features: createWindow(120, Object.fromEntries(featureNames.map((name) => [name, 0.5]))),
};

const toPredictBody = (init: PredictRequestInit) =>
  toEnvelope(toBinary(PredictRequestSchema, create(PredictRequestSchema, init)));

/** Sends a body and answers with the number of bytes that came; uses callbacks only, so that it is not counted. */
function post(method: string, body: Buffer, onEnd: (bytes: number) => void): void {
  const stream = session.request({
    ":method": "POST",
    ":path": `/arbitrex.ml.v1.InferenceService/${method}`,
    "content-type": "application/grpc",
    te: "trailers",
  });
  let bytes = 0;
  stream.on("data", (piece: Buffer) => {
    bytes += piece.length;
  });
  stream.on("end", () => onEnd(bytes));
  stream.end(body);
}

/** The work of `calls` calls, one after the other, each of them divided by how many there were. */
async function countCalls(method: string, body: Buffer, calls: number, perCall: number): Promise<WorkCounts> {
  const run = (count: number) =>
    new Promise<void>((resolve) => {
      const next = (left: number) => {
        if (left === 0) resolve();
        else
          post(method, body, (bytes) => {
            expect(bytes).toBeGreaterThan(500 * perCall);
            next(left - 1);
          });
      };
      next(count);
    });
  await run(20);
  const counts = await countWork(() => run(calls));
  const share = (count: number) => count / (calls * perCall);
  return {
    promises: share(counts.promises),
    timers: share(counts.timers),
    copiedBytes: share(counts.copiedBytes),
    doubles: share(counts.doubles),
    decodedFields: share(counts.decodedFields),
    encodedMessages: share(counts.encodedMessages),
    parsedCharacters: share(counts.parsedCharacters),
  };
}

/** Waiting for the calls and whatever the service does now and then, such as a sync of the audit log. One `await` a call is more. */
const nowAndThen = 0.5;

describe("a Predict over gRPC", () => {
  const body = toPredictBody(request);

  it("makes no promise and starts no timer", async () => {
    const { promises, timers } = await countCalls("Predict", body, 300, 1);
    expect(promises).toBeLessThan(nowAndThen);
    expect(timers).toBeLessThan(nowAndThen);
  });

  it("does not copy its request, and reads of its 1 920 numbers those that the models read", async () => {
    const { copiedBytes, doubles, decodedFields, encodedMessages } = await countCalls("Predict", body, 300, 1);
    expect(body.length).toBeGreaterThan(15_000);
    // The answer, put together out of what is the same in all of them and once more where frames are; in the audit record the gates that were there before.
    expect(copiedBytes).toBeLessThan(3_500);
    // Two windows of three bars, two single values; three numbers of the upstream engine.
    expect(doubles).toBeLessThan(16);
    expect([decodedFields, encodedMessages]).toEqual([0, 0]);
  });

  it("reads no more of a longer window or of more series", async () => {
    const usual = await countCalls("Predict", body, 100, 1);
    const names = Array.from({ length: 60 }, (_, index) => `other_${index}`);
    const features = createWindow(240, Object.fromEntries([...featureNames, ...names].map((name) => [name, 0.5])));
    const large = await countCalls("Predict", toPredictBody({ ...request, features }), 100, 1);
    expect(large.doubles).toBe(usual.doubles);
    expect(large.decodedFields).toBe(0);
  });

  it("is counted: a request of another kind goes through messages", async () => {
    const { doubles, decodedFields, encodedMessages, promises } = await countCalls(
      "Predict",
      toPredictBody({ ...request, symbol: "EUR€" }),
      100,
      1,
    );
    expect(doubles).toBeGreaterThan(1_900);
    expect(decodedFields).toBeGreaterThan(50);
    expect(encodedMessages).toBeGreaterThan(0);
    expect(promises).toBeLessThan(nowAndThen);
  });
});

describe("a Predict over REST", () => {
  const values = Array.from({ length: 120 }, (_, bar) => 0.5 + Math.sin(bar) / 1e3);
  const toBody = (symbol: string) =>
    JSON.stringify({
      symbol,
      timeframe: "4H",
      features: Object.fromEntries(featureNames.map((name) => [name, values])),
    });

  /** Characters that are parsed for one call; node:http for the client, since `fetch` may parse JSON of its own. */
  async function countParsed(body: string): Promise<number> {
    const calls = 20;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { parsedCharacters } = await countWork(async () => {
      for (let call = 0; call < calls; call++) {
        const outgoing = httpRequest(`${service.url}/predict`, { agent, method: "POST" });
        outgoing.setHeader("content-type", "application/json").end(body);
        const [answer] = await once(outgoing, "response");
        expect(answer.statusCode).toBe(200);
        answer.resume();
        await once(answer, "end");
      }
    });
    agent.destroy();
    return parsedCharacters / calls;
  }

  it("parses of its sixteen series the bars that the models read", async () => {
    const body = toBody("EURUSD");
    expect(body.length).toBeGreaterThan(35_000);
    expect(await countParsed(body)).toBeLessThan(500);
  });

  it("is counted: a request of another kind is parsed whole", async () => {
    const body = toBody("EUR€");
    expect(await countParsed(body)).toBe(body.length);
  });
});

describe("an appended bar of a BatchPredict stream", () => {
  const { symbol, timeframe, qseOutput } = request;
  const features = createWindow(1, Object.fromEntries(featureNames.map((name) => [name, 0.5])));
  const append = { symbol, timeframe, qseOutput, features };
  const appends = 200;
  const body = Buffer.concat(
    [
      create(BatchPredictRequestSchema, { item: { case: "window", value: request } }),
      ...Array.from({ length: appends }, (_, index) =>
        create(BatchPredictRequestSchema, { requestId: `a${index}`, item: { case: "append", value: append } }),
      ),
    ].map((item) => toEnvelope(toBinary(BatchPredictRequestSchema, item))),
  );

  it("makes no promise, and is read, decided and answered without messages", async () => {
    const counts = await countCalls("BatchPredict", body, 10, appends);
    expect(counts.promises).toBeLessThan(nowAndThen);
    expect(counts.timers).toBeLessThan(nowAndThen);
    expect([counts.decodedFields, counts.encodedMessages]).toEqual([0, 0]);
  });

  it("copies itself once at most, and reads what it holds and what the models read", async () => {
    const { copiedBytes, doubles } = await countCalls("BatchPredict", body, 10, appends);
    // A piece of data ends in the middle of an item: what lies in two pieces is joined. The rest is the answers' common part, the audit record and, in both, the gates that were there before.
    expect(copiedBytes).toBeLessThan(body.length / appends + 2_000);
    // One value for each series, three numbers of the upstream engine, and its share of the full window.
    expect(doubles).toBeLessThan(16 + 4 + 1_920 / appends);
  });
});
