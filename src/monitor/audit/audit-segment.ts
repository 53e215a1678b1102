/** The file being written: appends, and makes way for the next one when it is full. */
import { dirname } from "node:path";
import { syncDirectory, writeFully } from "../../disk/durable-write.ts";
import { formatMicros } from "../../domain/timestamp.ts";
import { type AuditFs, currentPath, logFileMode, rotatedPath, toRotatedFiles } from "./audit-files.ts";
import { type ChainPosition, genesis } from "./audit-record.ts";
import { assertContinues, cutTornEnd, damaged, findWholeLines, readRotatedEnd } from "./audit-recovery.ts";

/** What recovery cut off. */
export interface TornEnd {
  readonly bytes: number;
  /** Name of the file it was moved to. */
  readonly file: string;
}

export interface OpenedSegment {
  readonly segment: AuditSegment;
  readonly last: ChainPosition;
  readonly torn: TornEnd | undefined;
}

/** Opens the current file where the chain goes on. Needs the lock. */
export function openSegment(fs: AuditFs, directory: string, name: string, nowMicros: number): OpenedSegment {
  const path = currentPath(directory, name);
  const rotated = toRotatedFiles(directory, name, fs.readdirSync(directory)).at(-1);
  const before = rotated === undefined ? genesis : readRotatedEnd(fs, rotated.path, rotated.lastSeq);
  // Absent at the very start, and after a crash between the two halves of a rotation.
  if (fs.statSync(path, { throwIfNoEntry: false }) === undefined) {
    return { segment: new AuditSegment(fs, directory, name, before.seq + 1, 0), last: before, torn: undefined };
  }
  const lines = findWholeLines(fs, path);
  // Without a rotated file the beginning may have been archived elsewhere; `audit verify` asks for it.
  if (lines.first !== undefined && rotated !== undefined) assertContinues(path, lines.first, before);
  let torn: TornEnd | undefined;
  if (lines.bytes < lines.fileBytes) {
    const tornName = `${name}.torn-${formatMicros(nowMicros).replaceAll(/[-:]/g, "")}`;
    torn = { bytes: lines.fileBytes - lines.bytes, file: cutTornEnd(fs, directory, path, lines, tornName) };
  }
  const last = lines.last ?? before;
  const firstSeq = lines.first?.seq ?? last.seq + 1;
  return { segment: new AuditSegment(fs, directory, name, firstSeq, lines.bytes), last, torn };
}

const closed = -1;

interface OpenFile {
  readonly fd: number;
  readonly ino: number;
  readonly dev: number;
}

export class AuditSegment {
  readonly path: string;
  readonly #fs: AuditFs;
  readonly #directory: string;
  readonly #name: string;
  #file: OpenFile;
  #firstSeq: number;
  #bytes: number;

  constructor(fs: AuditFs, directory: string, name: string, firstSeq: number, bytes: number) {
    this.path = currentPath(directory, name);
    this.#fs = fs;
    this.#directory = directory;
    this.#name = name;
    this.#firstSeq = firstSeq;
    this.#bytes = bytes;
    this.#file = this.#openForAppend("a");
  }

  get bytes(): number {
    return this.#bytes;
  }

  get descriptor(): number {
    return this.#file.fd;
  }

  write(bytes: Uint8Array): void {
    writeFully(this.#fs, this.#file.fd, bytes);
    this.#bytes += bytes.length;
  }

  /** Sets the full file aside under its final name and goes on in a new one. No sync may be running. */
  rotate(lastSeq: number): void {
    this.#fs.fdatasyncSync(this.#file.fd);
    const target = rotatedPath(this.#directory, this.#name, this.#firstSeq, lastSeq);
    // rename(2) would replace it. Nobody else writes here: we hold the lock.
    if (this.#fs.statSync(target, { throwIfNoEntry: false }) !== undefined) {
      throw damaged(target, "exists already");
    }
    this.#fs.renameSync(this.path, target);
    this.close();
    this.#file = this.#openForAppend("ax");
    this.#firstSeq = lastSeq + 1;
    this.#bytes = 0;
  }

  /**
   * A log that was moved, deleted, truncated or written to by others still takes our writes without an error,
   * into a file that nobody will find.
   */
  assertInPlace(): void {
    const named = this.#fs.statSync(this.path, { throwIfNoEntry: false });
    if (named === undefined || named.ino !== this.#file.ino || named.dev !== this.#file.dev) {
      throw new Error(`${this.path} was moved or deleted while it was being written`);
    }
    if (named.size !== this.#bytes) {
      throw new Error(`${this.path} has ${named.size} bytes instead of ${this.#bytes}: something else changed it`);
    }
  }

  close(): void {
    const { fd } = this.#file;
    if (fd === closed) return;
    // First, so that a descriptor number the system has handed to somebody else is never closed again.
    this.#file = { ...this.#file, fd: closed };
    this.#fs.closeSync(fd);
  }

  /** Returns once the file's name is durable and so is everything in it that an earlier process left unsynced. */
  #openForAppend(flags: "a" | "ax"): OpenFile {
    const fd = this.#fs.openSync(this.path, flags, logFileMode);
    try {
      this.#fs.fdatasyncSync(fd);
      syncDirectory(this.#fs, dirname(this.path));
      const { ino, dev } = this.#fs.fstatSync(fd);
      return { fd, ino, dev };
    } catch (error) {
      this.#fs.closeSync(fd);
      throw error;
    }
  }
}
