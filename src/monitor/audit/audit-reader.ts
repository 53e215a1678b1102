/** Reads records back, for replay and for asking what other thresholds would have decided. */
import { AuditLogError, defaultLogName } from "./audit-files.ts";
import { openAuditFiles, readLines, readLinesBackwards } from "./audit-lines.ts";
import {
  type AuditRecord,
  type ChainLink,
  type ChainPosition,
  expectedHash,
  parseRecord,
  readChainLink,
} from "./audit-record.ts";

export interface AuditReadOptions {
  /** @default "predictions" */
  readonly name?: string;
  /** Leaves out the records before this one. @default 1 */
  readonly fromSeq?: number;
  /** Only the newest so many, of the kind asked for. They are held in memory. @default all */
  readonly last?: number;
  /** Only records of this kind. @default all */
  readonly kind?: string;
}

/**
 * The records of a log, oldest first. A log that is being written may be read; an unfinished line at its end is left out.
 * Throws AuditLogError at a record that does not match its hash or its neighbour: a replay must not run on altered inputs.
 */
export function readAuditRecords(directory: string, options: AuditReadOptions = {}): AsyncGenerator<AuditRecord> {
  const { last } = options;
  if (last === undefined) return readForwards(directory, options);
  if (!Number.isSafeInteger(last) || last < 0) throw new RangeError(`last must be a whole number, not ${last}`);
  return readNewest(directory, options, last);
}

async function* readForwards(directory: string, options: AuditReadOptions): AsyncGenerator<AuditRecord> {
  const { name = defaultLogName, fromSeq = 1, kind } = options;
  let before: ChainPosition | undefined;
  for await (const file of openAuditFiles(directory, name)) {
    if (file.promised !== undefined && file.promised.lastSeq < fromSeq) continue;
    for await (const line of readLines(file)) {
      if (!line.isWhole) continue;
      const link = readChainLink(line.bytes);
      if (link !== undefined && link.seq < fromSeq) continue;
      const record = checkRecord(file.path, line.bytes, link);
      if (before !== undefined) assertFollows(file.path, before, record);
      before = record;
      if (kind === undefined || record.kind === kind) yield record;
    }
  }
}

async function* readNewest(directory: string, options: AuditReadOptions, last: number): AsyncGenerator<AuditRecord> {
  const found: AuditRecord[] = [];
  for await (const record of readAuditRecordsBackwards(directory, options)) {
    if (found.length >= last) break;
    found.push(record);
  }
  yield* found.reverse();
}

/** As {@link readAuditRecords}, newest first. */
export async function* readAuditRecordsBackwards(
  directory: string,
  options: Omit<AuditReadOptions, "last"> = {},
): AsyncGenerator<AuditRecord> {
  const { name = defaultLogName, fromSeq = 1, kind } = options;
  let after: AuditRecord | undefined;
  for await (const file of openAuditFiles(directory, name, "newest first")) {
    for await (const line of readLinesBackwards(file)) {
      const record = checkRecord(file.path, line, readChainLink(line));
      if (after !== undefined) assertFollows(file.path, record, after);
      if (record.seq < fromSeq) return;
      after = record;
      if (kind === undefined || record.kind === kind) yield record;
    }
  }
}

function checkRecord(path: string, line: Buffer, link: ChainLink | undefined): AuditRecord {
  const record = link !== undefined && link.hash === expectedHash(line) ? parseRecord(line, link) : undefined;
  if (record !== undefined) return record;
  const which = link === undefined ? "a line that is no record" : `seq ${link.seq} that does not match its hash`;
  throw new AuditLogError("AUDIT_DAMAGED", `${path} has ${which}; run \`ml-layer audit verify\``);
}

function assertFollows(path: string, before: ChainPosition, record: ChainLink): void {
  if (record.seq === before.seq + 1 && record.prevHash === before.hash) return;
  throw new AuditLogError(
    "AUDIT_DAMAGED",
    `${path}: seq ${record.seq} does not follow seq ${before.seq}; run \`ml-layer audit verify\``,
  );
}
