/** Runs tasks one after the other, in the order they were given; one that fails does not stop the next. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const outcome = this.#last.then(task);
    // Whoever gave the task is told of its failure.
    this.#last = outcome.catch(() => undefined);
    return outcome;
  }

  /** Resolves when everything given so far is over. */
  async drain(): Promise<void> {
    await this.#last;
  }
}
