/**
 * What a crash can leave behind. An end without a newline is torn: the newline is written last. A power failure can besides
 * leave blocks that were never written, which read as zeros; our lines hold no zero byte, so a last line with one is torn too.
 * Whatever else does not fit its digest was altered or sits on a failing disk, and the file is refused rather than guessed at.
 */
import { MlError } from "../domain/errors.ts";
import { readRecordLine } from "./record-line.ts";

/** The files cannot be used as they are; the message says what to do. Stops the start, so no caller of the service sees it. */
export class ConfigFileError extends MlError {
  constructor(reason: "CONFIG_DAMAGED" | "CONFIG_UNREADABLE", message: string, options?: ErrorOptions) {
    super(reason, message, options);
  }
}

/** Takes a record. Throws what is wrong with one it cannot read. */
export type RecordReader = (record: unknown) => void;

const newline = 0x0a;

/** Reads every whole line; what follows them is torn.
 *
 * @throws ConfigFileError when a whole line cannot be trusted.
 */
export function recoverRecords(
  path: string,
  content: Buffer,
  onRecord: RecordReader,
): { bytes: number; records: number } {
  let bytes = 0;
  let records = 0;
  while (bytes < content.length) {
    const end = content.indexOf(newline, bytes);
    if (end === -1) break;
    const line = content.subarray(bytes, end);
    const read = readRecordLine(line, records + 1);
    if ("fault" in read) {
      const isLast = end === content.length - 1;
      if (isLast && line.includes(0)) break;
      throw damaged(path, records + 1, read.fault);
    }
    try {
      onRecord(read.record);
    } catch (cause) {
      throw damaged(path, records + 1, messageOf(cause), cause);
    }
    records += 1;
    bytes = end + 1;
  }
  return { bytes, records };
}

function damaged(path: string, line: number, fault: string, cause?: unknown): ConfigFileError {
  return new ConfigFileError(
    "CONFIG_DAMAGED",
    `line ${line} of ${path} cannot be trusted: ${fault}. It was altered, the disk is failing, or a later release wrote it. ` +
      "Restore the file from a backup; to go back to the last good state, keep a copy and cut the file in front of that line.",
    { cause },
  );
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
