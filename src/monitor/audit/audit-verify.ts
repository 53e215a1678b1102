/**
 * Proves that a log is what was written: every line is JSON, matches its hash and follows the one before, across rotated files. Stops at
 * the first break, because nothing behind it is proven.
 *
 * A chain proves its own inside. That records were cut off at its end, or that all of it was written anew, only shows against something kept
 * elsewhere: an auditor notes `lastSeq` and `lastHash` of a report and hands them to the next verification as an anchor.
 */
import { open } from "node:fs/promises";
import { AuditLogError, defaultLogName } from "./audit-files.ts";
import { type AuditFile, type AuditLine, openAuditFiles, readLines } from "./audit-lines.ts";
import {
  type AuditRecord,
  type ChainLink,
  type ChainPosition,
  expectedHash,
  genesis,
  parseRecord,
  readChainLink,
} from "./audit-record.ts";

export type AuditBreakReason =
  | "malformed" // the line does not end in the chain fields
  | "hash" // the line is not the one that was hashed
  | "seq" // a record is missing, repeated or out of place
  | "prev_hash" // the record before was another one
  | "json" // hashed as it stands, but no JSON object with a kind
  | "torn" // no newline at the end of a file that was finished
  | "file_name" // a rotated file does not hold the records its name promises
  | "anchor"; // the record that was seen earlier is not there any more

export interface AuditBreak {
  readonly reason: AuditBreakReason;
  readonly file: string;
  /** From 1; 0 when the file as a whole is meant. */
  readonly line: number;
  readonly expected: string;
  readonly found: string;
}

export interface AuditReport {
  /** `torn`: everything is intact but an unfinished line at the end, which the next start of the service cuts off. */
  readonly status: "intact" | "torn" | "broken";
  /** Files read, oldest first. */
  readonly files: readonly string[];
  /** Records proven. */
  readonly records: number;
  readonly countsByKind: Readonly<Record<string, number>>;
  /** 0 when there is none. */
  readonly firstSeq: number;
  /** Of the last record proven; 0 and 64 zeros when there is none. */
  readonly lastSeq: number;
  readonly lastHash: string;
  readonly firstBreak?: AuditBreak;
  readonly tornTail?: { readonly file: string; readonly line: number; readonly bytes: number };
}

export interface AuditVerifyOptions {
  /** @default "predictions" */
  readonly name?: string;
  /** The record before the first one, when earlier files were archived. @default the beginning of a chain */
  readonly after?: ChainPosition;
  /** Records seen by earlier verifications; they must still be there. @default none */
  readonly anchors?: readonly ChainPosition[];
  /** Told of every record that is proven, in order. Must not throw. @default nobody */
  readonly onRecord?: (record: AuditRecord) => void;
}

/** Verifies the log in a directory, or these files in this order. Rejects with AuditLogError when there is no log. */
export async function verifyAuditLog(
  source: string | readonly string[],
  options: AuditVerifyOptions = {},
): Promise<AuditReport> {
  const files = typeof source === "string" ? openAuditFiles(source, options.name ?? defaultLogName) : openFiles(source);
  const verification = new Verification(options);
  for await (const file of files) {
    if (!(await verification.readFile(file))) break;
  }
  return verification.finish(typeof source === "string" ? source : source.join(", "));
}

async function* openFiles(paths: readonly string[]): AsyncGenerator<AuditFile> {
  for (const path of paths) {
    const handle = await open(path, "r");
    try {
      const [, first, last] = /-(\d+)-(\d+)\.jsonl$/.exec(path) ?? [];
      const promised =
        first === undefined || last === undefined ? undefined : { firstSeq: Number(first), lastSeq: Number(last) };
      yield { path, handle, promised };
    } finally {
      await handle.close();
    }
  }
}

class Verification {
  readonly #files: string[] = [];
  readonly #countsByKind = new Map<string, number>();
  /** Hashes by seq; when two contradict each other, the log cannot agree with both. */
  readonly #anchors = new Map<number, string[]>();
  readonly #onRecord: ((record: AuditRecord) => void) | undefined;
  readonly #start: ChainPosition;
  #last: ChainPosition;
  #break: AuditBreak | undefined;
  #tornTail: AuditReport["tornTail"];

  constructor({ after = genesis, anchors = [], onRecord }: AuditVerifyOptions) {
    this.#start = after;
    this.#last = after;
    for (const { seq, hash } of anchors) this.#anchors.set(seq, [...(this.#anchors.get(seq) ?? []), hash]);
    this.#onRecord = onRecord;
  }

  /** Whether the file is intact and the next one may follow. */
  async readFile(file: AuditFile): Promise<boolean> {
    // A torn end is one only at the very end.
    if (this.#tornTail !== undefined) {
      const { file: torn, line, bytes } = this.#tornTail;
      return this.#fail({
        reason: "torn",
        file: torn,
        line,
        expected: "a newline",
        found: `${bytes} bytes without one`,
      });
    }
    this.#files.push(file.path);
    if (file.promised !== undefined && file.promised.firstSeq !== this.#last.seq + 1) {
      const found = `seq ${file.promised.firstSeq} in its name`;
      return this.#fail({ reason: "seq", file: file.path, line: 0, expected: `seq ${this.#last.seq + 1}`, found });
    }
    for await (const line of readLines(file)) {
      if (!line.isWhole) this.#tornTail = { file: file.path, line: line.number, bytes: line.bytes.length };
      else if (!this.#readLine(file.path, line)) return false;
    }
    if (file.promised === undefined) return true;
    return this.#checkPromise(file.path, file.promised.lastSeq);
  }

  finish(source: string): AuditReport {
    if (this.#files.length === 0) throw new AuditLogError("AUDIT_DAMAGED", `there is no audit log in ${source}`);
    const seenSeq = Math.max(0, ...this.#anchors.keys());
    if (this.#break === undefined && seenSeq > this.#last.seq) {
      const expected = `seq ${seenSeq}`;
      const found = `the end at seq ${this.#last.seq}`;
      this.#fail({ reason: "anchor", file: this.#files.at(-1) ?? source, line: 0, expected, found });
    }
    const records = this.#last.seq - this.#start.seq;
    return {
      status: this.#break !== undefined ? "broken" : this.#tornTail !== undefined ? "torn" : "intact",
      files: this.#files,
      records,
      countsByKind: Object.fromEntries(this.#countsByKind),
      firstSeq: records === 0 ? 0 : this.#start.seq + 1,
      lastSeq: this.#last.seq,
      lastHash: this.#last.hash,
      ...(this.#break === undefined ? {} : { firstBreak: this.#break }),
      ...(this.#tornTail === undefined ? {} : { tornTail: this.#tornTail }),
    };
  }

  #readLine(file: string, line: AuditLine): boolean {
    const at = { file, line: line.number };
    const link = readChainLink(line.bytes);
    if (link === undefined) {
      return this.#fail({
        ...at,
        reason: "malformed",
        expected: "seq, prev_hash, hash at the end",
        found: excerpt(line),
      });
    }
    const hash = expectedHash(line.bytes);
    if (link.hash !== hash) return this.#fail({ ...at, reason: "hash", expected: hash, found: link.hash });
    const broken = this.#findChainBreak(link);
    if (broken !== undefined) return this.#fail({ ...at, ...broken });
    const record = parseRecord(line.bytes, link);
    if (record === undefined) {
      return this.#fail({ ...at, reason: "json", expected: "a JSON object with a kind", found: excerpt(line) });
    }
    this.#countsByKind.set(record.kind, (this.#countsByKind.get(record.kind) ?? 0) + 1);
    this.#last = { seq: link.seq, hash: link.hash };
    this.#onRecord?.(record);
    return true;
  }

  #findChainBreak(link: ChainLink): Pick<AuditBreak, "reason" | "expected" | "found"> | undefined {
    const { seq, hash } = this.#last;
    if (link.seq !== seq + 1) return { reason: "seq", expected: `seq ${seq + 1}`, found: `seq ${link.seq}` };
    if (link.prevHash !== hash) return { reason: "prev_hash", expected: hash, found: link.prevHash };
    const seenHash = this.#anchors.get(link.seq)?.find((each) => each !== link.hash);
    if (seenHash !== undefined) return { reason: "anchor", expected: seenHash, found: link.hash };
    return undefined;
  }

  #checkPromise(file: string, lastSeq: number): boolean {
    if (this.#tornTail !== undefined) {
      const { line, bytes } = this.#tornTail;
      return this.#fail({ reason: "torn", file, line, expected: "a newline", found: `${bytes} bytes without one` });
    }
    if (this.#last.seq === lastSeq) return true;
    const found = `seq ${this.#last.seq} as its last`;
    return this.#fail({ reason: "file_name", file, line: 0, expected: `seq ${lastSeq} as its last`, found });
  }

  #fail(broken: AuditBreak): false {
    this.#break = broken;
    return false;
  }
}

function excerpt(line: AuditLine): string {
  return JSON.stringify(line.bytes.toString("latin1", Math.max(0, line.bytes.length - 80)));
}
