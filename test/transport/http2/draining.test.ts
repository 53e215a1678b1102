/** How a connection is brought to its end without losing a call. */

import { afterEach, describe, expect, it, vi } from "vitest";
import { until } from "../stub-service.ts";
import { type BodyServer, bytesOf, hashOf, startBodyServer } from "./body-service.ts";
import { codes, data, flags, frame, get, ping, post, settingIds, types, uint32, windowUpdate } from "./frames.ts";
import { openRaw, type RawClient } from "./raw-client.ts";

const longMs = 60_000;

afterEach(() => {
  vi.useRealTimers();
});

function goAways(client: RawClient): readonly (readonly [lastId: number, code: number])[] {
  return client.frames
    .filter(({ type }) => type === types.goAway)
    .map(({ payload }) => [payload.readUInt32BE(0), payload.readUInt32BE(4)]);
}

/** Answers the ping by which the server learns that its first GOAWAY has been read. */
async function acknowledge(client: RawClient): Promise<void> {
  const { payload } = await client.frame(types.ping);
  client.write(frame(types.ping, flags.ack, 0, payload));
}

function finishHeld(server: BodyServer): void {
  for (const { response } of server.held) response.end("late");
}

describe("a connection that is drained", () => {
  it("serves what was opened before its client knew, nothing after, and ends when all is answered", async () => {
    const server = await startBodyServer();
    using client = await openRaw(server.port);
    client.write(get(1, "/held"));
    await until(() => server.held.length === 1);
    const drained = server.listener.drain(longMs);
    await client.frame(types.goAway);
    expect(goAways(client)).toEqual([[0x7fff_ffff, codes.none]]);
    client.write(get(3, "/hello"));
    expect((await client.answer(3)).body.toString()).toBe("hello");
    await acknowledge(client);
    await client.wait(() => goAways(client).length === 2 || undefined);
    expect(goAways(client)[1]).toEqual([3, codes.none]);
    // It may still send frames of all kinds, and bodies of what it should not have opened.
    client.write(post(5, "/too-late"), data(5, "body", flags.endStream), windowUpdate(0, 1), ping());
    await client.frame(types.ping, 0, flags.ack);
    finishHeld(server);
    expect((await client.answer(1)).body.toString()).toBe("late");
    await client.closed();
    await drained;
    expect(server.seen).toEqual(["/held", "/hello"]);
    expect(client.frames.filter(({ streamId }) => streamId === 5)).toEqual([]);
  });

  it("ends at once when nothing is open and its client has answered", async () => {
    const server = await startBodyServer();
    using client = await openRaw(server.port);
    const drained = server.listener.drain(longMs);
    await acknowledge(client);
    expect(await client.goAwayCode()).toBe(codes.none);
    await drained;
  });

  it("waits neither for a client that says GOAWAY itself", async () => {
    const server = await startBodyServer();
    using client = await openRaw(server.port);
    client.write(get(1, "/held"), frame(types.goAway, 0, 0, uint32(0, codes.none)));
    await until(() => server.held.length === 1);
    client.write(get(3, "/too-late"), ping());
    await client.frame(types.ping, 0, flags.ack);
    finishHeld(server);
    expect((await client.answer(1)).body.toString()).toBe("late");
    await client.closed();
    expect(server.seen).toEqual(["/held"]);
    await server[Symbol.asyncDispose]();
  });

  it("takes nothing that came with what ended its last stream, and says nothing after the end", async () => {
    // This handler answers as the last byte of its request is read.
    const server = await startBodyServer({ inference: { predict: () => ({ symbol: "EURUSD" }) } });
    using client = await openRaw(server.port);
    client.write(post(1, "/arbitrex.ml.v1.InferenceService/Predict", [["content-type", "application/grpc"]]));
    await until(() => server.listener.stats().requests === 1);
    const drained = server.listener.drain(longMs);
    await acknowledge(client);
    await client.wait(() => goAways(client).length === 2 || undefined);
    client.write(
      post(3, "/too-late"),
      data(1, Buffer.alloc(5), flags.endStream),
      get(5, "/too-late"),
      ping(),
      data(0, "?"),
    );
    // Be it a refusal: it is an answer.
    expect((await client.answer(1)).headers).toHaveProperty("grpc-status");
    await client.closed();
    await drained;
    expect(server.seen).toEqual([]);
    // Two GOAWAYs of the drain, and none with an id that is higher.
    expect(goAways(client).map(([lastId]) => lastId)).toEqual([0x7fff_ffff, 1]);
    expect(client.find(types.ping, 0, flags.ack)).toBeUndefined();
  });

  it("tells the same last stream when it breaks down later", async () => {
    const server = await startBodyServer();
    using client = await openRaw(server.port);
    client.write(get(1, "/held"));
    await until(() => server.held.length === 1);
    const drained = server.listener.drain(longMs);
    await acknowledge(client);
    await client.wait(() => goAways(client).length === 2 || undefined);
    client.write(get(9, "/too-late"), data(0, "broken"));
    expect(await client.goAwayCode()).toBe(codes.protocol);
    expect(goAways(client).at(-1)).toEqual([1, codes.protocol]);
    await drained;
  });

  it("is cut when its time is over and its client has not answered", async () => {
    const server = await startBodyServer();
    using client = await openRaw(server.port);
    await server.listener.drain(1);
    await client.closed();
    expect(goAways(client)).toEqual([[0x7fff_ffff, codes.none]]);
    expect(server.listener.stats()).toEqual({ connections: 0, http2Sessions: 0, requests: 0 });
  });

  it("gives a slow client the whole of its last answer", async () => {
    const server = await startBodyServer();
    using client = await openRaw(server.port, [settingIds.initialWindow, 0x7fff_ffff]);
    const bytes = 20_000_000;
    client.write(windowUpdate(0, 1_000_000_000), get(1, `/bytes/${bytes}`));
    await client.frame(types.headers, 1);
    const drained = server.listener.drain(longMs);
    await acknowledge(client);
    await client.wait(() => goAways(client).length === 2 || undefined);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    // It takes a pause of a minute at every megabyte.
    let next = 0;
    client.socket.on("data", () => {
      if (client.socket.bytesRead < next) return;
      next = client.socket.bytesRead + 1_000_000;
      client.socket.pause();
      setImmediate(() => {
        vi.advanceTimersByTime(longMs / 60);
        client.socket.resume();
      });
    });
    expect(hashOf((await client.answer(1)).body)).toBe(hashOf(bytesOf(bytes)));
    await client.closed();
    await drained;
  });
});
