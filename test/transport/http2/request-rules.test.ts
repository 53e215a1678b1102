/** Requests that are none, each reset alone, and headers at their limits. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeFields } from "../../../src/transport/http2/hpack-encoder.ts";
import { until } from "../stub-service.ts";
import { type BodyServer, startBodyServer } from "./body-service.ts";
import { codes, data, flags, frame, get, headers, post, requestBlock, settingIds, types } from "./frames.ts";
import { type Field, indexed, indexedLiteral, literal } from "./hpack-blocks.ts";
import { openRaw } from "./raw-client.ts";

const headerBytesMax = 2_048;

let server: BodyServer;
beforeAll(async () => {
  server = await startBodyServer({ listener: { limits: { headerBytesMax } } });
});
afterAll(async () => {
  expect(server.faults).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const whole: readonly Field[] = [
  [":method", "GET"],
  [":scheme", "http"],
  [":path", "/hello"],
  [":authority", "localhost"],
];

function without(name: string): readonly Field[] {
  return whole.filter(([each]) => each !== name);
}

function withPath(path: string, method = "GET"): readonly Field[] {
  return [
    [":method", method],
    [":scheme", "http"],
    [":path", path],
    [":authority", "localhost"],
  ];
}

describe("a request is reset, and its connection serves on, with", () => {
  it.each<[what: string, fields: readonly Field[]]>([
    ["no field at all", []],
    ["no :method", without(":method")],
    ["no :scheme", without(":scheme")],
    ["no :path", without(":path")],
    ["an empty :path", withPath("")],
    ["a :path without its slash", withPath("hello")],
    ["a :path of * for GET", withPath("*")],
    ["two :method", [...whole, [":method", "GET"]]],
    ["two :path", [...whole, [":path", "/hello"]]],
    ["a pseudo-header of an answer", [...whole, [":status", "200"]]],
    ["a pseudo-header nobody knows", [...whole, [":colour", "red"]]],
    ["a pseudo-header after a field", [...without(":path"), ["accept", "*/*"], [":path", "/hello"]]],
    ["a path for CONNECT", withPath("/hello", "CONNECT")],
    ["a name in upper case", [...whole, ["Accept", "*/*"]]],
    ["a name with a blank", [...whole, ["a b", "c"]]],
    ["an empty name", [...whole, ["", "c"]]],
    ["a name beyond ASCII", [...whole, ["\u00fcber", "c"]]],
    ["connection", [...whole, ["connection", "close"]]],
    ["keep-alive", [...whole, ["keep-alive", "1"]]],
    ["proxy-connection", [...whole, ["proxy-connection", "close"]]],
    ["transfer-encoding", [...whole, ["transfer-encoding", "chunked"]]],
    ["upgrade", [...whole, ["upgrade", "h2c"]]],
    ["te: gzip", [...whole, ["te", "gzip"]]],
    ["a line feed in a value", [...whole, ["a", "b\nc"]]],
    ["a carriage return in a value", [...whole, ["a", "b\rc"]]],
    ["a NUL in a value", [...whole, ["a", "b\0c"]]],
    ["a line feed in a pseudo-header", withPath("/hello\nx")],
    ["a value that begins with a blank", [...whole, ["a", " b"]]],
    ["a value that ends with a tab", [...whole, ["a", "b\t"]]],
    ["a content-length below zero", [...whole, ["content-length", "-1"]]],
    ["a content-length that is no number", [...whole, ["content-length", "1e1"]]],
    ["an empty content-length", [...whole, ["content-length", ""]]],
    ["two content-lengths that differ", [...whole, ["content-length", "0"], ["content-length", "1"]]],
    ["a content-length of one and no body", [...whole, ["content-length", "1"]]],
  ])("%s", async (_what, fields) => {
    using client = await openRaw(server.port);
    const before = server.seen.length;
    client.write(headers(1, encodeFields(fields), flags.endStream), get(3, "/after"));
    expect(await client.resetCode(1)).toBe(codes.protocol);
    expect((await client.answer(3)).body.toString()).toBe("hello");
    expect(server.seen.slice(before)).toEqual(["/after"]);
  });
});

describe("a request is served with", () => {
  it.each<[what: string, fields: readonly Field[]]>([
    ["te: trailers", [...whole, ["te", "Trailers"]]],
    ["a host in place of :authority", [...without(":authority"), ["host", "localhost"]]],
    ["every character of a name", [...whole, ["!#$%&'*+-.^_`|~09az", "b"]]],
    ["an empty value, and one beyond ASCII", [...whole, ["a", ""], ["b", "\u00fc"]]],
    ["blanks and tabs within a value", [...whole, ["a", "b \tc"]]],
    ["a content-length of nothing", [...whole, ["content-length", "0"]]],
    ["the same content-length twice", [...whole, ["content-length", "0"], ["content-length", "0"]]],
    ["the name of a property that objects have", [...whole, ["__proto__", "x"], ["constructor", "y"]]],
  ])("%s", async (_what, fields) => {
    using client = await openRaw(server.port);
    client.write(headers(1, encodeFields(fields), flags.endStream));
    expect((await client.answer(1)).status).toBe("200");
  });

  it("several cookies and fields of one name, which are joined", async () => {
    using client = await openRaw(server.port);
    const twice: readonly Field[] = [
      ["cookie", "a=1"],
      ["cookie", "b=2"],
      ["x-list", "1"],
      ["x-list", "2"],
    ];
    client.write(get(1, "/held", twice));
    await until(() => server.held.length === 1);
    expect(server.held[0]?.request.headers).toMatchObject({ cookie: "a=1; b=2", "x-list": "1, 2" });
  });
});

/** Fields whose sum, as it is counted, is so many bytes. */
function blockOf(bytes: number): Buffer {
  const base = whole.reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0);
  return encodeFields([...whole, ["x", "y".repeat(bytes - base - 33)]]);
}

describe("headers", () => {
  it("of as many bytes as are allowed are read; with one more the answer is 431 and the connection lives on", async () => {
    using client = await openRaw(server.port);
    client.write(headers(1, blockOf(headerBytesMax), flags.endStream));
    client.write(headers(3, blockOf(headerBytesMax + 1), flags.endStream));
    expect((await client.answer(1)).status).toBe("200");
    expect((await client.answer(3)).status).toBe("431");
    // What is still open of a request that is too large ends by itself.
    client.write(headers(5, blockOf(headerBytesMax + 1)));
    expect((await client.answer(5)).status).toBe("431");
    expect(await client.resetCode(5)).toBe(codes.none);
    client.write(get(7, "/hello"));
    expect((await client.answer(7)).status).toBe("200");
  });

  it("that are refused still fill the table that later ones refer to", async () => {
    using client = await openRaw(server.port);
    const big = Buffer.concat([blockOf(headerBytesMax + 1), indexedLiteral(":path", "/first")]);
    const malformed = Buffer.concat([literal("Upper", "case"), indexedLiteral(":path", "/second")]);
    const late = Buffer.concat([literal("a", "b"), indexedLiteral(":path", "/third")]);
    client.write(headers(1, big, flags.endStream), headers(3, malformed, flags.endStream));
    client.write(headers(3, late, flags.endStream));
    const start = encodeFields(without(":path"));
    for (const [streamId, index] of [
      [5, 62],
      [7, 63],
      [9, 64],
    ] as const) {
      client.write(headers(streamId, Buffer.concat([start, indexed(index)]), flags.endStream));
      expect((await client.answer(streamId)).status).toBe("200");
    }
    expect(server.seen.slice(-3)).toEqual(["/third", "/second", "/first"]);
  });

  it("in 32 frames are read, in 33 they are too many", async () => {
    const block = requestBlock("/hello");
    const inFrames = (count: number) => [
      frame(types.headers, flags.endStream, 1, block),
      ...Array.from({ length: count - 2 }, () => frame(types.continuation, 0, 1)),
      frame(types.continuation, flags.endHeaders, 1),
    ];
    using good = await openRaw(server.port);
    good.write(...inFrames(32));
    expect((await good.answer(1)).status).toBe("200");
    using bad = await openRaw(server.port);
    bad.write(...inFrames(33));
    expect(await bad.goAwayCode()).toBe(codes.calm);
  });

  it("may take four times as many bytes on the wire as their fields, and no more", async () => {
    const wireBytesMax = 4 * headerBytesMax;
    const start = requestBlock("/hello");
    const inTwo = (bytes: number) => {
      // The length of a name takes an octet, that of a value three, the kind of the field another one.
      const block = Buffer.concat([start, literal("x", "y".repeat(bytes - start.length - 6))]);
      expect(block.length).toBe(bytes);
      return [
        frame(types.headers, flags.endStream, 1, block.subarray(0, 100)),
        frame(types.continuation, flags.endHeaders, 1, block.subarray(100)),
      ];
    };
    using good = await openRaw(server.port);
    good.write(...inTwo(wireBytesMax));
    expect((await good.answer(1)).status).toBe("431");
    using bad = await openRaw(server.port);
    bad.write(...inTwo(wireBytesMax + 1));
    expect(await bad.goAwayCode()).toBe(codes.calm);
  });
});

describe("an answer", () => {
  it("to HEAD has no body", async () => {
    using client = await openRaw(server.port);
    client.write(headers(1, requestBlock("/bytes/1000", [], "HEAD"), flags.endStream));
    expect(await client.answer(1)).toMatchObject({ status: "200", body: Buffer.alloc(0) });
  });

  it("has the trailers that its handler adds", async () => {
    using client = await openRaw(server.port);
    client.write(get(1, "/trailers"));
    const { body, trailers } = await client.answer(1);
    expect([body.toString(), trailers]).toEqual(["body", { "x-check": "sum" }]);
  });

  it("begins with 100 for a client that expects it, which then sends its body", async () => {
    using client = await openRaw(server.port);
    client.write(post(1, "/echo", [["expect", "100-continue"]]));
    expect((await client.frame(types.headers, 1)).fields).toEqual([[":status", "100"]]);
    client.write(data(1, "abc", flags.endStream));
    expect((await client.answer(1)).body.toString()).toBe("abc");
    expect(client.frames.filter(({ type }) => type === types.headers)[1]?.fields[0]).toEqual([":status", "200"]);
  });

  it.each([0, 100, 4_095])("tells a client whose table has %i bytes that we use none, once", async (bytes) => {
    using client = await openRaw(server.port, [settingIds.tableBytes, bytes], [settingIds.tableBytes, 4_096]);
    client.write(get(1, "/hello"), get(3, "/hello"));
    await client.answer(3);
    const blocks = client.frames.filter(({ type }) => type === types.headers).map(({ payload }) => payload[0]);
    expect(blocks).toEqual([0x20, 0x88]);
  });

  it("says nothing of tables to a client whose table is as large as it is to begin with", async () => {
    using client = await openRaw(server.port, [settingIds.tableBytes, 4_096]);
    client.write(get(1, "/hello"));
    await client.answer(1);
    expect(client.find(types.headers, 1)?.payload[0]).toBe(0x88);
  });
});
