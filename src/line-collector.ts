/** Where collected lines go. */
export interface LineSink {
  write(lines: string): unknown;
  flushSync(): void;
}

/** Collected before they are handed on: about a hundred access lines. */
const collectedCharsMax = 32_768;
/** Longest time a line is kept. */
const keptMsMax = 250;

/**
 * Collects lines in front of a writer and hands them on in large pieces. The writer of the log collects too, but counts all it
 * has collected again with every line: 39 KB of garbage and some 4 µs a line (sonic-boom 4.2).
 */
export class LineCollector {
  readonly #sink: LineSink;
  #lines = "";
  #timer: NodeJS.Timeout | undefined;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  write(lines: string): void {
    this.#lines += lines;
    if (this.#lines.length >= collectedCharsMax) this.#handOn();
    else this.#timer ??= setTimeout(() => this.#handOn(), keptMsMax).unref();
  }

  /** Returns when every line is written. The name is what the logger calls after a fatal line. */
  flushSync(): void {
    this.#handOn();
    this.#sink.flushSync();
  }

  #handOn(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#lines === "") return;
    const lines = this.#lines;
    this.#lines = "";
    this.#sink.write(lines);
  }
}
