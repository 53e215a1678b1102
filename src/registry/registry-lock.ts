import { setTimeout as wait } from "node:timers/promises";
import { tryLockFile } from "../disk/file-lock.ts";
import { UnavailableError } from "../domain/errors.ts";

/** Held for the milliseconds that a change of a models folder takes, so that several services may share the folder. */
export const lockFile = ".registry.lock";

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
  try {
    return tryLockFile(path);
  } catch (cause) {
    throw new UnavailableError(`cannot lock the models folder with ${path}`, "REGISTRY_UNWRITABLE", undefined, {
      cause,
    });
  }
}
