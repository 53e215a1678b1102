/** Asks again and again, one round at a time, and not at all while nobody looks. */

export interface PollLoopOptions<T> {
  readonly read: (signal: AbortSignal) => Promise<T>;
  readonly onReading: (reading: T) => void;
  readonly onFailure: (error: unknown) => void;
  /** Time from the end of a round to the next one. */
  readonly intervalMs: number;
  /** Calls back once after so many milliseconds; returns how to call it off. */
  readonly delay: (run: () => void, ms: number) => () => void;
}

export class PollLoop<T> {
  readonly #options: PollLoopOptions<T>;
  #cancelDelay: (() => void) | undefined;
  #round: AbortController | undefined;

  constructor(options: PollLoopOptions<T>) {
    this.#options = options;
  }

  /** Starts a round now. One that is under way is given up: what it brings may be older than what was just changed. */
  start(): void {
    this.stop();
    const round = new AbortController();
    this.#round = round;
    void this.#run(round);
  }

  stop(): void {
    this.#cancelDelay?.();
    this.#cancelDelay = undefined;
    this.#round?.abort();
    this.#round = undefined;
  }

  async #run(round: AbortController): Promise<void> {
    const { read, onReading, onFailure, intervalMs, delay } = this.#options;
    try {
      const reading = await read(round.signal);
      if (this.#round === round) onReading(reading);
    } catch (error) {
      if (this.#round === round) onFailure(error);
    }
    if (this.#round === round) this.#cancelDelay = delay(() => this.start(), intervalMs);
  }
}
