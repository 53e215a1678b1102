/**
 * A lock between processes on a file. It belongs to the kernel: SQLite, which is part of Node, takes POSIX record locks
 * (fcntl) on an empty file that never gets any content. They vanish with the process however it ends, hold across
 * containers that share the volume, and need none of what makes pid files wrong: no stale lock to judge, no reused pid,
 * no race between two that take over. A second open in the same process is refused as well (SQLite keeps count of its
 * own locks by inode).
 *
 * POSIX drops a process's locks on a file when the process closes *any* descriptor of it. Nothing else may therefore
 * ever open a lock file.
 */
import { readFileSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** SQLite's code for "somebody else has it". */
const sqliteBusy = 5;

/**
 * Takes the lock.
 *
 * @returns what gives it back, or undefined while another process has it
 * @throws the error of the file when it cannot be locked at all
 */
export function tryLockFile(path: string): (() => void) | undefined {
  let database: DatabaseSync | undefined;
  try {
    const opened = new DatabaseSync(path);
    database = opened;
    opened.exec("BEGIN EXCLUSIVE");
    return () => opened.close();
  } catch (cause) {
    database?.close();
    if (cause instanceof Error && "errcode" in cause && cause.errcode === sqliteBusy) return undefined;
    throw cause;
  }
}

/** Names the process that has the lock. Linux lists locks as `1: POSIX  ADVISORY  WRITE <pid> <major>:<minor>:<inode> …`. */
export function describeLockHolder(path: string): string {
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
