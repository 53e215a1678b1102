import type { FeatureWindow, Series, SeriesValues } from "../domain/request.ts";
import { PackedDoubles } from "./wire/packed-doubles.ts";

/** Bars a window can move on before its values are moved in memory: one part in eight, a few at least. */
const spareBarsMin = 8;
const spareShare = 8;

/**
 * A feature window that moves on bar by bar. All series lie in one block, each with room for some more bars; moving on is
 * writing behind the newest bars and looking one further. Bars that have left stay readable until the room is used up
 * and everything is moved to the front, so that moving back costs nothing.
 */
export class SlidingWindow {
  readonly features: FeatureWindow;
  readonly names: readonly string[];
  readonly bars: number;
  /** Bars that one series has room for. */
  #stride: number;
  #first = 0;
  #block: Float64Array;

  /** Copies the window. Its series have the same length. */
  constructor(window: FeatureWindow) {
    this.names = Object.keys(window);
    this.bars = window[this.names[0] ?? ""]?.values.length ?? 0;
    this.#stride = this.bars + Math.max(spareBarsMin, Math.ceil(this.bars / spareShare));
    this.#block = new Float64Array(this.#stride * this.names.length);
    this.#write(window, this.bars, 0);
    this.features = Object.fromEntries(
      this.names.map((name, row): [string, Series] => [name, { values: new SlidingValues(this, row) }]),
    );
  }

  /** Takes another window of the same series and length in place of this one; false, and nothing done, when it is not. */
  replace(window: FeatureWindow, names: readonly string[], bars: number): boolean {
    if (bars !== this.bars || names.length !== this.names.length) return false;
    for (let row = 0; row < names.length; row++) if (names[row] !== this.names[row]) return false;
    this.#first = 0;
    this.#write(window, bars, 0);
    return true;
  }

  valueAt(row: number, bar: number): number | undefined {
    if (bar < 0 || bar >= this.bars) return undefined;
    return this.#block[row * this.#stride + this.#first + bar];
  }

  /** Moves on by `count` bars, which `added` holds for every series. */
  append(added: FeatureWindow, count: number): void {
    if (this.#first + this.bars + count > this.#stride) this.#makeRoom(count);
    this.#write(added, count, this.#first + this.bars);
    this.#first += count;
  }

  /** Undoes the last `append`. */
  moveBack(count: number): void {
    this.#first -= count;
  }

  #write(from: FeatureWindow, count: number, place: number): void {
    const block = this.#block;
    for (let row = 0; row < this.names.length; row++) {
      const values = from[this.names[row] ?? ""]?.values;
      const start = row * this.#stride + place;
      if (values instanceof PackedDoubles) values.copyTo(block, start, count);
      else for (let bar = 0; bar < count; bar++) block[start + bar] = values?.at(bar) ?? Number.NaN;
    }
  }

  #makeRoom(count: number): void {
    const stride = Math.max(this.#stride, this.bars + count);
    const block = stride > this.#stride ? new Float64Array(stride * this.names.length) : this.#block;
    for (let row = 0; row < this.names.length; row++) {
      const start = row * this.#stride + this.#first;
      block.set(this.#block.subarray(start, start + this.bars), row * stride);
    }
    this.#block = block;
    this.#stride = stride;
    this.#first = 0;
  }
}

/** One series of a window, as it is when it is asked. */
class SlidingValues implements SeriesValues {
  readonly #window: SlidingWindow;
  readonly #row: number;

  constructor(window: SlidingWindow, row: number) {
    this.#window = window;
    this.#row = row;
  }

  get length(): number {
    return this.#window.bars;
  }

  at(bar: number): number | undefined {
    return this.#window.valueAt(this.#row, bar);
  }
}
