/**
 * The files of one audit log, all in one directory:
 *
 *     predictions.jsonl                    being written
 *     predictions-<firstseq>-<lastseq>.jsonl   rotated, never touched again
 *     predictions.torn-<UTC>.bin           a torn end that recovery cut off
 *     predictions.lock                     see audit-lock.ts
 */
import { dirname, join } from "node:path";
import { MlError } from "../../domain/errors.ts";

/** The log cannot be opened or read as it stands; the message says what to do. Never seen by a caller of the service. */
export class AuditLogError extends MlError {
  constructor(reason: "AUDIT_LOCKED" | "AUDIT_DAMAGED", message: string, options?: ErrorOptions) {
    super(reason, message, options);
  }
}

interface FileStatus {
  readonly size: number;
  readonly ino: number;
  readonly dev: number;
}

/** The part of `node:fs` that the log uses. */
export interface AuditFs {
  mkdirSync(path: string, options: { recursive: true; mode: number }): string | undefined;
  readdirSync(path: string): string[];
  openSync(path: string, flags: string, mode?: number): number;
  closeSync(fd: number): void;
  readSync(fd: number, buffer: Uint8Array, offset: number, length: number, position: number): number;
  writeSync(fd: number, buffer: Uint8Array, offset: number, length: number): number;
  fstatSync(fd: number): FileStatus;
  statSync(path: string, options: { throwIfNoEntry: false }): FileStatus | undefined;
  fdatasync(fd: number, done: (error: Error | null) => void): void;
  fdatasyncSync(fd: number): void;
  fsyncSync(fd: number): void;
  ftruncateSync(fd: number, length: number): void;
  renameSync(from: string, to: string): void;
}

/** Readable by the group, so that an auditor needs no root. */
export const logFileMode = 0o640;
export const logDirectoryMode = 0o750;

/** The base name of the log when none is given. */
export const defaultLogName = "predictions";

/** A rotated file and the records it holds, both ends included. */
export interface RotatedFile {
  readonly path: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

export function currentPath(directory: string, name: string): string {
  return join(directory, `${name}.jsonl`);
}

export function rotatedPath(directory: string, name: string, firstSeq: number, lastSeq: number): string {
  return join(directory, `${name}-${firstSeq}-${lastSeq}.jsonl`);
}

/** A dash would let one log's name look like another's rotated file. */
export function assertLogName(name: string): void {
  if (!/^[a-z][a-z0-9_.]{0,63}$/.test(name)) {
    throw new TypeError(`audit log name must be lower-case letters, digits, "_" and "." only: ${JSON.stringify(name)}`);
  }
}

/** Picks the rotated files of one log out of a directory's entries, oldest first. */
export function toRotatedFiles(directory: string, name: string, entries: readonly string[]): RotatedFile[] {
  const pattern = new RegExp(`^${name.replaceAll(".", "\\.")}-(\\d+)-(\\d+)\\.jsonl$`);
  const files: RotatedFile[] = [];
  for (const entry of entries) {
    const [, first, last] = pattern.exec(entry) ?? [];
    if (first === undefined || last === undefined) continue;
    files.push({ path: join(directory, entry), firstSeq: Number(first), lastSeq: Number(last) });
  }
  return files.sort((one, other) => one.firstSeq - other.firstSeq);
}

/** Creates the directory if need be; a power failure cannot take it away again. */
export function createDirectory(fs: AuditFs, directory: string): void {
  const firstCreated = fs.mkdirSync(directory, { recursive: true, mode: logDirectoryMode });
  if (firstCreated === undefined) return;
  const top = dirname(firstCreated);
  for (let created = directory; created !== top && created !== dirname(created); created = dirname(created)) {
    syncDirectory(fs, dirname(created));
  }
}

/** Makes the creation or renaming of a directory's entries durable. */
export function syncDirectory(fs: AuditFs, directory: string): void {
  const fd = fs.openSync(directory, "r");
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Writes all of it: write(2) may take less than it is given, notably on a disk that is filling up. */
export function writeFully(fs: AuditFs, fd: number, bytes: Uint8Array): void {
  let offset = 0;
  while (offset < bytes.length) {
    const written = fs.writeSync(fd, bytes, offset, bytes.length - offset);
    if (written <= 0) throw new Error(`write took none of ${bytes.length - offset} bytes`);
    offset += written;
  }
}
