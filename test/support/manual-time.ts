import type { Clock } from "../../src/domain/clock.ts";
import type { Timers } from "../../src/monitor/alerts/timers.ts";

interface Task {
  dueMs: number;
  readonly everyMs: number | undefined;
  readonly run: () => void;
}

/** Time that passes when a test says so. Starts at 2025-01-01T00:00:00Z. */
export class ManualTime implements Clock, Timers {
  readonly #tasks = new Set<Task>();
  #nowMs = 0;

  nowMicros = (): number => (1_735_689_600_000 + this.#nowMs) * 1_000;

  monotonicMs = (): number => this.#nowMs;

  after = (delayMs: number, run: () => void): (() => void) =>
    this.#add({ dueMs: this.#nowMs + delayMs, everyMs: undefined, run });

  every = (everyMs: number, run: () => void): (() => void) => this.#add({ dueMs: this.#nowMs + everyMs, everyMs, run });

  /** Runs what is due on the way, in order. */
  advanceTo(targetMs: number): void {
    for (let next = this.#next(targetMs); next !== undefined; next = this.#next(targetMs)) {
      this.#nowMs = next.dueMs;
      if (next.everyMs === undefined) this.#tasks.delete(next);
      else next.dueMs += next.everyMs;
      next.run();
    }
    this.#nowMs = targetMs;
  }

  advanceBy(durationMs: number): void {
    this.advanceTo(this.#nowMs + durationMs);
  }

  /** When tasks are due, soonest first, from now on. */
  get waits(): number[] {
    return [...this.#tasks].map(({ dueMs }) => dueMs - this.#nowMs).sort((a, b) => a - b);
  }

  #add(task: Task): () => void {
    this.#tasks.add(task);
    return () => this.#tasks.delete(task);
  }

  #next(targetMs: number): Task | undefined {
    const due = [...this.#tasks].filter(({ dueMs }) => dueMs <= targetMs);
    return due.sort((a, b) => a.dueMs - b.dueMs)[0];
  }
}
