/** What a decision over HTTP/1.1 costs, as counts: see `decision-path.test.ts`. */

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { create, toBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PredictRequestSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { featureNames } from "../../src/domain/feature-schema.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { createWindow } from "../support/requests.ts";
import { startTestService, type TestService } from "../support/start-service.ts";
import { countWork, type WorkCounts } from "../support/work-counter.ts";

let service: TestService;
let socket: Socket;
beforeAll(async () => {
  service = await startTestService();
  socket = connect(service.port, "127.0.0.1");
  await once(socket, "connect");
});
afterAll(async () => {
  socket.destroy();
  await service[Symbol.asyncDispose]();
});

const request = {
  ...createPredictRequest(),
  features: createWindow(120, Object.fromEntries(featureNames.map((name) => [name, 0.5 + 1 / 3]))),
};
const message = (change: object = {}) =>
  toBinary(PredictRequestSchema, create(PredictRequestSchema, { ...request, ...change }));
const json = (symbol: string) =>
  Buffer.from(
    JSON.stringify({
      symbol,
      timeframe: "4H",
      features: Object.fromEntries(Object.entries(request.features).map(([name, { values }]) => [name, values])),
    }),
  );

function toRequest(path: string, type: string, body: Uint8Array): Buffer {
  const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}
const connectOf = (body: Uint8Array) =>
  toRequest("/arbitrex.ml.v1.InferenceService/Predict", "application/proto", body);
const restOf = (body: Uint8Array) => toRequest("/predict", "application/json", body);

/** Sends a request over and over, each when the one before is answered; with callbacks only, so that none of it is counted. */
function send(bytes: Buffer, times: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = times;
    let received = "";
    const onData = (piece: string) => {
      received += piece;
      const head = received.indexOf("\r\n\r\n");
      const length = Number(/\r\ncontent-length: (\d+)\r\n/i.exec(received)?.[1]);
      if (head === -1 || received.length < head + 4 + length) return;
      if (!received.startsWith("HTTP/1.1 200 ") || length < 500) reject(new Error(received));
      received = "";
      left--;
      if (left > 0) {
        socket.write(bytes);
        return;
      }
      socket.off("data", onData);
      resolve();
    };
    socket.setEncoding("latin1").on("data", onData);
    socket.write(bytes);
  });
}

/** The work of one call. */
async function countCalls(bytes: Buffer): Promise<WorkCounts> {
  const calls = 300;
  await send(bytes, 20);
  const counts = await countWork(() => send(bytes, calls));
  const shares = Object.entries(counts).map(([name, count]) => [name, count / calls]);
  return { ...counts, ...Object.fromEntries(shares) };
}

/** Whatever the service does now and then, such as a sync of the audit log. One `await` a call is more. */
const nowAndThen = 0.5;

describe.each([
  ["Connect", connectOf(message()), connectOf(message({ symbol: "EUR€" }))],
  ["REST", restOf(json("EURUSD")), restOf(json("EUR€"))],
])("a Predict over HTTP/1.1 by %s", (protocol, usual, odd) => {
  it("makes no promise and starts no timer, whatever it takes to read it", async () => {
    for (const bytes of [usual, odd]) {
      const { promises, timers } = await countCalls(bytes);
      expect(promises).toBeLessThan(nowAndThen);
      expect(timers).toBeLessThan(nowAndThen);
    }
  });

  it("is not copied needlessly, and of its 1 920 numbers those are read that the models read", async () => {
    expect(usual.length).toBeGreaterThan(15_000);
    const { copiedBytes, doubles, decodedFields, encodedMessages, parsedCharacters } = await countCalls(usual);
    // The answer over Connect is put together out of what is the same in all of them; JSON goes to WebAssembly's memory.
    expect(copiedBytes).toBeLessThan(1_500 + (protocol === "REST" ? usual.length : 0));
    expect(doubles).toBeLessThan(16);
    expect(parsedCharacters).toBeLessThan(500);
    expect([decodedFields, encodedMessages]).toEqual([0, 0]);
  });

  it("is counted: one of another kind is read by the general reader", async () => {
    const { decodedFields, parsedCharacters } = await countCalls(odd);
    if (protocol === "REST") expect(parsedCharacters).toBeGreaterThan(30_000);
    else expect(decodedFields).toBeGreaterThan(50);
  });
});
