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
  readonly #rowByName: ReadonlyMap<string, number>;
  /** Of the last series that were appended: they are mostly the same ones, in the same array. */
  #appendedNames: readonly string[] = [];
  #appendedRows: readonly number[] = [];

  /** Copies the window. Its series have the same length. */
  constructor(window: FeatureWindow) {
    this.names = Object.keys(window);
    this.bars = window[this.names[0] ?? ""]?.values.length ?? 0;
    this.#stride = this.bars + Math.max(spareBarsMin, Math.ceil(this.bars / spareShare));
    this.#block = new Float64Array(this.#stride * this.names.length);
    this.#rowByName = new Map(this.names.map((name, row) => [name, row]));
    this.#write(window);
    this.features = Object.fromEntries(
      this.names.map((name, row): [string, Series] => [name, { values: new SlidingValues(this, row) }]),
    );
  }

  /** Takes another window of the same series and length in place of this one; false, and nothing done, when it is not. */
  replace(window: FeatureWindow, names: readonly string[], bars: number): boolean {
    if (bars !== this.bars || names.length !== this.names.length) return false;
    for (let row = 0; row < names.length; row++) if (names[row] !== this.names[row]) return false;
    this.#first = 0;
    this.#write(window);
    return true;
  }

  valueAt(row: number, bar: number): number | undefined {
    if (bar < 0 || bar >= this.bars) return undefined;
    return this.#block[row * this.#stride + this.#first + bar];
  }

  /** Where each of these series has its row; undefined unless they are the window's. No name may come twice. */
  rowsOf(names: readonly string[]): readonly number[] | undefined {
    if (names === this.#appendedNames) return this.#appendedRows;
    if (names.length !== this.names.length) return undefined;
    const rows: number[] = [];
    for (const name of names) {
      const row = this.#rowByName.get(name);
      if (row === undefined) return undefined;
      rows.push(row);
    }
    this.#appendedNames = names;
    this.#appendedRows = rows;
    return rows;
  }

  /** Moves on by `count` bars, which all these series hold, each for its row. */
  append(series: readonly SeriesValues[], rows: readonly number[], count: number): void {
    if (this.#first + this.bars + count > this.#stride) this.#makeRoom(count);
    const place = this.#first + this.bars;
    for (let at = 0; at < series.length; at++) {
      this.#writeRow((rows[at] ?? 0) * this.#stride + place, series[at], count);
    }
    this.#first += count;
  }

  /** Undoes the last `append`. */
  moveBack(count: number): void {
    this.#first -= count;
  }

  #write(from: FeatureWindow): void {
    for (let row = 0; row < this.names.length; row++) {
      this.#writeRow(row * this.#stride, from[this.names[row] ?? ""]?.values, this.bars);
    }
  }

  #writeRow(start: number, values: SeriesValues | undefined, count: number): void {
    const block = this.#block;
    if (values instanceof PackedDoubles) values.copyTo(block, start, count);
    else for (let bar = 0; bar < count; bar++) block[start + bar] = values?.at(bar) ?? Number.NaN;
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
