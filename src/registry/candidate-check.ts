import { InvalidInputError, UnmetConditionError } from "../domain/errors.ts";
import type { Candidate, CandidateFinding } from "./candidate.ts";
import { type CheckingProcess, startChecking } from "./checking-process.ts";

export interface CandidateCheckOptions {
  /**
   * Longest processor time for one candidate, and for the process to start, ms; where there is no `/proc`, longest time. A process that
   * gets too little of the processor is given up after six times as long. @default 10 000
   */
  readonly timeoutMs?: number;
  /**
   * Largest resident memory of the checking process, bytes. It is looked at every 10 ms where there is a `/proc`; in
   * between, and elsewhere, the process can outgrow it. @default 1 GiB: the runtime needs 0.1, 64 MiB of trees about 0.5
   */
  readonly memoryBytesMax?: number;
  /** Candidates before the process is replaced. @default 1, so that no candidate meets what another left behind */
  readonly candidatesPerProcess?: number;
}

/** How an accepted candidate did. */
export interface CandidateReport {
  readonly loadMs: number;
  readonly verifyMs: number;
}

/** Tries candidates in a process of their own. */
export interface CandidateCheck {
  /**
   * Waits for its turn; one candidate is checked at a time.
   *
   * @throws InvalidInputError for a candidate that is no such model, or that ends, hangs or bloats the process.
   * @throws UnmetConditionError for inputs that nothing delivers.
   * @throws UnavailableError when the process cannot be started.
   */
  check(candidate: Candidate): Promise<CandidateReport>;
  /** Ends the process, and with it the check of a candidate. */
  close(): void;
}

export function createCandidateCheck(options: CandidateCheckOptions = {}): CandidateCheck {
  const { timeoutMs = 10_000, memoryBytesMax = 1024 ** 3, candidatesPerProcess = 1 } = options;
  let current: CheckingProcess | undefined;
  let used = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const checkNow = async (candidate: Candidate): Promise<CandidateReport> => {
    current ??= await startChecking(timeoutMs);
    const finding = await current.examine(candidate, timeoutMs, memoryBytesMax);
    used++;
    if (!current.isAlive() || used >= candidatesPerProcess) {
      current.end();
      current = undefined;
      used = 0;
    }
    return toReport(finding);
  };
  return {
    check(candidate) {
      const checked = turn.then(() => checkNow(candidate));
      turn = checked.catch(() => undefined);
      return checked;
    },
    close: () => current?.end(),
  };
}

function toReport(finding: CandidateFinding): CandidateReport {
  switch (finding.kind) {
    case "accepted":
      return { loadMs: finding.loadMs, verifyMs: finding.verifyMs };
    case "invalid":
      throw new InvalidInputError(finding.violations, finding.reason);
    case "unmet":
      throw new UnmetConditionError(finding.conditions, finding.reason);
    default:
      return finding satisfies never;
  }
}
