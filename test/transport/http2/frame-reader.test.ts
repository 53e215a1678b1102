import { describe, expect, it } from "vitest";
import { ConnectionError } from "../../../src/transport/http2/frame.ts";
import { FrameReader } from "../../../src/transport/http2/frame-reader.ts";
import { codes, data, flags, frame, paddedData, ping, preface, settings, types } from "./frames.ts";
import { createRandom, type Random } from "./seeded-random.ts";

interface Seen {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: string;
  /** Of DATA: what counts against flow control. */
  readonly wireBytes: number;
}

/** Reads pieces; the parts of a DATA frame are put together again, which ends where the next frame begins. */
function read(pieces: readonly Buffer[]): Seen[] {
  const seen: Seen[] = [];
  const reader = new FrameReader({
    onData(streamId, piece, wireBytes, endsStream) {
      seen.push({ type: 0, flags: endsStream ? 1 : 0, streamId, payload: piece.toString("hex"), wireBytes });
    },
    onFrame(type, flag, streamId, payload) {
      seen.push({ type, flags: flag, streamId, payload: payload.toString("hex"), wireBytes: 0 });
    },
  });
  for (const piece of pieces) reader.feed(piece);
  return seen;
}

/** Joins neighbours of one stream: a reader may tell of DATA in as many parts as it comes in. */
function join(seen: readonly Seen[]): Seen[] {
  const joined: Seen[] = [];
  for (const each of seen) {
    const last = joined.at(-1);
    if (each.type !== 0 || last?.type !== 0 || last.streamId !== each.streamId || last.flags === 1) joined.push(each);
    else {
      const wireBytes = last.wireBytes + each.wireBytes;
      joined[joined.length - 1] = { ...each, payload: last.payload + each.payload, wireBytes };
    }
  }
  return joined;
}

function randomFrames(random: Random, count: number): Buffer[] {
  const bytes = (limit: number) => Buffer.from(Array.from({ length: random(limit) }, () => random(256)));
  return Array.from({ length: count }, () => {
    const end = random(4) === 0 ? flags.endStream : 0;
    const makers = [
      () => data(1 + random(4), bytes(300), end),
      () => data(1 + random(4), "", end),
      () => paddedData(1 + random(4), bytes(40), random(256), end),
      () => paddedData(1 + random(4), "", 0, end),
      () => frame(1 + random(20), random(256), random(2 ** 31), bytes(200)),
      () => ping(),
      () => settings([4, random(1_000)]),
    ];
    return makers[random(makers.length)]?.() ?? ping();
  });
}

function cut(bytes: Buffer, lengthOf: () => number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = start + Math.max(1, lengthOf());
    // A copy, as of a socket that fills its memory anew.
    pieces.push(Buffer.from(bytes.subarray(start, end)));
    start = end;
  }
  return pieces;
}

describe("frames are the same however they are cut", () => {
  const random = createRandom(0x9113);
  it.each(Array.from({ length: 60 }, (_, round) => round))("in round %i", (round) => {
    const bytes = Buffer.concat([preface, ...randomFrames(random, 40)]);
    const whole = join(read([bytes]));
    expect(whole.length).toBeGreaterThan(10);
    expect(join(read(cut(bytes, () => 1)))).toEqual(whole);
    for (const limit of [2, 10, 50, 1_000]) expect(join(read(cut(bytes, () => random(limit))))).toEqual(whole);
    // One frame a read, and a read that ends where the header of a frame does.
    expect(join(read(cut(bytes, () => 9 + (round % 3))))).toEqual(whole);
  });
});

describe("DATA", () => {
  it("is told with its bytes, its padding and the end of its stream at its last byte", () => {
    const bytes = Buffer.concat([preface, paddedData(5, "abc", 2, flags.endStream)]);
    const one = { type: 0, flags: 1, streamId: 5, payload: "616263", wireBytes: 6 };
    expect(join(read([bytes]))).toEqual([one]);
    const parts = read(cut(bytes, () => 1));
    expect(parts.map((part) => part.flags).slice(0, -1)).not.toContain(1);
    expect(join(parts)).toEqual([one]);
  });

  it.each([
    ["empty", data(1, "", flags.endStream), 0],
    ["nothing but the length of no padding", paddedData(1, "", 0, flags.endStream), 1],
    ["nothing but padding", paddedData(1, "", 255, flags.endStream), 256],
    ["as long as a frame may be", data(1, Buffer.alloc(16_384), flags.endStream), 16_384],
    ["as long as a frame may be with its padding", paddedData(1, Buffer.alloc(16_128), 255, 1), 16_384],
  ])("is told when it is %s", (_what, bytes, wireBytes) => {
    const seen = join(read([preface, bytes]));
    expect(seen).toMatchObject([{ streamId: 1, flags: 1, wireBytes }]);
  });
});

describe("a reader refuses", () => {
  it.each([
    ["a frame of 16385 bytes", frame(types.ping, 0, 0, Buffer.alloc(0), 16_385), codes.frameSize],
    ["DATA of 16385 bytes", frame(types.data, 0, 1, Buffer.alloc(0), 16_385), codes.frameSize],
    ["the longest frame", frame(types.ping, 0, 0, Buffer.alloc(0), 0xff_ffff), codes.frameSize],
    ["padding without its length", frame(types.data, flags.padded, 1), codes.frameSize],
    ["as much padding as the frame is long", frame(types.data, flags.padded, 1, Buffer.of(3, 0, 0)), codes.protocol],
  ])("%s, in one piece and byte by byte", (_what, bytes, code) => {
    const all = Buffer.concat([preface, bytes]);
    for (const pieces of [[all], cut(all, () => 1)]) {
      expect(() => read(pieces)).toThrow(expect.objectContaining({ name: "ConnectionError", code }));
    }
  });

  it.each([0, 10, 23])("a preface whose octet %i is wrong", (at) => {
    const wrong = Buffer.from(preface);
    wrong[at] = 0x21;
    expect(() => read([wrong])).toThrow(ConnectionError);
    expect(() => read(cut(wrong, () => 1))).toThrow(ConnectionError);
  });

  it("nothing of as many bytes as are allowed, nor the longest padding there can be", () => {
    expect(read([preface, frame(77, 0, 0, Buffer.alloc(16_384))])).toHaveLength(1);
    expect(join(read([preface, frame(types.data, flags.padded, 1, Buffer.of(2, 0, 0))]))).toHaveLength(1);
  });
});
