import * as fs from "node:fs";
import type { RecordFs } from "../../src/config/record-fs.ts";

export type FsOperation = keyof RecordFs;

/** The real file system, which counts its calls, fails on demand, and only pretends to sync; it can hold that back. */
export class FaultyFs implements RecordFs {
  readonly calls: FsOperation[] = [];
  /** Operations that fail, each with its error, until they are taken out. */
  readonly faults = new Map<FsOperation, Error>();
  /** write(2) takes at most so many bytes, then fails as if the disk were full. */
  freeBytes = Number.POSITIVE_INFINITY;
  /** While true, fdatasync does not end until `endSync` is called. */
  isHoldingSyncs = false;
  readonly #held: (() => void)[] = [];

  count(operation: FsOperation): number {
    return this.calls.filter((call) => call === operation).length;
  }

  /** Ends the oldest sync held. */
  endSync(): void {
    const end = this.#held.shift();
    if (end === undefined) throw new Error("no sync is running");
    end();
  }

  mkdirSync(path: string, options: { recursive: true; mode: number }): string | undefined {
    this.#enter("mkdirSync");
    return fs.mkdirSync(path, options);
  }

  openSync(path: string, flags: string, mode?: number): number {
    this.#enter("openSync");
    return fs.openSync(path, flags, mode);
  }

  closeSync(fd: number): void {
    this.#enter("closeSync");
    fs.closeSync(fd);
  }

  readFileSync(path: string): Buffer {
    this.#enter("readFileSync");
    return fs.readFileSync(path);
  }

  writeSync(fd: number, buffer: Uint8Array, offset: number, length: number): number {
    this.#enter("writeSync");
    if (this.freeBytes <= 0) throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    const written = fs.writeSync(fd, buffer, offset, Math.min(length, this.freeBytes));
    this.freeBytes -= written;
    return written;
  }

  fstatSync(fd: number): fs.Stats {
    this.#enter("fstatSync");
    return fs.fstatSync(fd);
  }

  statSync(path: string, options: { throwIfNoEntry: false }): fs.Stats | undefined {
    this.#enter("statSync");
    return fs.statSync(path, options);
  }

  fdatasync(_fd: number, done: (error: Error | null) => void): void {
    this.calls.push("fdatasync");
    const fault = this.faults.get("fdatasync") ?? null;
    if (this.isHoldingSyncs) this.#held.push(() => done(fault));
    else setImmediate(() => done(fault));
  }

  fdatasyncSync(): void {
    this.#enter("fdatasyncSync");
  }

  fsyncSync(): void {
    this.#enter("fsyncSync");
  }

  ftruncateSync(fd: number, length: number): void {
    this.#enter("ftruncateSync");
    fs.ftruncateSync(fd, length);
  }

  #enter(operation: FsOperation): void {
    this.calls.push(operation);
    const fault = this.faults.get(operation);
    if (fault !== undefined) throw fault;
  }
}
