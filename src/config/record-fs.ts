/** What the record files need of a file system. */
import { dirname } from "node:path";

interface FileStatus {
  readonly size: number;
  readonly ino: number;
  readonly dev: number;
}

/** The part of `node:fs` that record files use. */
export interface RecordFs {
  mkdirSync(path: string, options: { recursive: true; mode: number }): string | undefined;
  openSync(path: string, flags: string, mode?: number): number;
  closeSync(fd: number): void;
  readFileSync(path: string): Buffer;
  writeSync(fd: number, buffer: Uint8Array, offset: number, length: number): number;
  fstatSync(fd: number): FileStatus;
  statSync(path: string, options: { throwIfNoEntry: false }): FileStatus | undefined;
  fdatasync(fd: number, done: (error: Error | null) => void): void;
  fdatasyncSync(fd: number): void;
  fsyncSync(fd: number): void;
  ftruncateSync(fd: number, length: number): void;
}

const directoryMode = 0o750;

/** Creates the directory if need be; a power failure cannot take it away again. */
export function createDirectory(fs: RecordFs, directory: string): void {
  const firstCreated = fs.mkdirSync(directory, { recursive: true, mode: directoryMode });
  if (firstCreated === undefined) return;
  const top = dirname(firstCreated);
  for (let created = directory; created !== top && created !== dirname(created); created = dirname(created)) {
    syncDirectory(fs, dirname(created));
  }
}

/** Makes the creation of a directory's entries durable. */
export function syncDirectory(fs: RecordFs, directory: string): void {
  const fd = fs.openSync(directory, "r");
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Writes all of it: write(2) may take less than it is given, notably on a disk that is filling up. */
export function writeFully(fs: RecordFs, fd: number, bytes: Uint8Array): void {
  let offset = 0;
  while (offset < bytes.length) {
    const written = fs.writeSync(fd, bytes, offset, bytes.length - offset);
    if (written <= 0) throw new Error(`write took none of ${bytes.length - offset} bytes`);
    offset += written;
  }
}
