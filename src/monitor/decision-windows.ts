import type { Clock } from "../domain/clock.ts";
import type { CountedDecision } from "./counted-decision.ts";
import { type DecisionFigures, type DecisionSummary, toFigures, toSummary } from "./decision-figures.ts";
import { DecisionTally, TallyLabels } from "./decision-tally.ts";
import { SliceRing } from "./slice-ring.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Resolution of windows up to {@link fineWindowMsMax}. */
export const fineSliceMs = 10_000;
export const fineWindowMsMax = hourMs;
/** Resolution of longer windows. */
export const coarseSliceMs = 5 * minuteMs;
/** Longest window. */
export const windowMsMax = 24 * hourMs;

/**
 * Figures over the last minutes and hours, in memory that does not grow with the decisions: at most 650 slices
 * of 9 KB (6 MB after a day on 50 symbols; a thousand symbols add as much again).
 *
 * A window is exact to the slice and never too short: it holds every decision that is at most `windowMs` old and none
 * that is older than `windowMs` and one slice (10 s up to an hour, 5 min above).
 *
 * A decision is counted once, in the slice that is open; a slice that is over is added to what is longer than it. So a
 * decision costs the same whatever is asked later.
 */
export class DecisionWindows {
  readonly #clock: Clock;
  readonly #labels = new TallyLabels();
  readonly #fine = new SliceRing(fineSliceMs, fineWindowMsMax, this.#labels);
  readonly #coarse = new SliceRing(coarseSliceMs, windowMsMax, this.#labels);
  /** Since the start or the last reset, but for the open slice. */
  readonly #past = new DecisionTally(this.#labels);
  /** Since the start, but for what {@link #past} and the open slice hold: Prometheus' counters must not go back. */
  readonly #forgotten = new DecisionTally(this.#labels);
  #sinceMs: number;
  #openSlice: number;
  #open: DecisionTally;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sinceMs = clock.monotonicMs();
    this.#openSlice = this.#fine.sliceAt(this.#sinceMs);
    this.#open = this.#fine.claim(this.#openSlice);
  }

  /** Must stay cheap: every decision waits for it. */
  record(event: CountedDecision): void {
    this.#openNow().record(event);
  }

  /** Counts a failed call by its status code. */
  recordError(code: string): void {
    this.#openNow().recordError(code);
  }

  /**
   * Figures of the decisions at most `windowMs` old.
   *
   * @throws RangeError when `windowMs` is not above 0 and at most 24 hours.
   */
  read(windowMs: number): DecisionFigures {
    return toFigures(...this.#collect(windowMs));
  }

  /** As {@link read}, with the distributions. */
  summarize(windowMs: number): DecisionSummary {
    return toSummary(...this.#collect(windowMs));
  }

  /** Since the start or the last reset. */
  summarizeAll(): DecisionSummary {
    const tally = new DecisionTally(this.#labels);
    tally.add(this.#past);
    tally.add(this.#open);
    return toSummary(tally, this.#clock.monotonicMs() - this.#sinceMs);
  }

  /** Since the start, whatever was reset. */
  tallyLifetime(): DecisionTally {
    const tally = new DecisionTally(this.#labels);
    for (const part of [this.#forgotten, this.#past, this.#open]) tally.add(part);
    return tally;
  }

  /** Decisions since the start or the last reset. */
  get total(): number {
    return this.#past.total + this.#open.total;
  }

  /** Empties the windows. */
  reset(): void {
    this.#forgotten.add(this.#past);
    this.#forgotten.add(this.#open);
    this.#past.clear();
    this.#fine.clear();
    this.#coarse.clear();
    this.#sinceMs = this.#clock.monotonicMs();
    this.#openSlice = this.#fine.sliceAt(this.#sinceMs);
    this.#open = this.#fine.claim(this.#openSlice);
  }

  #openNow(): DecisionTally {
    const slice = this.#fine.sliceAt(this.#clock.monotonicMs());
    if (slice !== this.#openSlice) this.#closeSlice(slice);
    return this.#open;
  }

  #closeSlice(next: number): void {
    this.#coarse.claim(this.#coarse.sliceAt(this.#openSlice * fineSliceMs)).add(this.#open);
    this.#past.add(this.#open);
    this.#openSlice = next;
    this.#open = this.#fine.claim(next);
  }

  #collect(windowMs: number): [DecisionTally, number] {
    if (!(windowMs > 0 && windowMs <= windowMsMax)) {
      throw new RangeError(`a window of ${windowMs} ms is not above 0 and at most ${windowMsMax}`);
    }
    const nowMs = this.#clock.monotonicMs();
    const tally = new DecisionTally(this.#labels);
    const ring = windowMs <= fineWindowMsMax ? this.#fine : this.#coarse;
    const oldest = ring.sliceAt(nowMs - windowMs);
    ring.addSince(oldest, tally);
    // The fine ring holds the open slice; the coarse one has only those that are over.
    if (ring === this.#coarse && ring.sliceAt(this.#openSlice * fineSliceMs) >= oldest) tally.add(this.#open);
    return [tally, nowMs - Math.max(oldest * ring.sliceMs, this.#sinceMs)];
  }
}
