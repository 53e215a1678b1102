/** Lines of audit files, forwards and backwards, in bounded memory and without blocking the event loop for long. */
import { type FileHandle, open, readdir } from "node:fs/promises";
import { AuditLogError, currentPath, toRotatedFiles } from "./audit-files.ts";
import { lineBytesMax } from "./audit-record.ts";

/** About 50 records: half a millisecond of hashing and parsing between two reads. */
const blockBytes = 64 * 1024;

const newline = 0x0a;

/** One file of a log, open for reading. */
export interface AuditFile {
  readonly path: string;
  readonly handle: FileHandle;
  /** The records that a rotated file's name promises; undefined for the current file. */
  readonly promised: { readonly firstSeq: number; readonly lastSeq: number } | undefined;
}

export interface AuditLine {
  /** From 1. */
  readonly number: number;
  /** Without the newline. */
  readonly bytes: Buffer;
  /** False for what stands behind the last newline. */
  readonly isWhole: boolean;
}

/**
 * Opens one file of a log after the other, and closes each when the next is asked for. The log may be written and rotated meanwhile:
 * what is read is what was there at the beginning.
 */
export async function* openAuditFiles(
  directory: string,
  name: string,
  order: "oldest first" | "newest first" = "oldest first",
): AsyncGenerator<AuditFile> {
  // Before the listing, so that records rotated in between are not lost; those that the listing has as well are skipped.
  const current = await openIfPresent(currentPath(directory, name));
  try {
    const currentInode = (await current?.stat())?.ino;
    const rotated = toRotatedFiles(directory, name, await readdir(directory));
    const newest: AuditFile[] =
      current === undefined ? [] : [{ path: currentPath(directory, name), handle: current, promised: undefined }];
    if (order === "newest first") {
      yield* newest;
      rotated.reverse();
    }
    for (const { path, firstSeq, lastSeq } of rotated) {
      const handle = await open(path, "r");
      try {
        if ((await handle.stat()).ino !== currentInode) yield { path, handle, promised: { firstSeq, lastSeq } };
      } finally {
        await handle.close();
      }
    }
    if (order === "oldest first") yield* newest;
  } finally {
    await current?.close();
  }
}

async function openIfPresent(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** The lines of a file as it is now, first to last. */
export async function* readLines(file: Pick<AuditFile, "path" | "handle">): AsyncGenerator<AuditLine> {
  const { size } = await file.handle.stat();
  const pending = new LineParts(file.path);
  let number = 0;
  for (let position = 0; position < size; ) {
    const block = await readBlock(file.handle, position, Math.min(blockBytes, size - position));
    if (block.length === 0) break;
    position += block.length;
    let start = 0;
    for (let end = block.indexOf(newline); end >= 0; end = block.indexOf(newline, start)) {
      number += 1;
      pending.push(block.subarray(start, end));
      yield { number, bytes: pending.take(), isWhole: true };
      start = end + 1;
    }
    pending.push(block.subarray(start));
  }
  if (pending.length > 0) yield { number: number + 1, bytes: pending.take(), isWhole: false };
}

/** The whole lines of a file, last to first. */
export async function* readLinesBackwards(file: Pick<AuditFile, "path" | "handle">): AsyncGenerator<Buffer> {
  const pending = new LineParts(file.path);
  let isBehindLastNewline = true;
  for (let position = (await file.handle.stat()).size; position > 0; ) {
    const length = Math.min(blockBytes, position);
    position -= length;
    const block = await readBlock(file.handle, position, length);
    let end = block.length;
    for (let at = block.lastIndexOf(newline); at >= 0; at = at === 0 ? -1 : block.lastIndexOf(newline, at - 1)) {
      pending.push(block.subarray(at + 1, end));
      const line = pending.takeReversed();
      if (!isBehindLastNewline) yield line;
      isBehindLastNewline = false;
      end = at;
    }
    pending.push(block.subarray(0, end));
  }
  if (!isBehindLastNewline) yield pending.takeReversed();
}

/** The parts of a line that spans blocks. Joined once, for joining at every block would take quadratic time. */
class LineParts {
  readonly #path: string;
  #parts: Buffer[] = [];
  #length = 0;

  constructor(path: string) {
    this.#path = path;
  }

  get length(): number {
    return this.#length;
  }

  push(part: Buffer): void {
    if (part.length === 0) return;
    this.#parts.push(part);
    this.#length += part.length;
    if (this.#length <= lineBytesMax) return;
    throw new AuditLogError("AUDIT_DAMAGED", `${this.#path} has a line of more than ${lineBytesMax} bytes`);
  }

  take(): Buffer {
    const [only] = this.#parts;
    const line = only !== undefined && this.#parts.length === 1 ? only : Buffer.concat(this.#parts, this.#length);
    this.#parts = [];
    this.#length = 0;
    return line;
  }

  takeReversed(): Buffer {
    this.#parts.reverse();
    return this.take();
  }
}

async function readBlock(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const block = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(block, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return block.subarray(0, filled);
}
