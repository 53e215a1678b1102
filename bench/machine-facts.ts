import { execFileSync, spawnSync } from "node:child_process";
import { arch, cpus, loadavg, release, totalmem, type } from "node:os";

/** Where and what was measured. */
export interface MachineFacts {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  /** Load average of the last minute, before the run. Above about 0.5 others were at work. */
  readonly loadBefore: number;
  readonly placement: string;
  readonly fileSystem: string;
  readonly generators: readonly string[];
}

export interface Revision {
  readonly commit: string;
  /** True when the working tree had changes that are not in the commit. */
  readonly isDirty: boolean;
}

export function readMachineFacts(placement: string, fileSystem: string): MachineFacts {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: `${type()} ${release()} ${arch()}`,
    node: process.version,
    loadBefore: loadavg()[0] ?? Number.NaN,
    placement,
    fileSystem,
    generators: [versionOf("h2load"), versionOf("wrk")].filter((version) => version !== ""),
  };
}

/** wrk prints its version and fails, so the exit code says nothing. */
function versionOf(command: string): string {
  const { stdout } = spawnSync(command, ["--version"], { encoding: "utf8" });
  return stdout?.split("\n")[0]?.replace(/ \[.*/, "") ?? "";
}

export function readRevision(): Revision {
  const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
  return {
    commit: git("rev-parse", "--short=10", "HEAD"),
    // Results of earlier runs are not what was measured.
    isDirty: git("status", "--porcelain", "--", ".", ":!bench/results") !== "",
  };
}
