import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** How a run of the program ended. */
export interface ProgramRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `ml-layer` as a user does. The service that it asks may run in this process, so this must not wait idly. */
export function runProgram(args: readonly string[], variables: Readonly<Record<string, string>>): Promise<ProgramRun> {
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [program, ...args], { env: variables }, (error, stdout, stderr) => {
      if (child.exitCode === null)
        reject(new Error(`ml-layer ${args.join(" ")} did not end by itself`, { cause: error }));
      else resolve({ exitCode: child.exitCode, stdout, stderr: stderr.replaceAll("\u00A0", " ") });
    });
  });
}
