import { spawnSync } from "node:child_process";
import { env } from "node:process";

/** Skips the test with a reason when a tool does not run here; where CI is set it must run. */
export function requireTool(skip: (note: string) => never, command: string, ...probe: string[]): void {
  const { status, error } = spawnSync(command, probe, { timeout: 10_000 });
  if (status === 0) return;
  const note = `${[command, ...probe].join(" ")} does not work here: ${error?.message ?? `exit code ${status}`}`;
  if (env["CI"] === "true") throw new Error(note);
  skip(note);
}
