/** Lines of audit files, forwards and backwards, in bounded memory and without blocking the event loop for long. */
import { type FileHandle, open, readdir } from "node:fs/promises";
import { AuditLogError, currentPath, toRotatedFiles } from "./audit-files.ts";

/** About 50 records: half a millisecond of hashing and parsing between two reads. */
const blockBytes = 64 * 1024;

/** Longer than any line the log writes; a reader must not buffer a file that has no line ends. */
const lineBytesMax = 64 * 1024 * 1024;

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
  let number = 0;
  let rest: Buffer = Buffer.alloc(0);
  for (let position = 0; position < size; ) {
    const block = await readBlock(file.handle, position, Math.min(blockBytes, size - position));
    if (block.length === 0) break;
    position += block.length;
    let start = 0;
    for (let end = block.indexOf(newline); end >= 0; end = block.indexOf(newline, start)) {
      const piece = block.subarray(start, end);
      number += 1;
      yield { number, bytes: rest.length === 0 ? piece : Buffer.concat([rest, piece]), isWhole: true };
      rest = Buffer.alloc(0);
      start = end + 1;
    }
    rest = Buffer.concat([rest, block.subarray(start)]);
    assertLineLength(file.path, rest);
  }
  if (rest.length > 0) yield { number: number + 1, bytes: rest, isWhole: false };
}

/** The whole lines of a file, last to first. */
export async function* readLinesBackwards(file: Pick<AuditFile, "path" | "handle">): AsyncGenerator<Buffer> {
  let position = (await file.handle.stat()).size;
  // What stands before the earliest newline seen: the end of a line whose beginning is in an earlier block.
  let rest: Buffer = Buffer.alloc(0);
  let isBehindLastNewline = true;
  while (position > 0) {
    const length = Math.min(blockBytes, position);
    position -= length;
    const joined = Buffer.concat([await readBlock(file.handle, position, length), rest]);
    let end = joined.length;
    for (
      let at = joined.lastIndexOf(newline, length - 1);
      at >= 0;
      at = at === 0 ? -1 : joined.lastIndexOf(newline, at - 1)
    ) {
      if (!isBehindLastNewline) yield joined.subarray(at + 1, end);
      isBehindLastNewline = false;
      end = at;
    }
    rest = joined.subarray(0, end);
    assertLineLength(file.path, rest);
  }
  if (!isBehindLastNewline) yield rest;
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

function assertLineLength(path: string, line: Buffer): void {
  if (line.length <= lineBytesMax) return;
  throw new AuditLogError("AUDIT_DAMAGED", `${path} has a line of more than ${lineBytesMax} bytes`);
}
