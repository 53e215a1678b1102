import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

const running = new Set<ChildProcess>();

/** Ends what is still running; for the exit of a harness that was interrupted or failed. */
export function killChildren(): void {
  for (const child of running) child.kill("SIGKILL");
}

/** Has the child ended when the harness ends, however that comes about. */
export function trackChild(child: ChildProcess): void {
  running.add(child);
  child.once("exit", () => running.delete(child));
}

/**
 * Runs a command to its end.
 *
 * @returns its standard output.
 * @throws when it cannot be started, fails or takes longer than `timeoutMs`.
 */
export async function runCommand(command: readonly string[], timeoutMs: number): Promise<string> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], timeout: timeoutMs, killSignal: "SIGKILL" });
  trackChild(child);
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const [code]: unknown[] = await once(child, "close");
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${child.signalCode ?? code}\n${errors}${output}`);
  return output;
}
