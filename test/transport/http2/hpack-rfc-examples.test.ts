/** Every example of RFC 7541, appendix C. */

import { describe, expect, it } from "vitest";
import { HpackDecoder } from "../../../src/transport/http2/hpack-decoder.ts";
import { decodeAll, type Field, fromHex, integer, listDynamicTable } from "./hpack-blocks.ts";

interface Step {
  readonly block: Buffer;
  readonly fields: readonly Field[];
  /** The newest first. */
  readonly table: readonly Field[];
  readonly tableBytes: number;
}

function sizeOf(fields: readonly Field[]): number {
  return fields.reduce((bytes, [name, value]) => bytes + name.length + value.length + 32, 0);
}

const authority: Field = [":authority", "www.example.com"];
const noCache: Field = ["cache-control", "no-cache"];
const custom: Field = ["custom-key", "custom-value"];

const requests: readonly Omit<Step, "block">[] = [
  {
    fields: [[":method", "GET"], [":scheme", "http"], [":path", "/"], authority],
    table: [authority],
    tableBytes: 57,
  },
  {
    fields: [[":method", "GET"], [":scheme", "http"], [":path", "/"], authority, noCache],
    table: [noCache, authority],
    tableBytes: 110,
  },
  {
    fields: [[":method", "GET"], [":scheme", "https"], [":path", "/index.html"], authority, custom],
    table: [custom, noCache, authority],
    tableBytes: 164,
  },
];

const privately: Field = ["cache-control", "private"];
const date: Field = ["date", "Mon, 21 Oct 2013 20:13:21 GMT"];
const laterDate: Field = ["date", "Mon, 21 Oct 2013 20:13:22 GMT"];
const location: Field = ["location", "https://www.example.com"];
const gzip: Field = ["content-encoding", "gzip"];
const cookie: Field = ["set-cookie", "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"];

const responses: readonly Omit<Step, "block">[] = [
  {
    fields: [[":status", "302"], privately, date, location],
    table: [location, date, privately, [":status", "302"]],
    tableBytes: 222,
  },
  {
    fields: [[":status", "307"], privately, date, location],
    table: [[":status", "307"], location, date, privately],
    tableBytes: 222,
  },
  {
    fields: [[":status", "200"], privately, laterDate, location, gzip, cookie],
    table: [cookie, gzip, laterDate],
    tableBytes: 215,
  },
];

function withBlocks(steps: readonly Omit<Step, "block">[], ...blocks: readonly Buffer[]): readonly Step[] {
  return steps.map((step, at) => ({ ...step, block: blocks[at] ?? Buffer.alloc(0) }));
}

/** [section, SETTINGS_HEADER_TABLE_SIZE, blocks] */
const series: readonly (readonly [string, number, readonly Step[]])[] = [
  [
    "C.3, requests",
    4_096,
    withBlocks(
      requests,
      fromHex("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d"),
      fromHex("8286 84be 5808 6e6f 2d63 6163 6865"),
      fromHex("8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65"),
    ),
  ],
  [
    "C.4, requests in the Huffman code",
    4_096,
    withBlocks(
      requests,
      fromHex("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"),
      fromHex("8286 84be 5886 a8eb 1064 9cbf"),
      fromHex("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"),
    ),
  ],
  [
    "C.5, responses with a table of 256 bytes",
    256,
    withBlocks(
      responses,
      fromHex(
        "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32",
        "3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
      ),
      fromHex("4803 3330 37c1 c0bf"),
      fromHex(
        "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970",
        "7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61",
        "6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31",
      ),
    ),
  ],
  [
    "C.6, responses in the Huffman code with a table of 256 bytes",
    256,
    withBlocks(
      responses,
      fromHex(
        "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad",
        "1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
      ),
      fromHex("4883 640e ffc1 c0bf"),
      fromHex(
        "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2",
        "e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
      ),
    ),
  ],
];

describe("the decoder, by the examples of RFC 7541", () => {
  it.each(series)("decodes %s", (_section, tableBytesMax, steps) => {
    const decoder = new HpackDecoder(tableBytesMax);
    for (const { block, fields, table, tableBytes } of steps) {
      expect(decodeAll(decoder, block)).toEqual(fields);
      expect(listDynamicTable(decoder)).toEqual(table);
      expect(sizeOf(listDynamicTable(decoder))).toBe(tableBytes);
    }
  });

  it.each<[section: string, digits: string, field: Field, table: readonly Field[]]>([
    [
      "C.2.1, a literal with indexing",
      "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572",
      ["custom-key", "custom-header"],
      [["custom-key", "custom-header"]],
    ],
    ["C.2.2, a literal without indexing", "040c 2f73 616d 706c 652f 7061 7468", [":path", "/sample/path"], []],
    ["C.2.3, a literal never indexed", "1008 7061 7373 776f 7264 0673 6563 7265 74", ["password", "secret"], []],
    ["C.2.4, an indexed field", "82", [":method", "GET"], []],
  ])("decodes %s", (_section, digits, field, table) => {
    const decoder = new HpackDecoder(4_096);
    expect(decodeAll(decoder, fromHex(digits))).toEqual([field]);
    expect(listDynamicTable(decoder)).toEqual(table);
  });

  // The integers stand where the decoder meets them: as the size of the table (five bits) and as an index (seven bits).
  it.each<[section: string, digits: string, bytes: number]>([
    ["C.1.1, ten in five bits", "2a", 10],
    ["C.1.2, 1337 in five bits", "3f9a0a", 1_337],
  ])("reads the integer of %s", (_section, digits, bytes) => {
    expect(fromHex(digits)).toEqual(integer(bytes, 5, 0x20));
    const decoder = new HpackDecoder(1_337);
    // An entry of exactly the size stays, and one of a byte more does not.
    const fits = Math.max(0, bytes - 33);
    expect(decodeAll(decoder, fromHex(digits))).toEqual([]);
    const entry = (length: number) =>
      Buffer.concat([fromHex("4001 61"), integer(length, 7, 0), Buffer.alloc(length, "b")]);
    decodeAll(decoder, entry(fits));
    expect(listDynamicTable(decoder)).toHaveLength(bytes < 33 ? 0 : 1);
    decodeAll(decoder, entry(fits + 1));
    expect(listDynamicTable(decoder)).toHaveLength(0);
  });

  it("reads the integer of C.1.3, 42 in eight bits' worth of an octet, as the length of a string", () => {
    const decoder = new HpackDecoder(4_096);
    expect(decodeAll(decoder, Buffer.concat([fromHex("0001 61 2a"), Buffer.alloc(42, "b")]))).toEqual([
      ["a", "b".repeat(42)],
    ]);
  });
});
