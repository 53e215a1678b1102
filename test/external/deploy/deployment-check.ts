/** Builds deploy/check once: the program that reads deployment files with the definitions of those who use them. */

import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Folder of the deployment files. */
export const deployDirectory = fileURLToPath(new URL("../../../deploy", import.meta.url));

export interface Verdict {
  readonly status: number | null;
  readonly output: string;
}

/** Builds the program into a folder; a compiler without its packages takes minutes, with them seconds. */
export function buildCheck(directory: string): (kind: string, path: string) => Verdict {
  const program = `${directory}/check`;
  execFileSync("go", ["build", "-o", program, "."], { cwd: `${deployDirectory}/check`, stdio: "pipe" });
  return (kind, path) => run(program, kind, path);
}

/** Runs a validator to its end and keeps what it says. */
export function run(command: string, ...args: readonly string[]): Verdict {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", timeout: 60_000 });
  return { status, output: `${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}` };
}
