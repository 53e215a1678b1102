/**
 * Fields as header blocks of HTTP/2 (RFC 7541), without a memory: no block depends on another, so that any of them can be
 * kept and sent again on every connection. Strings are never Huffman-coded: the few octets saved cost more time than sending them.
 */

import { staticNameOf } from "./hpack-static-table.ts";

/** The first octet of a field that is in the static table, and of a literal without indexing. */
const indexed = 0x80;
const withoutIndexing = 0x00;

/**
 * An update of the table's size to zero, as the first octet of a block. A peer whose SETTINGS_HEADER_TABLE_SIZE is below the
 * 4096 of HTTP/2 must find one before anything else in the first block after we have acknowledged it (RFC 7541, section 4.2);
 * nghttp2 takes the connection down otherwise. Once said it holds for good, whatever size the peer allows later.
 */
export const emptyTableUpdate = 0x20;

/** An integer takes at most its prefix and five octets: strings are shorter than 2^32. */
const integerBytesMax = 6;

/** Encodes fields of latin1 strings, names in lower case. */
export function encodeFields(fields: Iterable<readonly [name: string, value: string]>): Buffer {
  let block = Buffer.allocUnsafe(256);
  let length = 0;
  for (const [name, value] of fields) {
    const needed = length + fieldBytesMax(name, value);
    if (needed > block.length) {
      const larger = Buffer.allocUnsafe(needed * 2);
      block.copy(larger, 0, 0, length);
      block = larger;
    }
    length = writeField(block, length, name, value);
  }
  return block.subarray(0, length);
}

/** Upper bound of a field's encoded size. */
export function fieldBytesMax(name: string, value: string): number {
  return 1 + integerBytesMax + name.length + integerBytesMax + value.length;
}

/**
 * Writes one field at offset into target and returns the offset behind it.
 *
 * @throws RangeError when it does not fit or has a character that is not latin1; what stands behind the offset is then undefined
 */
export function writeField(target: Buffer, offset: number, name: string, value: string): number {
  const known = staticNameOf.get(name);
  let at = offset;
  if (known === undefined) {
    at = writeInteger(target, at, 0, withoutIndexing, 0x0f);
    at = writeString(target, at, name);
  } else {
    const nth = known.values.indexOf(value);
    if (nth !== -1) return writeInteger(target, at, known.index + nth, indexed, 0x7f);
    at = writeInteger(target, at, known.index, withoutIndexing, 0x0f);
  }
  return writeString(target, at, value);
}

/** Writes an integer whose prefix, of the bits in mask, shares its octet with the bits of kind. */
function writeInteger(target: Buffer, offset: number, integer: number, kind: number, mask: number): number {
  let at = offset;
  if (integer < mask) {
    at = writeOctet(target, at, kind | integer);
  } else {
    at = writeOctet(target, at, kind | mask);
    let rest = integer - mask;
    for (; rest >= 0x80; rest >>>= 7) at = writeOctet(target, at, 0x80 | (rest & 0x7f));
    at = writeOctet(target, at, rest);
  }
  return at;
}

function writeOctet(target: Buffer, offset: number, octet: number): number {
  if (offset >= target.length) throw new RangeError(`a field does not fit into ${target.length} bytes`);
  target[offset] = octet;
  return offset + 1;
}

function writeString(target: Buffer, offset: number, text: string): number {
  const start = writeInteger(target, offset, text.length, 0, 0x7f);
  if (start + text.length > target.length) throw new RangeError(`a field does not fit into ${target.length} bytes`);
  let bits = 0;
  // Faster than a native write for strings of a field's usual length, and it tells a character that would be cut short.
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    target[start + at] = character;
    bits |= character;
  }
  if (bits > 0xff) throw new RangeError("a field has a character that is not latin1");
  return start + text.length;
}
