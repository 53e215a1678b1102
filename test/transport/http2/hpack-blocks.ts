/** Header blocks for tests, made octet by octet from RFC 7541. */

import type { HpackDecoder } from "../../../src/transport/http2/hpack-decoder.ts";

export type Field = readonly [name: string, value: string];

/** A block of hexadecimal digits, in any groups. */
export function fromHex(...digits: readonly string[]): Buffer {
  const joined = digits.join("").replaceAll(/\s/g, "");
  const block = Buffer.from(joined, "hex");
  if (block.length * 2 !== joined.length) throw new Error(`not hexadecimal: ${joined}`);
  return block;
}

export function decodeAll(decoder: HpackDecoder, block: Buffer): Field[] {
  const fields: Field[] = [];
  decoder.decode(block, (name, value) => fields.push([name, value]));
  return fields;
}

/** The fields of a decoder's dynamic table, the newest first, as a peer sees them: by index. */
export function listDynamicTable(decoder: HpackDecoder): Field[] {
  const fields: Field[] = [];
  for (let index = 62; ; index++) {
    try {
      fields.push(...decodeAll(decoder, Buffer.concat([integer(index, 7, 0x80)])));
    } catch {
      return fields;
    }
  }
}

/** An integer after a prefix of so many bits (section 5.1), in an octet whose other bits are those of kind. */
export function integer(value: number, prefixBits: number, kind: number): Buffer {
  const mask = 2 ** prefixBits - 1;
  if (value < mask) return Buffer.of(kind | value);
  const octets = [kind | mask];
  let rest = value - mask;
  for (; rest >= 128; rest = Math.floor(rest / 128)) octets.push((rest % 128) + 128);
  return Buffer.from([...octets, rest]);
}

/** A string as it is (section 5.2). */
export function text(value: string): Buffer {
  return Buffer.concat([integer(value.length, 7, 0), Buffer.from(value, "latin1")]);
}

/** Octets that claim to be a string of the Huffman code. */
export function huffman(...octets: readonly number[]): Buffer {
  return Buffer.concat([integer(octets.length, 7, 0x80), Buffer.from(octets)]);
}

/** The field at an index (section 6.1). */
export function indexed(index: number): Buffer {
  return integer(index, 7, 0x80);
}

/** A literal with incremental indexing (section 6.2.1), its name spelled out. */
export function indexedLiteral(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.of(0x40), text(name), text(value)]);
}

/** A literal without indexing (section 6.2.2), its name spelled out. */
export function literal(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.of(0x00), text(name), text(value)]);
}

/** An update of the dynamic table's size (section 6.3). */
export function sizeUpdate(bytes: number): Buffer {
  return integer(bytes, 5, 0x20);
}
