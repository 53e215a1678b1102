import type { TextCache } from "../wire/text-cache.ts";

/** Longer names are hardly names of ours. */
const nameLengthMax = 64;
const quote = 0x22;
const backslash = 0x5c;
const emptyBytes = Buffer.alloc(0);

/** Finds its way through a JSON text without reading its values. What it makes of a text that is not JSON means nothing. */
export class JsonCursor {
  readonly #names: TextCache;
  #bytes: Buffer = emptyBytes;
  position = 0;

  constructor(names: TextCache) {
    this.#names = names;
  }

  /** Begins with another text. */
  open(bytes: Buffer): void {
    this.#bytes = bytes;
    this.position = 0;
  }

  /** Lets go of the text. */
  close(): void {
    this.#bytes = emptyBytes;
  }

  /** Moves behind a byte; false, behind the white space, where another one stands. */
  take(byte: number): boolean {
    while (isSpace(this.#bytes[this.position])) this.position++;
    if (this.#bytes[this.position] !== byte) return false;
    this.position++;
    return true;
  }

  /** A text in ASCII without escapes; undefined, with the position lost, for every other value. */
  name(): string | undefined {
    if (!this.take(quote)) return undefined;
    const start = this.position;
    for (let at = start; at <= start + nameLengthMax; at++) {
      const byte = this.#bytes[at] ?? 0;
      if (byte === quote) {
        this.position = at + 1;
        return this.#names.read(this.#bytes, start, at);
      }
      if (byte < 0x20 || byte === backslash) return undefined;
    }
    return undefined;
  }

  /** Moves behind a value in which nothing is escaped. */
  skip(): void {
    let depth = 0;
    do {
      while (isSpace(this.#bytes[this.position])) this.position++;
      const byte = this.#bytes[this.position++];
      if (byte === undefined) return;
      if (byte === quote) this.#skipText();
      else if (byte === openBracket || byte === openBrace) depth++;
      else if (byte === closeBracket || byte === closeBrace) depth--;
      else if (byte !== comma && byte !== colon) this.#skipWord();
    } while (depth > 0);
  }

  #skipText(): void {
    const end = this.#bytes.indexOf(quote, this.position);
    this.position = end === -1 ? this.#bytes.length : end + 1;
  }

  /** A number, `true`, `false` or `null`. */
  #skipWord(): void {
    while (this.position < this.#bytes.length && !isEnd(this.#bytes[this.position])) this.position++;
  }
}

export const comma = 0x2c;
export const colon = 0x3a;
export const openBracket = 0x5b;
const closeBracket = 0x5d;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** What may stand behind a word. */
function isEnd(byte: number | undefined): boolean {
  return byte === comma || byte === closeBracket || byte === closeBrace || isSpace(byte);
}
