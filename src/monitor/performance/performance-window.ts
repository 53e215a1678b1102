import { type RegimeLabel, regimeLabels } from "../../domain/regime.ts";

/** What a model claimed, and whether it was so. */
export interface JudgedClaim {
  /** Probability of what was claimed, in [0, 1]. */
  readonly probability: number;
  /** Whether it came true. */
  readonly isTrue: boolean;
  /** Whether the model's answer was the right one. */
  readonly isHit: boolean;
  /** Regime that the decision was taken in. */
  readonly regime: RegimeLabel;
  readonly allowed: boolean;
}

const codes: readonly RegimeLabel[] = ["UNKNOWN", ...regimeLabels];
const trueFlag = 0b1;
const hitFlag = 0b10;
const allowedFlag = 0b100;
const regimeShift = 3;

/** The newest claims of one model that were judged, in flat arrays: nine bytes each. */
export class PerformanceWindow {
  #probabilities: Float64Array;
  #flags: Uint8Array;
  #next = 0;
  #size = 0;

  constructor(capacity: number) {
    this.#probabilities = new Float64Array(capacity);
    this.#flags = new Uint8Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  add({ probability, isTrue, isHit, regime, allowed }: JudgedClaim): void {
    this.#probabilities[this.#next] = probability;
    this.#flags[this.#next] =
      (isTrue ? trueFlag : 0) |
      (isHit ? hitFlag : 0) |
      (allowed ? allowedFlag : 0) |
      (codes.indexOf(regime) << regimeShift);
    this.#next = (this.#next + 1) % this.#flags.length;
    this.#size = Math.min(this.#size + 1, this.#flags.length);
  }

  /** Holds as many from now on; a smaller window keeps the newest. */
  resize(capacity: number): void {
    if (capacity === this.#flags.length) return;
    const kept = [...this.claims()].slice(-capacity);
    this.#probabilities = new Float64Array(capacity);
    this.#flags = new Uint8Array(capacity);
    this.#next = 0;
    this.#size = 0;
    for (const claim of kept) this.add(claim);
  }

  /** Oldest first. */
  *claims(): Generator<JudgedClaim> {
    const capacity = this.#flags.length;
    for (let back = this.#size; back > 0; back--) {
      const at = (this.#next - back + capacity) % capacity;
      const flags = this.#flags[at] ?? 0;
      yield {
        probability: this.#probabilities[at] ?? 0,
        isTrue: (flags & trueFlag) !== 0,
        isHit: (flags & hitFlag) !== 0,
        allowed: (flags & allowedFlag) !== 0,
        regime: codes[flags >> regimeShift] ?? "UNKNOWN",
      };
    }
  }
}
