/** Blocks of real clients, nghttp2's by node:http2 and grpc-js, as they come off the wire; and ours, as they read them. */

import { once } from "node:events";
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from "node:http2";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { describe, expect, it } from "vitest";
import { HpackDecoder } from "../../../src/transport/http2/hpack-decoder.ts";
import { emptyTableUpdate, encodeFields } from "../../../src/transport/http2/hpack-encoder.ts";
import { decodeAll, type Field } from "./hpack-blocks.ts";
import { startRawServer } from "./raw-http2-server.ts";
import { createRandom, type Random } from "./seeded-random.ts";

const noContent = encodeFields([[":status", "204"]]);

/** Sends a request without a body and gives the headers of its answer. */
async function ask(session: ClientHttp2Session, headers: OutgoingHttpHeaders): Promise<unknown> {
  const stream = session.request(headers);
  const [[answer]] = await Promise.all([once(stream, "response"), once(stream.resume(), "close")]);
  return answer;
}

function isPlain([name]: Field): boolean {
  return !name.startsWith(":");
}

/**
 * A field as some client may send it: few names and values that come again and again, so that they are indexed, some of any
 * octets, and some so long that they push out all others. NUL is what node:http2 separates fields by.
 */
function anyField(random: Random, nth: number): Field {
  const name =
    random(2) === 0 ? `x-${nth}-${random(4)}` : `${["x-request-id", "cookie-of", "te-not"][random(3)]}-${nth}`;
  const text = () => {
    const length = random(60);
    return Buffer.from(Array.from({ length }, () => 0x21 + random(0xdf))).toString("latin1");
  };
  const values = [() => `${random(3)}`, () => "", text, text, () => "long".repeat(random(300)), () => "ÿ ~".repeat(9)];
  return [name, (values[random(values.length)] ?? text)()];
}

function anyFields(random: Random): Field[] {
  return Array.from({ length: random(9) }, (_, nth) => anyField(random, nth));
}

describe("a block of node:http2", () => {
  it("has each octet's Huffman code", async () => {
    await using server = await startRawServer(noContent);
    const session = connect(`http://127.0.0.1:${server.port}`);
    // With two hundred of the shortest codes the string is shorter in the Huffman code, whatever the octet's is, so it is sent in it.
    const octets = Array.from({ length: 255 }, (_, nth) => String.fromCharCode(nth + 1));
    for (const octet of octets) await ask(session, { "x-octet": `${octet}${"0".repeat(200)}` });
    session.destroy();
    const decoder = new HpackDecoder(4_096);
    const values = server.blocks.flatMap((block) => decodeAll(decoder, block).filter(([name]) => name === "x-octet"));
    expect(values.map(([, value]) => value)).toEqual(octets.map((octet) => `${octet}${"0".repeat(200)}`));
    expect(Math.max(...server.blocks.map(({ length }) => length))).toBeLessThan(200);
  });

  it.each([4_096, 256, 0])("is what was sent, again and again, with a table of %i bytes", async (tableBytes) => {
    await using server = await startRawServer(noContent);
    const session = connect(`http://127.0.0.1:${server.port}`);
    await ask(session, { ":path": "/" });
    await server.setTableBytes(tableBytes);
    const random = createRandom(tableBytes + 1);
    const sets = Array.from({ length: 300 }, () => anyFields(random));
    for (const set of sets) await ask(session, { ":path": `/${set.length}`, ...Object.fromEntries(set) });
    session.destroy();
    const decoder = new HpackDecoder(4_096);
    const [first = [], ...decoded] = server.blocks.map((block) => decodeAll(decoder, block));
    expect(Object.fromEntries(first)).toMatchObject({ ":method": "GET", ":path": "/", ":scheme": "http" });
    expect(decoded.map((fields) => fields.filter(isPlain))).toEqual(sets);
    expect(decoded.map((fields) => new Map(fields).get(":path"))).toEqual(sets.map(({ length }) => `/${length}`));
    // The generation tells whether this was a test of the table.
    expect(decoder.generation > 300).toBe(tableBytes > 0);
  });

  it("is what was sent while the table changes its size", async () => {
    await using server = await startRawServer(noContent);
    const session = connect(`http://127.0.0.1:${server.port}`);
    const random = createRandom(7);
    const sets = Array.from({ length: 400 }, () => anyFields(random));
    for (const [nth, set] of sets.entries()) {
      if (nth % 7 === 6) await server.setTableBytes([0, 256, 4_096, 1_000][random(4)] ?? 0);
      // Two changes between blocks: the least must be told as well as the last.
      if (nth % 28 === 20) await server.setTableBytes(4_096);
      await ask(session, Object.fromEntries(set));
    }
    session.destroy();
    const decoder = new HpackDecoder(4_096);
    const decoded = server.blocks.map((block) => decodeAll(decoder, block).filter(isPlain));
    expect(decoded).toEqual(sets);
    expect(server.blocks.filter(([first = 0]) => first >= 0x20 && first < 0x40).length).toBeGreaterThan(30);
  });

  it("goes over several frames", async () => {
    await using server = await startRawServer(noContent);
    const session = connect(`http://127.0.0.1:${server.port}`, { settings: { enablePush: false } });
    const long = Array.from({ length: 12 }, (_, nth): Field => [`x-long-${nth}`, "\u00ff".repeat(3_000)]);
    await ask(session, Object.fromEntries(long));
    session.destroy();
    expect(server.blocks[0]?.length).toBeGreaterThan(2 * 16_384);
    expect(server.blocks.flatMap((block) => decodeAll(new HpackDecoder(4_096), block)).filter(isPlain)).toEqual(long);
  });
});

describe("a block of grpc-js", () => {
  it("is what was sent, in hundreds of calls", async () => {
    await using server = await startRawServer(
      encodeFields([
        [":status", "200"],
        ["content-type", "application/grpc"],
        ["grpc-status", "5"],
      ]),
    );
    const client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
    const random = createRandom(11);
    const sets = Array.from({ length: 300 }, (_, nth): readonly Field[] => [
      ["x-request-id", `request-${nth}-${random(2 ** 30)}`],
      ["x-strategy", `${random(4)}`],
      ["x-trace-bin", Buffer.from(`${random(2 ** 30)}`).toString("base64")],
    ]);
    for (const set of sets) {
      const code = await call(client, set);
      expect(code).toBe(5);
    }
    client.close();
    const decoder = new HpackDecoder(4_096);
    const decoded = server.blocks.map((block) => decodeAll(decoder, block));
    expect(decoded).toHaveLength(sets.length);
    for (const [nth, set] of sets.entries()) {
      expect(decoded[nth]).toEqual(expect.arrayContaining([...set]));
      expect(Object.fromEntries(decoded[nth] ?? [])).toMatchObject({
        ":path": "/arbitrex.ml.v1.InferenceService/Predict",
        "content-type": "application/grpc",
        te: "trailers",
      });
    }
  });
});

/** Calls a method that nobody has and gives the status. */
function call(client: Client, fields: readonly Field[]): Promise<number | undefined> {
  const metadata = new Metadata();
  for (const [name, value] of fields) {
    metadata.set(name, name.endsWith("-bin") ? Buffer.from(value, "base64") : value);
  }
  const toBytes = (bytes: Buffer) => bytes;
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      "/arbitrex.ml.v1.InferenceService/Predict",
      toBytes,
      toBytes,
      Buffer.alloc(3),
      metadata,
      { deadline: Date.now() + 20_000 },
      (error) => resolve(error?.code),
    );
  });
}

describe("a block of ours", () => {
  it.each([4_096, 256, 0])("is what a client of node:http2 reads that has a table of %i bytes", async (tableBytes) => {
    const random = createRandom(13);
    for (let turn = 0; turn < 60; turn++) {
      // As the RFC wants it, nghttp2 leaves out a field that it reads with a DEL in it, although it sends one.
      const fields = anyFields(random).map(([name, value]): Field => [name, value.replaceAll("\x7f", "~")]);
      const block = encodeFields([[":status", "404"], ...fields]);
      const first = tableBytes < 4_096 ? Buffer.concat([Buffer.of(emptyTableUpdate), block]) : block;
      await using server = await startRawServer(block, first);
      const session = connect(`http://127.0.0.1:${server.port}`, { settings: { headerTableSize: tableBytes } });
      // The block is the same every time: none must leave anything behind.
      for (let time = 0; time < 3; time++) {
        expect(await ask(session, { ":path": "/" })).toEqual(
          expect.objectContaining({ ":status": 404, ...Object.fromEntries(fields) }),
        );
      }
      session.destroy();
    }
  });

  it("is what grpc-js reads", async () => {
    await using server = await startRawServer(
      encodeFields([
        [":status", "200"],
        ["content-type", "application/grpc"],
        ["grpc-status", "5"],
        ["grpc-message", "no such%20method"],
      ]),
    );
    const client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
    for (let time = 0; time < 3; time++) expect(await call(client, [])).toBe(5);
    client.close();
  });
});
