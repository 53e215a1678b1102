import { describe, expect, it } from "vitest";
import { HpackDecoder, HpackError } from "../../../src/transport/http2/hpack-decoder.ts";
import {
  decodeAll,
  fromHex,
  huffman,
  indexed,
  indexedLiteral,
  integer,
  listDynamicTable,
  literal,
  sizeUpdate,
  text,
} from "./hpack-blocks.ts";

/** Twenty-eight ones are the beginning of EOS; thirty are all of it. */
const eosCode = [0xff, 0xff, 0xff, 0xff];

/** A literal whose value is what follows. */
function valued(...value: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.of(0x00), text("a"), ...value]);
}

/** [what, block, message] */
const malformed: readonly (readonly [string, Buffer, string])[] = [
  ["the index 0", indexed(0), "index 0"],
  ["an index behind the static table", indexed(62), "index 62"],
  ["a name behind the static table", Buffer.concat([integer(62, 6, 0x40), text("b")]), "index 62"],
  ["a name of a literal without indexing behind it", Buffer.concat([integer(62, 4, 0), text("b")]), "index 62"],
  ["an index behind the dynamic table", Buffer.concat([indexedLiteral("a", "b"), indexed(63)]), "index 63"],
  ["an index of 2^28", fromHex("ff ffffffff"), "more than 4 octets"],
  ["an integer of more octets than it needs", fromHex("ff 8080808000"), "more than 4 octets"],
  ["an index cut short", fromHex("ff"), "within an integer"],
  ["an index cut short after some octets", fromHex("ff8080"), "within an integer"],
  ["a literal without a name", fromHex("00"), "where a string should begin"],
  ["a literal without a value", fromHex("000161"), "where a string should begin"],
  ["a literal of a known name without a value", fromHex("04"), "where a string should begin"],
  ["a name cut short", fromHex("000261"), "within a string"],
  ["a value cut short", fromHex("0001610262"), "within a string"],
  ["a value whose length is cut short", fromHex("0001617f"), "within an integer"],
  ["a value of 2^28 octets", fromHex("00 0161 7f ffffff7f"), "within a string"],
  ["a Huffman string cut short", fromHex("00 0161 82 1f"), "within a string"],
  ["EOS in a string", valued(huffman(...eosCode)), "Huffman"],
  ["EOS after a character", valued(huffman(0x1f, ...eosCode)), "Huffman"],
  ["a padding of eight ones", valued(huffman(0xff)), "Huffman"],
  ["a padding of eight ones after a character of eight bits", valued(huffman(0xf8, 0xff)), "Huffman"],
  ["a padding of zeros", valued(huffman(0x18)), "Huffman"],
  ["a padding of ones and a zero", valued(huffman(0x1e)), "Huffman"],
  ["a code cut short", valued(huffman(0xfe)), "Huffman"],
  ["a size update of a byte too many", sizeUpdate(4_097), "4097 bytes"],
  ["a size update after a field", Buffer.concat([indexed(2), sizeUpdate(0)]), "after a field"],
  ["a size update of 2^28 and more", fromHex("3f ffffffff00"), "more than 4 octets"],
];

describe("a malformed block", () => {
  it.each(malformed)("is refused: %s", (_what, block, message) => {
    const decode = () => decodeAll(new HpackDecoder(4_096), block);
    expect(decode).toThrow(HpackError);
    expect(decode).toThrow(message);
  });
});

describe("a block that is just well formed", () => {
  it.each([
    ["nothing", Buffer.alloc(0), []],
    ["the lowest index", indexed(1), [[":authority", ""]]],
    ["the highest index of the static table", indexed(61), [["www-authenticate", ""]]],
    ["a name of the highest static index", Buffer.concat([integer(61, 4, 0), text("b")]), [["www-authenticate", "b"]]],
    [
      "the highest index of the dynamic table",
      Buffer.concat([indexedLiteral("a", "b"), indexed(62)]),
      [
        ["a", "b"],
        ["a", "b"],
      ],
    ],
    ["an integer of as many octets as may be", fromHex("0f 83808000 0162"), [["accept-ranges", "b"]]],
    ["empty strings", literal("", ""), [["", ""]]],
    ["an empty Huffman string", valued(huffman()), [["a", ""]]],
    ["a padding of seven ones", valued(huffman(0x02, 0x8a, 0x7f)), [["a", "0  "]]],
    ["no padding", valued(huffman(0xf8)), [["a", "&"]]],
    ["a value of every octet", literal("a", allOctets()), [["a", allOctets()]]],
    ["a size update to all that is allowed", sizeUpdate(4_096), []],
    ["several size updates", Buffer.concat([sizeUpdate(0), sizeUpdate(4_096), indexed(2)]), [[":method", "GET"]]],
  ])("is decoded: %s", (_what, block, fields) => {
    expect(decodeAll(new HpackDecoder(4_096), block)).toEqual(fields);
  });

  it("has a long string of the shortest codes, eight of them in five octets", () => {
    const zeros = huffman(...new Array<number>(2_500).fill(0));
    expect(decodeAll(new HpackDecoder(4_096), valued(zeros))).toEqual([["a", "0".repeat(4_000)]]);
  });

  it("has a string of exactly the octets that are left", () => {
    const long = "x".repeat(70_000);
    expect(decodeAll(new HpackDecoder(4_096), literal("a", long))).toEqual([["a", long]]);
  });
});

function allOctets(): string {
  return Buffer.from(Array.from({ length: 256 }, (_, octet) => octet)).toString("latin1");
}

describe("the dynamic table", () => {
  it("holds entries up to its size, each of its octets and 32 more", () => {
    const decoder = new HpackDecoder(100);
    decodeAll(decoder, indexedLiteral("a", "x".repeat(17)));
    decodeAll(decoder, indexedLiteral("b", "y".repeat(17)));
    expect(listDynamicTable(decoder).map(([name]) => name)).toEqual(["b", "a"]);
    decodeAll(decoder, Buffer.concat([sizeUpdate(99)]));
    expect(listDynamicTable(decoder).map(([name]) => name)).toEqual(["b"]);
  });

  it("drops as many of the oldest as a new entry needs", () => {
    const decoder = new HpackDecoder(4_096);
    for (let nth = 0; nth < 120; nth++) decodeAll(decoder, indexedLiteral(`${nth % 10}`, `${nth % 10}`));
    expect(listDynamicTable(decoder)).toHaveLength(120);
    decodeAll(decoder, indexedLiteral("long", "z".repeat(4_096 - 36 - 3 * 34)));
    expect(listDynamicTable(decoder).map(([name]) => name)).toEqual(["long", "9", "8", "7"]);
  });

  it("turns round many times without losing an entry", () => {
    const decoder = new HpackDecoder(4_096);
    for (let nth = 1000; nth < 2_000; nth++) {
      decodeAll(decoder, indexedLiteral("n", `${nth}`));
      const newest = decodeAll(decoder, Buffer.concat([indexed(62), indexed(62 + Math.min(nth - 1_000, 109))]));
      expect(newest).toEqual([
        ["n", `${nth}`],
        ["n", `${Math.max(1_000, nth - 109)}`],
      ]);
    }
    expect(listDynamicTable(decoder)).toHaveLength(Math.floor(4_096 / 37));
  });

  it("is empty after an entry that is larger than all of it", () => {
    const decoder = new HpackDecoder(64);
    decodeAll(decoder, indexedLiteral("a", "x".repeat(31)));
    expect(listDynamicTable(decoder)).toHaveLength(1);
    expect(decodeAll(decoder, indexedLiteral("b", "y".repeat(32)))).toEqual([["b", "y".repeat(32)]]);
    expect(listDynamicTable(decoder)).toHaveLength(0);
  });

  it("gives a new entry the name of one that has to go for it", () => {
    const decoder = new HpackDecoder(64);
    decodeAll(decoder, indexedLiteral("name", "x".repeat(20)));
    expect(decodeAll(decoder, Buffer.concat([integer(62, 6, 0x40), text("other")]))).toEqual([["name", "other"]]);
    expect(listDynamicTable(decoder)).toEqual([["name", "other"]]);
  });

  it("begins with no more than the 4096 bytes of HTTP/2, whatever the settings allow", () => {
    const decoder = new HpackDecoder(10_000);
    decodeAll(decoder, indexedLiteral("a", "x".repeat(4_096 - 33)));
    expect(listDynamicTable(decoder)).toHaveLength(1);
    decodeAll(decoder, indexedLiteral("a", "x".repeat(4_096 - 32)));
    expect(listDynamicTable(decoder)).toHaveLength(0);
    decodeAll(decoder, Buffer.concat([sizeUpdate(10_000), indexedLiteral("a", "x".repeat(10_000 - 33))]));
    expect(listDynamicTable(decoder)).toHaveLength(1);
  });

  it("can be switched off", () => {
    const decoder = new HpackDecoder(0);
    expect(decodeAll(decoder, Buffer.concat([sizeUpdate(0), indexedLiteral("a", "b")]))).toEqual([["a", "b"]]);
    expect(listDynamicTable(decoder)).toEqual([]);
  });
});

describe("the generation", () => {
  it.each([
    ["an insertion", indexedLiteral("b", "c"), true],
    ["an insertion that leaves the table empty", indexedLiteral("b", "c".repeat(5_000)), true],
    ["a smaller size", sizeUpdate(100), true],
    ["an indexed field", indexed(62), false],
    ["a literal without indexing", literal("a", "b"), false],
    ["a literal never indexed", Buffer.concat([Buffer.of(0x10), text("a"), text("b")]), false],
    ["the size that the table has", sizeUpdate(4_096), false],
  ])("after %s", (_what, block, changes) => {
    const decoder = new HpackDecoder(4_096);
    decodeAll(decoder, indexedLiteral("a", "b"));
    const before = decoder.generation;
    decodeAll(decoder, block);
    expect(decoder.generation > before).toBe(changes);
  });
});
