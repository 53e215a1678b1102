/** One process writes a log. */
import { describeLockHolder, tryLockFile } from "../../disk/file-lock.ts";
import { AuditLogError } from "./audit-files.ts";

/** Takes the lock or throws; the result gives it back. */
export type AcquireLock = (path: string) => () => void;

export function acquireLock(path: string): () => void {
  const release = tryLock(path);
  if (release !== undefined) return release;
  throw new AuditLogError(
    "AUDIT_LOCKED",
    `the audit log is being written by ${describeLockHolder(path)}: ${path} is locked. ` +
      "Stop that process, or give this one its own LOG_DIR. Deleting the lock file does not help and is not safe.",
  );
}

function tryLock(path: string): (() => void) | undefined {
  try {
    return tryLockFile(path);
  } catch (cause) {
    throw new AuditLogError("AUDIT_LOCKED", `cannot lock the audit log with ${path}`, { cause });
  }
}
