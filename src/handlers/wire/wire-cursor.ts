import type { TextCache } from "./text-cache.ts";

/** Texts up to this length are looked up among those that came before; longer ones are hardly names. */
const cachedTextMax = 64;
const emptyBytes = Buffer.alloc(0);
const emptyView = new DataView(emptyBytes.buffer, emptyBytes.byteOffset, 0);

/**
 * Reads protobuf as clients usually write it. On everything else (an unknown field, a longer encoding than was needed,
 * text beyond ASCII, an end in the middle) it gives up: `isPlain` turns false, what is read from then on means nothing, and
 * the general reader decides what the bytes are. So this one never has to know what is malformed.
 */
export class WireCursor {
  readonly #texts: TextCache;
  #bytes: Buffer = emptyBytes;
  #isPlain = true;
  /** Of `bytes`, for doubles. */
  view: DataView = emptyView;
  position = 0;

  constructor(texts: TextCache) {
    this.#texts = texts;
  }

  /** Begins with other bytes. */
  open(bytes: Buffer): void {
    this.#bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.position = 0;
    this.#isPlain = true;
  }

  /** Lets go of the bytes. */
  close(): void {
    this.#bytes = emptyBytes;
    this.view = emptyView;
  }

  get isPlain(): boolean {
    return this.#isPlain;
  }

  /** Gives up. Every loop over the bytes ends, since no end lies behind this position. */
  leave(): number {
    this.#isPlain = false;
    this.position = this.#bytes.length + 1;
    return 0;
  }

  /** Field number and wire type, as one byte; fields above 15 are none of ours. */
  tag(): number {
    return this.#bytes[this.position++] ?? this.leave();
  }

  /** A varint below 2^49. */
  varint(end: number): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 49; scale *= 128) {
      if (this.position >= end) break;
      const byte = this.#bytes[this.position++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return this.leave();
  }

  /** A non-negative number of 31 bits. */
  count(end: number): number {
    const value = this.varint(end);
    return value < 2 ** 31 ? value : this.leave();
  }

  flag(end: number): boolean {
    const value = this.varint(end);
    if (value > 1) this.leave();
    return value === 1;
  }

  double(end: number): number {
    const start = this.position;
    if (start + 8 > end) return this.leave();
    this.position = start + 8;
    return this.view.getFloat64(start, true);
  }

  /** Where the field that begins here with its length ends. */
  fieldEnd(end: number): number {
    const length = this.varint(end);
    const fieldEnd = this.position + length;
    return fieldEnd <= end ? fieldEnd : this.leave();
  }

  /** Passes `length` bytes, four or more that are there, if they are those of `known` from `start` on. */
  passSame(known: DataView, start: number, length: number): boolean {
    const { view, position } = this;
    const last = length - 4;
    // Four at a time; the last four may overlap those before.
    for (let at = 0; at < last; at += 4) {
      if (view.getUint32(position + at) !== known.getUint32(start + at)) return false;
    }
    if (view.getUint32(position + last) !== known.getUint32(start + last)) return false;
    this.position = position + length;
    return true;
  }

  /** A text that is likely to come again. */
  name(end: number): string {
    const textEnd = this.fieldEnd(end);
    if (textEnd - this.position > cachedTextMax) return this.#plainText(textEnd);
    return this.#take(this.#texts.read(this.#bytes, this.position, textEnd), textEnd);
  }

  /** A text that is likely to be the only one of its kind. */
  text(end: number): string {
    return this.#plainText(this.fieldEnd(end));
  }

  #plainText(textEnd: number): string {
    for (let at = this.position; at < textEnd; at++) {
      if ((this.#bytes[at] ?? 0) > 0x7f) return this.#take(undefined, textEnd);
    }
    return this.#take(this.#bytes.toString("latin1", this.position, textEnd), textEnd);
  }

  #take(text: string | undefined, textEnd: number): string {
    if (!this.#isPlain || text === undefined) {
      this.leave();
      return "";
    }
    this.position = textEnd;
    return text;
  }
}
