import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { describe, expect, it } from "vitest";
import { MessageCursor } from "../../src/registry/message-cursor.ts";

const cursorOf = (...bytes: readonly number[]) => new MessageCursor(Uint8Array.from(bytes));

describe("MessageCursor", () => {
  it.each([0, 1, 127, 128, 2 ** 28 - 1, 2 ** 28, 2 ** 32, Number.MAX_SAFE_INTEGER, -1, Number.MIN_SAFE_INTEGER])(
    "reads %d as an int64",
    (value) => {
      const cursor = new MessageCursor(new BinaryWriter().int64(BigInt(value)).finish());
      expect(cursor.readInteger()).toBe(value);
      expect(cursor.isAtEnd).toBe(true);
    },
  );

  it("reads the low 32 bits of a longer number where 32 are asked for", () => {
    expect(new MessageCursor(new BinaryWriter().int64(-1).finish()).readUint32()).toBe(0xffff_ffff);
    expect(new MessageCursor(new BinaryWriter().int64(2 ** 32 + 5).finish()).readUint32()).toBe(5);
  });

  it.each<[string, readonly number[], (cursor: MessageCursor) => unknown, string]>([
    ["a number that breaks off", [0x80], (cursor) => cursor.readInteger(), "ends inside a field"],
    ["a number that no double holds", [...Array(8).fill(0xff), 0x7f], (cursor) => cursor.readInteger(), "out of range"],
    ["a number of 11 bytes", [...Array(10).fill(0x80), 0], (cursor) => cursor.readInteger(), "more than 10 bytes"],
    ["bytes that break off", [3, 1, 2], (cursor) => cursor.readBytes(), "ends inside a field"],
    ["a float that breaks off", [0, 0, 0], (cursor) => cursor.readFloat(), "ends inside a field"],
    ["field 0", [0x02], (cursor) => cursor.readTag(), "no tag"],
    ["wire type 6", [0x0e], (cursor) => cursor.readTag(), "no tag"],
    ["a tag of 33 bits", [0xfa, 0xff, 0xff, 0xff, 0x1f], (cursor) => cursor.readTag(), "no tag"],
    ["a skipped number of 11 bytes", [...Array(10).fill(0x80), 0], (cursor) => cursor.skip(0x08), "more than 10"],
    ["skipped bytes that break off", [3, 1, 2], (cursor) => cursor.skip(0x0a), "ends inside a field"],
    ["a group that ends as another", [0x14], (cursor) => cursor.skip(0x0b), "group 1 ends as 2"],
    ["a group that ends before it began", [], (cursor) => cursor.skip(0x0c), "does not begin a value"],
    ["groups nested 101 deep", Array(101).fill(0x0b), (cursor) => cursor.skip(0x0b), "more than 100 deep"],
  ])("refuses %s", (_, bytes, read, message) => {
    expect(() => read(cursorOf(...bytes))).toThrow(message);
  });

  it("skips values of every wire type, and groups with what is in them", () => {
    const nested = Array(99).fill(0x0b);
    const ends = Array(99).fill(0x0c);
    const cursor = cursorOf(
      ...nested,
      0x10,
      0x96,
      0x01,
      0x1d,
      1,
      2,
      3,
      4,
      0x21,
      ...Array(8).fill(9),
      0x2a,
      1,
      7,
      ...ends,
      0x0c,
      5,
    );
    cursor.skip(0x0b);
    expect(cursor.readInteger()).toBe(5);
  });
});
