import type { Series, SeriesValues } from "../../domain/request.ts";

/** Bars at the end that are read without those before them. */
const tailBarsMax = 32;
const comma = 0x2c;

/** A series as it was received: a JSON list of numbers, of which only those are read that somebody asks for, and mostly the newest are. */
export class JsonSeries implements Series, SeriesValues {
  readonly length: number;
  readonly #text: Buffer;
  readonly #start: number;
  readonly #end: number;
  /** The bars from `#first` on. */
  #read: readonly number[] = nothing;
  #first: number;

  /**
   * @param start of the first value in `text`
   * @param end of the last one
   */
  constructor(text: Buffer, start: number, end: number, length: number) {
    this.length = length;
    this.#text = text;
    this.#start = start;
    this.#end = end;
    this.#first = length;
  }

  /** The series is its own values: one object for each, not two. */
  get values(): this {
    return this;
  }

  at(bar: number): number | undefined {
    if (bar < 0 || bar >= this.length) return undefined;
    if (bar < this.#first) this.#readFrom(bar);
    return this.#read[bar - this.#first];
  }

  /** Reads at most twice: who asks for bars further back will ask for more of them. */
  #readFrom(bar: number): void {
    const isTail = this.#first === this.length && this.length - bar <= tailBarsMax;
    this.#first = isTail ? bar : 0;
    this.#read = JSON.parse(`[${this.#text.toString("latin1", isTail ? this.#find(bar) : this.#start, this.#end)}]`);
  }

  /** Where a bar begins, from the end. */
  #find(bar: number): number {
    let at = this.#end;
    for (let left = this.length - bar; left > 0; left--) {
      do at--;
      while (at >= this.#start && this.#text[at] !== comma);
    }
    return at + 1;
  }
}

const nothing: readonly number[] = [];
