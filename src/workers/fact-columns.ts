import type { ModelIdentity } from "../domain/decision.ts";
import type { RowReader, RowWriter } from "../monitor/flat-rows.ts";

/**
 * Facts on their way between two processes: numbers, texts and models, each text and model once. Structured clone, which carries them,
 * copies the numbers as one piece and has no property names to repeat; docs/ARCHITECTURE.md has the figures.
 */
export interface FactColumns {
  readonly numbers: Float64Array;
  readonly texts: readonly string[];
  readonly models: readonly ModelIdentity[];
}

/** Not there; a number that no fact has, since all of them are finite. */
const absent = Number.NaN;

export class FactWriter implements RowWriter {
  #numbers = new Float64Array(4096);
  #length = 0;
  #texts: string[] = [];
  #models: ModelIdentity[] = [];
  readonly #places = new Map<string | ModelIdentity, number>();

  number(value: number): void {
    if (this.#length === this.#numbers.length) this.#grow();
    this.#numbers[this.#length++] = value;
  }

  optional(value: number | undefined): void {
    this.number(value ?? absent);
  }

  flag(value: boolean): void {
    this.number(value ? 1 : 0);
  }

  numbers(values: readonly number[]): void {
    this.number(values.length);
    for (const value of values) this.number(value);
  }

  text(value: string): void {
    let place = this.#places.get(value);
    if (place === undefined) {
      place = this.#texts.push(value) - 1;
      this.#places.set(value, place);
    }
    this.number(place);
  }

  texts(values: readonly string[]): void {
    this.number(values.length);
    for (const value of values) this.text(value);
  }

  /** An engine's models are the same objects in every decision. */
  model(value: ModelIdentity): void {
    let place = this.#places.get(value);
    if (place === undefined) {
      const { name, version, sha256 } = value;
      place = this.#models.push({ name, version, sha256 }) - 1;
      this.#places.set(value, place);
    }
    this.number(place);
  }

  /** Hands out what was written and begins anew. */
  take(): FactColumns {
    const columns = { numbers: this.#numbers.slice(0, this.#length), texts: this.#texts, models: this.#models };
    this.#length = 0;
    this.#texts = [];
    this.#models = [];
    this.#places.clear();
    return columns;
  }

  #grow(): void {
    const grown = new Float64Array(this.#numbers.length * 2);
    grown.set(this.#numbers);
    this.#numbers = grown;
  }
}

/** Reads what was written, in the same order. Throws when there is less than that: reader and writer are of one release. */
export class FactReader implements RowReader {
  readonly #columns: FactColumns;
  #at = 0;

  constructor(columns: FactColumns) {
    this.#columns = columns;
  }

  number(): number {
    return valueAt(this.#columns.numbers, this.#at++);
  }

  optional(): number | undefined {
    const value = this.number();
    return Number.isNaN(value) ? undefined : value;
  }

  flag(): boolean {
    return this.number() === 1;
  }

  numbers(): number[] {
    const values: number[] = [];
    for (let left = this.number(); left > 0; left--) values.push(this.number());
    return values;
  }

  text(): string {
    return valueAt(this.#columns.texts, this.number());
  }

  texts(): string[] {
    const values: string[] = [];
    for (let left = this.number(); left > 0; left--) values.push(this.text());
    return values;
  }

  model(): ModelIdentity {
    return valueAt(this.#columns.models, this.number());
  }
}

function valueAt<T>(column: ArrayLike<T>, place: number): T {
  const value = column[place];
  if (value === undefined) throw new RangeError(`facts have nothing at place ${place}`);
  return value;
}
