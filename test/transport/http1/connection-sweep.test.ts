/** When a connection of the lane has taken too long, by a clock that the test turns. */

import { describe, expect, it } from "vitest";
import { createCallChain } from "../../../src/transport/chain/call-chain.ts";
import { AnswerWriter } from "../../../src/transport/http1/answer-writer.ts";
import { createConnectRoutes } from "../../../src/transport/http1/connect-routes.ts";
import { type ConnectionPort, Http1Connection } from "../../../src/transport/http1/http1-connection.ts";
import { resolveLimits } from "../../../src/transport/transport-limits.ts";
import { UnfinishedRequests } from "../../../src/transport/unfinished-requests.ts";
import { MemorySocket } from "../http2/memory-socket.ts";
import { openSocket, until } from "../stub-service.ts";
import { connectRequest, SymbolHandler, startLaneServer } from "./lane-service.ts";

const keepAliveTimeoutMs = 100;
const requestTimeoutMs = 1_000;

function open() {
  const handler = new SymbolHandler();
  const chain = createCallChain({ observe: () => {}, monotonicMs: () => 0, newRequestId: () => "made" });
  const routes = createConnectRoutes({
    bindings: [handler.bind(true)],
    chain,
    readMaxBytes: 1_000,
    requestTimeoutMs: 60_000,
  });
  let released = 0;
  const port: ConnectionPort = {
    routes,
    limits: resolveLimits({ keepAliveTimeoutMs, requestTimeoutMs }),
    unfinished: new UnfinishedRequests(2),
    writer: new AnswerWriter(keepAliveTimeoutMs, () => 0),
    isClosing: false,
    onExchangeOpened() {},
    onExchangeClosed() {},
    onReleased() {
      released++;
    },
    handOver() {},
    onFault(error) {
      throw error;
    },
  };
  const socket = new MemorySocket();
  const connection = new Http1Connection(socket, port);
  connection.start();
  /** Says something, and lets everything happen that is due. */
  const say = async (bytes: Buffer) => {
    socket.push(bytes);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { connection, socket, handler, say, released: () => released };
}

describe("a connection that is looked after", () => {
  it("is closed when it has been idle for its time, counted from the first look, and not before", async () => {
    const { connection, socket, say, released } = open();
    await say(connectRequest("A"));
    for (const nowMs of [5_000, 5_000 + keepAliveTimeoutMs - 1]) connection.sweep(nowMs);
    expect(socket.destroyed).toBe(false);
    connection.sweep(5_000 + keepAliveTimeoutMs);
    expect(socket.destroyed).toBe(true);
    await until(() => released() === 1);
  });

  it("has its time anew after every answer", async () => {
    const { connection, socket, say } = open();
    for (let nowMs = 1; nowMs < 20 * keepAliveTimeoutMs; nowMs += keepAliveTimeoutMs / 2) {
      await say(connectRequest("A"));
      connection.sweep(nowMs);
    }
    expect(socket.destroyed).toBe(false);
  });

  it("may wait for an answer for as long as that takes, and is idle from then on", async () => {
    const { connection, socket, say, handler } = open();
    await say(connectRequest("slow"));
    for (const nowMs of [1, 1_000_000, 2_000_000]) connection.sweep(nowMs);
    expect(socket.destroyed).toBe(false);
    handler.answers[0]?.();
    await until(() => socket.sent().length > 0);
    for (const nowMs of [3_000_000, 3_000_000 + keepAliveTimeoutMs - 1]) connection.sweep(nowMs);
    expect(socket.destroyed).toBe(false);
    connection.sweep(3_000_000 + keepAliveTimeoutMs);
    expect(socket.destroyed).toBe(true);
  });

  it("has a request's time for the rest of a body that nobody wants", async () => {
    const { connection, socket, say } = open();
    // More than all half-received requests may hold.
    await say(connectRequest("ABCD").subarray(0, -1));
    expect(socket.sent().toString("latin1")).toContain("TOO_MANY_UNFINISHED");
    for (const nowMs of [1, requestTimeoutMs]) connection.sweep(nowMs);
    expect(socket.destroyed).toBe(false);
    connection.sweep(1 + requestTimeoutMs);
    expect(socket.destroyed).toBe(true);
  });

  it("is idle when that rest has come", async () => {
    const { connection, socket, say } = open();
    const bytes = connectRequest("ABCD");
    await say(bytes.subarray(0, -1));
    connection.sweep(1);
    await say(bytes.subarray(-1));
    for (const nowMs of [requestTimeoutMs + 1, requestTimeoutMs + keepAliveTimeoutMs]) connection.sweep(nowMs);
    expect(socket.destroyed).toBe(false);
    connection.sweep(requestTimeoutMs + keepAliveTimeoutMs + 1);
    expect(socket.destroyed).toBe(true);
  });
});

it("a lane without connections has no timer", async () => {
  const timers = new Set<unknown>();
  const { setInterval, clearInterval } = globalThis;
  const count = (...args: Parameters<typeof setInterval>) => {
    const timer = setInterval(...args);
    timers.add(timer);
    return timer;
  };
  const uncount = (timer: NodeJS.Timeout) => {
    timers.delete(timer);
    clearInterval(timer);
  };
  await using server = await startLaneServer();
  Object.assign(globalThis, { setInterval: count, clearInterval: uncount });
  try {
    const { socket, received } = openSocket(server.port);
    socket.write(connectRequest("A"));
    await until(() => received() !== "");
    expect(timers.size).toBe(1);
    // What has been handed over is no longer the lane's.
    socket.write("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n");
    await until(() => received().includes("404 Not Found"));
    expect(timers.size).toBe(0);
    const other = openSocket(server.port);
    other.socket.write(connectRequest("B"));
    await until(() => other.received() !== "");
    expect(timers.size).toBe(1);
    for (const each of [socket, other.socket]) each.destroy();
    await until(() => server.listener.stats().connections === 0);
    expect(timers.size).toBe(0);
  } finally {
    Object.assign(globalThis, { setInterval, clearInterval });
  }
});
