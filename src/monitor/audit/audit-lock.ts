/**
 * One process writes a log. The lock belongs to the kernel: SQLite, which is part of Node, takes POSIX record
 * locks (fcntl) on an empty file that never gets any content. They vanish with the process however it ends, hold across
 * containers that share the volume, and need none of what makes pid files wrong: no stale lock to judge, no reused
 * pid, no race between two that take over. A second open in the same process is refused as well (SQLite keeps count
 * of its own locks by inode).
 *
 * POSIX drops a process's locks on a file when the process closes *any* descriptor of it. Nothing else
 * here may therefore ever open the lock file.
 */
import { readFileSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { AuditLogError } from "./audit-files.ts";

/** SQLite's code for "somebody else has it". */
const sqliteBusy = 5;

/** Takes the lock or throws; the result gives it back. */
export type AcquireLock = (path: string) => () => void;

export function acquireLock(path: string): () => void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database?.close();
    throw toLockError(path, error);
  }
  const held = database;
  return () => held.close();
}

function toLockError(path: string, error: unknown): AuditLogError {
  const isBusy = error instanceof Error && "errcode" in error && error.errcode === sqliteBusy;
  if (!isBusy) return new AuditLogError("AUDIT_LOCKED", `cannot lock the audit log with ${path}`, { cause: error });
  return new AuditLogError(
    "AUDIT_LOCKED",
    `the audit log is being written by ${describeHolder(path)}: ${path} is locked. ` +
      "Stop that process, or give this one its own LOG_DIR. Deleting the lock file does not help and is not safe.",
    { cause: error },
  );
}

/** Linux lists who holds which lock as `1: POSIX  ADVISORY  WRITE <pid> <major>:<minor>:<inode> …`. */
function describeHolder(path: string): string {
  try {
    const inode = String(statSync(path).ino);
    for (const line of readFileSync("/proc/locks", "utf8").split("\n")) {
      const [, , , , pid, file] = line.trim().split(/\s+/);
      if (pid !== undefined && Number(pid) > 0 && file?.split(":")[2] === inode) return `process ${pid}`;
    }
  } catch {
    // Only the wording depends on it, and /proc exists on Linux only.
    return "another process";
  }
  return "another process";
}
