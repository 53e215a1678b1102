import { once } from "node:events";
import { connect } from "node:net";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PredictRequestSchema, PredictResponseSchema } from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { createPredictRequest } from "../../support/predict-requests.ts";
import { startTestService, type TestService } from "../../support/start-service.ts";
import { type StubServer, startStub } from "../stub-service.ts";

const path = "/arbitrex.ml.v1.InferenceService/Predict";
const encode = (change: object = {}) =>
  toBinary(PredictRequestSchema, create(PredictRequestSchema, { ...createPredictRequest(), ...change }));

interface Sent {
  readonly body: Uint8Array<ArrayBuffer> | ReadableStream;
  readonly headers?: Readonly<Record<string, string>>;
}

async function post(url: string, { body, headers }: Sent) {
  const sent = { "content-type": "application/proto", "x-request-id": "r-1", ...headers };
  const options = body instanceof ReadableStream ? { duplex: "half" as const } : {};
  const response = await fetch(url, { method: "POST", headers: sent, body, ...options });
  const { date: _date, "content-length": length, ...received } = Object.fromEntries(response.headers);
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(length).toBe(String(bytes.length));
  return { status: response.status, headers: received, bytes };
}

/** Two decisions on one request have their own ids and times. */
function toComparable({ status, headers, bytes }: Awaited<ReturnType<typeof post>>) {
  if (status !== 200) return { status, headers, body: bytes.toString("utf8") };
  const answer = fromBinary(PredictResponseSchema, bytes);
  return { status, headers, body: { ...answer, predictionId: "", timestamp: undefined, processingTimeMs: 0 } };
}

describe("the lane for Connect over HTTP/1.1", () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService({ limits: { readMaxBytes: 20_000 } });
  });

  afterAll(() => service[Symbol.asyncDispose]());

  it.each([
    ["a decision", { body: encode() }],
    ["the protocol's version named", { body: encode(), headers: { "connect-protocol-version": "1" } }],
    ["time enough", { body: encode(), headers: { "connect-timeout-ms": "5000" } }],
    ["no time", { body: encode(), headers: { "connect-timeout-ms": "0" } }],
    ["an id of the caller's in the message", { body: encode({ requestId: "mine" }) }],
    ["a request that is wrong", { body: encode({ symbol: "" }) }],
    ["bytes that are no message", { body: Buffer.from("no message") }],
    ["fields that nobody knows", { body: Buffer.concat([encode(), Buffer.from("fa0702aabb", "hex")]) }],
    ["too large a message", { body: encode({ symbol: "x".repeat(20_000) }) }],
  ] satisfies [string, Sent][])("answers as the general path does: %s", async (_, sent) => {
    // The lane knows paths without a query only.
    const [lane, general] = [
      await post(`${service.url}${path}`, sent),
      await post(`${service.url}${path}?general`, sent),
    ];
    expect(toComparable(lane)).toEqual(toComparable(general));
  });
});

describe("which calls the lane takes", () => {
  let reads: number;
  let stub: StubServer;

  beforeAll(async () => {
    const predict = {
      read: () => {
        reads++;
        return undefined;
      },
      handle: () => ({}),
      write: () => Buffer.alloc(5),
    };
    stub = await startStub({ inference: { predict: () => ({ symbol: "X" }) }, direct: { unary: { predict } } });
  });

  afterAll(() => stub[Symbol.asyncDispose]());

  const body = encode();
  it.each([
    [1, "a usual one", { body }],
    [1, "compressed answers accepted", { body, headers: { "accept-encoding": "gzip" } }],
    [1, "an encoding that is none", { body, headers: { "content-encoding": "identity" } }],
    [0, "JSON", { body: Buffer.from("{}"), headers: { "content-type": "application/json" } }],
    [0, "another version", { body, headers: { "connect-protocol-version": "2" } }],
    [0, "a timeout that is none", { body, headers: { "connect-timeout-ms": "soon" } }],
    [0, "an unknown length", { body: new Blob([body]).stream() }],
    [0, "no message", { body: new Uint8Array() }],
  ] satisfies [number, string, Sent][])("%i: %s", async (taken, _, sent) => {
    reads = 0;
    await fetch(`${stub.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/proto", ...("headers" in sent && sent.headers) },
      body: sent.body,
      ...(sent.body instanceof ReadableStream && { duplex: "half" as const }),
    });
    expect(reads).toBe(taken);
  });

  it("takes none whose answer may be large, which the general path compresses", async () => {
    let reads = 0;
    const read = () => {
      reads++;
      return undefined;
    };
    const predict = { hasLargeAnswers: true, read, handle: () => ({}), write: () => Buffer.alloc(5) };
    const message = { symbol: "X".repeat(100_000) };
    await using large = await startStub({ inference: { predict: () => message }, direct: { unary: { predict } } });
    const headers = { "content-type": "application/proto", "accept-encoding": "gzip" };
    const response = await fetch(`${large.url}${path}`, { method: "POST", headers, body });
    expect([response.status, response.headers.get("content-encoding"), reads]).toEqual([200, "gzip", 0]);
  });

  it("counts a client that goes away before its message is complete", async () => {
    const before = stub.reports.length;
    const socket = connect(stub.port, "127.0.0.1");
    await once(socket, "connect");
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/proto\r\ncontent-length: 100\r\n\r\nabc`,
      () => socket.destroy(),
    );
    await expect.poll(() => stub.reports.slice(before)).toMatchObject([{ protocol: "connect", code: "canceled" }]);
    expect(stub.chain.inFlight()).toBe(0);
  });

  it("serves the next request of a connection after one that it refused", async () => {
    const socket = connect(stub.port, "127.0.0.1");
    let text = "";
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      text += chunk;
    });
    const head = (length: number, more = "") =>
      `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/proto\r\ncontent-length: ${length}\r\n${more}\r\n`;
    socket.write(head(6, "connect-timeout-ms: 1\r\n"));
    await expect.poll(() => text).toContain("deadline_exceeded");
    socket.write("\x0a\x01X");
    socket.write("\x0a\x01X");
    socket.write(`${head(3)}\x0a\x01X`);
    await expect.poll(() => text).toContain("HTTP/1.1 200 OK");
    socket.destroy();
  });
});
