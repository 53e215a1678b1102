/** What is kept for streams, and that it is let go of: once, whatever ends them. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gate, until } from "../stub-service.ts";
import { askElsewhere, type BodyServer, bytesOf, startBodyServer } from "./body-service.ts";
import {
  codes,
  data,
  flags,
  get,
  headers,
  ping,
  post,
  requestBlock,
  reset,
  settingIds,
  types,
  windowUpdate,
} from "./frames.ts";
import { openRaw, type RawClient } from "./raw-client.ts";

let server: BodyServer;
beforeAll(async () => {
  server = await startBodyServer({ listener: { limits: { sessionMemoryMbMax: 4 } } });
});
afterAll(async () => {
  await until(() => server.listener.stats().connections === 0);
  expect(server.listener.stats()).toEqual({ connections: 0, http2Sessions: 0, requests: 0 });
  expect(server.faults).toEqual([]);
  await server[Symbol.asyncDispose]();
});

interface HeldCall {
  readonly client: RawClient;
  readonly request: BodyServer["held"][number]["request"];
  readonly response: BodyServer["held"][number]["response"];
  /** Names of the events that told of an end, in their order. */
  readonly events: string[];
}

/** A call on stream 1 that its handler has not answered. */
async function hold(client: RawClient, block: Buffer, ...more: readonly Buffer[]): Promise<HeldCall> {
  const before = server.held.length;
  client.write(block, ...more, ping("is-held?"));
  await client.frame(types.ping, 0, flags.ack);
  await until(() => server.held.length > before);
  const call = server.held.at(-1);
  if (call === undefined) throw new Error("no request is held");
  const { request, response } = call;
  const events: string[] = [];
  for (const name of ["aborted", "end", "close", "error"]) request.on(name, () => events.push(`request ${name}`));
  for (const name of ["finish", "close", "error"]) response.on(name, () => events.push(`response ${name}`));
  return { client, request, response, events };
}

type State = readonly [what: string, enter: (client: RawClient) => Promise<HeldCall>];
const states: readonly State[] = [
  ["is open", (client) => hold(client, post(1, "/held"), data(1, "body"))],
  ["has more than anybody reads", (client) => hold(client, post(1, "/held"), data(1, bytesOf(16_000)), data(1, "x"))],
  ["has its request", (client) => hold(client, get(1, "/held"))],
  ["has its request, unread", (client) => hold(client, post(1, "/held"), data(1, "body", flags.endStream))],
  [
    "is half answered",
    async (client) => {
      const call = await hold(client, get(1, "/held"));
      call.response.write("half");
      await client.frame(types.data, 1);
      return call;
    },
  ],
  [
    "waits for a window",
    async (client) => {
      const call = await hold(client, get(1, "/held"));
      call.response.write(bytesOf(200_000));
      await client.wait(() => client.bodyPieces(1).length >= 4 || undefined);
      return call;
    },
  ],
  [
    "is answered before its request is complete",
    async (client) => {
      const call = await hold(client, post(1, "/held"));
      call.response.end("early");
      await client.answer(1);
      return call;
    },
  ],
  [
    "has its trailers waiting",
    async (client) => {
      const call = await hold(client, get(1, "/held"));
      call.response.write(bytesOf(100_000));
      call.response.addTrailers({ "x-check": "sum" });
      call.response.end();
      await client.wait(() => client.bodyPieces(1).length >= 4 || undefined);
      return call;
    },
  ],
];

const ends: readonly (readonly [what: string, end: (call: HeldCall) => void])[] = [
  ["its client resets it", ({ client }) => client.write(reset(1))],
  ["its client hangs up", ({ client }) => client.socket.end()],
  ["its client is cut off", ({ client }) => client.socket.resetAndDestroy()],
  ["its connection breaks the protocol", ({ client }) => client.write(data(0, "x"))],
  ["it breaks the protocol", ({ client }) => client.write(windowUpdate(1, 0))],
  ["its handler destroys the answer", ({ response }) => void response.destroy()],
  ["its handler destroys the request", ({ request }) => void request.destroy()],
];

describe.each(states)("a stream that %s", (_state, enter) => {
  it.each(ends)("is let go of once when %s", async (_end, end) => {
    using client = await openRaw(server.port);
    const call = await enter(client);
    end(call);
    await until(() => call.request.closed && call.response.closed);
    await until(() => server.listener.stats().requests === 0);
    // Whatever its handler does afterwards does nothing.
    call.response.write("late");
    call.response.end("later");
    call.request.resume();
    call.request.destroy();
    call.response.destroy();
    await new Promise((resolve) => setImmediate(resolve));
    const count = (name: string) => call.events.filter((each) => each === name).length;
    expect([count("request close"), count("response close")]).toEqual([1, 1]);
    expect(count("request aborted")).toBeLessThanOrEqual(1);
    expect(call.events.filter((name) => name.endsWith("error"))).toEqual([]);
    expect(await askElsewhere(server.port)).toBe("hello");
  });
});

describe("a request tells that it was aborted", () => {
  it("when it is reset before it is complete, and not when it is reset after", async () => {
    using client = await openRaw(server.port);
    const open = await hold(client, post(1, "/held"));
    client.write(reset(1));
    await until(() => open.response.closed);
    expect(open.events).toContain("request aborted");
    using other = await openRaw(server.port);
    const whole = await hold(other, get(1, "/held"));
    other.write(reset(1));
    await until(() => whole.response.closed);
    expect(whole.events).not.toContain("request aborted");
  });
});

describe("an answer", () => {
  it("holds its handler back while its client does not read, and calls it again", async () => {
    using client = await openRaw(server.port, [settingIds.initialWindow, 0]);
    const { response } = await hold(client, get(1, "/held"));
    expect(response.write(bytesOf(1_000))).toBe(true);
    expect(response.write(bytesOf(100_000))).toBe(false);
    const drained = gate();
    response.once("drain", () => drained.open());
    client.write(windowUpdate(1, 200_000), windowUpdate(0, 200_000));
    await drained.opened;
    expect(response.writableLength).toBe(0);
    response.end();
    expect((await client.answer(1)).body).toEqual(Buffer.concat([bytesOf(1_000), bytesOf(100_000)]));
  });

  it("refuses a header that no client would take when it is set, and one that comes too late", async () => {
    using client = await openRaw(server.port);
    const { response } = await hold(client, get(1, "/held"));
    for (const value of ["a\r\nb", "a\0", "\u20ac", "\x7f"])
      expect(() => response.setHeader("x", value)).toThrow(/header x/);
    response.setHeader("x", "a\t\u00fc");
    response.setHeader("connection", "close");
    response.flushHeaders();
    expect(() => response.setHeader("y", "z")).toThrow(/header y/);
    response.end();
    expect((await client.answer(1)).headers).toMatchObject({ x: "a\t\u00fc", ":status": "200" });
    expect((await client.answer(1)).headers).not.toHaveProperty("connection");
  });
});

describe("a client that takes nothing of its answers", () => {
  it("may have four megabytes waiting, and gets no more streams until it has taken some", async () => {
    using client = await openRaw(server.port, [settingIds.initialWindow, 0]);
    const megabyte = (streamId: number) => get(streamId, "/bytes/1000000");
    client.write(get(1, "/bytes/1500000"), megabyte(3), megabyte(5), megabyte(7), megabyte(9));
    // Four beside the largest are not more than four; with the fifth it is.
    client.write(megabyte(11), get(13, "/hello"));
    expect(await client.resetCode(13)).toBe(codes.refused);
    expect(client.find(types.headers, 11)).toBeDefined();
    client.write(reset(3), get(15, "/hello"));
    await client.frame(types.headers, 15);
    expect(await askElsewhere(server.port)).toBe("hello");
  });

  it("is served on while one answer waits, however large that is", async () => {
    using client = await openRaw(server.port, [settingIds.initialWindow, 0]);
    client.write(get(1, "/bytes/9000000"), get(3, "/hello"), windowUpdate(3, 5), get(5, "/hello"), windowUpdate(5, 5));
    expect((await client.answer(5)).body.toString()).toBe("hello");
  });

  it("holds memory as far as it may, however many streams and connections it has", async () => {
    const clients = await Promise.all(Array.from({ length: 20 }, () => openRaw(server.port)));
    for (const client of clients) {
      client.socket.pause();
      for (let streamId = 1; streamId < 400; streamId += 2) client.write(get(streamId, "/bytes/200000"));
    }
    await until(() => server.listener.stats().requests >= 20 * 20);
    expect(await askElsewhere(server.port)).toBe("hello");
    // Each has its four megabytes, the largest beside, and the one that goes beyond; the rest was refused.
    expect(server.listener.stats().requests).toBeLessThanOrEqual(20 * 23);
    for (const client of clients) client[Symbol.dispose]();
    await until(() => server.listener.stats().requests === 0);
  });
});

describe("a client that opens many streams and says no more", () => {
  it("has all of them let go of when it leaves", async () => {
    const before = server.listener.stats().connections;
    const clients = await Promise.all(Array.from({ length: 30 }, () => openRaw(server.port)));
    for (const client of clients) {
      for (let streamId = 1; streamId < 200; streamId += 2)
        client.write(headers(streamId, requestBlock("/held", [], "POST")));
    }
    await until(() => server.listener.stats().requests === 3_000);
    expect(await askElsewhere(server.port)).toBe("hello");
    for (const client of clients) client[Symbol.dispose]();
    await until(() => server.listener.stats().connections === before);
    expect(server.listener.stats().requests).toBe(0);
    await until(() => server.held.every(({ request, response }) => request.closed && response.closed));
  });
});
