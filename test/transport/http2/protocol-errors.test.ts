/** What a client may not do, what becomes of its connection or stream, and what it may do just short of that. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { askElsewhere, type BodyServer, startBodyServer } from "./body-service.ts";
import {
  codes,
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
  settingIds,
  settings,
  types,
  uint32,
  windowUpdate,
} from "./frames.ts";
import { literal } from "./hpack-blocks.ts";
import { connectRaw, openRaw } from "./raw-client.ts";

const uint31Max = 0x7fff_ffff;
const held = [post(1, "/held")];
const block = requestBlock("/hello");
const selfDependency = Buffer.concat([uint32(1), Buffer.of(0)]);
const otherDependency = Buffer.concat([uint32(3), Buffer.of(0)]);

let server: BodyServer;
beforeAll(async () => {
  server = await startBodyServer();
});
afterAll(() => server[Symbol.asyncDispose]());
afterEach(async () => {
  expect(await askElsewhere(server.port)).toBe("hello");
  expect(server.faults).toEqual([]);
});

describe("a connection ends with", () => {
  it.each<[code: keyof typeof codes, what: string, frames: readonly Buffer[]]>([
    ["frameSize", "a frame longer than 16384 bytes", [frame(types.ping, 0, 0, Buffer.alloc(0), 16_385)]],
    ["frameSize", "DATA longer than 16384 bytes", [...held, frame(types.data, 0, 1, Buffer.alloc(0), 16_385)]],
    ["frameSize", "a frame of a kind nobody knows that is too long", [frame(99, 0, 0, Buffer.alloc(0), 0xff_ffff)]],
    ["protocol", "DATA on stream 0", [data(0, "x")]],
    ["protocol", "DATA on a stream that is idle", [data(1, "x")]],
    ["protocol", "DATA on a stream of even id", [...held, data(2, "x")]],
    ["protocol", "DATA amid headers", [frame(types.headers, 0, 1, block), data(1, "x")]],
    ["protocol", "padding longer than its DATA", [...held, frame(types.data, flags.padded, 1, Buffer.of(1))]],
    ["frameSize", "padded DATA without a byte", [...held, frame(types.data, flags.padded, 1)]],
    ["protocol", "HEADERS on stream 0", [headers(0, block)]],
    ["protocol", "HEADERS on a stream of even id", [headers(2, block)]],
    ["protocol", "HEADERS on a stream older than the last", [post(3, "/held"), post(1, "/held")]],
    ["protocol", "HEADERS amid headers", [frame(types.headers, 0, 1, block), headers(3, block)]],
    ["protocol", "padding longer than its HEADERS", [headers(1, Buffer.of(2, 0x82), flags.padded)]],
    ["frameSize", "padded HEADERS without a byte", [headers(1, Buffer.alloc(0), flags.padded)]],
    ["frameSize", "HEADERS too short for their priority", [headers(1, Buffer.alloc(4), flags.priority)]],
    ["compression", "a block that is no HPACK", [headers(1, Buffer.of(0x80))]],
    ["compression", "trailers that are no HPACK", [...held, headers(1, Buffer.of(0x80), flags.endStream)]],
    ["compression", "a table larger than we allow", [headers(1, Buffer.of(0x3f, 0xe2, 0x1f))]],
    ["protocol", "CONTINUATION of nothing", [frame(types.continuation, flags.endHeaders, 1, block)]],
    ["protocol", "CONTINUATION after the end of headers", [get(1, "/held"), frame(types.continuation, 4, 1, block)]],
    [
      "protocol",
      "CONTINUATION on another stream",
      [frame(types.headers, 0, 1, block), frame(types.continuation, 4, 3, block)],
    ],
    ["protocol", "PRIORITY on stream 0", [frame(types.priority, 0, 0, otherDependency)]],
    ["protocol", "PRIORITY on itself of a stream that is idle", [frame(types.priority, 0, 1, selfDependency)]],
    ["frameSize", "PRIORITY of four bytes on a stream that is idle", [frame(types.priority, 0, 1, Buffer.alloc(4))]],
    ["frameSize", "PRIORITY of six bytes on a stream of even id", [frame(types.priority, 0, 2, Buffer.alloc(6))]],
    ["protocol", "RST_STREAM on stream 0", [reset(0)]],
    ["protocol", "RST_STREAM on a stream that is idle", [reset(1)]],
    ["frameSize", "RST_STREAM of three bytes", [...held, frame(types.reset, 0, 1, Buffer.alloc(3))]],
    ["frameSize", "RST_STREAM of five bytes", [...held, frame(types.reset, 0, 1, Buffer.alloc(5))]],
    ["protocol", "SETTINGS on a stream", [frame(types.settings, 0, 1)]],
    ["frameSize", "SETTINGS of five bytes", [frame(types.settings, 0, 0, Buffer.alloc(5))]],
    ["frameSize", "SETTINGS acknowledged at length", [frame(types.settings, flags.ack, 0, Buffer.alloc(6))]],
    ["protocol", "ENABLE_PUSH of 2", [settings([settingIds.push, 2])]],
    ["flowControl", "an initial window of 2^31", [settings([settingIds.initialWindow, uint31Max + 1])]],
    ["protocol", "MAX_FRAME_SIZE of 16383", [settings([settingIds.frameBytes, 16_383])]],
    ["protocol", "MAX_FRAME_SIZE of 2^24", [settings([settingIds.frameBytes, 16_777_216])]],
    ["calm", "65 settings in one frame", [settings(...Array.from({ length: 65 }, () => [9, 0] as const))]],
    ["protocol", "PUSH_PROMISE", [frame(types.pushPromise, 4, 1, uint32(2))]],
    ["protocol", "PING on a stream", [frame(types.ping, 0, 1, Buffer.alloc(8))]],
    ["frameSize", "PING of seven bytes", [ping("1234567")]],
    ["frameSize", "PING of nine bytes", [ping("123456789")]],
    ["protocol", "GOAWAY on a stream", [frame(types.goAway, 0, 1, uint32(0, 0))]],
    ["frameSize", "GOAWAY of seven bytes", [frame(types.goAway, 0, 0, Buffer.alloc(7))]],
    ["frameSize", "WINDOW_UPDATE of three bytes", [frame(types.windowUpdate, 0, 0, Buffer.alloc(3))]],
    ["protocol", "WINDOW_UPDATE of nothing on the connection", [windowUpdate(0, 0)]],
    ["protocol", "WINDOW_UPDATE on a stream that is idle", [windowUpdate(1, 1)]],
    ["flowControl", "a window of the connection of 2^31", [windowUpdate(0, uint31Max - 65_535 + 1)]],
    [
      "flowControl",
      "a stream's window of 2^31, by settings",
      [...held, windowUpdate(1, uint31Max - 65_535), settings([settingIds.initialWindow, 65_536])],
    ],
  ])("%s: %s", async (code, _what, frames) => {
    using client = await openRaw(server.port);
    client.write(...frames);
    expect(await client.goAwayCode()).toBe(codes[code]);
    expect(server.listener.stats().requests).toBe(0);
  });

  it.each<[what: string, bytes: Buffer]>([
    ["no preface", Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\r")],
    ["no SETTINGS at first", Buffer.concat([preface, ping()])],
    ["an acknowledgement at first", Buffer.concat([preface, frame(types.settings, flags.ack, 0)])],
    ["DATA at first", Buffer.concat([preface, data(1, "x")])],
  ])("a protocol error: %s", async (_what, bytes) => {
    using client = connectRaw(server.port);
    client.write(bytes);
    expect(await client.goAwayCode()).toBe(codes.protocol);
  });
});

describe("a connection lives on after", () => {
  it.each<[what: string, frames: readonly Buffer[]]>([
    ["a frame of a kind nobody knows, of 16384 bytes", [frame(99, 0xff, 7, Buffer.alloc(16_384))]],
    ["DATA of 16384 bytes", [post(1, "/hash"), data(1, Buffer.alloc(16_384))]],
    ["DATA that is all padding", [post(1, "/hash"), paddedData(1, "", 255)]],
    ["DATA that is padded with nothing", [post(1, "/hash"), paddedData(1, "", 0)]],
    ["flags that nobody knows", [frame(types.ping, 0xfe, 0, Buffer.alloc(8))]],
    ["a reserved bit", [frame(types.ping, 0, 0x8000_0000, Buffer.alloc(8))]],
    ["ids that are left out", [get(1, "/hello"), get(99, "/hello")]],
    ["PRIORITY on a stream that is idle", [frame(types.priority, 0, 1, otherDependency)]],
    ["RST_STREAM on a stream that was answered", [get(1, "/hello"), reset(1), reset(1)]],
    ["WINDOW_UPDATE on a stream that was answered", [get(1, "/hello"), windowUpdate(1, 1)]],
    ["RST_STREAM with a code nobody knows", [post(1, "/held"), reset(1, 0xffff_ffff)]],
    ["ENABLE_PUSH of 0 and of 1", [settings([settingIds.push, 0], [settingIds.push, 1])]],
    ["an initial window of 2^31-1", [settings([settingIds.initialWindow, uint31Max])]],
    ["MAX_FRAME_SIZE at both ends", [settings([settingIds.frameBytes, 16_384], [settingIds.frameBytes, 16_777_215])]],
    ["64 settings in one frame", [settings(...Array.from({ length: 64 }, () => [9, 0] as const))]],
    ["a window of the connection of 2^31-1", [windowUpdate(0, uint31Max - 65_535)]],
    ["a stream's window of 2^31-1", [post(1, "/held"), windowUpdate(1, uint31Max - 65_535), reset(1)]],
    ["PING acknowledged that nobody sent", [ping("whatever", flags.ack)]],
    [
      "a block in two frames, the second of them empty",
      [frame(types.headers, flags.endStream, 1, block), frame(types.continuation, flags.endHeaders, 1)],
    ],
  ])("%s", async (_what, frames) => {
    using client = await openRaw(server.port);
    client.write(...frames, ping("are-you?"), get(101, "/hello"));
    await client.wait(() => client.frames.find((each) => each.payload.toString() === "are-you?"));
    expect((await client.answer(101)).body.toString()).toBe("hello");
    expect(client.find(types.goAway)).toBeUndefined();
  });
});

describe("one stream is reset, and no other, with", () => {
  it.each<[code: keyof typeof codes, what: string, frames: readonly Buffer[]]>([
    ["protocol", "PRIORITY on itself", [...held, frame(types.priority, 0, 1, selfDependency)]],
    ["frameSize", "PRIORITY of four bytes", [...held, frame(types.priority, 0, 1, Buffer.alloc(4))]],
    ["protocol", "HEADERS that depend on themselves", [headers(1, Buffer.concat([selfDependency, block]), 0x20)]],
    ["protocol", "WINDOW_UPDATE of nothing", [...held, windowUpdate(1, 0)]],
    ["flowControl", "a window of 2^31", [...held, windowUpdate(1, uint31Max - 65_535 + 1)]],
    ["streamClosed", "DATA after its end", [get(1, "/held"), data(1, "x")]],
    ["streamClosed", "empty DATA after its end", [get(1, "/held"), data(1, "")]],
    ["streamClosed", "HEADERS after its end", [get(1, "/held"), headers(1, block, flags.endStream)]],
    ["streamClosed", "DATA after its answer", [get(1, "/hello"), data(1, "x")]],
    ["protocol", "trailers that do not end it", [...held, headers(1, literal("a", "b"))]],
    ["protocol", "a pseudo-header in trailers", [...held, headers(1, literal(":path", "/"), flags.endStream)]],
    ["protocol", "an upper-case name in trailers", [...held, headers(1, literal("A", "b"), flags.endStream)]],
    ["protocol", "more bytes than content-length", [post(1, "/held", [["content-length", "1"]]), data(1, "ab")]],
    ["protocol", "fewer bytes than content-length", [post(1, "/held", [["content-length", "2"]]), data(1, "a", 1)]],
  ])("%s: %s", async (code, _what, frames) => {
    using client = await openRaw(server.port);
    client.write(...frames, get(101, "/hello"));
    expect(await client.resetCode(1)).toBe(codes[code]);
    expect((await client.answer(101)).body.toString()).toBe("hello");
    expect(server.listener.stats().requests).toBe(0);
  });
});

describe("HEADERS on a stream that has been answered", () => {
  it("end the connection, since they would not be answered", async () => {
    using client = await openRaw(server.port);
    client.write(get(1, "/hello"));
    await client.answer(1);
    client.write(get(1, "/hello"));
    expect(await client.goAwayCode()).toBe(codes.streamClosed);
  });

  it("are passed over when we have reset it", async () => {
    using client = await openRaw(server.port);
    client.write(...held, windowUpdate(1, 0));
    await client.resetCode(1);
    client.write(headers(1, literal("a", "b"), flags.endStream), get(3, "/hello"));
    expect((await client.answer(3)).status).toBe("200");
  });
});
