/**
 * One line of the audit log.
 *
 *     {"kind":"decision",…,"seq":7,"prev_hash":"<64 hex>","hash":"<64 hex>"}\n
 *
 * `seq` counts from 1 without holes. `prev_hash` is the `hash` of the record before, 64 zeros for the first.
 * `hash` is SHA-256, in lower-case hex, of the line's bytes before `,"hash":"`. That suffix is 75 bytes long
 * (`,"hash":"` 9, digest 64, `"}` 2), so an auditor needs no JSON parser and no knowledge of key order:
 *
 *     sed -n 7p predictions.jsonl | head -c -76 | sha256sum        # 76: the suffix and the newline
 *     hashlib.sha256(line.rstrip(b"\n")[:-75]).hexdigest()         # Python
 *
 * The three chain fields are the last of every line, so a body cannot imitate them.
 */
import { hash as digest } from "node:crypto";

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** What the caller records. Plain JSON: a non-finite number would become `null`, and `-0` becomes `0`. */
export interface AuditBody {
  /** What happened: `decision`, `admin`, `start`, `stop`, `recovery`, … */
  readonly kind: string;
  readonly [field: string]: JsonValue;
}

/** A place in the chain: the last record before it. */
export interface ChainPosition {
  /** Of the last record; 0 when there is none. */
  readonly seq: number;
  /** Of the last record; 64 zeros when there is none. */
  readonly hash: string;
}

/** The chain fields of one line. */
export interface ChainLink extends ChainPosition {
  readonly prevHash: string;
}

/** A record read back. `fields` is the whole line, chain fields included. */
export interface AuditRecord extends ChainLink {
  readonly kind: string;
  readonly fields: { readonly [key: string]: JsonValue };
}

/** Where a chain begins. */
export const genesis: ChainPosition = Object.freeze({ seq: 0, hash: "0".repeat(64) });

/** Length of `,"hash":"…"}`, the part of a line that its hash does not cover. */
export const hashSuffixBytes = 75;

/** The longest chain part: three fields, 64 digits twice and a 16-digit seq, rounded up. */
export const chainBytesMax = 256;

/** No line is longer, so a reader need not buffer a file that has no line ends. */
export const lineBytesMax = 64 * 1024 * 1024;

const chainPattern = /,"seq":([1-9]\d{0,15}),"prev_hash":"([0-9a-f]{64})","hash":"([0-9a-f]{64})"\}$/;
const reservedFields = ["seq", "prev_hash", "hash"] as const;

/** The body as JSON without its closing brace, so that the chain fields can follow. */
export function encodeBody(body: AuditBody): string {
  if (typeof body.kind !== "string") throw new TypeError("an audit record needs a kind");
  for (const field of reservedFields) {
    if (Object.hasOwn(body, field)) throw new TypeError(`an audit record must not bring its own ${field}`);
  }
  return JSON.stringify(body).slice(0, -1);
}

/** SHA-256 over the covered part of a line. */
export function hashOf(covered: Uint8Array): string {
  return digest("sha256", covered, "hex");
}

/** The chain fields of a line (without its newline), or undefined when it does not end in them. */
export function readChainLink(line: Buffer): ChainLink | undefined {
  const match = chainPattern.exec(line.toString("latin1", Math.max(0, line.length - chainBytesMax)));
  const [, seq, prevHash, hash] = match ?? [];
  if (seq === undefined || prevHash === undefined || hash === undefined) return undefined;
  const number = Number(seq);
  return Number.isSafeInteger(number) ? { seq: number, prevHash, hash } : undefined;
}

/** What the hash of this line ought to be. */
export function expectedHash(line: Buffer): string {
  return hashOf(line.subarray(0, line.length - hashSuffixBytes));
}

/** The record on a line whose chain link was read already, or undefined when the line is not a JSON object with a kind. */
export function parseRecord(line: Buffer, link: ChainLink): AuditRecord | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(line.toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (!isJsonObject(fields)) return undefined;
  const kind = fields["kind"];
  return typeof kind === "string" ? { ...link, kind, fields } : undefined;
}

function isJsonObject(value: unknown): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
