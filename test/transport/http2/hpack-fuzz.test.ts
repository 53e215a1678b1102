/** What a hostile or broken peer may send, from a seed. */

import { describe, expect, it } from "vitest";
import { HpackDecoder, HpackError } from "../../../src/transport/http2/hpack-decoder.ts";
import { encodeFields } from "../../../src/transport/http2/hpack-encoder.ts";
import {
  decodeAll,
  type Field,
  fromHex,
  huffman,
  indexed,
  indexedLiteral,
  listDynamicTable,
  literal,
  sizeUpdate,
  text,
} from "./hpack-blocks.ts";
import { createRandom, type Random } from "./seeded-random.ts";

const seed = 0x7541;

const valid: readonly Buffer[] = [
  fromHex("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"),
  fromHex("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"),
  fromHex("4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff"),
  Buffer.concat([sizeUpdate(0), sizeUpdate(4_096), indexedLiteral("a", "b"), indexed(62), literal("c", "d")]),
  Buffer.concat([Buffer.of(0x10), text("password"), huffman(0x1f, 0x1f, 0xff)]),
  encodeFields([
    [":status", "200"],
    ["content-type", "application/grpc"],
    ["x", "y".repeat(300)],
  ]),
];

/** Sets, adds, takes out, repeats or swaps octets, up to three times. */
function mutate(block: Buffer, random: Random): Buffer {
  let octets = [...block];
  for (let times = 1 + random(3); times > 0; times--) {
    const at = random(octets.length + 1);
    const mutations = [
      () => octets.splice(at, 1, random(256)),
      () => octets.splice(at, 0, random(256)),
      () => octets.splice(at, 1 + random(4)),
      () => octets.splice(at, 0, ...octets.slice(random(octets.length + 1), random(octets.length + 1))),
      () => octets.splice(at, 1, (octets[at] ?? 0) ^ (1 << random(8))),
      () => octets.splice(at, 0, 0xff, 0xff, 0xff),
    ];
    mutations[random(mutations.length)]?.();
    octets = octets.slice(0, 4_096);
  }
  return Buffer.from(octets);
}

/** Fields, or the error that the block is refused with; whatever else it throws is thrown. */
function decodeOrRefuse(decoder: HpackDecoder, block: Buffer): readonly Field[] | HpackError {
  const fields: Field[] = [];
  try {
    decoder.decode(block, (name, value) => fields.push([name, value]));
    return fields;
  } catch (error) {
    if (error instanceof HpackError) return error;
    throw error;
  }
}

describe("the decoder", () => {
  it("decodes or refuses whatever blocks are mutated into, and gives no more than they can hold", () => {
    const random = createRandom(seed);
    const seen = { decoded: 0, refused: 0 };
    let decoder = new HpackDecoder(4_096);
    for (let turn = 0; turn < 20_000; turn++) {
      const block = mutate(valid[random(valid.length)] ?? Buffer.alloc(0), random);
      const decoded = decodeOrRefuse(decoder, block);
      if (decoded instanceof HpackError) {
        seen.refused++;
        decoder = new HpackDecoder(random(2) * 4_096);
        continue;
      }
      seen.decoded++;
      expect(decoded.length).toBeLessThanOrEqual(block.length);
      for (const [name, value] of decoded) {
        // A string is of this block, and then no longer than its shortest codes, or of the table.
        const lengthMax = Math.max(4_096, (block.length * 8) / 5);
        if (name.length > lengthMax || value.length > lengthMax) expect.fail(`too long, of ${block.toString("hex")}`);
      }
    }
    // Both must have happened often, or the mutations prove nothing.
    expect(seen.decoded).toBeGreaterThan(2_000);
    expect(seen.refused).toBeGreaterThan(2_000);
  });

  it("decodes or refuses noise", () => {
    const random = createRandom(seed + 1);
    for (let turn = 0; turn < 20_000; turn++) {
      const block = Buffer.from(Array.from({ length: random(64) }, () => random(256)));
      decodeOrRefuse(new HpackDecoder(4_096), block);
    }
  });

  it("decodes in parts what it decodes as a whole", () => {
    const random = createRandom(seed + 2);
    for (let turn = 0; turn < 200; turn++) {
      const blocks = Array.from({ length: 10 }, () => indexedLiteral(`n${random(5)}`, "v".repeat(random(200))));
      const [whole, parts] = [new HpackDecoder(1_024), new HpackDecoder(1_024)];
      const separately = blocks.flatMap((block) => decodeAll(parts, block));
      expect(decodeAll(whole, Buffer.concat(blocks))).toEqual(separately);
      expect(listDynamicTable(whole)).toEqual(listDynamicTable(parts));
    }
  });
});
