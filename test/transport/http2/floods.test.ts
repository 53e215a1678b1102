/** Clients that keep us busy with nothing: each is stopped, its like that means well is not, and others are served meanwhile. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Allowance } from "../../../src/transport/http2/allowance.ts";
import { until } from "../stub-service.ts";
import { askElsewhere, type BodyServer, startBodyServer } from "./body-service.ts";
import {
  codes,
  data,
  flags,
  frame,
  get,
  headers,
  ping,
  post,
  preface,
  requestBlock,
  reset,
  settingIds,
  settings,
  types,
  uint32,
  windowUpdate,
} from "./frames.ts";
import { indexed, indexedLiteral } from "./hpack-blocks.ts";
import { connectRaw, openRaw, type RawClient } from "./raw-client.ts";

const concurrentStreamsMax = 100;
/** Below the 10 000 that a client may send at once, and beyond what it may have sent by the end of any test. */
const few = 5_000;
const tooMany = 200_000;

let server: BodyServer;
let bystander: Bystander;
beforeAll(async () => {
  server = await startBodyServer({ listener: { limits: { concurrentStreamsMax } } });
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  bystander = await Bystander.start(server.port);
});
afterEach(async () => {
  expect(await bystander.stop()).toBeGreaterThan(0);
  await until(() => server.listener.stats().requests === 0);
  expect(server.faults).toEqual([]);
});

/** A client that asks for one thing after the other. */
class Bystander {
  readonly #client: RawClient;
  #isStopping = false;
  #asked = 0;
  #end: Promise<void>;

  private constructor(client: RawClient) {
    this.#client = client;
    this.#end = this.#ask();
  }

  static async start(port: number): Promise<Bystander> {
    return new Bystander(await openRaw(port));
  }

  /** Returns how many answers it got; rejects if it was cut off. */
  async stop(): Promise<number> {
    this.#isStopping = true;
    await this.#end;
    this.#client[Symbol.dispose]();
    return this.#asked;
  }

  async #ask(): Promise<void> {
    for (let streamId = 1; !this.#isStopping; streamId += 2) {
      this.#client.write(get(streamId, "/hello"), windowUpdate(0, 5));
      expect((await this.#client.answer(streamId)).body.toString()).toBe("hello");
      this.#client.frames.length = 0;
      this.#asked++;
    }
  }
}

/** Writes one frame after the other, or several at a time, until there were enough or the connection is over. */
async function flood(client: RawClient, count: number, make: (index: number) => Buffer): Promise<void> {
  const isOver = () => client.isClosed || client.frames.some((it) => it.type === types.goAway && it.payload[7] !== 0);
  for (let sent = 0; sent < count && !isOver(); ) {
    const pieces: Buffer[] = [];
    for (let piece = 0; piece < 1_000 && sent < count; piece++) pieces.push(make(sent++));
    await new Promise<void>((resolve) => client.socket.write(Buffer.concat(pieces), () => resolve()));
  }
}

async function expectAlive(client: RawClient): Promise<void> {
  client.write(ping("alive-??"));
  await client.wait(() => client.frames.find((each) => each.payload.toString() === "alive-??"));
}

const otherDependency = Buffer.concat([uint32(3), Buffer.of(0)]);
const nextId = (index: number) => 101 + 2 * index;

describe("an allowance", () => {
  it("is used up, comes back with time, never exceeds what may happen at once, and can be given back", () => {
    let nowMs = 0;
    const allowance = new Allowance(3, 10, () => nowMs);
    const takeAll = () => {
      let taken = 0;
      while (allowance.take()) taken++;
      return taken;
    };
    expect(takeAll()).toBe(3);
    nowMs = 99;
    expect(takeAll()).toBe(0);
    nowMs = 200;
    expect(takeAll()).toBe(2);
    nowMs = 100_000;
    expect(takeAll()).toBe(3);
    allowance.giveBack();
    expect(takeAll()).toBe(1);
    for (let times = 0; times < 9; times++) allowance.giveBack();
    expect(takeAll()).toBe(3);
  });
});

describe("a connection is ended for its calm after too many, and not after a few", () => {
  it.each<[what: string, setUp: readonly Buffer[], make: (index: number) => Buffer]>([
    ["pings", [], () => ping()],
    ["acknowledged pings", [], () => ping("whatever", flags.ack)],
    ["goodbyes", [post(1, "/held")], () => frame(types.goAway, 0, 0, uint32(0, 0))],
    ["settings", [], () => settings([settingIds.initialWindow, 1_000])],
    ["acknowledged settings", [], () => frame(types.settings, flags.ack, 0)],
    ["priorities", [], (index) => frame(types.priority, 0, nextId(index), otherDependency)],
    ["frames of a kind nobody knows", [], () => frame(77, 0, 0, Buffer.alloc(20))],
    ["updates of a window that nobody uses", [], () => windowUpdate(0, 1)],
    ["updates of the window of a stream that is answered", [get(1, "/hello")], () => windowUpdate(1, 1)],
    ["resets of a stream that is closed", [get(1, "/hello")], () => reset(1)],
    ["empty pieces of a body", [post(1, "/held")], () => data(1, "")],
    ["empty pieces of a body that nobody waits for", [get(1, "/hello")], () => data(1, "")],
    ["requests that are none", [], (index) => headers(nextId(index), Buffer.of(0x82), flags.endStream)],
    ["resets of early answers", [], (index) => Buffer.concat([post(nextId(index), "/bytes/0"), reset(nextId(index))])],
  ])("%s", async (_what, setUp, make) => {
    using client = await openRaw(server.port);
    client.write(...setUp);
    await flood(client, few, make);
    await expectAlive(client);
    await flood(client, tooMany, (index) => make(few + index));
    expect(await client.goAwayCode()).toBe(codes.calm);
  });

  it("updates of windows while many answers wait", async () => {
    using client = await openRaw(server.port, [settingIds.initialWindow, 0]);
    const waiting = Array.from({ length: concurrentStreamsMax }, (_, index) => get(1 + 2 * index, "/bytes/100"));
    client.write(...waiting);
    await client.frame(types.headers, 2 * concurrentStreamsMax - 1);
    await flood(client, few, () => windowUpdate(0, 1));
    await expectAlive(client);
    await flood(client, tooMany, () => windowUpdate(0, 1));
    expect(await client.goAwayCode()).toBe(codes.calm);
  });

  it("but a ping for every answer is the way of grpc-go to measure a connection", async () => {
    const count = 60_000;
    using client = await openRaw(server.port, [settingIds.initialWindow, 1_000]);
    client.write(windowUpdate(0, 1_000_000));
    await flood(client, count, (index) => Buffer.concat([get(nextId(index), "/hello"), ping(), windowUpdate(0, 5)]));
    expect((await client.answer(nextId(count - 1))).body.toString()).toBe("hello");
  });

  it("but updates that let bytes go are as many as there are bytes", async () => {
    const count = 60_000;
    using client = await openRaw(server.port, [settingIds.initialWindow, 0]);
    client.write(get(1, `/bytes/${count}`));
    await client.frame(types.headers, 1);
    await flood(client, count, () => windowUpdate(1, 1));
    expect((await client.answer(1)).body.length).toBe(count);
  });
});

describe("resets", () => {
  /** A call that is being answered, and what ends it before. */
  const broken = (index: number, end: (streamId: number) => Buffer) =>
    Buffer.concat([post(nextId(index), "/held"), end(nextId(index))]);

  it.each<[what: string, end: (streamId: number) => Buffer]>([
    ["by the client", (streamId) => reset(streamId)],
    ["that it provokes by a window of nothing", (streamId) => windowUpdate(streamId, 0)],
    ["that it provokes by a window of too much", (streamId) => windowUpdate(streamId, 0x7fff_ffff)],
    ["that it provokes by a wrong priority", (streamId) => frame(types.priority, 0, streamId)],
    ["that it provokes by headers", (streamId) => headers(streamId, requestBlock("/x"))],
  ])("are allowed a thousand times and not for ever: %s", async (_what, end) => {
    using client = await openRaw(server.port);
    await flood(client, 1_000, (index) => broken(index, end));
    await expectAlive(client);
    expect(server.listener.stats().requests).toBe(0);
    await flood(client, 20_000, (index) => broken(1_000 + index, end));
    expect(await client.goAwayCode()).toBe(codes.calm);
    expect(server.held.length).toBeLessThan(20_000);
  });

  it("are no attack when as many calls are let finish: a proxy of many, or a client that cancels the slower of two", async () => {
    using client = await openRaw(server.port);
    await flood(client, 6_000, (index) => (index % 2 === 0 ? get(nextId(index), "/hello") : broken(index, reset)));
    await expectAlive(client);
    expect((await client.answer(nextId(5_998))).body.toString()).toBe("hello");
  });
});

describe("streams beyond those that may be open", () => {
  it("are refused, and accepted when others have ended", async () => {
    using client = await openRaw(server.port);
    for (let index = 0; index < concurrentStreamsMax; index++) client.write(post(nextId(index), "/held"));
    const more = nextId(concurrentStreamsMax);
    client.write(get(more, "/hello"));
    expect(await client.resetCode(more)).toBe(codes.refused);
    client.write(reset(nextId(0)), get(more + 2, "/hello"));
    expect((await client.answer(more + 2)).status).toBe("200");
    client.write(post(more + 4, "/held"), get(more + 6, "/hello"));
    expect(await client.resetCode(more + 6)).toBe(codes.refused);
  });

  it("are refused by the thousands to a client that has not read our settings, and a flood of them is one", async () => {
    using client = connectRaw(server.port);
    client.write(preface, settings());
    for (let index = 0; index < concurrentStreamsMax; index++) client.write(post(nextId(index), "/held"));
    const later = (index: number) => get(nextId(concurrentStreamsMax + index), "/hello");
    await flood(client, few, later);
    await expectAlive(client);
    await flood(client, tooMany, (index) => later(few + index));
    expect(await client.goAwayCode()).toBe(codes.calm);
  });
});

describe("a client that does not read", () => {
  it("is cut when too much waits for it, however small each answer is", async () => {
    using client = await openRaw(server.port);
    client.socket.pause();
    const before = server.listener.stats().connections;
    const block = requestBlock("/bytes/0", [], "HEAD");
    // Answers of headers alone are not held back by any window. The system takes a few megabytes of them.
    let sent = 0;
    while (server.listener.stats().connections === before) {
      expect(sent).toBeLessThan(1_000_000);
      const pieces = Array.from({ length: 500 }, () => headers(nextId(sent++), block, flags.endStream));
      await new Promise<void>((resolve) => client.socket.write(Buffer.concat(pieces), () => resolve()));
    }
  });
});

describe("headers that unfold", () => {
  it("from 16 KiB to 64 MiB are answered with 431 and cost no more than reading them", async () => {
    using client = await openRaw(server.port);
    client.write(headers(1, Buffer.concat([requestBlock("/hello"), indexedLiteral("x", "y".repeat(4_000))]), 1));
    await client.answer(1);
    const bomb = Buffer.concat([requestBlock("/hello"), Buffer.alloc(16_000, indexed(62))]);
    for (let streamId = 3; streamId < 103; streamId += 2) client.write(headers(streamId, bomb, flags.endStream));
    expect((await client.answer(101)).status).toBe("431");
    client.write(get(103, "/hello"));
    expect((await client.answer(103)).status).toBe("200");
  });
});

describe("a client that sends half of something", () => {
  it.each<[what: string, half: Buffer]>([
    ["of the preface", preface.subarray(0, 10)],
    ["of the first settings", Buffer.concat([preface, settings().subarray(0, 5)])],
    ["of a frame", Buffer.concat([preface, settings(), ping().subarray(0, 12)])],
    ["of a body's frame", Buffer.concat([preface, settings(), post(1, "/held"), data(1, "abc").subarray(0, 10)])],
    ["of a block of headers", Buffer.concat([preface, settings(), frame(types.headers, 0, 1, requestBlock("/held"))])],
  ])("is cut after two pings: half %s", async (_what, half) => {
    await using hurried = await startBodyServer({ listener: { limits: { pingIntervalMs: 20 } } });
    using client = connectRaw(hurried.port);
    client.write(half);
    await client.closed();
    await until(() => hurried.listener.stats().connections === 0);
    expect(hurried.listener.stats()).toEqual({ connections: 0, http2Sessions: 0, requests: 0 });
    expect(await askElsewhere(hurried.port)).toBe("hello");
  });

  it("is not cut when it says something whole, even if that is no answer to the pings", async () => {
    await using hurried = await startBodyServer({ listener: { limits: { pingIntervalMs: 20 } } });
    using client = await openRaw(hurried.port);
    let pings = 0;
    client.onFrame = (read) => {
      if (read.type !== types.ping) return;
      pings++;
      client.write(windowUpdate(0, 1));
    };
    await client.wait(() => pings >= 5 || undefined);
    client.onFrame = () => undefined;
    await client.closed();
  });
});
