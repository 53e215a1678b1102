/** The lane for bidirectional gRPC streams: a direct way that echoes, and clients that are not ours. */

import { connect as connectHttp2, constants } from "node:http2";
import { gzipSync } from "node:zlib";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { status as grpcStatus, Metadata } from "@grpc/grpc-js";
import { describe, expect, it } from "vitest";
import {
  BatchPredictRequestSchema,
  type BatchPredictResponse,
  BatchPredictResponseSchema,
  InferenceService,
} from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type { ServiceHandlers } from "../../src/handlers/service-handlers.ts";
import type { DirectStream } from "../../src/transport/service-binding.ts";
import { gate, grpcClient, grpcStatusOf, type StubOptions, startStub, toGrpcMethod, until } from "./stub-service.ts";

const batchPredict = toGrpcMethod(InferenceService.method.batchPredict);

interface EchoOptions {
  readonly pendingMax?: number;
  /** @default at once */
  readonly after?: (requestId: string) => Promise<void> | undefined;
}

/** A direct way that echoes the ids of its requests and counts what becomes of its streams. */
function createEcho({ pendingMax = 1_000, after = () => undefined }: EchoOptions = {}) {
  const counts = { opened: 0, taken: 0, writes: 0, closed: 0 };
  const open = (): DirectStream<string> => {
    counts.opened++;
    return {
      answer(message) {
        const { requestId } = fromBinary(BatchPredictRequestSchema, message);
        counts.taken++;
        return after(requestId)?.then(() => requestId) ?? requestId;
      },
      write(answers) {
        counts.writes++;
        return Buffer.concat(answers.map((requestId) => envelope(BatchPredictResponseSchema, requestId)));
      },
      close: () => void counts.closed++,
    };
  };
  return { counts, options: { direct: { streams: { batchPredict: { pendingMax, open } } } } satisfies StubOptions };
}

/** One gRPC message on the wire. */
function envelope(
  schema: typeof BatchPredictRequestSchema | typeof BatchPredictResponseSchema,
  requestId: string,
): Buffer {
  const bytes = toBinary(schema, create(schema, { requestId }));
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

const request = (requestId: string) => envelope(BatchPredictRequestSchema, requestId);

function openRaw(url: string, headers: Readonly<Record<string, string>> = {}) {
  const session = connectHttp2(url);
  session.on("error", () => {});
  const stream = session.request({
    ":path": batchPredict.path,
    ":method": "POST",
    "content-type": "application/grpc",
    ...headers,
  });
  stream.on("error", () => {});
  return { session, stream };
}

/** What a grpc-js client hears of a stream, until its status. */
function openEcho(port: number, metadata = new Metadata()) {
  const client = grpcClient(port);
  const stream = client.makeBidiStreamRequest(
    batchPredict.path,
    batchPredict.requestSerialize,
    batchPredict.responseDeserialize,
    metadata,
  );
  const ids: string[] = [];
  stream.on("data", ({ requestId }: BatchPredictResponse) => ids.push(requestId));
  stream.on("error", () => {});
  const ended = new Promise<{ code: number; details: string; metadata: Metadata }>((resolve) =>
    stream.once("status", resolve),
  );
  return { stream, ids, ended, [Symbol.dispose]: () => client.close() };
}

describe("a stream with a direct way", () => {
  it("has every message answered in order and ends when its client does", async () => {
    const { counts, options } = createEcho();
    await using server = await startStub(options);
    using echo = openEcho(server.port);
    const sent = Array.from({ length: 500 }, (_, index) => `item ${index}`);
    for (const requestId of sent) echo.stream.write({ requestId });
    echo.stream.end();
    expect((await echo.ended).code).toBe(grpcStatus.OK);
    expect(echo.ids).toEqual(sent);
    await until(() => server.listener.stats().requests === 0);
    expect({ ...counts, writes: 0 }).toEqual({ opened: 1, taken: 500, writes: 0, closed: 1 });
    expect(server.reports.map(({ code, protocol }) => [protocol, code])).toEqual([["grpc", "ok"]]);
    expect(server.chain.inFlight()).toBe(0);
  });

  it("has the messages of one piece of data answered in one write", async () => {
    const { counts, options } = createEcho();
    await using server = await startStub(options);
    const { session, stream } = openRaw(server.url);
    stream.end(Buffer.concat(Array.from({ length: 50 }, (_, index) => request(`${index}`))));
    expect(await grpcStatusOf(stream)).toBe("0");
    expect([counts.taken, counts.writes]).toEqual([50, 1]);
    session.destroy();
  });

  it("has answers that become ready together written together", async () => {
    const synced = gate();
    const { counts, options } = createEcho({ after: () => synced.opened });
    await using server = await startStub(options);
    const { session, stream } = openRaw(server.url);
    stream.end(Buffer.concat(Array.from({ length: 50 }, (_, index) => request(`${index}`))));
    await until(() => counts.taken === 50);
    synced.open();
    expect(await grpcStatusOf(stream)).toBe("0");
    expect(counts.writes).toBe(1);
    session.destroy();
  });

  it("may be empty", async () => {
    await using server = await startStub(createEcho().options);
    using echo = openEcho(server.port);
    echo.stream.end();
    expect((await echo.ended).code).toBe(grpcStatus.OK);
  });

  it("keeps the order of answers that are ready in another", async () => {
    const first = gate();
    const { options } = createEcho({ after: (id) => (id === "a" ? first.opened : undefined) });
    await using server = await startStub(options);
    using echo = openEcho(server.port);
    for (const requestId of ["a", "b", "c"]) echo.stream.write({ requestId });
    echo.stream.end();
    await until(() => server.chain.inFlight() === 1);
    first.open();
    await echo.ended;
    expect(echo.ids).toEqual(["a", "b", "c"]);
  });

  it("takes no more than may wait, and goes on when answers are there", async () => {
    const all = gate();
    const { counts, options } = createEcho({ pendingMax: 10, after: () => all.opened });
    await using server = await startStub(options);
    using echo = openEcho(server.port);
    for (let index = 0; index < 100; index++) echo.stream.write({ requestId: `${index}` });
    echo.stream.end();
    await until(() => counts.taken === 10);
    all.open();
    expect((await echo.ended).code).toBe(grpcStatus.OK);
    expect(echo.ids).toHaveLength(100);
  });

  it("sends the caller's request id back", async () => {
    await using server = await startStub(createEcho().options);
    const { session, stream } = openRaw(server.url, { "x-request-id": "mine" });
    const headers = new Promise<Record<string, unknown>>((resolve) => stream.once("response", resolve));
    stream.end(request("a"));
    expect((await headers)["x-request-id"]).toBe("mine");
    session.destroy();
  });

  it("leaves compressed calls to the general path", async () => {
    const { counts, options } = createEcho();
    const inference: Pick<ServiceHandlers<typeof InferenceService>, "batchPredict"> = {
      async *batchPredict(requests) {
        for await (const { requestId } of requests) yield { requestId: `general ${requestId}` };
      },
    };
    await using server = await startStub({ ...options, inference });
    const { session, stream } = openRaw(server.url, { "grpc-encoding": "gzip" });
    const zipped = gzipSync(request("a").subarray(5));
    const head = Buffer.from([1, 0, 0, 0, zipped.length]);
    stream.end(Buffer.concat([head, zipped]));
    expect(await grpcStatusOf(stream)).toBe("0");
    expect(counts.opened).toBe(0);
    session.destroy();
  });
});

describe("a stream that goes wrong", () => {
  const broken = Buffer.from([0, 0, 0, 0, 2, 0x0a, 0x7f]);
  it.each([
    ["a message that is none", broken, grpcStatus.INVALID_ARGUMENT, "invalid_argument"],
    ["half an envelope", request("abc").subarray(0, 7), grpcStatus.INVALID_ARGUMENT, "invalid_argument"],
    ["a compressed message", Buffer.from([1, 0, 0, 0, 0]), grpcStatus.INTERNAL, "internal"],
    ["a message too large", request("x".repeat(1_000)), grpcStatus.RESOURCE_EXHAUSTED, "resource_exhausted"],
  ])("by %s has what came before answered", async (_what, bytes, code, name) => {
    const { counts, options } = createEcho();
    await using server = await startStub({ ...options, listener: { limits: { readMaxBytes: 500 } } });
    const { session, stream } = openRaw(server.url);
    const received: Buffer[] = [];
    stream.on("data", (piece: Buffer) => received.push(piece));
    const ended = grpcStatusOf(stream);
    stream.end(Buffer.concat([request("good"), bytes]));
    expect(await ended).toBe(String(code));
    expect(Buffer.concat(received).includes("good")).toBe(true);
    await until(() => server.listener.stats().requests === 0);
    expect(server.reports.map((report) => report.code)).toEqual([name]);
    expect([counts.closed, server.chain.inFlight()]).toEqual([1, 0]);
    session.destroy();
  });

  it("by its deadline is ended and released, whoever is waited for", async () => {
    const { counts, options } = createEcho({ after: () => new Promise(() => {}) });
    await using server = await startStub(options);
    const { session, stream } = openRaw(server.url, { "grpc-timeout": "30m" });
    stream.write(request("a"));
    expect(await grpcStatusOf(stream)).toBe(String(grpcStatus.DEADLINE_EXCEEDED));
    expect(server.reports.map((report) => report.code)).toEqual(["deadline_exceeded"]);
    expect([counts.closed, server.chain.inFlight()]).toEqual([1, 0]);
    session.destroy();
  });

  it("by a full service is refused before it is opened", async () => {
    const { counts, options } = createEcho();
    await using server = await startStub({ ...options, chain: { inFlightMax: 1 } });
    using first = openEcho(server.port);
    first.stream.write({ requestId: "a" });
    await until(() => counts.taken === 1);
    using second = openEcho(server.port);
    second.stream.write({ requestId: "b" });
    expect((await second.ended).code).toBe(grpcStatus.RESOURCE_EXHAUSTED);
    expect([counts.opened, server.chain.inFlight()]).toEqual([1, 1]);
    first.stream.end();
    expect((await first.ended).code).toBe(grpcStatus.OK);
  });

  it("by draining is answered for what was taken, and told to look elsewhere", async () => {
    const first = gate();
    const { counts, options } = createEcho({ after: () => first.opened });
    const server = await startStub(options);
    using echo = openEcho(server.port);
    echo.stream.write({ requestId: "taken" });
    await until(() => counts.taken === 1);
    const drained = server.listener.drain(5_000);
    echo.stream.write({ requestId: "too late" });
    first.open();
    expect((await echo.ended).code).toBe(grpcStatus.UNAVAILABLE);
    expect(echo.ids).toEqual(["taken"]);
    await drained;
    expect([counts.taken, counts.closed, server.chain.inFlight()]).toEqual([1, 1, 0]);
  });
});

describe("a stream whose client goes away", () => {
  it.each(["while it waits for a request", "while an answer is awaited", "after half of it"] as const)(
    "is released %s",
    async (when) => {
      const { counts, options } = createEcho(
        when === "while an answer is awaited" ? { after: () => new Promise(() => {}) } : {},
      );
      await using server = await startStub(options);
      const { session, stream } = openRaw(server.url);
      stream.write(request("a"));
      await until(() => counts.taken === 1);
      if (when === "after half of it") stream.write(request("b").subarray(0, 6));
      stream.destroy();
      await until(() => counts.closed === 1 && server.listener.stats().requests === 0);
      expect(server.reports.map((report) => report.code)).toEqual(["canceled"]);
      expect(server.chain.inFlight()).toBe(0);
      session.destroy();
    },
  );

  it("is released when the whole connection is gone", async () => {
    const { counts, options } = createEcho();
    await using server = await startStub(options);
    const { session, stream } = openRaw(server.url);
    stream.write(request("a"));
    await until(() => counts.taken === 1);
    session.destroy();
    await until(() => counts.closed === 1 && server.chain.inFlight() === 0);
  });
});

describe("a client that does not read", () => {
  it("is not read from either, and leaves nothing behind when it goes", async () => {
    const { counts, options } = createEcho();
    await using server = await startStub(options);
    const { session, stream } = openRaw(server.url);
    const message = request("x".repeat(10_000));
    const total = 2_000;
    let sent = 0;
    const send = () => {
      while (sent++ < total) if (!stream.write(message)) return void stream.once("drain", send);
    };
    send();
    await until(() => counts.taken > 0);
    // The answers fill the client's window and then the server's buffer; from there on nothing moves.
    for (let quiet = 0, before = -1; quiet < 50; quiet = before === counts.taken ? quiet + 1 : 0) {
      before = counts.taken;
      await new Promise((resolve) => session.ping(resolve));
    }
    expect(counts.taken).toBeLessThan(total / 10);
    const moved = counts.taken;
    stream.resume();
    await until(() => counts.taken > moved + 100);
    stream.pause();
    stream.close(constants.NGHTTP2_CANCEL);
    await until(() => counts.closed === 1 && server.chain.inFlight() === 0);
    session.destroy();
  });
});
