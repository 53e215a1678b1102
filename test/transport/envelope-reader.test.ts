import { Code, ConnectError } from "@connectrpc/connect";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OverloadedError } from "../../src/domain/errors.ts";
import { EnvelopeReader } from "../../src/transport/envelope-reader.ts";
import { JoinedPieces } from "../../src/transport/joined-pieces.ts";

function toEnvelope(message: Uint8Array, flag = 0): Buffer {
  const head = Buffer.alloc(5);
  head[0] = flag;
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Cuts bytes into pieces of the given lengths, over and over. */
function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    // Memory of its own, overwritten by the reader's owner once it is read.
    pieces.push(Buffer.from(bytes.subarray(at, at + length)));
    at += length;
  }
  return pieces;
}

const anyMessage = fc.uint8Array({ maxLength: 300 });
const anyLengths = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 });

describe("the reader of envelopes", () => {
  it("gives the messages that were put in, however they are cut", () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 20 }), anyLengths, fc.boolean(), (messages, lengths, takesLate) => {
        const reader = new EnvelopeReader(1_000);
        const taken: Uint8Array[] = [];
        const takeAll = () => {
          for (let message = reader.next(); message !== undefined; message = reader.next()) {
            taken.push(Uint8Array.from(message));
          }
        };
        for (const piece of cut(Buffer.concat(messages.map((message) => toEnvelope(message))), lengths)) {
          reader.add(piece);
          if (!takesLate) takeAll();
        }
        takeAll();
        expect(taken).toEqual(messages.map((message) => Uint8Array.from(message)));
        expect(reader.endError()).toBeUndefined();
      }),
    );
  });

  it("does not copy a message that lies in one piece", () => {
    const reader = new EnvelopeReader(100);
    const piece = toEnvelope(Uint8Array.of(1, 2, 3));
    reader.add(piece);
    expect(reader.next()?.buffer).toBe(piece.buffer);
  });

  it.each([1, 4, 5, 7])("calls an end after %i bytes of an envelope incomplete", (bytes) => {
    const reader = new EnvelopeReader(100);
    reader.add(toEnvelope(Uint8Array.of(1, 2, 3)).subarray(0, bytes));
    expect(reader.next()).toBeUndefined();
    const error = reader.endError();
    expect(error instanceof ConnectError ? error.code : error).toBe(Code.InvalidArgument);
  });

  it("takes a message of the largest size and refuses one of a byte more before it has come", () => {
    const reader = new EnvelopeReader(10);
    reader.add(toEnvelope(new Uint8Array(10)));
    expect(reader.next()).toHaveLength(10);
    reader.add(toEnvelope(new Uint8Array(11)).subarray(0, 5));
    expect(() => reader.next()).toThrow(OverloadedError);
  });

  it("refuses a compressed message", () => {
    const reader = new EnvelopeReader(10);
    reader.add(toEnvelope(Uint8Array.of(1), 1));
    expect(() => reader.next()).toThrow("compressed");
  });
});

describe("joined pieces", () => {
  it("are the bytes that came", () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 20 }), (pieces) => {
        const joined = new JoinedPieces();
        for (const piece of pieces) joined.add(Buffer.from(piece));
        expect(joined.length).toBe(Buffer.concat(pieces).length);
        expect(joined.take().equals(Buffer.concat(pieces))).toBe(true);
        expect(joined.length).toBe(0);
      }),
    );
  });

  it("leave the pieces as they were", () => {
    const joined = new JoinedPieces();
    const first = Buffer.from("ab");
    joined.add(first.subarray(0, 1));
    joined.add(Buffer.from("x"));
    expect([first.toString(), joined.take().toString()]).toEqual(["ab", "ax"]);
  });
});
