import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { getCompileCacheDir } from "node:module";
import { constants, setPriority } from "node:os";
import { dirname } from "node:path";
import { UnavailableError } from "../domain/errors.ts";
import { type Candidate, type CandidateFinding, readyMessage } from "./candidate.ts";

const memoryLookMs = 10;
/** The process has the lowest priority, so beside a service that needs all of its cores it gets a small part of one. */
const starvedFactor = 6;
/** Unit of /proc/PID/stat on Linux, whatever the kernel's own clock. */
const tickMs = 10;
const errorTextMax = 2000;
/** Bytes of the JavaScript heap, MiB; models live outside of it. */
const heapMegabytesMax = 256;

/** A process in which candidates are loaded for the first time; see candidate-check-process.ts. */
export interface CheckingProcess {
  examine(candidate: Candidate, timeoutMs: number, memoryBytesMax: number): Promise<CandidateFinding>;
  isAlive(): boolean;
  end(): void;
}

/** @throws UnavailableError when the process does not start. */
export async function startChecking(timeoutMs: number): Promise<CheckingProcess> {
  // The file next to this one, under the extension that this one runs with.
  const script = new URL(import.meta.url.replace(/checking-process\.(\w+)/, "candidate-check-process.$1"));
  // Compiling anew was half of what a check cost. The folder is that of this release of Node inside the one that is named.
  const cacheFolder = getCompileCacheDir();
  const child = fork(script, [], {
    execPath: process.execPath,
    execArgv: [`--max-old-space-size=${heapMegabytesMax}`],
    // Else no environment: a model has no business with the service's settings.
    env: cacheFolder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cacheFolder) },
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  yieldToDecisions(child);
  let errorText = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    errorText = (errorText + chunk.toString()).slice(-errorTextMax);
  });
  const first = await waitFor(child, timeoutMs, () => undefined);
  if (first.kind !== "message" || first.message !== readyMessage) {
    child.kill("SIGKILL");
    const description = first.kind === "message" ? "it said something unexpected" : first.description;
    throw unavailable(`the process that checks models did not start: ${description}; ${errorText}`);
  }
  return {
    async examine(candidate, limitMs, memoryBytesMax) {
      const answer = waitFor(child, limitMs, () => describeMemory(child, memoryBytesMax));
      child.send(candidate);
      const result = await answer;
      // The process is ours and speaks over a private channel: its messages are findings.
      if (result.kind === "message") return result.message as CandidateFinding;
      child.kill("SIGKILL");
      if (result.kind === "starved") throw unavailable(`the process that checks models ${result.description}`);
      const violations = [{ field: "model", description: `the process that checked it ${result.description}` }];
      return { kind: "invalid", reason: "MODEL_CHECK_FAILED", violations };
    },
    isAlive: () => child.exitCode === null && child.signalCode === null && child.connected,
    end: () => {
      child.kill("SIGKILL");
    },
  };
}

/**
 * With the lowest priority the process takes what the decisions leave. With the same one it took turns with them, 10 ms each,
 * wherever both had to share a core.
 */
function yieldToDecisions({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already, which is told on its own.
    return;
  }
}

function unavailable(description: string): UnavailableError {
  const cause = new Error(description);
  return new UnavailableError("models cannot be checked now", "MODEL_CHECK_UNAVAILABLE", undefined, { cause });
}

type Outcome =
  | { readonly kind: "message"; readonly message: unknown }
  | { readonly kind: "ended" | "starved"; readonly description: string };

/** Waits for the next message, for the end of the process, for its time to be used up or for `findFault` to find one. */
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
    const startedMs = performance.now();
    const usedBeforeMs = readProcessorMs(child) ?? 0;
    const judgeTime = (): void => {
      const usedMs = (readProcessorMs(child) ?? Number.POSITIVE_INFINITY) - usedBeforeMs;
      const waitedMs = performance.now() - startedMs;
      if (usedMs >= timeoutMs) endWith(`took longer than ${timeoutMs} ms`);
      else if (waitedMs < timeoutMs * starvedFactor) {
        timer = setTimeout(judgeTime, Math.max(timeoutMs - usedMs, tickMs));
      } else settle({ kind: "starved", description: `got ${usedMs} ms of processor time in ${Math.round(waitedMs)}` });
    };
    let timer = setTimeout(judgeTime, timeoutMs);
    const look = setInterval(() => {
      const fault = findFault();
      if (fault !== undefined) endWith(fault);
    }, memoryLookMs);
    child.on("message", onMessage).on("exit", onExit).on("error", onError);
  });
}

/** Processor time of all threads, ms; undefined where nobody tells. */
function readProcessorMs({ pid }: ChildProcess): number | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    // It has just ended, which is told on its own, or there is no /proc here.
    return undefined;
  }
  // The name, which may hold anything, ends at the last bracket; user and system time are the 14th and 15th field.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
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
