import * as fs from "node:fs";
import { join } from "node:path";
import type { AuditFs } from "../../../src/monitor/audit/audit-files.ts";

export type FsOperation = Exclude<keyof AuditFs, symbol>;

/** Thrown by everything after a simulated crash. */
export class CrashError extends Error {}

/**
 * The real file system with a counter on every call, and faults on demand. Syncs are not carried out but remembered: what was synced
 * survives `loseUnsynced`, as after a power failure.
 */
export class FaultyFs implements AuditFs {
  readonly calls: FsOperation[] = [];
  /** Called before each call with the operation and how many of its kind there were, this one included. Throws to make the call fail. */
  onCall: (operation: FsOperation, nth: number) => void = () => undefined;
  /** write(2) takes at most so many bytes at once. */
  writeBytesMax = Number.POSITIVE_INFINITY;
  /** While true, fdatasync does not end until `endSync` is called. */
  isHoldingSyncs = false;
  /** While true, fstat does not end until `endStat` is called. */
  isHoldingStats = false;
  readonly crashed = Promise.withResolvers<void>();
  #isDead = false;
  readonly #heldSyncs: (() => void)[] = [];
  readonly #heldStats: (() => void)[] = [];
  /** Descriptors that are open, each with what tells it from an earlier one of the same number. */
  readonly #open = new Map<number, symbol>();
  readonly #syncedBytes = new Map<number, number>();
  #undo: (() => void)[] = [];

  count(operation: FsOperation): number {
    return this.calls.filter((call) => call === operation).length;
  }

  /** Ends the oldest sync held. */
  endSync(): void {
    endOldest(this.#heldSyncs);
  }

  /** Ends the oldest fstat held. */
  endStat(): void {
    endOldest(this.#heldStats);
  }

  /** From now on the process is dead: no call has any effect. */
  crash(): never {
    this.#isDead = true;
    this.crashed.resolve();
    throw new CrashError("crashed");
  }

  /** Gives back what a dead process would have given back. */
  closeAll(): void {
    for (const fd of this.#open.keys()) fs.closeSync(fd);
    this.#open.clear();
  }

  /** A power failure: directory entries and bytes that were never synced are gone. */
  loseUnsynced(directory: string): void {
    for (const undo of this.#undo.reverse()) undo();
    for (const name of fs.readdirSync(directory)) {
      const synced = this.#syncedBytes.get(fs.statSync(join(directory, name)).ino);
      if (synced !== undefined) fs.truncateSync(join(directory, name), synced);
    }
  }

  mkdirSync(path: string, options: { recursive: true; mode: number }): string | undefined {
    this.#enter("mkdirSync");
    return fs.mkdirSync(path, options);
  }

  readdirSync(path: string): string[] {
    this.#enter("readdirSync");
    return fs.readdirSync(path);
  }

  openSync(path: string, flags: string, mode?: number): number {
    this.#enter("openSync");
    const isNew = !fs.existsSync(path);
    const fd = fs.openSync(path, flags, mode);
    this.#open.set(fd, Symbol(path));
    const status = fs.fstatSync(fd);
    if (isNew) this.#undo.push(() => fs.unlinkSync(path));
    if (!this.#syncedBytes.has(status.ino) && status.isFile()) this.#syncedBytes.set(status.ino, status.size);
    return fd;
  }

  closeSync(fd: number): void {
    this.#enter("closeSync");
    this.#open.delete(fd);
    fs.closeSync(fd);
  }

  readSync(fd: number, buffer: Uint8Array, offset: number, length: number, position: number): number {
    this.#enter("readSync");
    return fs.readSync(fd, buffer, offset, length, position);
  }

  writeSync(fd: number, buffer: Uint8Array, offset: number, length: number): number {
    this.#enter("writeSync");
    return fs.writeSync(fd, buffer, offset, Math.min(length, this.writeBytesMax));
  }

  fstat(fd: number, done: (error: Error | null) => void): void {
    const failure = this.#attempt("fstat");
    const opened = this.#open.get(fd);
    const end = (): void => {
      // As late as a thread that is busy: the descriptor may be closed by then.
      if (!this.#isDead) done(failure ?? (this.#open.get(fd) === opened ? null : new Error("EBADF: fstat")));
    };
    if (this.isHoldingStats) this.#heldStats.push(end);
    else setImmediate(end);
  }

  fstatSync(fd: number): fs.Stats {
    this.#enter("fstatSync");
    return fs.fstatSync(fd);
  }

  statSync(path: string, options: { throwIfNoEntry: false }): fs.Stats | undefined {
    this.#enter("statSync");
    return fs.statSync(path, options);
  }

  fdatasync(fd: number, done: (error: Error | null) => void): void {
    const size = fs.fstatSync(fd).size;
    const failure = this.#attempt("fdatasync");
    const end = (): void => {
      if (this.#isDead) return;
      if (failure === null) this.#syncedBytes.set(fs.fstatSync(fd).ino, size);
      done(failure);
    };
    if (this.isHoldingSyncs) this.#heldSyncs.push(end);
    else setImmediate(end);
  }

  fdatasyncSync(fd: number): void {
    this.#enter("fdatasyncSync");
    this.#remember(fd);
  }

  fsyncSync(fd: number): void {
    this.#enter("fsyncSync");
    this.#remember(fd);
  }

  ftruncateSync(fd: number, length: number): void {
    this.#enter("ftruncateSync");
    fs.ftruncateSync(fd, length);
  }

  renameSync(from: string, to: string): void {
    this.#enter("renameSync");
    fs.renameSync(from, to);
    this.#undo.push(() => fs.renameSync(to, from));
  }

  #remember(fd: number): void {
    const status = fs.fstatSync(fd);
    if (status.isDirectory()) this.#undo = [];
    else this.#syncedBytes.set(status.ino, status.size);
  }

  /** Enters a call that tells its failure later. */
  #attempt(operation: FsOperation): Error | null {
    try {
      this.#enter(operation);
      return null;
    } catch (error) {
      return error instanceof Error ? error : new Error("failed", { cause: error });
    }
  }

  #enter(operation: FsOperation): void {
    if (this.#isDead) throw new CrashError("crashed");
    this.calls.push(operation);
    this.onCall(operation, this.count(operation));
  }
}

function endOldest(held: (() => void)[]): void {
  const end = held.shift();
  if (end === undefined) throw new Error("nothing is held");
  end();
}

/** Makes the nth call of an operation fail, and every later one succeed again: whoever tries twice is found out. */
export function failNth(operation: FsOperation, nth: number, code: string): FaultyFs["onCall"] {
  return (called, number) => {
    if (called === operation && number === nth) throw Object.assign(new Error(`${code}: ${operation}`), { code });
  };
}
