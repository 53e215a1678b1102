/**
 * What the service allocates for one answer, in its own process and as its users run it. The budgets are a quarter more than
 * was measured when they were set, and it is the same within 2 % every time: work that comes back (a copy of the request, a decoded message) costs more.
 */

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type ClientHttp2Session, connect } from "node:http2";
import { connect as connectSocket, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BatchPredictRequestSchema, PredictRequestSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { featureNames } from "../../src/domain/feature-schema.ts";
import type { HeapReading } from "../support/heap-meter.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { createWindow } from "../support/requests.ts";
import { postRaw, toEnvelope } from "./raw-grpc.ts";
import { type ServedProcess, serveInProcess } from "./served-process.ts";

const folder = mkdtempSync(join(tmpdir(), "ml-layer-allocation-"));
let service: ServedProcess;
let session: ClientHttp2Session;
let socket: Socket;
beforeAll(async () => {
  const variables = {
    LOG_DIR: join(folder, "logs"),
    CONFIG_DIR: join(folder, "config"),
    AUDIT_DURABILITY: "os",
    LOG_LEVEL: "info",
  };
  // Room for a batch, so that most batches see no collection.
  const nodeArguments = ["--min-semi-space-size=16", "--import", import.meta.resolve("../support/heap-meter.ts")];
  service = await serveInProcess(variables, nodeArguments);
  session = connect(`http://127.0.0.1:${service.port}`);
  socket = connectSocket(service.port, "127.0.0.1");
});
afterAll(async () => {
  session.destroy();
  socket.destroy();
  await service.kill();
  rmSync(folder, { recursive: true });
});

const window = {
  ...createPredictRequest(),
  features: createWindow(120, Object.fromEntries(featureNames.map((name) => [name, 0.5]))),
};
const message = toBinary(PredictRequestSchema, create(PredictRequestSchema, window));
const predict = toEnvelope(message);
const json = Buffer.from(JSON.stringify({ symbol: "EURUSD", timeframe: "4H", features: createLongSeries() }));
const appends = 100;
const batch = Buffer.concat(
  [
    create(BatchPredictRequestSchema, { item: { case: "window", value: window } }),
    ...Array.from({ length: appends }, (_, index) =>
      create(BatchPredictRequestSchema, {
        requestId: `a${index}`,
        item: {
          case: "append",
          value: {
            symbol: window.symbol,
            timeframe: window.timeframe,
            qseOutput: window.qseOutput,
            features: createWindow(1, Object.fromEntries(featureNames.map((name) => [name, 0.5]))),
          },
        },
      }),
    ),
  ].map((item) => toEnvelope(toBinary(BatchPredictRequestSchema, item))),
);

it.each([
  // Outside of the heap lies the request as it was received, once.
  {
    what: "a Predict over gRPC",
    call: () => post("Predict", predict, 1),
    answers: 1,
    heapBytesMax: 60_000,
    bufferBytesMax: 22_000,
  },
  {
    what: "an appended bar of a stream",
    call: () => post("BatchPredict", batch, appends),
    answers: appends,
    heapBytesMax: 21_000,
    bufferBytesMax: 4_300,
  },
  {
    what: "a Predict over Connect on HTTP/1.1",
    call: () => postHttp1("/arbitrex.ml.v1.InferenceService/Predict", "application/proto", message),
    answers: 1,
    heapBytesMax: 33_000,
    bufferBytesMax: 21_500,
  },
  {
    what: "a Predict over REST",
    call: () => postHttp1("/predict", "application/json", json),
    answers: 1,
    heapBytesMax: 46_000,
    bufferBytesMax: 46_500,
  },
])("$what stays within its budget of memory", async ({ call, answers, heapBytesMax, bufferBytesMax }) => {
  const { heapBytes, bufferBytes } = await measureAllocation(call, answers);
  expect(heapBytes).toBeGreaterThan(1_000);
  expect(heapBytes).toBeLessThan(heapBytesMax);
  expect(bufferBytes).toBeLessThan(bufferBytesMax);
});

type Allocation = Omit<HeapReading, "oldBytes">;

/** Bytes for one answer: the median of batches, since a collection makes a batch look small. */
async function measureAllocation(call: () => Promise<void>, answers: number): Promise<Allocation> {
  const callsPerBatch = Math.max(1, Math.round(50 / answers));
  const batches: Allocation[] = [];
  // The first batches compile; what that takes is not the path's.
  for (let batch = 0; batch < 120; batch++) {
    const before = await readHeap();
    for (let nth = 0; nth < callsPerBatch; nth++) await call();
    const after = await readHeap();
    const share = (bytes: number) => bytes / (callsPerBatch * answers);
    batches.push({
      heapBytes: share(after.heapBytes - before.heapBytes),
      bufferBytes: share(after.bufferBytes - before.bufferBytes),
    });
  }
  const steady = batches.slice(40);
  return {
    heapBytes: median(steady.map((each) => each.heapBytes)),
    bufferBytes: median(steady.map((each) => each.bufferBytes)),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

async function readHeap(): Promise<HeapReading> {
  service.child.send("read");
  const [reading]: HeapReading[] = await once(service.child, "message");
  if (reading === undefined) throw new Error("the service did not answer its parent");
  return reading;
}

/** One call, answered right: an error would be cheap. */
async function post(method: string, body: Buffer, answers: number): Promise<void> {
  expect(await postRaw(session, method, body)).toBeGreaterThan(500 * answers);
}

/** The same over HTTP/1.1, one call after the other on one connection. */
async function postHttp1(path: string, type: string, body: Uint8Array): Promise<void> {
  const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`;
  let text = "";
  const onData = (piece: Buffer) => {
    text += piece.toString("latin1");
    if (text.length < text.indexOf("\r\n\r\n") + 4 + Number(/content-length: (\d+)/.exec(text)?.[1])) return;
    socket.emit("answered");
  };
  socket.on("data", onData);
  socket.write(Buffer.concat([Buffer.from(head), body]));
  await once(socket, "answered");
  socket.off("data", onData);
  expect(text).toMatch(/^HTTP\/1\.1 200 /);
  expect(text.length).toBeGreaterThan(500);
}

/** Sixteen series as JSON has them, with digits enough to be read as numbers are. */
function createLongSeries(): Record<string, number[]> {
  return Object.fromEntries(
    featureNames.map((name, at) => [name, Array.from({ length: 120 }, (_, bar) => 0.5 + Math.sin(bar + at) / 1e3)]),
  );
}
