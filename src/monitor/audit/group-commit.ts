/**
 * Durability of appended records.
 *
 * `strict`: `add` returns a group of records, which is done when fdatasync has returned. While one sync runs, new records collect; the next one
 * writes and syncs them together, and all callers share the group. The first record of a group waits for the end of the event loop's turn, and for a few
 * more turns where others are expected, so that requests which come together are synced together. What the callers have to do in any case they do while
 * the disk works, instead of before: the loop has nothing else to do then.
 * `os`: the record is written when `append` returns; the process may die at any moment, only the machine may not. A sync
 * follows in the background, to bound what a power failure takes and because a failing disk says so at a sync and nowhere else.
 *
 * After the first failed write or sync nothing is tried again: the kernel drops the pages it could not write, and a second
 * fsync succeeds without them (PostgreSQL learned this in 2018). The log stays unhealthy until a new process has read back what is on the disk.
 * Records of a failed group may be in the file although their callers were refused; never the other way round.
 */

import { availableParallelism } from "node:os";
import type { Clock } from "../../domain/clock.ts";
import { OverloadedError, UnavailableError } from "../../domain/errors.ts";
import type { Pending } from "../../domain/pending.ts";
import type { AuditFs } from "./audit-files.ts";
import type { AppendOptions, AuditDurability, AuditLog, AuditLogOptions, AuditStats } from "./audit-log.ts";
import type { AuditBody, ChainPosition } from "./audit-record.ts";
import { RecordBuffer } from "./audit-record-buffer.ts";
import type { AuditSegment, OpenedSegment, TornEnd } from "./audit-segment.ts";
import type { EncodedBody } from "./encoded-body.ts";
import { SyncGroup } from "./sync-group.ts";

/** What a caller may do about a full queue: by then a working disk has synced several times. */
const queueFullRetryAfterMs = 50;

/**
 * How long a group waits at most for as many records as waited lately, in turns of the event loop, which mostly take some microseconds, and in time where
 * they do not. Callers that were answered together come back one after the other; with one sync for all of them each is answered sooner than with several.
 */
const gatheringTurnsMax = 8;
const gatheringMsMax = 0.1;
/** What is expected falls to half within some seven syncs. */
const expectationDecay = 0.9;

/** What may be left to be written later; about 50 decisions. */
const writtenLaterBytesMax = 64 * 1024;

export class GroupCommitLog implements AuditLog {
  readonly #options: AuditLogOptions;
  readonly #fs: AuditFs;
  readonly #clock: Clock;
  readonly #durability: AuditDurability;
  readonly #queueLengthMax: number;
  readonly #queueBytesMax: number;
  readonly #rotateBytes: number;
  readonly #backgroundSyncIntervalMs: number;
  readonly #hasOneCore: boolean;
  readonly #schedule: (task: () => void, delayMs: number) => void;
  readonly #release: () => void;
  readonly #segment: AuditSegment;
  readonly #torn: TornEnd | undefined;
  readonly #buffer: RecordBuffer;
  #collecting: SyncGroup | undefined;
  #syncing: SyncGroup | undefined;
  #isFlushDue = false;
  /** Records that waited at the ends of the last syncs: at the last one, or more if it has been so lately. */
  #expected = 0;
  #failure: UnavailableError | undefined;
  #closing: Promise<void> | undefined;
  #confirmed: ChainPosition;
  #syncs = 0;
  #syncStartedMs = 0;
  #lastSyncMs: number | undefined;
  #refused = 0;

  constructor(options: AuditLogOptions, fs: AuditFs, opened: OpenedSegment, release: () => void) {
    this.#options = options;
    this.#fs = fs;
    this.#clock = options.clock;
    this.#durability = options.durability ?? "strict";
    this.#queueLengthMax = options.queueLengthMax ?? 8192;
    this.#queueBytesMax = options.queueBytesMax ?? 64 * 1024 * 1024;
    this.#rotateBytes = options.rotateBytes ?? 256 * 1024 * 1024;
    this.#backgroundSyncIntervalMs = options.backgroundSyncIntervalMs ?? 1000;
    this.#hasOneCore = options.hasOneCore ?? availableParallelism() === 1;
    this.#schedule = options.schedule ?? ((task, delayMs) => void setTimeout(task, delayMs).unref());
    this.#release = release;
    this.#segment = opened.segment;
    this.#torn = opened.torn;
    this.#buffer = new RecordBuffer(opened.last, options.recordBytesMax ?? 1024 * 1024);
    this.#confirmed = opened.last;
  }

  get healthy(): boolean {
    return this.#failure === undefined;
  }

  append(body: AuditBody | EncodedBody, options?: AppendOptions): Promise<void> | undefined {
    return this.add(body, options)?.done;
  }

  add(body: AuditBody | EncodedBody, options?: AppendOptions): Pending | undefined {
    if (this.#failure !== undefined) throw this.#refuse(this.#failure);
    if (this.#closing !== undefined) {
      throw this.#refuse(new UnavailableError("the audit log is closed", "AUDIT_UNAVAILABLE"));
    }
    return this.#add(body, options?.isWrittenLater);
  }

  flush(): void {
    if (this.#durability !== "os") return;
    if (this.#failure !== undefined) throw this.#refuse(this.#failure);
    this.#writeNow();
  }

  /** Resolves when everything added so far is on disk. */
  sync(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const group = this.#group();
    this.#hasten();
    return group.done;
  }

  stats(): AuditStats {
    return {
      path: this.#segment.path,
      durability: this.#durability,
      healthy: this.healthy,
      lastSeq: this.#confirmed.seq,
      lastHash: this.#confirmed.hash,
      queueDepth: this.#queueDepth(),
      fileBytes: this.#segment.bytes,
      syncs: this.#syncs,
      lastSyncMs: this.#lastSyncMs,
      syncRunningMs: this.#syncing === undefined ? 0 : this.#clock.monotonicMs() - this.#syncStartedMs,
      failures: this.healthy ? 0 : 1,
      refused: this.#refused,
      torn: this.#torn,
    };
  }

  close(lastRecord?: AuditBody): Promise<void> {
    this.#closing ??= this.#finish(lastRecord);
    return this.#closing;
  }

  async #finish(lastRecord: AuditBody | undefined): Promise<void> {
    try {
      if (this.#failure !== undefined) throw this.#failure;
      if (lastRecord !== undefined) this.#add(lastRecord);
      await this.sync();
    } finally {
      // A write can fail while a background sync runs, and a descriptor must not be closed under its sync.
      await this.#syncing?.done.catch(() => undefined);
      this.#segment.close();
      this.#release();
    }
  }

  #add(body: AuditBody | EncodedBody, isWrittenLater = false): Pending | undefined {
    return this.#durability === "strict" ? this.#addAndWait(body) : this.#addAndWrite(body, isWrittenLater);
  }

  #addAndWait(body: AuditBody | EncodedBody): Pending {
    if (this.#queueDepth() >= this.#queueLengthMax || this.#buffer.byteLength >= this.#queueBytesMax) {
      throw this.#refuse(
        new OverloadedError("too many decisions wait for the audit log", queueFullRetryAfterMs, "AUDIT_QUEUE_FULL"),
      );
    }
    this.#buffer.add(body);
    const group = this.#group();
    group.records += 1;
    group.isAwaited = true;
    if (this.#syncing === undefined && !this.#isFlushDue) {
      this.#isFlushDue = true;
      this.#gather(gatheringTurnsMax, this.#clock.monotonicMs());
    }
    return group;
  }

  #gather(turnsMax: number, startedMs: number): void {
    setImmediate(() => {
      const isComplete = (this.#collecting?.records ?? 0) >= this.#expected;
      if (isComplete || turnsMax === 1 || this.#clock.monotonicMs() - startedMs >= gatheringMsMax) {
        this.#isFlushDue = false;
        this.#hasten();
      } else this.#gather(turnsMax - 1, startedMs);
    });
  }

  #addAndWrite(body: AuditBody | EncodedBody, isWrittenLater: boolean): undefined {
    this.#buffer.add(body);
    if (!isWrittenLater || this.#buffer.byteLength >= writtenLaterBytesMax) this.#writeNow();
    this.#group().records += 1;
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    this.#schedule(() => {
      this.#isFlushDue = false;
      this.#hasten();
    }, this.#backgroundSyncIntervalMs);
  }

  #writeNow(): void {
    const { count } = this.#buffer;
    try {
      this.#writeOut();
    } catch (error) {
      this.#refused += count - 1;
      throw this.#refuse(this.#fail(error));
    }
    this.#confirmed = this.#buffer.last;
  }

  #group(): SyncGroup {
    this.#collecting ??= new SyncGroup();
    return this.#collecting;
  }

  /** Syncs what has collected, now or when the running sync has ended. */
  #hasten(): void {
    const group = this.#collecting;
    if (group === undefined) return;
    if (this.#syncing !== undefined) {
      group.isAwaited = true;
      return;
    }
    this.#flush(group);
  }

  #flush(group: SyncGroup): void {
    try {
      this.#writeOut();
      if (this.#durability === "os") this.#confirmed = this.#buffer.last;
      this.#collecting = undefined;
      this.#syncing = group;
      this.#syncStartedMs = this.#clock.monotonicMs();
      const { last } = this.#buffer;
      this.#fs.fdatasync(this.#segment.descriptor, (error) => this.#settle(group, last, error));
      this.#afterHandover((failure) => this.#useTime(group, failure));
    } catch (error) {
      this.#syncing = undefined;
      this.#fail(error, group);
    }
  }

  /**
   * Calls when the disk can be expected to be at work. On a single core the thread that syncs begins when this one lets go of it, and to go on here
   * would keep the disk waiting: what is asked of the same threads next comes back when it has begun.
   */
  #afterHandover(done: (failure: Error | null) => void): void {
    if (this.#hasOneCore) this.#fs.fstat(this.#segment.descriptor, done);
    else setImmediate(done, null);
  }

  /** What is left to do before the group is told, while the disk is at work or, where it was faster, afterwards. */
  #useTime(group: SyncGroup, failure: Error | null): void {
    if (this.#failure !== undefined || group.hasUsedTime) return;
    try {
      if (failure !== null) throw failure;
      this.#segment.assertInPlace();
    } catch (cause) {
      this.#fail(cause);
      return;
    }
    group.useTime();
  }

  #writeOut(): void {
    const { byteLength, count, last } = this.#buffer;
    if (count === 0) return;
    const isFull = this.#segment.bytes > 0 && this.#segment.bytes + byteLength > this.#rotateBytes;
    // The descriptor of a running sync must stay open; a background sync ends long before the file has grown by much.
    if (isFull && this.#syncing === undefined) this.#segment.rotate(last.seq - count);
    this.#segment.write(this.#buffer.view());
    this.#buffer.clear();
  }

  #settle(group: SyncGroup, last: ChainPosition, error: Error | null): void {
    if (error !== null && this.#failure === undefined) this.#fail(error);
    this.#useTime(group, null);
    this.#syncing = undefined;
    if (this.#failure !== undefined) {
      // A sync that ended well says nothing about what failed meanwhile.
      this.#lose(group, this.#failure);
      return;
    }
    this.#syncs += 1;
    this.#lastSyncMs = this.#clock.monotonicMs() - this.#syncStartedMs;
    if (this.#durability === "strict") this.#confirmed = last;
    group.resolve();
    // The disk goes on before anybody is told.
    const next = this.#collecting;
    this.#expected = Math.max(group.records + (next?.records ?? 0), expectationDecay * this.#expected);
    if (next?.isAwaited) this.#flush(next);
    this.#options.onSync?.(this.#lastSyncMs, group.records);
  }

  /** Turns the log unhealthy for good and refuses everybody who waits. */
  #fail(cause: unknown, group?: SyncGroup): UnavailableError {
    const failure = new UnavailableError("the audit log cannot be written", "AUDIT_UNAVAILABLE", undefined, { cause });
    this.#failure = failure;
    const lost = new Set([group, this.#collecting]);
    this.#collecting = undefined;
    this.#buffer.clear();
    for (const each of lost) if (each !== undefined) this.#lose(each, failure);
    this.#options.onFailure?.(failure);
    return failure;
  }

  #lose(group: SyncGroup, failure: UnavailableError): void {
    if (this.#durability === "strict") this.#refused += group.records;
    group.reject(failure);
  }

  #refuse<E extends Error>(error: E): E {
    this.#refused += 1;
    return error;
  }

  /** In `os` nobody waits: the groups only count what the background sync will cover. */
  #queueDepth(): number {
    if (this.#durability === "os") return 0;
    return (this.#collecting?.records ?? 0) + (this.#syncing?.records ?? 0);
  }
}
