/** Where collected lines go. */
export interface LineSink {
  /** Keeps the piece, which is bytes of UTF-8. */
  write(piece: string | Uint8Array): unknown;
  flushSync(): void;
  /** Told of how many bytes each write has written. */
  on(event: "write", listener: (bytes: number) => void): unknown;
}

/** Collected before they are handed on: about 350 access lines. One call in that many waits for it, so fewer than one in a hundred. */
const collectedBytesMax = 98_304;
/** One UTF-16 unit is three bytes of UTF-8 at most. */
const bytesPerUnitMax = 3;
/** Longest time a line is kept. */
const keptMsMax = 250;
/** Longest wait for a reader that does not read, at the end. */
const drainMsMax = 2_000;

/**
 * Collects lines in front of a writer and hands them on in large pieces. The writer of the log collects too, but counts all it
 * has collected again with every line: 36 KB of garbage and some 4 µs a line (sonic-boom 4.2). Lines are kept and handed on as bytes,
 * since texts that wait outlive the young generation, and a writer of texts measures and encodes them several times over.
 */
export class LineCollector {
  readonly #sink: LineSink;
  #bytes = Buffer.allocUnsafeSlow(collectedBytesMax);
  #used = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Bytes handed on that are not written yet. */
  #unwritten = 0;
  #onWritten: (() => void) | undefined;

  constructor(sink: LineSink) {
    this.#sink = sink;
    sink.on("write", (bytes) => {
      this.#unwritten -= bytes;
      if (this.#unwritten <= 0) this.#onWritten?.();
    });
  }

  /** @param lines whole ones; bytes are UTF-8 */
  write(lines: string | Uint8Array): void {
    const bytesMax = typeof lines === "string" ? bytesPerUnitMax * lines.length : lines.length;
    if (this.#used + bytesMax > collectedBytesMax) this.#handOn();
    if (bytesMax > collectedBytesMax) {
      this.#give(Buffer.from(lines));
      return;
    }
    if (typeof lines === "string") this.#used += this.#bytes.write(lines, this.#used, "utf8");
    else {
      this.#bytes.set(lines, this.#used);
      this.#used += lines.length;
    }
    this.#timer ??= setTimeout(() => this.#handOn(), keptMsMax).unref();
  }

  /** Returns when every line is written. The name is what the logger calls after a fatal line. */
  flushSync(): void {
    this.#handOn();
    this.#sink.flushSync();
  }

  /**
   * Resolves when every line is written, or its reader has had time enough. Unlike `flushSync`, which knows nothing of a write that is under way, it never
   * puts a line into the middle of another: a pipe takes large pieces in parts.
   */
  async drain(): Promise<void> {
    this.#handOn();
    if (this.#unwritten <= 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, drainMsMax);
    this.#onWritten = resolve;
    await promise;
    this.#onWritten = undefined;
    clearTimeout(timer);
  }

  #handOn(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#used === 0) return;
    const piece = this.#bytes.subarray(0, this.#used);
    this.#bytes = Buffer.allocUnsafeSlow(collectedBytesMax);
    this.#used = 0;
    this.#give(piece);
  }

  #give(piece: Uint8Array): void {
    this.#unwritten += piece.length;
    this.#sink.write(piece);
  }
}
