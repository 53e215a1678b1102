/** What becomes of a connection of the lane: answers in order, slow halves on either side, clients that go, the end. */

import { afterEach, describe, expect, it } from "vitest";
import { MemorySocket } from "../http2/memory-socket.ts";
import { openSocket, until } from "../stub-service.ts";
import { readAnswers } from "./answers.ts";
import {
  connectRequest,
  type LaneServer,
  type LaneServerOptions,
  restRequest,
  startLaneServer,
} from "./lane-service.ts";

const started: LaneServer[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) {
    expect(server.faults).toEqual([]);
    await server[Symbol.asyncDispose]();
    expect(server.listener.stats()).toEqual({ connections: 0, http2Sessions: 0, requests: 0 });
  }
});

async function start(options: LaneServerOptions = {}): Promise<LaneServer> {
  const server = await startLaneServer(options);
  started.push(server);
  return server;
}

const longMs = 60_000;
const bodiesOf = (text: string) => readAnswers(Buffer.from(text, "latin1")).map(({ body }) => body);
const statusesOf = (text: string) => readAnswers(Buffer.from(text, "latin1")).map(({ status }) => status);
const codesOf = (server: LaneServer) => server.reports.map(({ code }) => code);
/** Of an answer over Connect: the symbol, field 2, as protobuf writes it. */
const symbol = (name: string) => `\x12${String.fromCharCode(name.length)}${name}`;
const get = "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n";

describe("requests on one connection", () => {
  it("are answered in their order, one at a time, however long one takes", async () => {
    const server = await start();
    const { socket, received } = openSocket(server.port);
    socket.write(
      Buffer.concat([connectRequest("slow"), restRequest("B"), connectRequest("slow"), connectRequest("D")]),
    );
    await until(() => server.handler.answers.length === 1);
    expect(server.listener.stats().requests).toBe(1);
    expect(received()).toBe("");
    server.handler.answers[0]?.();
    await until(() => server.handler.answers.length === 2);
    server.handler.answers[1]?.();
    await until(() => received().endsWith(symbol("D")));
    const [a, b, c, d] = bodiesOf(received());
    expect([a, c, d]).toEqual([symbol("slow"), symbol("slow"), symbol("D")]);
    expect(b).toContain('"symbol":"B"');
    expect(server.handler.reads).toHaveLength(4);
    socket.destroy();
  });

  it("go to node:http, and those behind them, once one of another kind is among them; what is pending is answered first", async () => {
    const server = await start();
    const { socket, received } = openSocket(server.port);
    socket.write(Buffer.concat([connectRequest("slow"), Buffer.from(get), connectRequest("C")]));
    await until(() => server.handler.answers.length === 1);
    // More of it comes while the answer is pending.
    socket.write(connectRequest("D"));
    server.handler.answers[0]?.();
    await until(() => received().endsWith(symbol("D")));
    expect(statusesOf(received())).toEqual(
      ["200 OK", "404 Not Found", "200 OK", "200 OK"].map((each) => `HTTP/1.1 ${each}`),
    );
    expect(server.handler.reads).toHaveLength(1);
    socket.destroy();
  });

  it("wait in a socket that is not read when the answer before them is pending", async () => {
    const server = await start();
    const { socket, received } = openSocket(server.port);
    socket.write(connectRequest("slow"));
    await until(() => server.handler.answers.length === 1);
    // Far more than sockets hold on either side.
    const flood = Array.from({ length: 60 }, () =>
      connectRequest("X", { headers: `X-Fill: ${"x".repeat(15_000)}\r\n` }),
    );
    const bytes = Buffer.concat(flood.flatMap((each) => Array<Buffer>(10).fill(each)));
    socket.write(bytes);
    await until(() => socket.writableLength > 0);
    const before = socket.bytesWritten - socket.writableLength;
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(socket.writableLength).toBeGreaterThan(bytes.length / 2);
    expect(socket.bytesWritten - socket.writableLength).toBe(before);
    server.handler.answers[0]?.();
    await until(() => socket.writableLength === 0 && server.reports.length === 601);
    await until(() => bodiesOf(received()).length === 601);
    socket.destroy();
  });

  it("are not read while answers wait that the client does not take", async () => {
    const server = await start();
    const socket = new MemorySocket();
    server.listener.adopt(socket);
    socket.stall();
    for (let nth = 0; nth < 50; nth++) {
      socket.push(Buffer.concat([connectRequest("long"), connectRequest("long")]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    // The first is what the client does not take, the second fills what may wait.
    expect(server.handler.reads).toHaveLength(2);
    expect(socket.writableLength).toBeLessThan(200_000);
    socket.flow();
    await until(() => server.handler.reads.length === 100);
    socket.destroy();
  });
});

describe("a body", () => {
  it("may come in any number of pieces", async () => {
    const server = await start();
    const { socket, received } = openSocket(server.port);
    const bytes = restRequest("PIECES");
    const body = bytes.indexOf("{");
    socket.write(bytes.subarray(0, body));
    for (const byte of bytes.subarray(body)) await new Promise((resolve) => socket.write(Buffer.of(byte), resolve));
    await until(() => received().includes('"symbol":"PIECES"'));
    expect(server.handler.reads).toEqual([bytes.length - body]);
    socket.destroy();
  });

  it.each([
    ["as long as is allowed", 100, 1, "200 OK"],
    ["longer by one byte", 101, 0, "429 Too Many Requests"],
  ])("%s", async (_what, length, taken, status) => {
    const server = await start({ listener: { limits: { readMaxBytes: 100 } } });
    for (const request of [connectRequest("x".repeat(length - 2)), restRequest("x".repeat(length - 13))]) {
      server.handler.reads.length = 0;
      const { socket, received } = openSocket(server.port);
      socket.write(request);
      await until(() => received().includes("\r\n\r\n"));
      expect(received()).toContain(`HTTP/1.1 ${status}`);
      expect(server.handler.reads).toHaveLength(taken);
      socket.destroy();
    }
  });

  it("that takes longer than it may is refused, and the connection goes on behind it", async () => {
    const server = await start({ listener: { limits: { requestTimeoutMs: 50 } } });
    for (const [request, end] of [
      [connectRequest("AB", { length: 6 }), "CD"],
      [restRequest("AB", { length: 20 }), "     "],
    ] as const) {
      const { socket, received } = openSocket(server.port);
      socket.write(request);
      await until(() => received().includes("deadline_exceeded"));
      socket.write(`${end}${connectRequest("NEXT").toString("latin1")}`);
      await until(() => received().endsWith(symbol("NEXT")));
      expect(statusesOf(received())).toEqual(["HTTP/1.1 504 Gateway Timeout", "HTTP/1.1 200 OK"]);
      socket.destroy();
    }
  });

  it("that nobody wants and that does not end costs its connection", async () => {
    const server = await start({ listener: { limits: { requestTimeoutMs: 50 } } });
    const { socket, closed } = openSocket(server.port);
    socket.write(connectRequest("AB", { length: 6 }));
    expect(await closed).toContain("deadline_exceeded");
  });

  it("counts against the deadline of its call", async () => {
    const server = await start();
    const { socket, received } = openSocket(server.port);
    socket.write(restRequest("AB", { length: 20, headers: "Connect-Timeout-Ms: 1\r\n" }));
    await until(() => received().includes("deadline_exceeded"));
    expect(codesOf(server)).toEqual(["deadline_exceeded"]);
    socket.destroy();
  });

  it("is not read when the service is full", async () => {
    const server = await start({ inFlightMax: 1 });
    const other = openSocket(server.port);
    other.socket.write(connectRequest("slow"));
    await until(() => server.handler.answers.length === 1);
    const { socket, received } = openSocket(server.port);
    socket.write(connectRequest("AB", { length: 6 }));
    await until(() => received().includes("resource_exhausted"));
    server.handler.answers[0]?.();
    await until(() => other.received().endsWith(symbol("slow")));
    socket.write(`CD${connectRequest("NEXT").toString("latin1")}`);
    await until(() => received().endsWith(symbol("NEXT")));
    socket.destroy();
    other.socket.destroy();
  });

  it("is refused when half-received ones would hold more than they may, until one of them is done", async () => {
    const unfinishedBytesMax = 2_000;
    const server = await start({ listener: { limits: { unfinishedBytesMax } } });
    /** A thousand bytes of a body, and one is missing. */
    const begin = async () => {
      const client = openSocket(server.port);
      const before = server.listener.stats().requests + server.reports.length;
      client.socket.write(restRequest("x".repeat(1_000 - 13), { length: 1_001 }));
      await until(() => server.listener.stats().requests + server.reports.length === before + 1);
      return client;
    };
    const [first, second, third] = [await begin(), await begin(), await begin()];
    await until(() => third.received().includes("TOO_MANY_UNFINISHED"));
    expect(third.received()).toContain("HTTP/1.1 429 ");
    first.socket.write(" ");
    await until(() => first.received().includes('"symbol":"xxx'));
    const fourth = await begin();
    fourth.socket.write(" ");
    await until(() => fourth.received().includes('"symbol":"xxx'));
    // One that goes away gives back what it held.
    second.socket.destroy();
    await until(() => server.reports.length === 4);
    const [fifth, sixth] = [await begin(), await begin()];
    for (const { socket } of [fifth, sixth]) socket.write(" ");
    await until(() => [fifth, sixth].every(({ received }) => received().includes('"symbol":"xxx')));
    expect(codesOf(server).toSorted()).toEqual(["canceled", "ok", "ok", "ok", "ok", "resource_exhausted"]);
    for (const { socket } of [first, third, fourth, fifth, sixth]) socket.destroy();
  });
});

describe("a client that goes away", () => {
  it.each([
    ["connect", connectRequest("AB")],
    ["rest", restRequest("AB")],
  ])("anywhere in its request is counted once, if its head had come: %s", async (protocol, bytes) => {
    const server = await start();
    const body = bytes.indexOf("\r\n\r\n") + 4;
    for (let at = body; at < bytes.length; at++) {
      server.reports.length = 0;
      const { socket } = openSocket(server.port);
      socket.write(bytes.subarray(0, at));
      await until(() => server.listener.stats().requests === 1);
      if (at % 2 === 0) socket.destroy();
      else socket.end();
      await until(() => server.listener.stats().connections === 0);
      expect(server.reports).toMatchObject([{ protocol, code: "canceled" }]);
      expect(server.listener.stats().requests).toBe(0);
    }
  });

  it.each([
    ["connect", connectRequest("slow")],
    ["rest", restRequest("slow")],
  ])("while its call is under way is counted, and its handler is told: %s", async (protocol, bytes) => {
    const server = await start();
    const { socket } = openSocket(server.port);
    socket.write(bytes);
    await until(() => server.handler.answers.length === 1);
    const signal = server.handler.calls[0]?.signal;
    expect(signal?.aborted).toBe(false);
    socket.resetAndDestroy();
    await until(() => signal?.aborted === true);
    expect(server.reports).toMatchObject([{ protocol, code: "canceled" }]);
    expect(server.chain.inFlight()).toBe(1);
    server.handler.answers[0]?.();
    await until(() => server.chain.inFlight() === 0);
    expect(server.reports).toHaveLength(1);
  });

  it("with requests it has sent ahead takes them along", async () => {
    const server = await start();
    const { socket } = openSocket(server.port);
    socket.write(Buffer.concat([connectRequest("slow"), connectRequest("B")]));
    await until(() => server.handler.answers.length === 1);
    socket.resetAndDestroy();
    await until(() => server.listener.stats().connections === 0);
    server.handler.answers[0]?.();
    await until(() => server.chain.inFlight() === 0);
    expect(codesOf(server)).toEqual(["canceled"]);
  });

  it("with half a request, and answers that it has not taken, is counted at once", async () => {
    const server = await start();
    const socket = new MemorySocket();
    server.listener.adopt(socket);
    socket.stall();
    socket.push(Buffer.concat([connectRequest("A"), connectRequest("B").subarray(0, -1)]));
    await until(() => server.listener.stats().requests === 1);
    socket.push(null);
    await until(() => codesOf(server).length === 2);
    expect(codesOf(server)).toEqual(["ok", "canceled"]);
  });

  it("after its answer is nothing to speak of", async () => {
    const server = await start();
    const { socket, received } = openSocket(server.port);
    socket.write(connectRequest("A"));
    await until(() => received().endsWith(symbol("A")));
    socket.resetAndDestroy();
    await until(() => server.listener.stats().connections === 0);
    expect(codesOf(server)).toEqual(["ok"]);
  });
});

describe("a client that ends its side", () => {
  it("still gets the answers to all that it has asked, and then the end", async () => {
    const server = await start();
    const { socket, closed } = openSocket(server.port);
    socket.end(Buffer.concat([connectRequest("slow"), connectRequest("B"), connectRequest("slow")]));
    await until(() => server.handler.answers.length === 1);
    server.handler.answers[0]?.();
    await until(() => server.handler.answers.length === 2);
    server.handler.answers[1]?.();
    expect(bodiesOf(await closed)).toEqual([symbol("slow"), symbol("B"), symbol("slow")]);
    await until(() => server.listener.stats().connections === 0);
  });

  it("is let go when nothing is left", async () => {
    const server = await start();
    const { socket, received, closed } = openSocket(server.port);
    socket.write(connectRequest("A"));
    await until(() => received().endsWith(symbol("A")));
    socket.end();
    await closed;
    await until(() => server.listener.stats().connections === 0);
  });
});

describe("an idle connection", () => {
  it("is closed after its time, of which its client was told", async () => {
    const server = await start({ listener: { limits: { keepAliveTimeoutMs: 60 } } });
    const { socket, closed } = openSocket(server.port);
    socket.write(connectRequest("A"));
    expect(await closed).toContain("\r\nConnection: keep-alive\r\nKeep-Alive: timeout=0\r\n");
  });

  it("is no connection whose answer takes its time", async () => {
    const server = await start({ listener: { limits: { keepAliveTimeoutMs: 20, requestTimeoutMs: 20 } } });
    const { socket, closed } = openSocket(server.port);
    const idle = openSocket(server.port);
    socket.write(connectRequest("slow"));
    await until(() => server.handler.answers.length === 1);
    // Another one lives and dies meanwhile, by the same clock.
    idle.socket.write(connectRequest("A"));
    await idle.closed;
    server.handler.answers[0]?.();
    expect(bodiesOf(await closed)).toEqual([symbol("slow")]);
  });
});

describe("drain", () => {
  it("closes connections that are idle, and no others", async () => {
    const server = await start();
    const [idle, busy, half] = [openSocket(server.port), openSocket(server.port), openSocket(server.port)];
    idle.socket.write(connectRequest("A"));
    await until(() => idle.received().endsWith(symbol("A")));
    busy.socket.write(Buffer.concat([connectRequest("slow"), connectRequest("B")]));
    half.socket.write(connectRequest("ABCD").subarray(0, -2));
    await until(() => server.handler.answers.length === 1 && server.listener.stats().requests === 2);
    const drained = server.listener.drain(longMs);
    expect(statusesOf(await idle.closed)).toEqual(["HTTP/1.1 200 OK"]);
    await until(() => server.listener.stats().connections === 2);
    expect(server.listener.stats().requests).toBe(2);
    server.handler.answers[0]?.();
    // What was sent ahead is not answered any more: its client sees the connection close and sends it elsewhere.
    expect(bodiesOf(await busy.closed)).toEqual([symbol("slow")]);
    expect(busy.received()).toContain("\r\nConnection: close\r\n");
    half.socket.write("CD");
    expect(await half.closed).toMatch(/^HTTP\/1\.1 503 [\s\S]*Connection: close[\s\S]*DRAINING/);
    await drained;
  });

  it("closes a connection whose request has been answered before its end when that has come", async () => {
    const server = await start();
    const { socket, received, closed } = openSocket(server.port);
    socket.write(connectRequest("ABCD", { headers: "Connect-Timeout-Ms: 1\r\n" }).subarray(0, -2));
    await until(() => received().includes("deadline_exceeded"));
    const drained = server.listener.drain(longMs);
    socket.write("CD");
    await closed;
    await drained;
  });

  it("cuts what is still open when its time is over", async () => {
    const server = await start();
    const { socket, closed } = openSocket(server.port);
    socket.write(connectRequest("slow"));
    await until(() => server.handler.answers.length === 1);
    await server.listener.drain(1);
    expect(await closed).toBe("");
    expect(codesOf(server)).toEqual(["canceled"]);
    server.handler.answers[0]?.();
    await until(() => server.chain.inFlight() === 0);
  });
});
