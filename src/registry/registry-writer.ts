import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UnavailableError } from "../domain/errors.ts";
import type { RegistryDisk } from "./registry-disk.ts";
import { formatRegistryIndex, parseRegistryIndex, type RegistryIndex } from "./registry-index.ts";
import { acquireRegistryLock, lockFile } from "./registry-lock.ts";

export const indexFile = "registry_index.json";

/** What a file is called until it is complete. */
export const temporarySuffix = ".tmp";

/** A file to be, by its path in the models folder. */
export interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The index as it shall be, and the files that come and go with it. */
export interface IndexChange {
  readonly index: RegistryIndex;
  readonly newFiles?: readonly NewFile[];
  readonly oldFiles?: readonly string[];
}

/** Changes the models folder so that a crash at any step leaves the old index or the new one, and the files it names. */
export interface RegistryWriter {
  /**
   * @param plan gets the index as it is on disk now, under the lock; what it throws changes nothing
   * @returns the index as written
   * @throws UnavailableError when the folder is locked, cannot be written, or its index is damaged.
   */
  change(plan: (current: RegistryIndex) => IndexChange): Promise<RegistryIndex>;
}

/** @param lockTimeoutMs longest wait for another writer */
export function createRegistryWriter(directory: string, disk: RegistryDisk, lockTimeoutMs: number): RegistryWriter {
  let turn: Promise<unknown> = Promise.resolve();
  const changeNow = async (plan: (current: RegistryIndex) => IndexChange): Promise<RegistryIndex> => {
    const release = await acquireRegistryLock(join(directory, lockFile), lockTimeoutMs);
    try {
      const change = plan(readRegistryIndex(directory));
      await commit(disk, directory, change);
      return change.index;
    } finally {
      release();
    }
  };
  return {
    change(plan) {
      const changed = turn.then(() => changeNow(plan));
      turn = changed.catch(() => undefined);
      return changed;
    },
  };
}

/** @throws UnavailableError when the index is absent or damaged. */
export function readRegistryIndex(directory: string): RegistryIndex {
  const path = join(directory, indexFile);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new UnavailableError(`cannot read ${path}; is MODELS_DIR right?`, "MODEL_FILE_UNREADABLE", undefined, {
      cause,
    });
  }
  return parseRegistryIndex(text, path);
}

/** New files first, then the index that names them, then away with what it no longer names. */
async function commit(disk: RegistryDisk, directory: string, change: IndexChange): Promise<void> {
  const indexBytes = Buffer.from(formatRegistryIndex(change.index));
  try {
    for (const file of change.newFiles ?? []) await writeDurably(disk, join(directory, file.path), file.bytes);
    await writeDurably(disk, join(directory, indexFile), indexBytes);
    for (const file of change.oldFiles ?? []) await disk.remove(join(directory, file));
  } catch (cause) {
    throw new UnavailableError(`the models folder ${directory} cannot be written`, "REGISTRY_UNWRITABLE", undefined, {
      cause,
    });
  }
}

/** Puts a complete file in place of whatever had its name. */
export async function writeDurably(disk: RegistryDisk, path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  const temporary = `${path}.${randomUUID()}${temporarySuffix}`;
  await disk.makeDirectory(folder);
  try {
    await disk.createFile(temporary, bytes);
    await disk.rename(temporary, path);
  } catch (error) {
    // The first error is the one to tell; what stays behind is found by the scan.
    await disk.remove(temporary).catch(() => undefined);
    throw error;
  }
  await disk.syncDirectory(folder);
}
