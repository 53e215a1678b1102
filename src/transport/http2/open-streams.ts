import type { Http2Stream } from "./http2-stream.ts";

/**
 * The streams of a connection that are open, by their ids, which grow. A `Map` of what comes and goes makes a new table every few dozen entries, and each table
 * knows the next one: a single one that has grown old keeps all that follow from the collector of the young generation, with the streams in them.
 */
export class OpenStreams {
  readonly #streams: Http2Stream[] = [];

  get size(): number {
    return this.#streams.length;
  }

  /** Its id must be higher than that of any before. */
  add(stream: Http2Stream): void {
    this.#streams.push(stream);
  }

  get(id: number): Http2Stream | undefined {
    const stream = this.#streams[this.#placeOf(id)];
    return stream?.id === id ? stream : undefined;
  }

  delete(id: number): void {
    const place = this.#placeOf(id);
    if (this.#streams[place]?.id === id) this.#streams.splice(place, 1);
  }

  /** Those that are open now, whatever happens to them meanwhile. */
  list(): readonly Http2Stream[] {
    return [...this.#streams];
  }

  /** Of the first one whose id is not lower. */
  #placeOf(id: number): number {
    const streams = this.#streams;
    let [low, high] = [0, streams.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const stream = streams[middle];
      if (stream !== undefined && stream.id < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
