/**
 * Verifies every log of a directory, and holds them against one another: the service notes in its own log where each worker's log stood
 * when the worker started and when it ended, so records that were cut off a worker's log before that show, and so does a log that is gone.
 */
import { AuditLogError, defaultLogName } from "./audit-files.ts";
import { listAuditLogs } from "./audit-logs.ts";
import type { AuditRecord, ChainPosition } from "./audit-record.ts";
import { type AuditReport, verifyAuditLog } from "./audit-verify.ts";

/** The kind of the records that say where a worker's log stands. */
export const workerRecordKind = "worker";

/** A record of another log. */
export interface LogPosition extends ChainPosition {
  readonly log: string;
}

export interface LogReport extends AuditReport {
  readonly log: string;
}

export interface AuditLogsReport {
  /** Of the worst log. */
  readonly status: AuditReport["status"];
  /** Records proven, in all logs. */
  readonly records: number;
  /** One for each log, the service's first. */
  readonly logs: readonly LogReport[];
}

export interface AuditLogsVerifyOptions {
  /** The record before a log's first one, when earlier files were archived. */
  readonly after?: readonly LogPosition[];
  /** Records seen by an earlier verification; they must still be there. */
  readonly anchors?: readonly LogPosition[];
}

/** Rejects with AuditLogError when there is no log, or not one that is known to have been there. */
export async function verifyAuditLogs(
  directory: string,
  options: AuditLogsVerifyOptions = {},
): Promise<AuditLogsReport> {
  const { after = [], anchors = [] } = options;
  const names = await listAuditLogs(directory);
  if (names.length === 0) throw new AuditLogError("AUDIT_DAMAGED", `there is no audit log in ${directory}`);
  const noted: LogPosition[] = [];
  const logs: LogReport[] = [];
  for (const log of names) {
    const start = after.find((each) => each.log === log);
    const known = [...anchors, ...noted].filter((each) => each.log === log && each.seq > (start?.seq ?? 0));
    const report = await verifyAuditLog(directory, {
      name: log,
      anchors: known,
      ...(start !== undefined && { after: start }),
      ...(log === defaultLogName && {
        onRecord(record) {
          const position = readPosition(record);
          if (position !== undefined) noted.push(position);
        },
      }),
    });
    logs.push({ log, ...report });
  }
  const absent = [...anchors, ...noted].find(({ log, seq }) => seq > 0 && !names.includes(log));
  if (absent !== undefined) {
    throw new AuditLogError(
      "AUDIT_DAMAGED",
      `${directory} lacks the log ${absent.log}, which had ${absent.seq} records`,
    );
  }
  const statuses = logs.map(({ status }) => status);
  return {
    status: statuses.includes("broken") ? "broken" : statuses.includes("torn") ? "torn" : "intact",
    records: logs.reduce((sum, { records }) => sum + records, 0),
    logs,
  };
}

/** Where a worker's log stood, in a record that says so. */
function readPosition({ kind, fields }: AuditRecord): LogPosition | undefined {
  if (kind !== workerRecordKind) return undefined;
  const { log, log_seq: seq, log_hash: hash } = fields;
  if (typeof log !== "string" || typeof seq !== "number" || typeof hash !== "string") return undefined;
  return { log, seq, hash };
}
