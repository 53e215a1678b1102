/**
 * One record as a line: `{"seq":3,"record":{…},"sha256":"<64 hex digits>"}` and a newline, where the digest covers every
 * byte in front of `,"sha256"`. The digest tells a damaged line from a whole one, the number tells whether a line before it is gone.
 */
import { hash } from "node:crypto";

const digestKey = ',"sha256":"';
const suffixBytes = digestKey.length + 64 + '"}'.length;

/** The bytes of a line, its newline included. */
export function writeRecordLine(seq: number, record: unknown): Uint8Array {
  const payload = `{"seq":${seq},"record":${JSON.stringify(record)}`;
  return Buffer.from(`${payload}${digestKey}${hash("sha256", payload, "hex")}"}\n`);
}

/**
 * Reads a line without its newline.
 *
 * @returns The record, or what is wrong with the line.
 */
export function readRecordLine(line: Buffer, seq: number): { readonly record: unknown } | { readonly fault: string } {
  const payload = line.subarray(0, Math.max(0, line.length - suffixBytes));
  const suffix = line.subarray(payload.length).toString("latin1");
  if (suffix !== `${digestKey}${hash("sha256", payload, "hex")}"}`) return { fault: "does not fit its own sha256" };
  const parsed: unknown = JSON.parse(`${payload.toString("utf8")}}`);
  if (typeof parsed !== "object" || parsed === null || !("seq" in parsed) || !("record" in parsed)) {
    return { fault: "holds no record" };
  }
  return parsed.seq === seq ? { record: parsed.record } : { fault: `has seq ${String(parsed.seq)} instead of ${seq}` };
}
