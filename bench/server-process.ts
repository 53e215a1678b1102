import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { trackChild } from "./child-output.ts";

/** How a contestant is started. */
export interface ServerCommand {
  /** Arguments of Node: a module and its arguments. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** File that takes standard output, which is the service's log. */
  readonly outputFile: string;
}

export interface ServerProcess extends AsyncDisposable {
  readonly port: number;
  /** Time from the start of the process to the line that says it is ready. */
  readonly readyMs: number;
  memory(): Memory;
  /** Undefined where the kernel does not tell. */
  processorTime(): ProcessorTime | undefined;
  /** As {@link processorTime}, of each process that the server has started as well, itself first. */
  processorTimes(): (ProcessorTime | undefined)[];
  stop(): Promise<void>;
}

/** Since the start of the process. */
export interface ProcessorTime {
  /** Of all threads. */
  readonly runMicros: number;
  /** In which the main thread was ready to run, but had no core. */
  readonly waitMicros: number;
}

export interface Memory {
  readonly residentMb: number;
  readonly peakMb: number;
}

const readyTimeoutMs = 20_000;
const stopTimeoutMs = 10_000;

/** Starts a server on the cores of `placement` and waits until it says where it listens. */
export async function startServer(command: ServerCommand, placement: readonly string[]): Promise<ServerProcess> {
  const [file = "", ...args] = [...placement, process.execPath, ...command.args];
  const output = openSync(command.outputFile, "a");
  const startedMs = performance.now();
  const child = spawn(file, args, {
    stdio: ["ignore", output, "pipe"],
    env: { ...process.env, ...command.environment },
  });
  closeSync(output);
  trackChild(child);
  const { stderr } = child;
  if (stderr === null) throw new Error("the server's standard error is not piped");
  const pid = child.pid ?? 0;
  const exited = once(child, "exit");
  const port = await new Promise<number>((resolve, reject) => {
    let text = "";
    const timer = setTimeout(() => reject(new Error(`not ready in time: ${args.join(" ")}\n${text}`)), readyTimeoutMs);
    stderr.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const ready = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text);
      if (ready === null) return;
      clearTimeout(timer);
      resolve(Number(ready[1]));
    });
    child.once("exit", () => {
      clearTimeout(timer);
      reject(new Error(`ended before it was ready: ${args.join(" ")}\n${text}`));
    });
    child.once("error", reject);
  }).catch((error: unknown) => {
    child.kill("SIGKILL");
    throw error;
  });
  const readyMs = performance.now() - startedMs;
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
    await exited;
    clearTimeout(timer);
  };
  return {
    port,
    readyMs,
    memory: () => readMemory(pid),
    processorTime: () => readProcessorTime(pid),
    processorTimes: () => [pid, ...listChildren(pid)].map(readProcessorTime),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function readMemory(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const read = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? Number.NaN) / 1024;
  return { residentMb: read("VmRSS"), peakMb: read("VmHWM") };
}

function listChildren(pid: number): number[] {
  const children = readIfThere(`/proc/${pid}/task/${pid}/children`)?.trim() ?? "";
  return children === "" ? [] : children.split(" ").map(Number);
}

/** Reads `schedstat`, which kernels built without scheduler statistics do not have. */
function readProcessorTime(pid: number): ProcessorTime | undefined {
  const tasks = `/proc/${pid}/task`;
  let runNanos = 0;
  let waitNanos = 0;
  for (const task of readdirSync(tasks)) {
    const [run, wait] = readIfThere(`${tasks}/${task}/schedstat`)?.split(" ").map(Number) ?? [];
    runNanos += run ?? 0;
    if (task === `${pid}`) waitNanos = wait ?? 0;
  }
  return runNanos === 0 ? undefined : { runMicros: runNanos / 1000, waitMicros: waitNanos / 1000 };
}

/** A thread may end between the listing and the reading. */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ESRCH"))
      return undefined;
    throw error;
  }
}
