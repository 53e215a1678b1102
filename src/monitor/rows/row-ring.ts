import { RowReader } from "./row-reader.ts";
import { RowVocabulary } from "./row-vocabulary.ts";
import { RowWriter } from "./row-writer.ts";

/** Bytes of a block: some 350 decisions, and large enough for the allocator to give it back to the system. */
export const blockBytes = 256 * 1024;

interface Block {
  bytes: Uint8Array;
  /** Rows in it that are still kept. */
  rows: number;
}

/** Where a row stands, and what its numbers mean. */
interface Place {
  readonly bytes: Uint8Array;
  readonly vocabulary: RowVocabulary;
  readonly start: number;
  readonly end: number;
}

/**
 * The newest rows, one behind the other in blocks that are used again when their rows are gone. It has no objects and no texts of a
 * row, so that keeping ten thousand decisions leaves the garbage collector nothing to copy or to promote: as objects they were half of
 * what every young collection copied, and as texts what each of them still promoted.
 */
export class RowRing {
  readonly #rowsMax: number;
  /** Blocks by their number; those without rows have no bytes but for the one that is open. */
  readonly #blocks: Block[] = [];
  readonly #blockOfRow: Uint32Array;
  readonly #startOfRow: Uint32Array;
  readonly #endOfRow: Uint32Array;
  readonly #vocabularyOfRow: RowVocabulary[] = [];
  readonly #writer: RowWriter;
  /** Of the last block that lost its rows. */
  #spare: Uint8Array | undefined;
  #open = 0;
  #next = 0;
  #size = 0;

  constructor(rowsMax: number, vocabulary = new RowVocabulary()) {
    this.#rowsMax = rowsMax;
    this.#blockOfRow = new Uint32Array(rowsMax);
    this.#startOfRow = new Uint32Array(rowsMax);
    this.#endOfRow = new Uint32Array(rowsMax);
    this.#writer = new RowWriter(vocabulary, (bytesMin) => this.#findRoom(bytesMin));
  }

  get size(): number {
    return this.#size;
  }

  /** Where the next row is written, from its beginning; {@link add} then keeps it. */
  begin(): RowWriter {
    this.#writer.discard();
    return this.#writer;
  }

  /** Keeps the row that was written; past the capacity the oldest one goes. */
  add(vocabulary: RowVocabulary = this.#writer.vocabulary): void {
    const row = this.#next;
    if (this.#size === this.#rowsMax) this.#forget(row);
    else this.#size++;
    const block = this.#blocks[this.#open];
    if (block !== undefined) block.rows++;
    this.#blockOfRow[row] = this.#open;
    this.#startOfRow[row] = this.#writer.start;
    this.#vocabularyOfRow[row] = vocabulary;
    this.#writer.end();
    this.#endOfRow[row] = this.#writer.start;
    this.#next = (row + 1) % this.#rowsMax;
  }

  /** @param back 1 for the newest row, {@link size} for the oldest */
  read(back: number): RowReader {
    const { bytes, vocabulary, start } = this.#find(back);
    return new RowReader(bytes, vocabulary, start);
  }

  /** Rows so far back, copied now and read whenever they are asked for, whatever has come since. */
  copy(backs: readonly number[]): Iterable<RowReader> {
    const rows = backs.map((back) => this.#find(back));
    const copied = Buffer.allocUnsafeSlow(rows.reduce((bytes, { start, end }) => bytes + end - start, 0));
    let at = 0;
    const copies = rows.map(({ bytes, vocabulary, start, end }) => {
      const copy = { vocabulary, start: at };
      copied.set(bytes.subarray(start, end), at);
      at += end - start;
      return copy;
    });
    return readCopies(copied, copies);
  }

  #find(back: number): Place {
    const row = (this.#next - back + this.#rowsMax) % this.#rowsMax;
    const block = this.#blocks[this.#blockOfRow[row] ?? 0];
    const vocabulary = this.#vocabularyOfRow[row];
    const [start, end] = [this.#startOfRow[row], this.#endOfRow[row]];
    if (
      back > this.#size ||
      block === undefined ||
      vocabulary === undefined ||
      start === undefined ||
      end === undefined
    )
      throw new RangeError(`no row ${back} back`);
    return { bytes: block.bytes, vocabulary, start, end };
  }

  #forget(row: number): void {
    const number = this.#blockOfRow[row] ?? 0;
    const block = this.#blocks[number];
    if (block === undefined || --block.rows > 0 || number === this.#open) return;
    if (block.bytes.length === blockBytes) this.#spare = block.bytes;
    block.bytes = noBytes;
  }

  /** A block for rows from now on; a larger one than usual for a row that is. */
  #findRoom(bytesMin: number): Uint8Array {
    const free = this.#blocks.findIndex(({ rows }, at) => rows === 0 && at !== this.#open);
    const number = free < 0 ? this.#blocks.length : free;
    const spare = bytesMin <= blockBytes ? this.#spare : undefined;
    if (spare !== undefined) this.#spare = undefined;
    const bytes = spare ?? new Uint8Array(Math.max(blockBytes, bytesMin));
    this.#blocks[number] = { bytes, rows: 0 };
    this.#open = number;
    return bytes;
  }
}

function* readCopies(bytes: Buffer, copies: readonly Pick<Place, "vocabulary" | "start">[]): Generator<RowReader> {
  for (const { vocabulary, start } of copies) yield new RowReader(bytes, vocabulary, start);
}

const noBytes = new Uint8Array(0);
