/**
 * Finds where the chain goes on when a log is opened, and cuts off what a crash left half written. Reads the first line
 * and the last block of the current file, however large it is; `audit verify` reads everything.
 *
 * A crash of the process can only tear the end: lines are appended in order and the newline comes last. A power
 * failure can besides leave blocks that were never written, which read as zeros; our lines hold no zero byte, so a
 * line with one was never synced and everything from there on is cut too. A *whole* line that does not fit its hash is neither:
 * the log was altered or the disk is failing, and the log refuses to build on it.
 */
import { join } from "node:path";
import { syncDirectory, writeFully } from "../../disk/durable-write.ts";
import { type AuditFs, AuditLogError, logFileMode } from "./audit-files.ts";
import { type ChainLink, type ChainPosition, expectedHash, lineBytesMax, readChainLink } from "./audit-record.ts";

/** How much of the end is read and checked at first; doubled until it holds a whole line. */
const tailBytesUsual = 256 * 1024;

const newline = 0x0a;

/** The whole lines of a file. */
export interface WholeLines {
  /** Of the first line; undefined when there is no whole line. */
  readonly first: ChainLink | undefined;
  readonly last: ChainPosition | undefined;
  /** Bytes they take; what follows is torn. */
  readonly bytes: number;
  readonly fileBytes: number;
}

/** Reads where the whole lines of a file end. Changes nothing. */
export function findWholeLines(fs: AuditFs, path: string): WholeLines {
  const fd = fs.openSync(path, "r");
  try {
    const fileBytes = fs.fstatSync(fd).size;
    const tail = readTail(fs, fd, fileBytes, path);
    const first = tail.last === undefined ? undefined : readFirstLink(fs, fd, tail.bytes, path);
    return { first, last: tail.last, bytes: tail.bytes, fileBytes };
  } finally {
    fs.closeSync(fd);
  }
}

/** Refuses a file that does not go on where the one before it ended. */
export function assertContinues(path: string, first: ChainLink, before: ChainPosition): void {
  if (first.seq === before.seq + 1 && first.prevHash === before.hash) return;
  throw damaged(
    path,
    `begins with seq ${first.seq} after ${first.prevHash}, but the file before it ends with seq ${before.seq} and ${before.hash}`,
  );
}

/** Moves everything behind the whole lines to a file of its own and returns that file's name. */
export function cutTornEnd(fs: AuditFs, directory: string, path: string, lines: WholeLines, tornName: string): string {
  const source = fs.openSync(path, "r+");
  try {
    const torn = readAt(fs, source, lines.bytes, lines.fileBytes - lines.bytes);
    const name = saveTorn(fs, directory, tornName, torn);
    // Durable with the sync that opening for append begins with; were it lost, the same end would be cut off again.
    fs.ftruncateSync(source, lines.bytes);
    return name;
  } finally {
    fs.closeSync(source);
  }
}

export function damaged(path: string, what: string): AuditLogError {
  return new AuditLogError(
    "AUDIT_DAMAGED",
    `the audit log ${path} ${what}. It was altered or the disk is failing, so nothing is appended to it. Run ` +
      "`ml-layer audit verify` for the first bad line, keep the whole directory as evidence, then start with an empty LOG_DIR or restore it.",
  );
}

interface Tail {
  readonly last: ChainPosition | undefined;
  readonly bytes: number;
}

function readTail(fs: AuditFs, fd: number, fileBytes: number, path: string): Tail {
  for (let wanted = tailBytesUsual; ; wanted *= 2) {
    const length = Math.min(wanted, fileBytes);
    const start = fileBytes - length;
    const block = readAt(fs, fd, start, length);
    // In the middle of a file the block begins inside a line; that line's start is not ours to judge.
    const from = start === 0 ? 0 : block.indexOf(newline) + 1;
    const tail = checkLines(block, from, start, path);
    if (start === 0 || tail.last !== undefined) return tail;
    if (length >= lineBytesMax) throw damaged(path, `has no whole line in its last ${length} bytes`);
  }
}

/** Follows the chain through a block up to the first torn line. */
function checkLines(block: Buffer, from: number, blockStart: number, path: string): Tail {
  let last: ChainPosition | undefined;
  let start = from;
  for (;;) {
    const end = block.indexOf(newline, start);
    const line = block.subarray(start, end);
    if (end < 0 || line.includes(0)) return { last, bytes: blockStart + start };
    const link = readChainLink(line);
    if (link === undefined || link.hash !== expectedHash(line)) {
      throw damaged(path, `has a line that does not match its hash, ${blockStart + start} bytes from its beginning`);
    }
    if (last !== undefined && (link.seq !== last.seq + 1 || link.prevHash !== last.hash)) {
      throw damaged(path, `has seq ${link.seq} behind seq ${last.seq}, ${blockStart + start} bytes from its beginning`);
    }
    last = { seq: link.seq, hash: link.hash };
    start = end + 1;
  }
}

function readFirstLink(fs: AuditFs, fd: number, wholeBytes: number, path: string): ChainLink {
  for (let wanted = 4096; ; wanted *= 2) {
    const block = readAt(fs, fd, 0, Math.min(wanted, wholeBytes));
    const end = block.indexOf(newline);
    if (end < 0) continue;
    const line = block.subarray(0, end);
    const link = readChainLink(line);
    if (link === undefined || link.hash !== expectedHash(line)) {
      throw damaged(path, "has a first line that does not match its hash");
    }
    return link;
  }
}

function readAt(fs: AuditFs, fd: number, position: number, length: number): Buffer {
  const block = Buffer.allocUnsafe(length);
  let offset = 0;
  while (offset < length) {
    const read = fs.readSync(fd, block, offset, length - offset, position + offset);
    if (read <= 0) throw new Error(`file ended ${length - offset} bytes early while it was read`);
    offset += read;
  }
  return block;
}

/** Writes the torn bytes durably under the first free name. */
function saveTorn(fs: AuditFs, directory: string, tornName: string, torn: Buffer): string {
  const taken = new Set(fs.readdirSync(directory));
  let name = `${tornName}.bin`;
  for (let number = 2; taken.has(name); number += 1) name = `${tornName}-${number}.bin`;
  const fd = fs.openSync(join(directory, name), "wx", logFileMode);
  try {
    writeFully(fs, fd, torn);
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
  syncDirectory(fs, directory);
  return name;
}

/** Where the chain stood at the end of a rotated file. */
export function readRotatedEnd(fs: AuditFs, path: string, lastSeq: number): ChainPosition {
  const lines = findWholeLines(fs, path);
  if (lines.last === undefined || lines.bytes !== lines.fileBytes || lines.last.seq !== lastSeq) {
    throw damaged(path, `was rotated with seq ${lastSeq} as its last, but ends with ${lines.last?.seq ?? "no record"}`);
  }
  return lines.last;
}
