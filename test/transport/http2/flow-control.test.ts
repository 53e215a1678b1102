/** Windows, of both sides: who may send how much, and when there is room again. */

import { connect } from "node:http2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../stub-service.ts";
import { type BodyServer, bytesOf, hashOf, startBodyServer } from "./body-service.ts";
import {
  codes,
  data,
  flags,
  get,
  paddedData,
  ping,
  post,
  settingIds,
  settings,
  types,
  windowUpdate,
} from "./frames.ts";
import { openRaw, type RawClient } from "./raw-client.ts";

const streamWindowBytes = 100_000;
const sessionWindowBytes = 150_000;

let server: BodyServer;
beforeAll(async () => {
  server = await startBodyServer({ listener: { limits: { streamWindowBytes, sessionWindowBytes } } });
});
afterAll(async () => {
  expect(server.faults).toEqual([]);
  await server[Symbol.asyncDispose]();
});

/** Waits until everything sent before has been read and answered. */
async function settle(client: RawClient, text: string): Promise<void> {
  client.write(ping(text));
  await client.wait(() => client.frames.find((each) => each.type === types.ping && each.payload.toString() === text));
}

function countBytes(client: RawClient, streamId: number): number {
  return client.bodyPieces(streamId).reduce((sum, piece) => sum + piece.length, 0);
}

function allowed(client: RawClient, streamId: number, begin: number): number {
  return client.frames
    .filter((each) => each.type === types.windowUpdate && each.streamId === streamId)
    .reduce((sum, each) => sum + each.payload.readUInt32BE(0), begin);
}

/** Sends a body by the book: never more than both windows allow. */
async function upload(client: RawClient, streamId: number, body: Buffer, padding = 0): Promise<void> {
  let [sent, wire] = [0, 0];
  while (sent < body.length) {
    const piece = body.subarray(sent, sent + 16_384 - 256);
    const cost = piece.length + (padding > 0 ? padding + 1 : 0);
    await client.wait(() => {
      const room = Math.min(allowed(client, 0, 65_535), allowed(client, streamId, streamWindowBytes));
      return wire + cost <= room || undefined;
    });
    client.write(padding > 0 ? paddedData(streamId, piece, padding) : data(streamId, piece));
    sent += piece.length;
    wire += cost;
  }
  client.write(data(streamId, "", flags.endStream));
}

describe("what we receive", () => {
  it.each([0, 200])("is let go on: a body of 3 MiB passes, %i bytes of padding in each frame", async (padding) => {
    using client = await openRaw(server.port);
    const body = bytesOf(3 * 1_048_576);
    client.write(post(1, "/hash"));
    await upload(client, 1, body, padding);
    expect((await client.answer(1)).body.toString()).toBe(hashOf(body));
  });

  it("resets a stream that sends one byte more than its window, and gives its bytes back to the connection", async () => {
    using client = await openRaw(server.port);
    await client.frame(types.windowUpdate, 0);
    for (let streamId = 1; streamId < 41; streamId += 2) {
      client.write(post(streamId, "/held"));
      const full = Buffer.alloc(10_000);
      for (let sent = 0; sent < streamWindowBytes; sent += full.length) client.write(data(streamId, full));
      await settle(client, `${streamId}`.padStart(8));
      expect(client.find(types.reset, streamId)).toBeUndefined();
      client.write(data(streamId, "x"));
      expect(await client.resetCode(streamId)).toBe(codes.flowControl);
    }
    client.write(post(101, "/hash"));
    const body = bytesOf(400_000);
    // As by the book: what the twenty sent has been given back, but for what is not worth a frame yet.
    const used = 20 * (streamWindowBytes + 1);
    expect(allowed(client, 0, 65_535) - used).toBeGreaterThan(sessionWindowBytes / 2);
    await uploadAfter(client, 101, body, used);
    expect((await client.answer(101)).body.toString()).toBe(hashOf(body));
  });

  it("ends a connection that sends one byte more than its window", async () => {
    using client = await openRaw(server.port);
    client.write(post(1, "/held"), post(3, "/held"));
    const full = Buffer.alloc(10_000);
    for (let sent = 0; sent < streamWindowBytes; sent += full.length) client.write(data(1, full));
    for (let sent = 0; sent < sessionWindowBytes - streamWindowBytes; sent += full.length) client.write(data(3, full));
    await settle(client, "not-yet!");
    client.write(data(3, "x"));
    expect(await client.goAwayCode()).toBe(codes.flowControl);
  });

  it("counts padding: a window of it and a byte are too much", async () => {
    using client = await openRaw(server.port);
    client.write(post(1, "/held"));
    // Each has a byte that is kept, and 256 of padding that are given back.
    for (let sent = 0; sent < 2_000; sent++) client.write(paddedData(1, "x", 255));
    await settle(client, "padding!");
    expect(client.find(types.reset, 1)).toBeUndefined();
    expect(allowed(client, 1, 0)).toBeGreaterThan(256 * 2_000 - streamWindowBytes);
  });

  it("waits for a handler that does not read, up to the window and in order, and no window is given back", async () => {
    using client = await openRaw(server.port);
    const body = bytesOf(streamWindowBytes);
    client.write(post(1, "/held"));
    await client.frame(types.windowUpdate, 0);
    for (let sent = 0; sent < body.length; sent += 7) client.write(data(1, body.subarray(sent, sent + 7)));
    await settle(client, "waiting!");
    // The first piece is in the handler's hands, as it were.
    expect(allowed(client, 1, 0)).toBe(0);
    const { request, response } = server.held.at(-1) ?? never();
    client.write(data(1, "", flags.endStream));
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    response.end(hashOf(Buffer.concat(pieces)));
    expect((await client.answer(1)).body.toString()).toBe(hashOf(body));
    // A few pieces for 14 286 frames: bytes that wait are not kept in as many objects.
    expect(pieces.length).toBeLessThan(10);
  });

  it("that was answered without being read lets go of its stream after a while", async () => {
    using client = await openRaw(server.port);
    client.write(post(1, "/held"));
    client.write(data(1, Buffer.alloc(16_000)), data(1, Buffer.alloc(16_000)), data(1, "", flags.endStream));
    await settle(client, "settled!");
    const { request, response } = server.held.at(-1) ?? never();
    response.end("unread");
    expect((await client.answer(1)).body.toString()).toBe("unread");
    await until(() => server.listener.stats().requests === 0);
    expect([request.destroyed, response.destroyed]).toEqual([true, true]);
    // Both sides had ended, so there was nothing to reset.
    await settle(client, "no-reset");
    expect(client.find(types.reset, 1)).toBeUndefined();
  });
});

/** As `upload`, after so many bytes that were sent on other streams. */
async function uploadAfter(client: RawClient, streamId: number, body: Buffer, used: number): Promise<void> {
  for (let sent = 0; sent < body.length; sent += 10_000) {
    const end = Math.min(sent + 10_000, body.length);
    await client.wait(() => {
      const room = Math.min(allowed(client, 0, 65_535) - used, allowed(client, streamId, streamWindowBytes));
      return end <= room || undefined;
    });
    client.write(data(streamId, body.subarray(sent, end), end === body.length ? flags.endStream : 0));
  }
}

function never(): never {
  throw new Error("no request is held");
}

describe("what we send", () => {
  it("stops at the window of the stream, and goes on by the byte", async () => {
    using client = await openRaw(server.port, [settingIds.initialWindow, 0]);
    client.write(get(1, "/bytes/300"));
    await client.frame(types.headers, 1);
    for (let count = 1; count <= 300; count++) {
      expect(countBytes(client, 1)).toBe(count - 1);
      client.write(windowUpdate(1, 1));
      await client.wait(() => countBytes(client, 1) === count || undefined);
    }
    const { body } = await client.answer(1);
    expect(body).toEqual(bytesOf(300));
    expect(
      client
        .bodyPieces(1)
        .slice(0, -1)
        .every((piece) => piece.length === 1),
    ).toBe(true);
  });

  it("stops at the window of the connection", async () => {
    using client = await openRaw(server.port, [settingIds.initialWindow, 1_000_000]);
    client.write(get(1, "/bytes/70000"));
    await client.wait(() => countBytes(client, 1) === 65_535 || undefined);
    await settle(client, "no-more!");
    expect(countBytes(client, 1)).toBe(65_535);
    client.write(windowUpdate(0, 4_465));
    expect((await client.answer(1)).body).toEqual(bytesOf(70_000));
  });

  it("waits while a change of settings has made the window negative", async () => {
    using client = await openRaw(server.port, [settingIds.initialWindow, 1_000]);
    client.write(get(1, "/bytes/3000"));
    await client.wait(() => countBytes(client, 1) === 1_000 || undefined);
    // 0 - 900, then up to 0, one byte more, and the rest.
    client.write(settings([settingIds.initialWindow, 100]), windowUpdate(1, 900));
    await settle(client, "at-zero!");
    expect(countBytes(client, 1)).toBe(1_000);
    client.write(windowUpdate(1, 1));
    await client.wait(() => countBytes(client, 1) === 1_001 || undefined);
    client.write(settings([settingIds.initialWindow, 2_099]));
    expect((await client.answer(1)).body).toEqual(bytesOf(3_000));
  });

  it("gives new streams the window of the last settings", async () => {
    using client = await openRaw(server.port, [settingIds.initialWindow, 10]);
    client.write(settings([settingIds.initialWindow, 20], [settingIds.initialWindow, 30]), get(1, "/bytes/100"));
    await client.wait(() => countBytes(client, 1) > 0 || undefined);
    await settle(client, "settled!");
    expect(countBytes(client, 1)).toBe(30);
  });

  it("is shared by two large answers, of which neither starves", async () => {
    using client = await openRaw(server.port, [settingIds.initialWindow, 10_000_000]);
    client.write(get(1, "/bytes/500000"), get(3, "/bytes/500000"));
    await client.wait(() => countBytes(client, 1) + countBytes(client, 3) === 65_535 || undefined);
    let lead = 0;
    for (let total = 65_535; total < 500_000; total += 20_000) {
      client.write(windowUpdate(0, 20_000));
      await client.wait(() => countBytes(client, 1) + countBytes(client, 3) === total + 20_000 || undefined);
      lead = Math.max(lead, Math.abs(countBytes(client, 1) - countBytes(client, 3)));
    }
    // What went out before the second was asked for, and one turn.
    expect(lead).toBeLessThanOrEqual(65_535 + 20_000);
    expect(Math.min(countBytes(client, 1), countBytes(client, 3))).toBeGreaterThan(150_000);
    client.write(windowUpdate(0, 1_000_000));
    const answers = await Promise.all([client.answer(1), client.answer(3)]);
    for (const { body } of answers) expect(hashOf(body)).toBe(hashOf(bytesOf(500_000)));
  });

  it("does not let one answer without a window hold up the others", async () => {
    using client = await openRaw(server.port, [settingIds.initialWindow, 0]);
    client.write(get(1, "/bytes/100"), get(3, "/bytes/100"), get(5, "/bytes/100"), windowUpdate(3, 100));
    expect((await client.answer(3)).body).toEqual(bytesOf(100));
    expect(countBytes(client, 1) + countBytes(client, 5)).toBe(0);
    client.write(settings([settingIds.initialWindow, 100]));
    await Promise.all([client.answer(1), client.answer(5)]);
  });

  it("arrives whole at Node's own client whose table of headers is empty and whose windows are small", async () => {
    const session = connect(server.url, { settings: { headerTableSize: 0, initialWindowSize: 1_000 } });
    const pieces: Buffer[] = [];
    const stream = session.request({ ":path": "/bytes/500000" });
    for await (const piece of stream) pieces.push(piece);
    expect(hashOf(Buffer.concat(pieces))).toBe(hashOf(bytesOf(500_000)));
    session.close();
  });
});
