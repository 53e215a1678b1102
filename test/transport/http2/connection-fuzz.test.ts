/** What no client would send, from a seed: nothing escapes, nothing hangs, nothing is kept. */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../stub-service.ts";
import { askElsewhere, type BodyServer, startBodyServer } from "./body-service.ts";
import {
  data,
  flags,
  frame,
  get,
  headers,
  paddedData,
  ping,
  post,
  preface,
  requestBlock,
  reset,
  settings,
  types,
  uint32,
  windowUpdate,
} from "./frames.ts";
import { indexed, indexedLiteral, sizeUpdate } from "./hpack-blocks.ts";
import { MemorySocket } from "./memory-socket.ts";
import { createRandom, type Random } from "./seeded-random.ts";

const connections = 4_000;
const framesPerConnection = 20;
const predictPath = "/arbitrex.ml.v1.InferenceService/Predict";
const batchPath = "/arbitrex.ml.v1.InferenceService/BatchPredict";

let server: BodyServer;
beforeAll(async () => {
  server = await startBodyServer({
    inference: {
      predict: () => ({ symbol: "EURUSD" }),
      async *batchPredict(requests: AsyncIterable<unknown>) {
        for await (const _ of requests) yield {};
      },
    },
  });
});
afterAll(() => server[Symbol.asyncDispose]());

/** Makes the frames of one connection. */
class FrameSource {
  readonly #random: Random;
  /** The next stream that has not been opened. */
  #next = 1;

  constructor(random: Random) {
    this.#random = random;
  }

  make(): Buffer {
    const random = this.#random;
    const makers = random(30) === 0 ? this.#misplaced() : random(2) === 0 ? this.#opening() : this.#following();
    return makers[random(makers.length)]?.() ?? ping();
  }

  /** Requests, good ones and malformed ones. */
  #opening(): readonly (() => Buffer)[] {
    const random = this.#random;
    const id = this.#next;
    this.#next += 2;
    const end = random(2);
    const path = ["/hello", "/bytes/40000", "/hash", "/echo", "/trailers", predictPath, batchPath][random(7)] ?? "/";
    const contentTypes = ["application/grpc", "application/grpc+proto", "application/connect+json", "text/plain"];
    const type = ["content-type", contentTypes[random(4)] ?? ""] as const;
    return [
      () => get(id, path),
      () => post(id, path, [type]),
      () => post(id, path, [type, ["content-length", String(random(30))]]),
      () => post(id, path, [["expect", "100-continue"]]),
      () => headers(id, requestBlock(path, [["Upper", "case"]], "HEAD"), end),
      () => headers(id, Buffer.concat([requestBlock(path), indexedLiteral("x", "y")]), end),
      () => headers(id, Buffer.concat([sizeUpdate(random(4_097)), requestBlock(path)]), end),
      () => Buffer.concat([frame(types.headers, end, id), frame(types.continuation, 4, id, requestBlock(path))]),
    ];
  }

  /** What may follow on a stream, whether it is still open or not. */
  #following(): readonly (() => Buffer)[] {
    const random = this.#random;
    const id = 1 + 2 * random((this.#next + 1) / 2);
    const end = random(2);
    return [
      () => data(id, Buffer.alloc(5), end),
      () => data(id, this.#bytes(), end),
      () => data(id, Buffer.alloc(random(16_385)), end),
      () => paddedData(id, this.#bytes(), random(256), end),
      () => reset(id, random(20)),
      () => windowUpdate(id, random(10) === 0 ? random(2 ** 31) : random(10_000)),
      () => windowUpdate(0, 1 + random(10_000)),
      () => settings([4, random(100_000)], [1, random(5_000)]),
      () => ping(),
      () => frame(types.priority, 0, id, Buffer.concat([uint32(random(12)), Buffer.of(1)])),
      () => frame(10 + random(246), random(256), random(12), this.#bytes()),
    ];
  }

  /** What ends most connections. */
  #misplaced(): readonly (() => Buffer)[] {
    const random = this.#random;
    const id = 1 + 2 * random(9);
    return [
      () => headers(id, this.#bytes(), random(2)),
      () => headers(this.#next, Buffer.concat([requestBlock("/hello"), indexed(random(80))]), 1),
      () => frame(types.headers, random(2), id, requestBlock("/hello")),
      () => frame(types.continuation, random(2) * flags.endHeaders, id, this.#bytes()),
      () => settings([random(10), random(2 ** 31)]),
      () => ping("draining", flags.ack),
      () => frame(types.goAway, 0, 0, uint32(random(9), random(12))),
      () => frame(random(10), random(256), random(12), this.#bytes()),
    ];
  }

  #bytes(): Buffer {
    const random = this.#random;
    return Buffer.from(Array.from({ length: random(60) }, () => (random(3) === 0 ? random(256) : 0)));
  }
}

/** Swaps, drops, doubles or bends octets of some frames; most stay as they are. */
function mutate(bytes: Buffer, random: Random): Buffer {
  if (random(25) > 0) return bytes;
  const at = random(bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + 1)];
  const mutations = [
    () => Buffer.concat([before, Buffer.of(random(256)), after]),
    () => Buffer.concat([before, after]),
    () => Buffer.concat([before, Buffer.of((bytes[at] ?? 0) ^ (1 << random(8))), after]),
    () => Buffer.concat([bytes, bytes]),
    // Most of what decides is in the header.
    () => Buffer.concat([bytes.subarray(0, 3), Buffer.of(random(12), random(64)), bytes.subarray(5)]),
  ];
  return mutations[random(mutations.length)]?.() ?? bytes;
}

/** Every frame that the server sent, each held to what a server may send. */
function checkSent(bytes: Buffer): void {
  // What a client is told whose preface was bent into something else.
  if (bytes.toString("latin1", 0, 9) === "HTTP/1.1 ") return;
  let at = 0;
  while (at < bytes.length) {
    const length = bytes.readUIntBE(at, 3);
    const [type, streamId] = [bytes.readUInt8(at + 3), bytes.readUInt32BE(at + 5)];
    expect(length).toBeLessThanOrEqual(16_384);
    expect([0, 1, 3, 4, 6, 7, 8, 9]).toContain(type);
    if (type < 4) expect(streamId % 2).toBe(1);
    at += 9 + length;
  }
  expect(at).toBe(bytes.length);
}

/** Lets everything happen that is due. */
async function turn(times: number): Promise<void> {
  for (let time = 0; time < times; time++) await new Promise((resolve) => setImmediate(resolve));
}

async function talk(random: Random): Promise<MemorySocket> {
  const socket = new MemorySocket();
  server.listener.adopt(socket);
  const source = new FrameSource(random);
  const start = Buffer.concat([preface, settings([4, random(100_000)])]);
  socket.push(random(50) === 0 ? mutate(start, random) : start);
  for (let count = 0; count < framesPerConnection && !socket.hasEnded; ) {
    const frames: Buffer[] = [];
    for (let together = 1 + random(6); together > 0; together--, count++) frames.push(mutate(source.make(), random));
    const bytes = Buffer.concat(frames);
    const at = random(bytes.length);
    socket.push(bytes.subarray(0, at));
    if (random(3) === 0) await turn(1);
    if (!socket.hasEnded) socket.push(bytes.subarray(at));
    if (random(8) === 0) socket.stall();
    if (random(4) === 0) socket.flow();
    await turn(1);
  }
  return socket;
}

function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
  return process.memoryUsage().heapUsed;
}

describe(`${connections} connections of ${framesPerConnection} frames that are valid, bent or out of place`, () => {
  it("throw nothing, keep nothing, and the next connection is served", { timeout: 60_000 }, async () => {
    const random = createRandom(0x44_87);
    let before = 0;
    let lived = 0;
    for (let nth = 0; nth < connections; nth++) {
      if (nth === 500) before = heapBytes();
      const socket = await talk(random);
      socket.flow();
      if (!socket.hasEnded) lived++;
      checkSent(socket.sent());
      socket.destroy();
      server.reports.length = 0;
      if (nth % 500 === 0) expect(await askElsewhere(server.port)).toBe("hello");
    }
    await until(() => server.listener.stats().connections === 0);
    expect(server.listener.stats()).toEqual({ connections: 0, http2Sessions: 0, requests: 0 });
    expect(server.faults).toEqual([]);
    expect(await askElsewhere(server.port)).toBe("hello");
    expect(heapBytes() - before).toBeLessThan(20_000_000);
    // Both happen often enough to mean something.
    expect(lived).toBeGreaterThan(connections / 20);
    expect(lived).toBeLessThan(connections * 0.9);
  });
});
