import { DecisionTally, type TallyLabels } from "./decision-tally.ts";

interface Slice {
  /** Which slice of time the tally holds. */
  slice: number;
  readonly tally: DecisionTally;
}

/** Tallies of the newest slices of time, in places that are used again. */
export class SliceRing {
  readonly sliceMs: number;
  readonly #labels: TallyLabels;
  readonly #places: number;
  /** Sparse until time has gone round once: a service that is young or idle pays for what it has used. */
  readonly #slices = new Map<number, Slice>();

  /** Holds a window of the given length: its slices and the one it begins in. */
  constructor(sliceMs: number, windowMs: number, labels: TallyLabels) {
    this.sliceMs = sliceMs;
    this.#labels = labels;
    this.#places = windowMs / sliceMs + 1;
  }

  sliceAt(timeMs: number): number {
    return Math.floor(timeMs / this.sliceMs);
  }

  /** The tally of a slice, emptied when its place held an older one. */
  claim(slice: number): DecisionTally {
    const place = slice % this.#places;
    const held = this.#slices.get(place);
    if (held === undefined) {
      const tally = new DecisionTally(this.#labels);
      this.#slices.set(place, { slice, tally });
      return tally;
    }
    if (held.slice !== slice) {
      held.slice = slice;
      held.tally.clear();
    }
    return held.tally;
  }

  /** Adds every slice from `oldest` on to `sum`. */
  addSince(oldest: number, sum: DecisionTally): void {
    for (const { slice, tally } of this.#slices.values()) if (slice >= oldest) sum.add(tally);
  }

  clear(): void {
    this.#slices.clear();
  }
}
