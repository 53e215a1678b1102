/** A bounded queue between one writer and one reader. Entries come out in order, each once its promise is settled. */
export class OrderedQueue<T> {
  readonly #capacity: number;
  readonly #entries: (T | Promise<T>)[] = [];
  #failure: { readonly error: unknown } | undefined;
  #ended = false;
  #abandoned = false;
  #wakeReader: (() => void) | undefined;
  #wakeWriter: (() => void) | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** True once the reader has gone: what is pushed from now on is dropped. */
  get abandoned(): boolean {
    return this.#abandoned;
  }

  /** @returns a promise while the queue is full: await it before the next push. */
  push(entry: T | Promise<T>): Promise<void> | undefined {
    if (this.#abandoned) return undefined;
    this.#entries.push(entry);
    this.#wake();
    if (this.#entries.length < this.#capacity) return undefined;
    return new Promise((resolve) => {
      this.#wakeWriter = resolve;
    });
  }

  /** No more entries follow. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** No more entries follow, because of this; the reader gets it after the last entry. */
  fail(error: unknown): void {
    this.#failure = { error };
    this.end();
  }

  /** The reader goes; the writer is set free. */
  abandon(): void {
    this.#abandoned = true;
    this.#entries.length = 0;
    this.#ended = true;
    this.#wake();
    this.#release();
  }

  /** Reads to the end. */
  async *drain(): AsyncGenerator<T> {
    for (;;) {
      const entry = this.#entries.shift();
      if (entry !== undefined) {
        this.#release();
        yield entry instanceof Promise ? await entry : entry;
      } else if (this.#ended) {
        if (this.#failure !== undefined) throw this.#failure.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wakeReader = resolve;
        });
      }
    }
  }

  #wake(): void {
    this.#wakeReader?.();
    this.#wakeReader = undefined;
  }

  #release(): void {
    this.#wakeWriter?.();
    this.#wakeWriter = undefined;
  }
}
