/** Programs that generation needs: found, or missing with a reason; installed once for each set of pins. */

import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { tryLockFile } from "../../src/disk/file-lock.ts";

const execFileAsync = promisify(execFile);

/** The repository. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Where plugins are installed; ignored by git. */
const toolsFolder = join(root, ".tools");

/** One language that clients are generated in, by programs that are not npm packages. */
export interface Generator {
  /** Folder of gen/ that it writes. */
  readonly name: string;
  /** What it needs on this machine, in words. */
  readonly needs: string;
  /** Answers whether the machine has that. */
  isPresent(): Promise<boolean>;
  /** Replaces what it generated before. */
  generate(api: ApiDescription): Promise<void>;
}

/** The API as buf compiled it. */
export interface ApiDescription {
  /** File of a FileDescriptorSet with source information, imports included. */
  readonly descriptorSet: string;
  /** Proto files that are this service's own, relative to proto/. */
  readonly files: readonly string[];
}

/** Fails with everything that the program said. */
export async function run(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  try {
    const options = { cwd: root, env: { ...process.env, ...environment }, maxBuffer: 64 * 1024 * 1024 };
    const { stdout } = await execFileAsync(command, args, options);
    return stdout;
  } catch (error) {
    if (!(error instanceof Error) || !("stderr" in error)) throw error;
    throw new Error(`${command} ${args.join(" ")}\n${"stdout" in error ? error.stdout : ""}${error.stderr}`);
  }
}

/** True when the program runs and ends well. */
export async function answers(command: string, ...args: readonly string[]): Promise<boolean> {
  try {
    await run(command, args);
    return true;
  } catch {
    return false;
  }
}

/** How often a process looks whether another has finished installing. */
const lockPollMs = 100;

/**
 * A folder into which `install` has put what the pins say. It is made anew when a pin changed, and when the last
 * installation did not end. Processes that want the same folder wait for the first of them.
 */
export async function installed(
  name: string,
  pins: readonly string[],
  install: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(toolsFolder, name);
  const stamp = join(folder, "pins.txt");
  const text = `${pins.join("\n")}\n`;
  const isReady = () => existsSync(stamp) && readFileSync(stamp, "utf8") === text;
  if (isReady()) return folder;
  mkdirSync(toolsFolder, { recursive: true });
  const unlock = await lock(`${folder}.lock`);
  try {
    if (isReady()) return folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    await install(folder);
    writeFileSync(stamp, text);
    return folder;
  } finally {
    unlock();
  }
}

async function lock(path: string): Promise<() => void> {
  for (;;) {
    const unlock = tryLockFile(path);
    if (unlock !== undefined) return unlock;
    await setTimeout(lockPollMs);
  }
}

/** Removes what was generated from the last state of the protos; a module's own files beside it stay. */
export function emptyOutput(name: string): string {
  const folder = join(root, "gen", name);
  rmSync(join(folder, "arbitrex"), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
