import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { InvalidInputError, UnavailableError, UnmetConditionError } from "../domain/errors.ts";
import { type Candidate, type CandidateFinding, readyMessage } from "./candidate.ts";

export interface CandidateCheckOptions {
  /** Longest time for one candidate, and for the process to start, ms. @default 10 000 */
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

const memoryLookMs = 10;
const errorTextMax = 2000;
/** Bytes of the JavaScript heap, MiB; models live outside of it. */
const heapMegabytesMax = 256;

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

interface CheckingProcess {
  examine(candidate: Candidate, timeoutMs: number, memoryBytesMax: number): Promise<CandidateFinding>;
  isAlive(): boolean;
  end(): void;
}

async function startChecking(timeoutMs: number): Promise<CheckingProcess> {
  // The file next to this one, under the extension that this one runs with.
  const script = new URL(import.meta.url.replace(/candidate-check\.(\w+)/, "candidate-check-process.$1"));
  const child = fork(script, [], {
    execPath: process.execPath,
    execArgv: [`--max-old-space-size=${heapMegabytesMax}`],
    // No environment: a model has no business with the service's settings.
    env: {},
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let errorText = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    errorText = (errorText + chunk.toString()).slice(-errorTextMax);
  });
  const first = await waitFor(child, timeoutMs, () => undefined);
  if (first.kind !== "message" || first.message !== readyMessage) {
    child.kill("SIGKILL");
    const description = first.kind === "ended" ? first.description : "it said something unexpected";
    const cause = new Error(`the process that checks models did not start: ${description}; ${errorText}`);
    throw new UnavailableError("models cannot be checked now", "MODEL_CHECK_UNAVAILABLE", undefined, { cause });
  }
  return {
    async examine(candidate, limitMs, memoryBytesMax) {
      const answer = waitFor(child, limitMs, () => describeMemory(child, memoryBytesMax));
      child.send(candidate);
      const result = await answer;
      // The process is ours and speaks over a private channel: its messages are findings.
      if (result.kind === "message") return result.message as CandidateFinding;
      child.kill("SIGKILL");
      const violations = [{ field: "model", description: `the process that checked it ${result.description}` }];
      return { kind: "invalid", reason: "MODEL_CHECK_FAILED", violations };
    },
    isAlive: () => child.exitCode === null && child.signalCode === null && child.connected,
    end: () => {
      child.kill("SIGKILL");
    },
  };
}

type Outcome =
  | { readonly kind: "message"; readonly message: unknown }
  | { readonly kind: "ended"; readonly description: string };

/** Waits for the next message, for the end of the process, for the time or for `findFault` to find one. */
function waitFor(child: ChildProcess, timeoutMs: number, findFault: () => string | undefined): Promise<Outcome> {
  return new Promise((resolve) => {
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer);
      clearInterval(look);
      child.off("message", onMessage).off("exit", onExit).off("error", onError);
      resolve(outcome);
    };
    const endWith = (description: string): void => settle({ kind: "ended", description });
    const onMessage = (message: unknown): void => settle({ kind: "message", message });
    const onExit = (code: number | null, signal: string | null): void =>
      endWith(`ended with ${signal ?? `code ${code}`}`);
    const onError = (error: Error): void => endWith(`failed: ${error.message}`);
    const timer = setTimeout(() => endWith(`took longer than ${timeoutMs} ms`), timeoutMs);
    const look = setInterval(() => {
      const fault = findFault();
      if (fault !== undefined) endWith(fault);
    }, memoryLookMs);
    child.on("message", onMessage).on("exit", onExit).on("error", onError);
  });
}

function describeMemory({ pid }: ChildProcess, memoryBytesMax: number): string | undefined {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, "latin1");
  } catch {
    // It has just ended, which is told on its own, or there is no /proc here.
    return undefined;
  }
  const residentBytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  return residentBytes > memoryBytesMax ? `took more than ${memoryBytesMax} bytes of memory` : undefined;
}
