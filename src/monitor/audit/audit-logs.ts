/**
 * The logs of one directory, read as one. A process that writes has a log of its own, so that each has one order and no process waits
 * for another: `predictions` is the service's, `predictions.w1`, `predictions.w2`, … are its workers'.
 */
import { readdir } from "node:fs/promises";
import { defaultLogName } from "./audit-files.ts";
import { readAuditRecords, readAuditRecordsBackwards } from "./audit-reader.ts";
import type { AuditRecord } from "./audit-record.ts";

export interface AuditLogsReadOptions {
  /** Only the newest so many, of the kind asked for. They are held in memory. @default all */
  readonly last?: number;
  /** Only records of this kind. @default all */
  readonly kind?: string;
}

/** A record, and the log it is of. */
export interface LoggedRecord extends AuditRecord {
  readonly log: string;
}

const filePattern = /^(predictions(?:\.w[1-9]\d*)?)(?:-\d+-\d+)?\.jsonl$/;

/** The name of a worker's log. @param worker from 1 */
export function workerLogName(worker: number): string {
  return `${defaultLogName}.w${worker}`;
}

/** Names of the logs in a directory: the service's, then its workers' by number, whether or not they run now. */
export async function listAuditLogs(directory: string): Promise<string[]> {
  const found = new Set<string>();
  for (const entry of await readdir(directory)) {
    const [, name] = filePattern.exec(entry) ?? [];
    if (name !== undefined) found.add(name);
  }
  return [...found].sort((one, other) => workerOf(one) - workerOf(other));
}

function workerOf(name: string): number {
  return name === defaultLogName ? 0 : Number(name.slice(defaultLogName.length + 2));
}

/**
 * The records of every log in a directory by their time, oldest first. Within a log their order is that of the chain. Throws as
 * {@link readAuditRecords} does.
 */
export async function* readAuditLogs(
  directory: string,
  options: AuditLogsReadOptions = {},
): AsyncGenerator<LoggedRecord> {
  const { last, ...rest } = options;
  if (last === undefined) {
    const logs = await listAuditLogs(directory);
    const sources = logs.map((name) => withLog(readAuditRecords(directory, { ...rest, name }), name));
    yield* merge(sources, (one, other) => timeOf(one) < timeOf(other));
    return;
  }
  if (!Number.isSafeInteger(last) || last < 0) throw new RangeError(`last must be a whole number, not ${last}`);
  const newest: LoggedRecord[] = [];
  if (last > 0) {
    for await (const record of readAuditLogsBackwards(directory, rest)) {
      newest.push(record);
      if (newest.length === last) break;
    }
  }
  yield* newest.reverse();
}

/** As {@link readAuditLogs}, newest first; nothing is held in memory. */
export async function* readAuditLogsBackwards(
  directory: string,
  options: Omit<AuditLogsReadOptions, "last"> = {},
): AsyncGenerator<LoggedRecord> {
  const logs = await listAuditLogs(directory);
  const sources = logs.map((name) => withLog(readAuditRecordsBackwards(directory, { ...options, name }), name));
  yield* merge(sources, (one, other) => timeOf(one) > timeOf(other));
}

async function* withLog(records: AsyncIterable<AuditRecord>, log: string): AsyncGenerator<LoggedRecord> {
  for await (const record of records) yield { ...record, log };
}

/** UTC to the microsecond in one format: the order of the text is the order of time. */
function timeOf({ fields }: AuditRecord): string {
  const { timestamp } = fields;
  return typeof timestamp === "string" ? timestamp : "";
}

/** Takes from each source in its own order, and from all of them whichever is first. */
async function* merge(
  sources: readonly AsyncGenerator<LoggedRecord>[],
  isFirst: (one: LoggedRecord, other: LoggedRecord) => boolean,
): AsyncGenerator<LoggedRecord> {
  const heads: { readonly source: AsyncGenerator<LoggedRecord>; head: LoggedRecord | undefined }[] = [];
  try {
    for (const source of sources) heads.push({ source, head: await nextOf(source) });
    for (;;) {
      let first: (typeof heads)[number] | undefined;
      for (const each of heads) {
        if (each.head === undefined) continue;
        if (first?.head === undefined || isFirst(each.head, first.head)) first = each;
      }
      if (first?.head === undefined) return;
      yield first.head;
      first.head = await nextOf(first.source);
    }
  } finally {
    // Neither who stops early nor a damaged log may leave the files of the others open.
    for (const source of sources) await source.return(undefined);
  }
}

async function nextOf(source: AsyncGenerator<LoggedRecord>): Promise<LoggedRecord | undefined> {
  const { done, value } = await source.next();
  return done === true ? undefined : value;
}
