/** A number of things that may happen at once, and how fast it comes back: what is more is not carelessness. */
export class Allowance {
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #monotonicMs: () => number;
  #left: number;
  #atMs: number;

  constructor(burst: number, perSecond: number, monotonicMs: () => number) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#monotonicMs = monotonicMs;
    this.#left = burst;
    this.#atMs = monotonicMs();
  }

  /** One more. */
  giveBack(): void {
    if (this.#left < this.#burst) this.#left++;
  }

  /** False when nothing is left. */
  take(): boolean {
    if (this.#left < 1) {
      const nowMs = this.#monotonicMs();
      this.#left = Math.min(this.#burst, this.#left + ((nowMs - this.#atMs) / 1_000) * this.#perSecond);
      this.#atMs = nowMs;
      if (this.#left < 1) return false;
    }
    this.#left--;
    return true;
  }
}
