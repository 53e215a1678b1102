/** Writes that a power failure cannot undo; what several logs need of a file system. */
import { dirname } from "node:path";

/** The part of `node:fs` that is needed here. */
export interface DurableFs {
  mkdirSync(path: string, options: { recursive: true; mode: number }): string | undefined;
  openSync(path: string, flags: string, mode?: number): number;
  closeSync(fd: number): void;
  writeSync(fd: number, buffer: Uint8Array, offset: number, length: number): number;
  fsyncSync(fd: number): void;
}

/** Readable by the group, so that an auditor needs no root. */
export const directoryMode = 0o750;

/** Creates the directory if need be; a power failure cannot take it away again. */
export function createDirectory(fs: DurableFs, directory: string): void {
  const firstCreated = fs.mkdirSync(directory, { recursive: true, mode: directoryMode });
  if (firstCreated === undefined) return;
  const top = dirname(firstCreated);
  for (let created = directory; created !== top && created !== dirname(created); created = dirname(created)) {
    syncDirectory(fs, dirname(created));
  }
}

/** Makes the creation or renaming of a directory's entries durable. */
export function syncDirectory(fs: DurableFs, directory: string): void {
  const fd = fs.openSync(directory, "r");
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Writes all of it: write(2) may take less than it is given, notably on a disk that is filling up. */
export function writeFully(fs: DurableFs, fd: number, bytes: Uint8Array): void {
  let offset = 0;
  while (offset < bytes.length) {
    const written = fs.writeSync(fd, bytes, offset, bytes.length - offset);
    if (written <= 0) throw new Error(`write took none of ${bytes.length - offset} bytes`);
    offset += written;
  }
}
