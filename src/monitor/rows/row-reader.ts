import type { ModelIdentity } from "../../domain/decision.ts";
import { lengthContinues, numberBytes, partHeaderBytes } from "./row-format.ts";
import type { ModelKind, RowVocabulary } from "./row-vocabulary.ts";

const nothing: readonly string[] = [];

/** Reads what a {@link RowWriter} wrote, in the same order. Throws a RangeError past the end of the bytes. */
export class RowReader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #vocabulary: RowVocabulary;
  #at: number;
  #partStart = 0;
  #partEnd = 0;

  constructor(bytes: Uint8Array, vocabulary: RowVocabulary, at = 0) {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#vocabulary = vocabulary;
    this.#at = at;
  }

  /** What the numbers of terms and models mean. */
  get vocabulary(): RowVocabulary {
    return this.#vocabulary;
  }

  /** Begins to read a part, however much of it. */
  openPart(): void {
    const start = this.#at + partHeaderBytes;
    const end = start + this.#view.getUint32(this.#at, true);
    if (end > this.#bytes.length) throw new RangeError("the row ends within a part");
    [this.#at, this.#partStart, this.#partEnd] = [start, start, end];
  }

  /** The bytes of the part, which are a row of their own. */
  get part(): Uint8Array {
    return this.#bytes.subarray(this.#partStart, this.#partEnd);
  }

  /** Goes on behind the part. */
  closePart(): void {
    this.#at = this.#partEnd;
  }

  number(): number {
    const at = this.#at;
    this.#at = at + numberBytes;
    return this.#view.getFloat64(at, true);
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw new RangeError("the row has ended");
    return value;
  }

  optional(): number | undefined {
    return this.byte() === 0 ? undefined : this.number();
  }

  numbers(): number[] {
    const values: number[] = [];
    for (let left = this.length(); left > 0; left--) values.push(this.number());
    return values;
  }

  length(): number {
    let value = 0;
    for (let factor = 1; ; factor *= lengthContinues) {
      const byte = this.byte();
      if (byte < lengthContinues) return value + byte * factor;
      value += (byte - lengthContinues) * factor;
    }
  }

  text(): string {
    const header = this.length();
    const [start, end] = [this.#at, this.#at + Math.floor(header / 2) * (1 + (header % 2))];
    if (end > this.#bytes.length) throw new RangeError("the row ends within a text");
    this.#at = end;
    return this.#bytes.toString(header % 2 === 0 ? "latin1" : "utf16le", start, end);
  }

  texts(): string[] {
    const values: string[] = [];
    for (let left = this.length(); left > 0; left--) values.push(this.text());
    return values;
  }

  term(): string {
    const place = this.length();
    return place === 0 ? this.text() : this.#vocabulary.terms.labelAt(place);
  }

  terms(): readonly string[] {
    // Most often nothing is missing.
    if (this.#bytes[this.#at] === 0) {
      this.#at++;
      return nothing;
    }
    const values: string[] = [];
    for (let left = this.length(); left > 0; left--) values.push(this.term());
    return values;
  }

  model(kind: ModelKind): ModelIdentity {
    const place = this.length();
    if (place === 0) return { name: this.text(), version: this.text(), sha256: this.text() };
    const model = this.#vocabulary.models[kind].modelAt(place);
    if (model === undefined) throw new RangeError(`the vocabulary has no ${kind} model at place ${place}`);
    return model;
  }
}
