/** Numbers and texts are put into a row in some order and taken out of it in the same one. */
export interface RowWriter {
  number(value: number): void;
  /** @param value not NaN, which stands for an absent one */
  optional(value: number | undefined): void;
  flag(value: boolean): void;
  numbers(values: readonly number[]): void;
  text(value: string): void;
  texts(values: readonly string[]): void;
}

export interface RowReader {
  number(): number;
  optional(): number | undefined;
  flag(): boolean;
  numbers(): number[];
  text(): string;
  texts(): string[];
}

/** Places of a row at first, and by how many it grows. */
const placesStep = 8;
/** Rows at first. */
const rowsAtFirst = 256;

/**
 * A fixed number of rows, each written over and over. What is kept of a value lies in two arrays that live as long as the rows,
 * so that keeping ten thousand decisions leaves the garbage collector nothing to move: as objects they were half of what every
 * collection of the young generation copied, and under load a collection took 22 ms instead of 1.
 */
export class FlatRows {
  readonly #rowsMax: number;
  #rows: number;
  #numbers: Float64Array;
  #numberPlaces = placesStep;
  #texts: string[];
  #textPlaces = placesStep;
  readonly #writer = new ScratchRow();

  constructor(rowsMax: number) {
    this.#rowsMax = rowsMax;
    this.#rows = Math.min(rowsAtFirst, rowsMax);
    this.#numbers = new Float64Array(this.#rows * placesStep);
    this.#texts = new Array<string>(this.#rows * placesStep).fill("");
  }

  write(row: number, write: (writer: RowWriter) => void): void {
    const scratch = this.#writer;
    scratch.begin();
    write(scratch);
    this.#reserve(row, scratch.numberCount, scratch.textCount);
    const firstNumber = row * this.#numberPlaces;
    for (let place = 0; place < scratch.numberCount; place++) {
      this.#numbers[firstNumber + place] = scratch.numberAt(place);
    }
    const firstText = row * this.#textPlaces;
    for (let place = 0; place < scratch.textCount; place++) this.#texts[firstText + place] = scratch.textAt(place);
  }

  reader(row: number): RowReader {
    return new StoredRow(this.#numbers, row * this.#numberPlaces, this.#texts, row * this.#textPlaces);
  }

  /** Rows come one after the other and a model of more features needs more places: both are rare. */
  #reserve(row: number, numberCount: number, textCount: number): void {
    if (row < this.#rows && numberCount <= this.#numberPlaces && textCount <= this.#textPlaces) return;
    const rows = row < this.#rows ? this.#rows : Math.min(this.#rowsMax, Math.max(row + 1, 2 * this.#rows));
    const numberPlaces = Math.max(this.#numberPlaces, roundUp(numberCount));
    const textPlaces = Math.max(this.#textPlaces, roundUp(textCount));
    const numbers = new Float64Array(rows * numberPlaces);
    const texts = new Array<string>(rows * textPlaces).fill("");
    for (let at = 0; at < this.#rows; at++) {
      const first = at * this.#numberPlaces;
      numbers.set(this.#numbers.subarray(first, first + this.#numberPlaces), at * numberPlaces);
      for (let place = 0; place < this.#textPlaces; place++) {
        texts[at * textPlaces + place] = this.#texts[at * this.#textPlaces + place] ?? "";
      }
    }
    this.#rows = rows;
    this.#numbers = numbers;
    this.#numberPlaces = numberPlaces;
    this.#texts = texts;
    this.#textPlaces = textPlaces;
  }
}

function roundUp(count: number): number {
  return Math.ceil(count / placesStep) * placesStep;
}

/** Where a row is put together: how long it is shows only at its end. */
class ScratchRow implements RowWriter {
  #numbers = new Float64Array(128);
  readonly #texts: string[] = [];
  numberCount = 0;
  textCount = 0;

  begin(): void {
    this.numberCount = 0;
    this.textCount = 0;
  }

  number(value: number): void {
    if (this.numberCount === this.#numbers.length) this.#grow();
    this.#numbers[this.numberCount++] = value;
  }

  optional(value: number | undefined): void {
    this.number(value ?? Number.NaN);
  }

  flag(value: boolean): void {
    this.number(value ? 1 : 0);
  }

  numbers(values: readonly number[]): void {
    this.number(values.length);
    for (const value of values) this.number(value);
  }

  text(value: string): void {
    this.#texts[this.textCount++] = value;
  }

  texts(values: readonly string[]): void {
    this.number(values.length);
    for (const value of values) this.text(value);
  }

  numberAt(place: number): number {
    return this.#numbers[place] ?? 0;
  }

  textAt(place: number): string {
    return this.#texts[place] ?? "";
  }

  #grow(): void {
    const larger = new Float64Array(2 * this.#numbers.length);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}

class StoredRow implements RowReader {
  readonly #numbers: Float64Array;
  readonly #texts: readonly string[];
  #number: number;
  #text: number;

  constructor(numbers: Float64Array, firstNumber: number, texts: readonly string[], firstText: number) {
    this.#numbers = numbers;
    this.#number = firstNumber;
    this.#texts = texts;
    this.#text = firstText;
  }

  number(): number {
    return this.#numbers[this.#number++] ?? 0;
  }

  optional(): number | undefined {
    const value = this.number();
    return Number.isNaN(value) ? undefined : value;
  }

  flag(): boolean {
    return this.number() === 1;
  }

  numbers(): number[] {
    return Array.from({ length: this.number() }, () => this.number());
  }

  text(): string {
    return this.#texts[this.#text++] ?? "";
  }

  texts(): string[] {
    return Array.from({ length: this.number() }, () => this.text());
  }
}
