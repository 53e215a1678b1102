/** The service as its users run it: a process of its own. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const mainPath = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

export interface ServedProcess {
  readonly port: number;
  readonly pid: number;
  readonly child: ChildProcess;
  /** Ends the process as `kill -9` does; resolves when it is gone. */
  kill(): Promise<void>;
}

/**
 * Starts `serve` on a free port; resolves when it says which. With arguments for Node it can be sent messages, too.
 *
 * @param output where its log goes; a number is a file that is open
 */
export async function serveInProcess(
  variables: Readonly<Record<string, string>>,
  nodeArguments: readonly string[] = [],
  output: "ignore" | "pipe" | number = "ignore",
): Promise<ServedProcess> {
  const child = spawn(process.execPath, [...nodeArguments, mainPath, "serve"], {
    env: { ...process.env, HOST: "127.0.0.1", PORT: "0", LOG_LEVEL: "silent", ...variables },
    stdio: ["ignore", output, "pipe", ...(nodeArguments.length === 0 ? [] : (["ipc"] as const))],
  });
  return { port: await readPort(child), pid: child.pid ?? 0, child, kill: () => end(child) };
}

async function readPort(child: ChildProcess): Promise<number> {
  let said = "";
  child.stderr?.setEncoding("utf8");
  for await (const chunk of child.stderr?.iterator({ destroyOnReturn: false }) ?? []) {
    said += String(chunk);
    const [, port] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(said) ?? [];
    if (port === undefined) continue;
    child.stderr?.resume();
    return Number(port);
  }
  throw new Error(`the service did not start: ${said}`);
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}
