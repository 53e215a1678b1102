/**
 * A file of records, one a line, that is only ever appended to; its last whole line is the state in force. Simpler and safer
 * than replacing a file by rename: state and history are one write, so they cannot disagree after a crash, nothing that
 * was acknowledged is ever written over, and a crash can only tear the end, which was never acknowledged.
 *
 * A line is acknowledged when fdatasync has returned; what a crash leaves of one that was not is told in record-recovery.ts.
 *
 * After a failed sync nothing is tried again: the kernel drops the pages it could not write, and a second fdatasync succeeds
 * without them (PostgreSQL learned this in 2018). A failed *write* (a full disk) is undone, and may be tried again.
 */
import { dirname } from "node:path";
import { createDirectory, syncDirectory, writeFully } from "../disk/durable-write.ts";
import { ConflictError, MlError, UnavailableError } from "../domain/errors.ts";
import type { RecordFs } from "./record-fs.ts";
import { writeRecordLine } from "./record-line.ts";
import { ConfigFileError, messageOf, type RecordReader, recoverRecords } from "./record-recovery.ts";

const fileMode = 0o640;

/** What becomes of a line whose sync failed, so that it is on the disk or not. */
export type AfterFailedSync = "undo" | "keep";

/** What opening a file needs. */
export interface OpenRecordFileOptions {
  readonly fs: RecordFs;
  readonly path: string;
  /** Called with every record in order. */
  readonly onRecord: RecordReader;
}

/**
 * Opens a file and reads all of it; creates it, and its directory, when it does not exist.
 *
 * @throws ConfigFileError when a whole line is damaged or cannot be read.
 */
export function openRecordFile({ fs, path, onRecord }: OpenRecordFileOptions): RecordFile {
  let fd: number | undefined;
  try {
    createDirectory(fs, dirname(path));
    fd = fs.openSync(path, "a", fileMode);
    syncDirectory(fs, dirname(path));
    const content = fs.readFileSync(path);
    const { bytes, records } = recoverRecords(path, content, onRecord);
    if (bytes < content.length) fs.ftruncateSync(fd, bytes);
    // A process that was killed may have left its last line unsynced; from here on we build on it.
    fs.fdatasyncSync(fd);
    return new RecordFile(fs, path, { fd, bytes, records, tornBytes: content.length - bytes });
  } catch (cause) {
    if (fd !== undefined) fs.closeSync(fd);
    if (cause instanceof MlError) throw cause;
    throw new ConfigFileError("CONFIG_UNREADABLE", `cannot open ${path}: ${messageOf(cause)}`, { cause });
  }
}

interface OpenedFile {
  readonly fd: number;
  readonly bytes: number;
  readonly records: number;
  readonly tornBytes: number;
}

/** An open file. Its owner appends one record at a time. */
export class RecordFile {
  readonly path: string;
  /** What opening cut off. */
  readonly tornBytes: number;
  readonly #fs: RecordFs;
  readonly #fd: number;
  #bytes: number;
  #records: number;
  #isAppending = false;
  #failure: UnavailableError | undefined;

  constructor(fs: RecordFs, path: string, opened: OpenedFile) {
    this.path = path;
    this.tornBytes = opened.tornBytes;
    this.#fs = fs;
    this.#fd = opened.fd;
    this.#bytes = opened.bytes;
    this.#records = opened.records;
  }

  /** Records in the file. */
  get records(): number {
    return this.#records;
  }

  /**
   * Resolves when the record is on disk.
   *
   * @throws ConflictError when another process wrote to the file.
   * @throws UnavailableError when the disk refuses it.
   */
  async append(record: unknown, afterFailedSync: AfterFailedSync = "undo"): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isAppending) throw new Error("records are appended one at a time");
    this.#isAppending = true;
    try {
      const line = writeRecordLine(this.#records + 1, record);
      this.#assertInPlace(this.#bytes);
      this.#write(line);
      await this.#sync(afterFailedSync);
      this.#bytes += line.length;
      this.#records += 1;
      this.#confirmAlone();
    } finally {
      this.#isAppending = false;
    }
  }

  /** Nothing may be appended at the time, nor afterwards. */
  close(): void {
    if (this.#isAppending) throw new Error("a record is being appended");
    if (this.#failure?.reason === "CONFIG_CLOSED") return;
    this.#failure = new UnavailableError(`${this.path} is closed`, "CONFIG_CLOSED");
    this.#fs.closeSync(this.#fd);
  }

  #write(line: Uint8Array): void {
    try {
      writeFully(this.#fs, this.#fd, line);
    } catch (cause) {
      this.#undo();
      throw unavailable(this.path, cause);
    }
  }

  async #sync(afterFailedSync: AfterFailedSync): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.#fs.fdatasync(this.#fd, (error) => (error === null ? resolve() : reject(error)));
      });
    } catch (cause) {
      this.#failure = unavailable(this.path, cause);
      if (afterFailedSync === "undo") this.#undo();
      throw this.#failure;
    }
  }

  /** Takes an unacknowledged line back, so that a restart does not find what its caller was refused. */
  #undo(): void {
    try {
      this.#fs.ftruncateSync(this.#fd, this.#bytes);
    } catch (cause) {
      // The line may stay, whole or torn; opening deals with both. But nothing may be appended behind it.
      this.#failure = unavailable(this.path, cause);
    }
  }

  /** A file that was moved, deleted, truncated or written to by others would still take our line without an error. */
  #assertInPlace(bytes: number): void {
    const ours = this.#fs.fstatSync(this.#fd);
    const named = this.#fs.statSync(this.path, { throwIfNoEntry: false });
    if (named !== undefined && named.ino === ours.ino && named.dev === ours.dev && named.size === bytes) return;
    throw new ConflictError(
      `${this.path} was changed by something else; only one process may own its directory. Restart this one to go on.`,
      "CONFIG_FILE_CHANGED",
    );
  }

  /** Two processes that pass the check at the same moment both write: neither may go on as if it were alone. */
  #confirmAlone(): void {
    try {
      this.#assertInPlace(this.#bytes);
    } catch (cause) {
      this.#failure = unavailable(this.path, cause);
      throw cause;
    }
  }
}

function unavailable(path: string, cause: unknown): UnavailableError {
  return new UnavailableError(`${path} cannot be written`, "CONFIG_UNAVAILABLE", undefined, { cause });
}
