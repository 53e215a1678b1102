/** The access log: one line a call, of the same fields on every protocol, and nothing of what the caller sent. */

import { create, toBinary, toJsonString } from "@bufbuild/protobuf";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { beforeAll, describe, expect, it } from "vitest";
import { PredictRequestSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type { Clock } from "../../src/domain/clock.ts";
import { createCallLog, createServiceLog } from "../../src/service-log.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { createWindow } from "../support/requests.ts";
import { startTestService } from "../support/start-service.ts";
import { startStub } from "../transport/stub-service.ts";
import { openBatch, openClient } from "./service-client.ts";

/** Stands in everything a caller sends and must stand in no line. */
const secret = "sentinel";
const secretNumber = 86_753.0625;
const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const predictPath = "/arbitrex.ml.v1.InferenceService/Predict";

interface Exchange {
  readonly path: string;
  readonly json: string;
  readonly binary: Uint8Array;
  readonly timeoutMs?: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** One way to send an exchange; answers with the request id that came back. */
interface Dress {
  readonly name: string;
  readonly protocol: string;
  /** REST has paths of its own. */
  readonly predictPath: string;
  send(port: number, exchange: Exchange): Promise<string | undefined>;
}

const dresses: readonly Dress[] = [
  { name: "gRPC by grpc-js", protocol: "grpc", predictPath, send: (port, sent) => sendGrpc(port, sent, {}) },
  {
    name: "gRPC by grpc-js, compressed",
    protocol: "grpc",
    predictPath,
    send: (port, sent) => sendGrpc(port, sent, { "grpc.default_compression_algorithm": 2 }),
  },
  {
    name: "gRPC-Web",
    protocol: "grpc-web",
    predictPath,
    send: (port, sent) => sendHttp(port, sent, "application/grpc-web+json", toFrame(sent.json), grpcTimeout(sent)),
  },
  {
    name: "Connect in JSON",
    protocol: "connect",
    predictPath,
    send: (port, sent) => sendHttp(port, sent, "application/json", sent.json, connectTimeout(sent)),
  },
  {
    name: "Connect in binary",
    protocol: "connect",
    predictPath,
    send: (port, sent) => sendHttp(port, sent, "application/proto", sent.binary, connectTimeout(sent)),
  },
  {
    name: "REST",
    protocol: "rest",
    predictPath: "/predict",
    send: (port, sent) => sendHttp(port, sent, "application/json", sent.json, connectTimeout(sent)),
  },
];

interface Situation {
  readonly name: string;
  readonly code: string;
  readonly method: string;
  readonly exchange: (dress: Dress) => Omit<Exchange, "headers">;
}

const predictMethod = "arbitrex.ml.v1.InferenceService/Predict";
const allowed = createPredictRequest();
const features = { ...allowed.features, ...createWindow(120, { [`${secret}_feature`]: secretNumber }) };
const request = { ...allowed, symbol: `${secret}-symbol`, features, requestId: `${secret}-id` };
const broken = new TextEncoder().encode(`\u0001{"symbol": ${secret}`);

const situations: readonly Situation[] = [
  {
    name: "a decision",
    code: "ok",
    method: predictMethod,
    exchange: (dress) => ({ path: dress.predictPath, ...encode(request) }),
  },
  {
    name: "an invalid request",
    code: "invalid_argument",
    method: predictMethod,
    exchange: (dress) => ({ path: dress.predictPath, ...encode({ ...request, timeframe: "" }) }),
  },
  {
    name: "a message that cannot be read",
    code: "invalid_argument",
    method: predictMethod,
    exchange: (dress) => ({ path: dress.predictPath, json: `{"symbol": ${secret}`, binary: broken }),
  },
  {
    name: "a value of the wrong type",
    code: "invalid_argument",
    method: predictMethod,
    exchange: (dress) => ({ path: dress.predictPath, json: `{"historyBars": "${secret}"}`, binary: broken }),
  },
  {
    name: "a deadline that passes",
    code: "deadline_exceeded",
    method: predictMethod,
    exchange: (dress) => ({ path: dress.predictPath, ...encode(request), timeoutMs: 5 }),
  },
  {
    name: "an unknown path",
    code: "unimplemented",
    method: "unknown",
    exchange: (dress) => ({
      path: dress.protocol === "rest" ? `/${secret}?${secret}=1` : `/arbitrex.ml.v1.InferenceService/${secret}`,
      ...encode(request),
    }),
  },
];

describe.each(dresses)("$name", (dress) => {
  it.each(situations)("writes one line for $name, which repeats nothing that was sent", async (situation) => {
    const log = captureLog();
    const headers = {
      "x-request-id": "given-by-caller",
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
      authorization: `Bearer ${secret}`,
      cookie: `session=${secret}`,
      "x-api-key": secret,
    };
    await using service = await startTestService({ log: log.service, clock: new SteppingClock() });
    log.clear();
    const returnedId = await dress.send(service.port, { ...situation.exchange(dress), headers });
    const written = log.lines();
    await service.stop();
    expect(returnedId).toBe("given-by-caller");
    expect(written).toHaveLength(1);
    const { request_bytes, ...line } = written[0] ?? {};
    expect(line).toEqual({
      level: 30,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      request_id: "given-by-caller",
      protocol: dress.protocol,
      method: situation.method,
      code: dress.protocol === "rest" && situation.method === "unknown" ? "not_found" : situation.code,
      duration_ms: expect.any(Number),
      trace_id: traceId,
      msg: "call finished",
    });
    expect(["number", "undefined"]).toContain(typeof request_bytes);
    expect(log.lines().filter(({ msg }) => msg === "call finished")).toHaveLength(1);
    expect(log.text()).not.toMatch(new RegExp(`${secret}|${secretNumber}`, "i"));
  });
});

describe("the fields of a line", () => {
  it("leaves out the trace of a header that is not valid, and makes an id when the caller gives none", async () => {
    const log = captureLog();
    await using service = await startTestService({ log: log.service });
    log.clear();
    const response = await fetch(`${service.url}/health/ready`, { headers: { traceparent: `00-${traceId}-0-01` } });
    await response.text();
    const [line] = log.lines();
    expect(Object.keys(line ?? {})).toEqual([
      "level",
      "time",
      "request_id",
      "protocol",
      "method",
      "code",
      "duration_ms",
      "msg",
    ]);
    expect(line?.["request_id"]).toBe(response.headers.get("x-request-id"));
    expect(log.text()).not.toContain(traceId);
  });

  it("holds the size of a request that says it", async () => {
    const log = captureLog();
    await using service = await startTestService({ log: log.service });
    log.clear();
    await fetch(`${service.url}/predict`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(log.lines()).toMatchObject([{ request_bytes: 2 }]);
  });
});

describe("a stream", () => {
  it("has one line when it is over, however many items it had and whatever became of them", async () => {
    const log = captureLog();
    await using service = await startTestService({ log: log.service });
    log.clear();
    using client = openClient(service.port);
    const stream = openBatch(client);
    for (const timeframe of ["4H", ""]) {
      stream.send({ item: { case: "window", value: { ...request, timeframe } } });
      await stream.receive();
    }
    expect(log.lines()).toEqual([]);
    await stream.finish();
    expect(log.lines()).toMatchObject([
      { level: 30, method: "arbitrex.ml.v1.InferenceService/BatchPredict", code: "ok", msg: "call finished" },
    ]);
    expect(log.text()).not.toMatch(new RegExp(`${secret}|${secretNumber}`, "i"));
  });
});

describe("a handler that fails", () => {
  let failed: { readonly lines: Record<string, unknown>[]; readonly answer: string };

  beforeAll(async () => {
    const log = captureLog();
    const predict = () => {
      throw new Error("the disk is on fire");
    };
    await using stub = await startStub({
      inference: { predict },
      chain: { observe: createCallLog(log.service) },
    });
    const response = await fetch(`${stub.url}${predictPath}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    failed = { answer: await response.text(), lines: log.lines() };
  });

  it("tells the log why, at the level of an error", () => {
    expect(failed.lines).toMatchObject([
      { level: 50, code: "internal", msg: "call finished", err: { type: "Error", message: "the disk is on fire" } },
    ]);
  });

  it("tells the caller nothing of it", () => {
    expect(failed.answer).not.toContain("fire");
  });
});

/** Every look at it is 10 ms later, so that a deadline of 5 ms passes before the call is decided. */
class SteppingClock implements Clock {
  #ms = 1_767_225_600_000;

  nowMicros(): number {
    this.#ms += 10;
    return this.#ms * 1_000;
  }

  monotonicMs = (): number => {
    this.#ms += 10;
    return this.#ms;
  };
}

function captureLog() {
  let text = "";
  let start = 0;
  const write = (line: string) => {
    text += line;
  };
  return {
    service: createServiceLog("trace", { write }),
    text: () => text,
    clear() {
      start = text.length;
    },
    lines: (): Record<string, unknown>[] =>
      text
        .slice(start)
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line)),
  };
}

function encode(init: Parameters<typeof create<typeof PredictRequestSchema>>[1]) {
  const message = create(PredictRequestSchema, init);
  return { json: toJsonString(PredictRequestSchema, message), binary: toBinary(PredictRequestSchema, message) };
}

function grpcTimeout({ timeoutMs }: Exchange): Record<string, string> {
  return timeoutMs === undefined ? {} : { "grpc-timeout": `${timeoutMs}m` };
}

function connectTimeout({ timeoutMs }: Exchange): Record<string, string> {
  return timeoutMs === undefined ? {} : { "connect-timeout-ms": String(timeoutMs) };
}

function toFrame(text: string): Uint8Array {
  const body = Buffer.from(text);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(body.length, 1);
  return Buffer.concat([prefix, body]);
}

async function sendHttp(
  port: number,
  { path, headers }: Exchange,
  contentType: string,
  body: string | Uint8Array,
  timeout: Record<string, string>,
): Promise<string | undefined> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers: { ...headers, ...timeout, "content-type": contentType },
    body: typeof body === "string" ? body : new Uint8Array(body),
  });
  await response.arrayBuffer();
  return response.headers.get("x-request-id") ?? undefined;
}

function sendGrpc(port: number, exchange: Exchange, options: Record<string, number>): Promise<string | undefined> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.use_local_subchannel_pool": 1,
    ...options,
  });
  const metadata = new Metadata();
  const headers = { ...exchange.headers, ...grpcTimeout(exchange) };
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  const pass = (bytes: Uint8Array) => Buffer.from(bytes);
  return new Promise((resolve) => {
    let received: string | undefined;
    const keep = ({ get }: { get(name: string): (string | Buffer)[] }) => {
      received ??= get("x-request-id")[0]?.toString();
    };
    const call = client.makeUnaryRequest(exchange.path, pass, pass, exchange.binary, metadata, (error) => {
      if (error !== null) keep({ get: (name) => error.metadata.get(name) });
      client.close();
      resolve(received);
    });
    call.on("metadata", (answered: Metadata) => keep({ get: (name) => answered.get(name) }));
  });
}
