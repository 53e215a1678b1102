import type { Clock } from "../domain/clock.ts";
import type { Pending, Waiter } from "../domain/pending.ts";

/** Tells how long it took, well or badly ended, from `startedMs` until now where there is nothing to wait for. */
export function tellDuration(
  pending: Pending | undefined,
  startedMs: number,
  clock: Clock,
  onEnd: (durationMs: number) => void,
): void {
  if (pending === undefined) onEnd(clock.monotonicMs() - startedMs);
  else pending.tell(new StopWatch(startedMs, clock, onEnd));
}

class StopWatch implements Waiter {
  readonly #startedMs: number;
  readonly #clock: Clock;
  readonly #onEnd: (durationMs: number) => void;

  constructor(startedMs: number, clock: Clock, onEnd: (durationMs: number) => void) {
    this.#startedMs = startedMs;
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  useTime(): void {}

  settle(): void {
    this.#onEnd(this.#clock.monotonicMs() - this.#startedMs);
  }
}
