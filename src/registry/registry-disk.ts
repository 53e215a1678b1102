import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** The steps that a durable change of the registry consists of. Each has happened when its promise resolves. */
export interface RegistryDisk {
  /** Creates the folder and those above it; makes them durable. */
  makeDirectory(path: string): Promise<void>;
  /** Creates a file that must not exist yet and makes its content durable. */
  createFile(path: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Makes the names in a folder durable. */
  syncDirectory(path: string): Promise<void>;
  /** Removes a file, if there is one. */
  remove(path: string): Promise<void>;
}

export function createRegistryDisk(): RegistryDisk {
  return { makeDirectory, createFile, rename, syncDirectory, remove: (path) => rm(path, { force: true }) };
}

async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
}

async function createFile(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "wx", 0o644);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
