/** What a rise of the mean must exceed to count, so that a mean that stays where it is lets the sum fall. */
export const toleratedRise = 0.01;
/** Sum of excess losses that is taken for a change: see "Detection" in docs/MODELS.md for how often by mistake. */
export const alarmSum = 60;
/** Samples before the first alarm, while the mean is still uncertain. */
export const samplesMin = 100;

export interface PageHinkleyReading {
  /** Since the test began or began anew. */
  readonly samples: number;
  readonly mean: number;
  /** Excess over the least it has been, as a share of {@link alarmSum}: above 1 is an alarm. */
  readonly level: number;
  /** Alarms since the start. */
  readonly alarms: number;
}

/**
 * Page and Hinkley's test for a rise of the mean of a series: sums what each value exceeds the mean so far by, less a
 * tolerance, and compares the sum with the least it has been. Four numbers, whatever the length of the series.
 *
 * After an alarm the level is held for {@link holdSamples} further samples, then the test begins anew from what is normal by then.
 */
export class PageHinkley {
  readonly #holdSamples: number;
  readonly #alarmAt: number;
  readonly #tolerated: number;
  #samples = 0;
  #mean = 0;
  #sum = 0;
  #least = 0;
  #alarms = 0;
  #held = 0;
  #heldLevel = 0;

  constructor(holdSamples: number, alarmAt: number = alarmSum, tolerated: number = toleratedRise) {
    this.#holdSamples = holdSamples;
    this.#alarmAt = alarmAt;
    this.#tolerated = tolerated;
  }

  add(value: number): void {
    if (this.#held > 0) {
      this.#held--;
      if (this.#held === 0) this.#beginAnew();
      return;
    }
    this.#samples++;
    this.#mean += (value - this.#mean) / this.#samples;
    this.#sum += value - this.#mean - this.#tolerated;
    this.#least = Math.min(this.#least, this.#sum);
    if (this.#samples < samplesMin || this.#level() <= 1) return;
    this.#alarms++;
    this.#heldLevel = this.#level();
    this.#held = this.#holdSamples;
  }

  get reading(): PageHinkleyReading {
    const level = this.#held > 0 ? this.#heldLevel : this.#level();
    return { samples: this.#samples, mean: this.#mean, level, alarms: this.#alarms };
  }

  #level(): number {
    return this.#samples < samplesMin ? 0 : (this.#sum - this.#least) / this.#alarmAt;
  }

  #beginAnew(): void {
    this.#samples = 0;
    this.#mean = 0;
    this.#sum = 0;
    this.#least = 0;
  }
}
