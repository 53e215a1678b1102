/**
 * The files of one audit log, all in one directory:
 *
 *     predictions.jsonl                    being written
 *     predictions-<firstseq>-<lastseq>.jsonl   rotated, never touched again
 *     predictions.torn-<UTC>.bin           a torn end that recovery cut off
 *     predictions.lock                     see audit-lock.ts
 */
import { join } from "node:path";
import type { DurableFs } from "../../disk/durable-write.ts";
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
export interface AuditFs extends DurableFs {
  readdirSync(path: string): string[];
  readSync(fd: number, buffer: Uint8Array, offset: number, length: number, position: number): number;
  fstat(fd: number, done: (error: Error | null) => void): void;
  fstatSync(fd: number): FileStatus;
  statSync(path: string, options: { throwIfNoEntry: false }): FileStatus | undefined;
  fdatasync(fd: number, done: (error: Error | null) => void): void;
  fdatasyncSync(fd: number): void;
  ftruncateSync(fd: number, length: number): void;
  renameSync(from: string, to: string): void;
}

/** Readable by the group, so that an auditor needs no root. */
export const logFileMode = 0o640;

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
