import { endianness } from "node:os";
import type { Series, SeriesValues } from "../../domain/request.ts";

/** Received doubles are little-endian, and so is the memory of most machines. */
const isReceivedOrder = endianness() === "LE";
/** For fewer values the two views of the bytes cost more than reading one by one. */
const bulkValuesMin = 16;

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

  /** Copies the first `count` values to `target`, from `place` on. */
  copyTo(target: Float64Array, place: number, count: number): void {
    if (!isReceivedOrder || count < bulkValuesMin) {
      for (let bar = 0; bar < count; bar++) target[place + bar] = this.at(bar) ?? Number.NaN;
      return;
    }
    const { buffer, byteOffset } = this.#view;
    const bytes = new Uint8Array(buffer, byteOffset + this.#offset, 8 * count);
    new Uint8Array(target.buffer, target.byteOffset + 8 * place, 8 * count).set(bytes);
  }

  at(bar: number): number | undefined {
    return bar >= 0 && bar < this.length ? this.#view.getFloat64(this.#offset + 8 * bar, true) : undefined;
  }
}
