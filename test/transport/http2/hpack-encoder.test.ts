import { describe, expect, it } from "vitest";
import { HpackDecoder } from "../../../src/transport/http2/hpack-decoder.ts";
import { encodeFields, fieldBytesMax, writeField } from "../../../src/transport/http2/hpack-encoder.ts";
import { decodeAll, type Field, fromHex, listDynamicTable } from "./hpack-blocks.ts";

describe("the encoder", () => {
  it.each<[what: string, field: Field, digits: string]>([
    ["an index where the static table has the field", [":status", "200"], "88"],
    ["the index of a later value of the name", [":status", "500"], "8e"],
    ["the first index of the static table", [":authority", ""], "81"],
    ["the last index of the static table", ["www-authenticate", ""], "bd"],
    ["the index of a name, in one octet", [":status", "429"], "08 03 343239"],
    ["the index of a name, in two octets", ["content-type", "a"], "0f10 01 61"],
    ["the highest index of a name in one octet", [":status", ""], "08 00"],
    ["the lowest index of a name in two octets", ["accept-charset", "a"], "0f00 01 61"],
    ["name and value as they are", ["grpc-status", "0"], "00 0b 677270632d737461747573 01 30"],
    ["empty strings", ["", ""], "00 00 00"],
    ["a value of 126 octets", ["x", "a".repeat(126)], `00 01 78 7e ${"61".repeat(126)}`],
    ["a value of 127 octets", ["x", "a".repeat(127)], `00 01 78 7f00 ${"61".repeat(127)}`],
    ["a value of 254 octets", ["x", "a".repeat(254)], `00 01 78 7f7f ${"61".repeat(254)}`],
    ["a value of 255 octets", ["x", "a".repeat(255)], `00 01 78 7f8001 ${"61".repeat(255)}`],
    ["the highest character of latin1", ["x", "\xff"], "00 01 78 01 ff"],
  ])("writes %s", (_what, field, digits) => {
    const block = encodeFields([field]);
    expect(block.toString("hex")).toBe(fromHex(digits).toString("hex"));
    expect(block.length).toBeLessThanOrEqual(fieldBytesMax(...field));
    expect(decodeAll(new HpackDecoder(0), block)).toEqual([field]);
  });

  it("writes many fields in their order, whatever gives them", () => {
    const fields = Array.from({ length: 500 }, (_, nth): Field => [`name-${nth}`, "v".repeat(nth)]);
    expect(decodeAll(new HpackDecoder(0), encodeFields(new Map(fields).entries()))).toEqual(fields);
  });

  it("leaves the peer's table alone", () => {
    const decoder = new HpackDecoder(4_096);
    decodeAll(
      decoder,
      encodeFields([
        [":status", "200"],
        ["content-type", "application/grpc"],
        ["grpc-status", "0"],
      ]),
    );
    expect(listDynamicTable(decoder)).toEqual([]);
    expect(decoder.generation).toBe(0);
  });

  it.each<Field>([
    [":status", "200"],
    [":status", "429"],
    ["content-type", "application/grpc+proto"],
    ["x-request-id", "0198f3f0"],
    ["x", "a".repeat(127)],
  ])("writes into exactly the room that a field needs, and not into a byte less: %s", (name, value) => {
    const block = encodeFields([[name, value]]);
    const target = Buffer.alloc(block.length + 3);
    expect(writeField(target, 3, name, value)).toBe(target.length);
    expect(target.subarray(3)).toEqual(block);
    expect(() => writeField(target, 4, name, value)).toThrow(RangeError);
    expect(() => writeField(Buffer.alloc(0), 0, name, value)).toThrow(RangeError);
  });

  it.each([
    ["x", "Ā"],
    ["ā", "x"],
    ["content-type", "\u{1f600}"],
  ])("refuses a character that is not latin1 instead of cutting it: %s: %s", (name, value) => {
    expect(() => encodeFields([[name, value]])).toThrow(RangeError);
  });
});
