/** Work that may fail without taking the rest of a run along. */
export class Attempts {
  readonly #report: (line: string) => void;
  readonly #failures: string[] = [];

  constructor(report: (line: string) => void) {
    this.#report = report;
  }

  /** What was tried and failed, with the reason. */
  get failures(): readonly string[] {
    return this.#failures;
  }

  /** The work's result; undefined when it failed, which is kept and told. */
  async try<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const failure = `${what}: ${explain(error)}`;
      this.#failures.push(failure);
      this.#report(`FAILED ${failure}`);
      return undefined;
    }
  }
}

/** Enough of a program's output to see what went wrong; it can be long. */
const textMax = 600;

/** The error and its causes in one line. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const line = error.message.replace(/\s+/g, " ").slice(0, textMax);
  return error.cause === undefined ? line : `${line} (${explain(error.cause)})`;
}
