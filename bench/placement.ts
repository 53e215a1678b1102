import { spawnSync } from "node:child_process";
import { cpus } from "node:os";

/** On which cores servers and generators run: apart, so that they do not take time from each other. */
export interface Placement {
  readonly description: string;
  readonly server: readonly string[];
  readonly generator: readonly string[];
}

/** The last core is the generator's, all others are the server's. */
export function choosePlacement(isPinned: boolean): Placement {
  const cores = cpus().length;
  if (!isPinned) return unpinned("not pinned, as asked for");
  if (cores < 2) return unpinned("not pinned: the machine has one core, which server and generator share");
  if (!isInstalled("taskset")) return unpinned("not pinned: taskset (package util-linux) is not installed");
  const serverCores = cores === 2 ? "0" : `0-${cores - 2}`;
  const generatorCore = String(cores - 1);
  return {
    description: `server on core ${serverCores}, generator on core ${generatorCore} (taskset)`,
    server: ["taskset", "-c", serverCores],
    generator: ["taskset", "-c", generatorCore],
  };
}

function unpinned(description: string): Placement {
  return { description, server: [], generator: [] };
}

export function isInstalled(command: string): boolean {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).error === undefined;
}
