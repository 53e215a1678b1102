import type { ModelIdentity } from "../../domain/decision.ts";
import { lengthContinues, numberBytes, partHeaderBytes } from "./row-format.ts";
import { type ModelKind, type RowVocabulary, termLengthMax } from "./row-vocabulary.ts";

/** No single value but a text takes more. */
const valueBytesMax = 16;

/**
 * Writes values one after the other as bytes, in memory that it is given: what is kept of a decision leaves the garbage collector
 * nothing to look at, to move or to promote. A value is read back as it was, to the bit, by a {@link RowReader} that asks in the same order.
 */
export class RowWriter {
  readonly vocabulary: RowVocabulary;
  readonly #findRoom: (bytesMin: number) => Uint8Array;
  #bytes: Uint8Array;
  #view: DataView;
  /** Up to here any value but a text fits. */
  #limit: number;
  #start = 0;
  #at = 0;
  /** The terms of the row before, in their order, and their places: nearly all of them come again. */
  readonly #terms: string[] = [];
  readonly #places: number[] = [];
  #term = 0;

  /** @param findRoom gives memory of at least so many bytes; asked for 0 at first, then for each row that does not fit in what is left */
  constructor(vocabulary: RowVocabulary, findRoom: (bytesMin: number) => Uint8Array) {
    this.vocabulary = vocabulary;
    this.#findRoom = findRoom;
    this.#bytes = findRoom(0);
    this.#view = toView(this.#bytes);
    this.#limit = this.#bytes.length - valueBytesMax;
  }

  /** Where the row begins that is being written; it moves when the row does. */
  get start(): number {
    return this.#start;
  }

  /** What was written since the row began. */
  get row(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#at);
  }

  /** Ends the row: the next one begins here and may move without it. */
  end(): void {
    this.#start = this.#at;
    this.#term = 0;
  }

  /** Forgets the row: the next one is written over it. */
  discard(): void {
    this.#at = this.#start;
    this.#term = 0;
  }

  /** Any finite number or none, to the bit; what was not a number is not one afterwards. */
  number(value: number): void {
    if (this.#at > this.#limit) this.#move(0);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += numberBytes;
  }

  /** @param value a whole number from 0 to 255 */
  byte(value: number): void {
    if (this.#at > this.#limit) this.#move(0);
    this.#bytes[this.#at++] = value;
  }

  optional(value: number | undefined): void {
    if (value === undefined) this.byte(0);
    else {
      this.byte(1);
      this.number(value);
    }
  }

  numbers(values: readonly number[]): void {
    const count = values.length;
    this.length(count);
    if (this.#at + numberBytes * count > this.#limit) this.#move(numberBytes * count);
    for (let at = 0; at < count; at++) {
      this.#view.setFloat64(this.#at, values[at] ?? Number.NaN, true);
      this.#at += numberBytes;
    }
  }

  /** A count, or a place in a list: a whole number from 0. */
  length(value: number): void {
    if (this.#at > this.#limit) this.#move(0);
    let left = value;
    while (left >= lengthContinues) {
      this.#bytes[this.#at++] = (left % lengthContinues) | lengthContinues;
      left = Math.floor(left / lengthContinues);
    }
    this.#bytes[this.#at++] = left;
  }

  /** A text that hardly comes twice. */
  text(value: string): void {
    const { length } = value;
    const header = this.#at - this.#start;
    // One byte a character where that is enough, two where not: the lowest bit says which.
    this.length(2 * length);
    if (this.#at + length > this.#limit) this.#move(length);
    const bytes = this.#bytes;
    const at = this.#at;
    let bits = 0;
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index);
      bits |= code;
      bytes[at + index] = code;
    }
    this.#at = at + length;
    if (bits <= 0xff) return;
    this.#at = this.#start + header;
    this.#wideText(value);
  }

  texts(values: readonly string[]): void {
    this.length(values.length);
    for (const value of values) this.text(value);
  }

  /** A text that comes again and again: a number stands for it where the vocabulary has room. */
  term(value: string): void {
    const term = this.#term++;
    if (this.#terms[term] === value) this.length(this.#places[term] ?? 0);
    else this.#otherTerm(term, value);
  }

  terms(values: readonly string[]): void {
    this.length(values.length);
    for (const value of values) this.term(value);
  }

  model(kind: ModelKind, value: ModelIdentity): void {
    const place = this.vocabulary.models[kind].placeOf(value);
    this.length(place);
    if (place !== 0) return;
    this.text(value.name);
    this.text(value.version);
    this.text(value.sha256);
  }

  /** Begins a part that a reader can step over or take as a row. Returns what {@link closePart} wants. */
  openPart(): number {
    if (this.#at > this.#limit) this.#move(0);
    this.#at += partHeaderBytes;
    this.#term = 0;
    return this.#at - this.#start;
  }

  closePart(opened: number): void {
    const start = this.#start + opened;
    this.#view.setUint32(start - partHeaderBytes, this.#at - start, true);
  }

  /** A row that was written elsewhere. */
  copy(row: Uint8Array): void {
    if (this.#at + row.length > this.#limit) this.#move(row.length);
    this.#bytes.set(row, this.#at);
    this.#at += row.length;
  }

  #otherTerm(term: number, value: string): void {
    const { terms } = this.vocabulary;
    const place = value.length > termLengthMax ? 0 : terms.placeOf(value);
    this.length(place);
    if (place === 0) this.text(value);
    else if (term < termsRemembered) {
      // The vocabulary's own text, so that none of a call is kept.
      this.#terms[term] = terms.labelAt(place);
      this.#places[term] = place;
    }
  }

  #wideText(value: string): void {
    const bytes = 2 * value.length;
    this.length(bytes + 1);
    if (this.#at + bytes > this.#limit) this.#move(bytes);
    for (let index = 0; index < value.length; index++) {
      this.#view.setUint16(this.#at, value.charCodeAt(index), true);
      this.#at += 2;
    }
  }

  /** Goes on with the row where there is room for this many bytes more, and for as much again. */
  #move(bytes: number): void {
    const { row } = this;
    const room = this.#findRoom(2 * (row.length + bytes + valueBytesMax));
    room.set(row);
    this.#bytes = room;
    this.#view = toView(room);
    this.#limit = room.length - valueBytesMax;
    this.#start = 0;
    this.#at = row.length;
  }
}

/** Terms of a row that are looked for at their place in the row before. */
const termsRemembered = 64;

function toView({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
