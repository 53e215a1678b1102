import type { AppendedSeries } from "../stream-windows.ts";
import { PackedDoubles } from "./packed-doubles.ts";
import { readSeries, type SeriesByName } from "./request-parts-reader.ts";
import type { WireCursor } from "./wire-cursor.ts";

/** Room for the heads of some two hundred series; those behind are read anew in every message. */
const headBytesMax = 8_192;

/**
 * Reads the series of appended bars, message after message. They are alike but for their numbers: as long as the head of a series (lengths and name, all
 * that stands before its values) is what stood in its place in the message before, it is compared and not read, and when that is so for all of
 * them the names are the same array. Read one by one into an object, which V8 keeps as a dictionary beyond a dozen, they took a quarter of an item's time.
 */
export class AppendedSeriesReader {
  /** Of the last message; not changed any more when another one has begun. */
  #names: string[] = [];
  readonly #bars: number[] = [];
  readonly #heads = new DataView(new ArrayBuffer(headBytesMax));
  /** Where each head begins, and where the last one ends. */
  readonly #headStarts = [0];
  #series: PackedDoubles[] = [];
  /** The series so far, once one of them is not what stood in its place before: no name may come twice. */
  #differing: SeriesByName | undefined;

  /** Begins a message. */
  begin(): void {
    this.#series = [];
    this.#differing = undefined;
  }

  /** Reads one entry of the map, from behind its tag to at most `end`. */
  readEntry(cursor: WireCursor, end: number): void {
    if (this.#differing === undefined && this.#readAsBefore(cursor, end)) return;
    this.#readDiffering(cursor, end, this.#differing ?? this.#beginDiffering());
  }

  /** What was read since `begin`, good until the bytes change. */
  finish(): AppendedSeries {
    if (this.#series.length < this.#names.length) this.#beginDiffering();
    return { names: this.#names, series: this.#series };
  }

  #readAsBefore(cursor: WireCursor, end: number): boolean {
    const at = this.#series.length;
    const start = this.#headStarts[at] ?? 0;
    const length = (this.#headStarts[at + 1] ?? 0) - start;
    const bars = this.#bars[at] ?? 0;
    if (length <= 0 || cursor.position + length + 8 * bars > end) return false;
    if (!cursor.passSame(this.#heads, start, length)) return false;
    this.#series.push(new PackedDoubles(cursor.view, cursor.position, bars));
    cursor.position += 8 * bars;
    return true;
  }

  /** Forgets of the last message what this one has not repeated. */
  #beginDiffering(): SeriesByName {
    const count = this.#series.length;
    this.#names = this.#names.slice(0, count);
    this.#bars.length = count;
    this.#headStarts.length = Math.min(this.#headStarts.length, count + 1);
    const differing: SeriesByName = {};
    for (let at = 0; at < count; at++) differing[this.#names[at] ?? ""] = this.#series[at] ?? noSeries;
    this.#differing = differing;
    return differing;
  }

  #readDiffering(cursor: WireCursor, end: number, differing: SeriesByName): void {
    const start = cursor.position;
    const read = readSeries(cursor, end, differing);
    if (read === undefined) return;
    const { name, series } = read;
    this.#names.push(name);
    this.#bars.push(series.length);
    this.#series.push(series);
    this.#rememberHead(cursor.view, start, cursor.position - 8 * series.length);
  }

  #rememberHead(view: DataView, start: number, end: number): void {
    const isNext = this.#headStarts.length === this.#series.length;
    const headStart = this.#headStarts.at(-1) ?? 0;
    if (!isNext || headStart + end - start > headBytesMax) return;
    for (let at = start; at < end; at++) this.#heads.setUint8(headStart + at - start, view.getUint8(at));
    this.#headStarts.push(headStart + end - start);
  }
}

const noSeries = new PackedDoubles(new DataView(new ArrayBuffer(0)), 0, 0);
