/** What the record files need of a file system. */
import type { DurableFs } from "../disk/durable-write.ts";

interface FileStatus {
  readonly size: number;
  readonly ino: number;
  readonly dev: number;
}

/** The part of `node:fs` that record files use. */
export interface RecordFs extends DurableFs {
  readFileSync(path: string): Buffer;
  fstatSync(fd: number): FileStatus;
  statSync(path: string, options: { throwIfNoEntry: false }): FileStatus | undefined;
  fdatasync(fd: number, done: (error: Error | null) => void): void;
  fdatasyncSync(fd: number): void;
  ftruncateSync(fd: number, length: number): void;
}
