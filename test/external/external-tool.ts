/** Tools from elsewhere: run, or skipped with a reason; where CI is set they must run. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { requireTool } from "../support/required-tool.ts";

const execFileAsync = promisify(execFile);

export { requireTool };

export interface ToolRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a tool to its end, however it ends. Nobody answers its questions: there is no standard input. */
export function runTool(command: string, ...args: readonly string[]): Promise<ToolRun> {
  return runLongTool(30_000, command, ...args);
}

/** The same for a tool that takes its time. */
export async function runLongTool(timeoutMs: number, command: string, ...args: readonly string[]): Promise<ToolRun> {
  const run = execFileAsync(command, args, { timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 });
  run.child.stdin?.end();
  try {
    return { exitCode: 0, ...(await run) };
  } catch (error) {
    if (!(error instanceof Error) || !("stdout" in error) || !("stderr" in error)) throw error;
    const exitCode = "code" in error && typeof error.code === "number" ? error.code : -1;
    return { exitCode, stdout: String(error.stdout), stderr: String(error.stderr) };
  }
}
