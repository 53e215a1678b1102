import type { Series, SeriesValues } from "../../domain/request.ts";

/** A series as it was received: packed doubles, of which only those are read that somebody asks for. */
export class PackedDoubles implements Series, SeriesValues {
  readonly length: number;
  readonly #view: DataView;
  readonly #offset: number;

  /** @param offset of the first value in `view` */
  constructor(view: DataView, offset: number, length: number) {
    this.#view = view;
    this.#offset = offset;
    this.length = length;
  }

  /** The series is its own values: one object for each, not two. */
  get values(): this {
    return this;
  }

  at(bar: number): number | undefined {
    return bar >= 0 && bar < this.length ? this.#view.getFloat64(this.#offset + 8 * bar, true) : undefined;
  }
}
