/**
 * One process changes a models folder at a time. The lock belongs to the kernel: SQLite, which is part of Node,
 * takes POSIX record locks on an empty file, and they vanish with the process however it ends. It is held for the
 * milliseconds that a change takes, so that several services may share the folder.
 *
 * POSIX drops a process's locks on a file when the process closes any descriptor of it: nothing else may open the file.
 */
import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";
import { UnavailableError } from "../domain/errors.ts";

export const lockFile = ".registry.lock";

/** SQLite's code for "somebody else has it". */
const sqliteBusy = 5;
const retryMs = 5;

/**
 * Takes the lock, waiting for its holder for a while.
 *
 * @returns gives it back
 * @throws UnavailableError when it stays taken or the folder cannot be written.
 */
export async function acquireRegistryLock(path: string, timeoutMs: number): Promise<() => void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const release = tryLock(path);
    if (release !== undefined) return release;
    if (performance.now() > deadline) {
      throw new UnavailableError(`another process keeps the models folder locked: ${path}`, "REGISTRY_LOCKED", 1000);
    }
    await wait(retryMs);
  }
}

function tryLock(path: string): (() => void) | undefined {
  let database: DatabaseSync | undefined;
  try {
    const opened = new DatabaseSync(path);
    database = opened;
    opened.exec("BEGIN EXCLUSIVE");
    return () => opened.close();
  } catch (cause) {
    database?.close();
    if (cause instanceof Error && "errcode" in cause && cause.errcode === sqliteBusy) return undefined;
    throw new UnavailableError(`cannot lock the models folder with ${path}`, "REGISTRY_UNWRITABLE", undefined, {
      cause,
    });
  }
}
