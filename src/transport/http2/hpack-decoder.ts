/** Header blocks of HTTP/2 (RFC 7541) back into fields. */

import { HpackDynamicTable } from "./hpack-dynamic-table.ts";
import { decodeHuffman } from "./hpack-huffman.ts";
import { staticIndexMax, staticNames, staticValues } from "./hpack-static-table.ts";

/** A block that cannot be decoded: from here on nobody knows the peer's table, so the connection is lost. */
export class HpackError extends Error {
  override readonly name = "HpackError";
}

/** The table that HTTP/2 gives a connection to begin with (RFC 9113, section 6.5.2). */
const initialTableBytes = 4_096;

/** Octets that may continue an integer, seven bits each: the sum of what they say is below 2^28. */
const continuationsMax = 4;

/** Decodes the blocks of one connection, in the order in which they came. */
export class HpackDecoder {
  readonly #tableBytesMax: number;
  readonly #table: HpackDynamicTable;
  /** Where the next octet of the block stands. */
  #at = 0;

  /**
   * @param tableBytesMax what our SETTINGS_HEADER_TABLE_SIZE allows (4096). With less, a peer that has not read our settings
   *   yet may think the table larger than it is.
   */
  constructor(tableBytesMax: number) {
    this.#tableBytesMax = tableBytesMax;
    this.#table = new HpackDynamicTable(Math.min(initialTableBytes, tableBytesMax), tableBytesMax);
  }

  /**
   * Counts up whenever the dynamic table has changed (insertion, eviction, size change). An equal block means the same fields
   * as long as the generation has not changed, neither since then nor by decoding that block.
   */
  get generation(): number {
    return this.#table.generation;
  }

  /**
   * Calls onField for every field in order; names and values are latin1 strings of the octets as they came. After an
   * HpackError, or an error of onField, the decoder must not be used again.
   *
   * What the fields of a block add up to is for the caller to limit: an octet can stand for an entry as large as the table.
   *
   * @param block complete: the payloads of HEADERS and its CONTINUATIONs
   * @throws HpackError on everything that is a COMPRESSION_ERROR
   */
  decode(block: Buffer, onField: (name: string, value: string) => void): void {
    this.#at = 0;
    this.#readSizeUpdates(block);
    for (let first = block[this.#at]; first !== undefined; first = block[this.#at]) {
      if (first >= 0x80) {
        const index = this.#readInteger(block, first & 0x7f, 0x7f);
        if (index === 0) throw new HpackError("a field has the index 0, which nothing stands at");
        onField(this.#nameAt(index), this.#valueAt(index));
      } else if (first >= 0x40) {
        const name = this.#readName(block, first & 0x3f, 0x3f);
        const value = this.#readString(block);
        this.#table.insert(name, value);
        onField(name, value);
      } else if (first >= 0x20) {
        throw new HpackError("the table's size is updated after a field");
      } else {
        // Without indexing or never indexed: the difference is for those who encode the field again.
        const name = this.#readName(block, first & 0x0f, 0x0f);
        onField(name, this.#readString(block));
      }
    }
  }

  /** Size updates stand at the beginning of a block (section 4.2). */
  #readSizeUpdates(block: Buffer): void {
    for (let first = block[0] ?? 0; first >= 0x20 && first < 0x40; first = block[this.#at] ?? 0) {
      const bytes = this.#readInteger(block, first & 0x1f, 0x1f);
      if (bytes > this.#tableBytesMax) {
        throw new HpackError(
          `a table of ${bytes} bytes is larger than the ${this.#tableBytesMax} that the settings allow`,
        );
      }
      this.#table.resize(bytes);
    }
  }

  /** Reads the integer whose prefix has been read from the octet here; the prefix is the mask when more octets follow. */
  #readInteger(block: Buffer, prefix: number, mask: number): number {
    this.#at++;
    if (prefix < mask) return prefix;
    let integer = prefix;
    for (let continuation = 0; continuation < continuationsMax; continuation++) {
      const octet = block[this.#at++];
      if (octet === undefined) throw new HpackError("the block ends within an integer");
      integer += (octet & 0x7f) << (7 * continuation);
      if (octet < 0x80) return integer;
    }
    throw new HpackError(`an integer has more than ${continuationsMax} octets after its prefix`);
  }

  #readName(block: Buffer, prefix: number, mask: number): string {
    const index = this.#readInteger(block, prefix, mask);
    return index === 0 ? this.#readString(block) : this.#nameAt(index);
  }

  #readString(block: Buffer): string {
    const first = block[this.#at];
    if (first === undefined) throw new HpackError("the block ends where a string should begin");
    const length = this.#readInteger(block, first & 0x7f, 0x7f);
    const start = this.#at;
    const end = start + length;
    if (end > block.length) throw new HpackError("the block ends within a string");
    this.#at = end;
    if (first < 0x80) return block.toString("latin1", start, end);
    const text = decodeHuffman(block, start, end);
    if (text === undefined) throw new HpackError("a string is no valid Huffman code");
    return text;
  }

  #nameAt(index: number): string {
    return (index > staticIndexMax ? this.#table.nameAt(this.#toPosition(index)) : staticNames[index]) ?? "";
  }

  /** The value at an index of the whole address space. */
  #valueAt(index: number): string {
    return (index > staticIndexMax ? this.#table.valueAt(this.#toPosition(index)) : staticValues[index]) ?? "";
  }

  #toPosition(index: number): number {
    const position = index - staticIndexMax - 1;
    if (position >= this.#table.count) throw new HpackError(`there is no field of index ${index}`);
    return position;
  }
}
