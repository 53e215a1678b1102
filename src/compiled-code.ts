import { enableCompileCache } from "node:module";
import { join, resolve } from "node:path";
import { packageDirectory } from "./package-root.ts";

/**
 * Keeps the code of modules as V8 has compiled it, and TypeScript as it was stripped, for the next start: half of the processor time of a
 * start went there (700 and 350 ms), and the compiler that strips the types stayed in memory (25 MB). Modules loaded from
 * now on are read from there, processes started from here read there too, and what was new is written when the process exits. The folder
 * lies with the installed packages, since whoever may write it may change what runs; where it cannot be written nothing is kept.
 */
export function keepCompiledCode(environment: Record<string, string | undefined>): void {
  const folder = environment["NODE_COMPILE_CACHE"] ?? join(packageDirectory, "node_modules", ".cache", "ml-layer");
  const { directory } = enableCompileCache(folder);
  if (directory !== undefined) environment["NODE_COMPILE_CACHE"] = resolve(folder);
}
