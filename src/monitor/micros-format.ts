import { toThreeDigits } from "../domain/count-text.ts";
import { formatMicros } from "../domain/timestamp.ts";

const microsPerSecond = 1_000_000;

/** Formats times one after the other: those of one second differ in their last six digits only. */
export class MicrosFormat {
  #second = Number.NaN;
  /** Up to the point before the fraction. */
  #prefix = "";

  /** As {@link formatMicros}. */
  format(micros: number): string {
    const second = Math.floor(micros / microsPerSecond);
    if (second !== this.#second) {
      this.#prefix = formatMicros(second * microsPerSecond).slice(0, -"000000Z".length);
      this.#second = second;
    }
    const rest = micros - second * microsPerSecond;
    const ms = Math.floor(rest / 1000);
    return `${this.#prefix}${toThreeDigits(ms)}${toThreeDigits(rest - ms * 1000)}Z`;
  }
}
