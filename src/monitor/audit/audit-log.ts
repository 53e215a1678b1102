/**
 * The audit log: an answer may leave when its record is in the log, and not before. `openAuditLog` recovers what a crash left
 * behind; group-commit.ts does the rest.
 */
import * as nodeFs from "node:fs";
import { join } from "node:path";
import { createDirectory } from "../../disk/durable-write.ts";
import type { Clock } from "../../domain/clock.ts";
import type { UnavailableError } from "../../domain/errors.ts";
import type { Pending } from "../../domain/pending.ts";
import { formatMicros } from "../../domain/timestamp.ts";
import { type AuditFs, assertLogName, defaultLogName } from "./audit-files.ts";
import { type AcquireLock, acquireLock } from "./audit-lock.ts";
import type { AuditBody } from "./audit-record.ts";
import { type OpenedSegment, openSegment, type TornEnd } from "./audit-segment.ts";
import type { EncodedBody } from "./encoded-body.ts";
import { GroupCommitLog } from "./group-commit.ts";

export type AuditDurability = "strict" | "os";

export interface AuditLogOptions {
  /** Created when it does not exist. */
  readonly directory: string;
  readonly clock: Clock;
  /** Base name of the files; one for each writing process. @default "predictions" */
  readonly name?: string;
  /** @default "strict" */
  readonly durability?: AuditDurability;
  /** Told once, when the log has turned unhealthy. Must not throw. */
  readonly onFailure?: (error: UnavailableError) => void;
  /** Told of every sync: how long it took and how many records it made durable. Must not throw. */
  readonly onSync?: (durationMs: number, records: number) => void;
  /** Records that may wait for a sync. @default 8192: more than a second of answers at the service's best rate */
  readonly queueLengthMax?: number;
  /** Bytes that may wait for a sync before the queue counts as full. @default 64 MiB */
  readonly queueBytesMax?: number;
  /** Size of one line. @default 1 MiB: several hundred times a usual decision */
  readonly recordBytesMax?: number;
  /** Size at which the file is set aside and a new one begun. @default 256 MiB: about 200 000 decisions */
  readonly rotateBytes?: number;
  /** Longest time an `os` record stays unsynced. @default 1000 */
  readonly backgroundSyncIntervalMs?: number;
  /** All threads of the process share one core. @default as the system says */
  readonly hasOneCore?: boolean;
  /** @default node:fs */
  readonly fs?: AuditFs;
  /** @default the kernel's, see audit-lock.ts */
  readonly acquireLock?: AcquireLock;
  /** Runs a task later without keeping the process alive. @default setTimeout */
  readonly schedule?: (task: () => void, delayMs: number) => void;
}

export interface AuditStats {
  /** The file being written. */
  readonly path: string;
  readonly durability: AuditDurability;
  readonly healthy: boolean;
  /** The last record that is as durable as was asked for; 0 and 64 zeros when there is none. */
  readonly lastSeq: number;
  readonly lastHash: string;
  /** Records accepted whose callers still wait. */
  readonly queueDepth: number;
  /** Size of the file being written. */
  readonly fileBytes: number;
  readonly syncs: number;
  /** Duration of the last finished sync; undefined before the first. */
  readonly lastSyncMs: number | undefined;
  /** Age of the sync that runs now, 0 when none does: a disk that hangs shows here first. */
  readonly syncRunningMs: number;
  /** Failed writes and syncs: 0, or 1 for ever. */
  readonly failures: number;
  /** Records refused because the log was unhealthy, closed or its queue full, or because their group failed. */
  readonly refused: number;
  /** What recovery cut off when the log was opened. */
  readonly torn: TornEnd | undefined;
}

export interface AppendOptions {
  /**
   * `os`: leaves the record to be written together with others, by `flush`, which must have returned before the answer leaves. `strict` collects
   * anyway. @default false
   */
  readonly isWrittenLater?: boolean;
}

export interface AuditLog {
  /**
   * Adds a record. The answer may leave when what is returned is done, or at once when nothing is (`os`).
   * Throws, and adds nothing: UnavailableError when the log is unhealthy or closed, OverloadedError when the queue is full,
   * RangeError when the record is too large, TypeError when the body is no record. What is returned fails with UnavailableError.
   */
  add(body: AuditBody | EncodedBody, options?: AppendOptions): Pending | undefined;
  /** As `add`, for who has nothing to do meanwhile. */
  append(body: AuditBody | EncodedBody, options?: AppendOptions): Promise<void> | undefined;
  /** Writes what was added to be written later. Throws UnavailableError; then none of it may be answered. */
  flush(): void;
  /** False from the first failed write or sync on, for ever. */
  readonly healthy: boolean;
  stats(): AuditStats;
  /** Adds `lastRecord` if given, waits until everything is on disk and releases the log. Rejects when the log is unhealthy. */
  close(lastRecord?: AuditBody): Promise<void>;
}

/** Rejects with AuditLogError when the log is in use or cannot be continued safely. */
export async function openAuditLog(options: AuditLogOptions): Promise<AuditLog> {
  const { directory, clock, name = defaultLogName, fs = nodeFs } = options;
  assertLogName(name);
  createDirectory(fs, directory);
  const release = (options.acquireLock ?? acquireLock)(join(directory, `${name}.lock`));
  let opened: OpenedSegment | undefined;
  try {
    opened = openSegment(fs, directory, name, clock.nowMicros());
    const log = new GroupCommitLog(options, fs, opened, release);
    if (opened.torn !== undefined) await recordTornEnd(log, opened.torn, clock);
    return log;
  } catch (error) {
    opened?.segment.close();
    release();
    throw error;
  }
}

async function recordTornEnd(log: GroupCommitLog, torn: TornEnd, clock: Clock): Promise<void> {
  log.append({
    kind: "recovery",
    timestamp: formatMicros(clock.nowMicros()),
    torn_bytes: torn.bytes,
    torn_file: torn.file,
  });
  await log.sync();
}
