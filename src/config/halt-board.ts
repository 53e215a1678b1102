/**
 * The kill switch. Both directions err towards not trading:
 *
 * - A halt is in force before anything is written. When the disk then refuses it, trading stays halted and the caller is
 *   told that a restart would forget it. Waiting for the disk first would let a broken disk keep trading alive.
 * - A resume is on disk before it is in force: a write that the disk refuses must not have let anything trade meanwhile.
 *
 * Every line of `halts.jsonl` holds all halts in force, so the last one is the whole truth, and a halt that a full disk refused is
 * written with the next change.
 */
import nodeFs from "node:fs";
import { join } from "node:path";
import type { Clock } from "../domain/clock.ts";
import type { ModelIdentity } from "../domain/decision.ts";
import { ConflictError, NotFoundError, UnavailableError, UnmetConditionError } from "../domain/errors.ts";
import type { ChangeNote } from "./change-note.ts";
import { assertHaltRequest, type Halt, type HaltTarget, haltKey, readHalt, writeHalt } from "./halt.ts";
import { indexHalts } from "./halt-index.ts";
import { openRecordFile, type RecordFile } from "./record-file.ts";
import type { RecordFs } from "./record-fs.ts";
import { SerialQueue } from "./serial-queue.ts";

/** Most halts in force. The service itself can always be halted. */
export const haltsMax = 200;

export interface HaltBoardOptions {
  /** Holds `halts.jsonl`; created when it does not exist. One process owns it. */
  readonly directory: string;
  readonly clock: Clock;
  /** The models that take part in decisions. */
  readonly modelNames: readonly string[];
  /**
   * Puts the halts in force in other processes that decide, and resolves when they are; must not reject.
   *
   * @default nobody else decides
   */
  readonly spread?: (halts: readonly Halt[]) => Promise<void>;
  /** @default node:fs */
  readonly fs?: RecordFs;
}

export type HaltRequest = HaltTarget & ChangeNote;

/**
 * Opens the file and resumes the halts in force.
 *
 * @throws ConfigFileError when it is damaged: what was halted cannot be known, so nothing may start.
 */
export function openHaltBoard(options: HaltBoardOptions): HaltBoard {
  let halts: readonly Halt[] = [];
  const file = openRecordFile({
    fs: options.fs ?? nodeFs,
    path: join(options.directory, "halts.jsonl"),
    onRecord(record) {
      halts = readHalts(record);
    },
  });
  return new HaltBoard(options, file, halts);
}

export class HaltBoard {
  /** Bytes of an unfinished change that opening cut off. */
  readonly tornBytes: number;
  readonly #options: HaltBoardOptions;
  readonly #file: RecordFile;
  readonly #queue = new SerialQueue();
  /** Oldest first. A halt is replaced, never altered, so that a resume knows the one it lifts. */
  readonly #halts: Map<string, Halt>;
  #index = indexHalts([]);

  constructor(options: HaltBoardOptions, file: RecordFile, halts: readonly Halt[]) {
    this.tornBytes = file.tornBytes;
    this.#options = options;
    this.#file = file;
    this.#halts = new Map(halts.map((halt) => [haltKey(halt), Object.freeze(halt)]));
    this.#reindex();
  }

  /** Why this decision is halted, in words; `undefined` while it is not. */
  find(symbol: string, models: readonly ModelIdentity[]): string | undefined {
    return this.#index.find(symbol, models);
  }

  /** The halts in force, oldest first. */
  list(): readonly Halt[] {
    return [...this.#halts.values()];
  }

  /**
   * Halts from the next decision on; resolves when it would survive a crash. What is halted already gets the new reason
   * and actor.
   *
   * @throws InvalidInputError naming every field that is wrong.
   * @throws UnavailableError when the disk refuses it; it is in force all the same.
   */
  async halt(request: HaltRequest): Promise<void> {
    assertHaltRequest(request, this.#options.modelNames);
    const key = haltKey(request);
    const before = this.#halts.get(key);
    if (before === undefined) this.#assertRoom(request);
    const now = this.#options.clock.nowMicros();
    const { scope, target, reason, actor } = request;
    this.#halts.set(key, Object.freeze({ scope, target, reason, actor, sinceMicros: before?.sinceMicros ?? now }));
    this.#reindex();
    // Everywhere before it is written, for the same reason as here; not one after the other, so that neither waits for the other.
    const spread = this.#options.spread?.(this.list());
    try {
      await this.#write(request, now);
    } finally {
      await spread;
    }
  }

  #write(request: HaltRequest, now: number): Promise<void> {
    return this.#queue.run(async () => {
      try {
        // A line that is on the disk after all does no harm: it halts.
        await this.#file.append(writeHalts("halt", request, now, this.list()), "keep");
      } catch (cause) {
        throw new UnavailableError(
          "trading is halted now, but the halt could not be written: a restart would forget it",
          "HALT_NOT_DURABLE",
          undefined,
          { cause },
        );
      }
    });
  }

  /**
   * Lifts a halt; it is lifted when this resolves, and for good.
   *
   * @throws InvalidInputError naming every field that is wrong.
   * @throws NotFoundError when it is not halted.
   * @throws ConflictError when it was halted anew meanwhile.
   * @throws UnavailableError when the disk refuses it; the halt stays.
   */
  async resume(request: HaltRequest): Promise<void> {
    assertHaltRequest(request, this.#options.modelNames);
    const key = haltKey(request);
    const lifted = this.#halts.get(key);
    if (lifted === undefined) throw new NotFoundError("halt", describeTarget(request));
    let spread: Promise<void> | undefined;
    await this.#queue.run(async () => {
      const found = this.#halts.get(key);
      if (found === undefined) throw new NotFoundError("halt", describeTarget(request));
      if (found !== lifted) throw new ConflictError(`${describeTarget(request)} was halted anew`, "HALTED_ANEW");
      const left = this.list().filter((halt) => halt !== lifted);
      await this.#file.append(writeHalts("resume", request, this.#options.clock.nowMicros(), left));
      // Halted anew while the disk was busy: that halt stays, and its own line follows.
      if (this.#halts.get(key) !== lifted) return;
      this.#halts.delete(key);
      this.#reindex();
      spread = this.#options.spread?.(this.list());
    });
    // Outside the queue: a halt must not wait for it.
    await spread;
  }

  /** Lets the changes that were begun finish, then gives the file back. */
  async close(): Promise<void> {
    await this.#queue.drain();
    this.#file.close();
  }

  #reindex(): void {
    this.#index = indexHalts(this.list());
  }

  #assertRoom({ scope }: HaltTarget): void {
    if (this.#halts.size < haltsMax || scope === "SERVICE") return;
    throw new UnmetConditionError(
      [{ type: "TOO_MANY_HALTS", subject: "halts", description: `${haltsMax} are in force; halt the service instead` }],
      "TOO_MANY_HALTS",
    );
  }
}

function describeTarget({ scope, target }: HaltTarget): string {
  return scope === "SERVICE" ? "the service" : `${scope.toLowerCase()} ${target}`;
}

function writeHalts(
  action: "halt" | "resume",
  request: HaltRequest,
  nowMicros: number,
  halts: readonly Halt[],
): object {
  const { scope, target, reason, actor } = request;
  const change = { action, scope, target, reason, actor, timestamp_micros: nowMicros };
  return { ...change, halts: halts.map(writeHalt) };
}

function readHalts(record: unknown): Halt[] {
  const halts: unknown = typeof record === "object" && record !== null && "halts" in record ? record.halts : undefined;
  if (!Array.isArray(halts)) throw new Error("the halts in force are no list");
  return halts.map(readHalt);
}
