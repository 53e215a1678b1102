/** What happens later. Nothing that waits keeps the process alive. */
export interface Timers {
  /** @returns A function that calls it off. */
  after(delayMs: number, task: () => void): () => void;
  /** @returns A function that ends it. */
  every(intervalMs: number, task: () => void): () => void;
}

export const systemTimers: Timers = {
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs).unref();
    return () => clearTimeout(timer);
  },
  every(intervalMs, task) {
    const timer = setInterval(task, intervalMs).unref();
    return () => clearInterval(timer);
  },
};
