/**
 * The configuration in force, its history on disk, and the one way to change it:
 * merge and check → `checkServing` → `prepare` → append to the history, synced → commit. Whatever fails before the record
 * is on disk changes nothing; behind it nothing may fail. Changes are made one after the other.
 */
import nodeFs from "node:fs";
import { join } from "node:path";
import type { Clock } from "../domain/clock.ts";
import type { Config, HashedConfig } from "../domain/config.ts";
import { ConflictError, InvalidInputError } from "../domain/errors.ts";
import { type ChangeNote, describeNoteFaults } from "./change-note.ts";
import { hashConfig, toCanonicalJson } from "./config-hash.ts";
import { ConfigHistory, type StoredConfig } from "./config-history.ts";
import { type ConfigPatch, changedKeys, freezeConfig, mergeConfig } from "./config-merge.ts";
import { type ChangeSource, type ConfigVersion, readConfigRecord, writeConfigRecord } from "./config-record.ts";
import { openRecordFile, type RecordFile } from "./record-file.ts";
import type { RecordFs } from "./record-fs.ts";
import { ConfigFileError } from "./record-recovery.ts";
import { SerialQueue } from "./serial-queue.ts";

/** What was built for a configuration that is about to come into force. Exactly one of the two is called. */
export interface PreparedConfig {
  /** Swaps it in. The configuration is on disk by then, so this must not fail. */
  commit(): void;
  /** Gives up what was built. Must not fail. */
  discard(): void;
}

export interface ConfigStoreOptions {
  /** Holds `history.jsonl`; created when it does not exist. One process owns it. */
  readonly directory: string;
  /** In force from the first start until the first change. */
  readonly defaults: Config;
  readonly clock: Clock;
  /** @default node:fs */
  readonly fs?: RecordFs;
  /** Refuses, by throwing, what is a valid configuration but cannot be served. Also asked at the start. */
  readonly checkServing?: (config: Config) => void | Promise<void>;
  /** Builds aside what the next configuration needs; throws when it cannot. */
  readonly prepare?: (next: HashedConfig) => PreparedConfig | Promise<PreparedConfig>;
  /** Keys that files of earlier releases lack. @default keysAddedLater */
  readonly addedKeys?: readonly string[];
  /** @default versionsMax */
  readonly versionsMax?: number;
}

export interface UpdateOptions extends Partial<ChangeNote> {
  /** Hash the caller believes to be in force; empty or absent skips the check. */
  readonly expectedHash?: string | undefined;
  /** Check and report, change nothing. @default false */
  readonly dryRun?: boolean;
}

/** What a change did, or would do. */
export interface ConfigChange {
  readonly oldHash: string;
  readonly newHash: string;
  readonly changedKeys: readonly string[];
  /** False in a dry run and when nothing differs. */
  readonly isApplied: boolean;
  /** The configuration under `newHash`. */
  readonly next: HashedConfig;
}

const noRecordNote: ChangeNote = { actor: "service", reason: "first start with the defaults of this release" };
const addedKeysNote: ChangeNote = { actor: "service", reason: "keys added by this release" };

/**
 * Opens the history and resumes its newest configuration.
 *
 * @throws ConfigFileError when the history is damaged or its newest configuration cannot be served by this release.
 */
export async function openConfigStore(options: ConfigStoreOptions): Promise<ConfigStore> {
  const history = new ConfigHistory(options.defaults, options.addedKeys, options.versionsMax);
  const path = join(options.directory, "history.jsonl");
  const file = openRecordFile({
    fs: options.fs ?? nodeFs,
    path,
    onRecord: (record) => history.add(readConfigRecord(record)),
  });
  try {
    return await ConfigStore.resume(options, history, file);
  } catch (error) {
    file.close();
    throw error;
  }
}

interface NextVersion {
  readonly next: HashedConfig;
  readonly source: ChangeSource;
  readonly note: ChangeNote;
  readonly keys: readonly string[];
}

export class ConfigStore {
  /** Bytes of an unfinished change that opening cut off. */
  readonly tornBytes: number;
  readonly #options: ConfigStoreOptions;
  readonly #history: ConfigHistory;
  readonly #file: RecordFile;
  readonly #queue = new SerialQueue();
  #current: HashedConfig;

  private constructor(options: ConfigStoreOptions, history: ConfigHistory, file: RecordFile, current: HashedConfig) {
    this.tornBytes = file.tornBytes;
    this.#options = options;
    this.#history = history;
    this.#file = file;
    this.#current = current;
  }

  /** Use {@link openConfigStore}. */
  static async resume(options: ConfigStoreOptions, history: ConfigHistory, file: RecordFile): Promise<ConfigStore> {
    const newest = history.newest;
    const start = readStart(history, options, file.path);
    await options.checkServing?.(start.config);
    const store = new ConfigStore(options, history, file, start);
    if (newest === undefined) await store.#record({ next: start, source: "defaults", note: noRecordNote, keys: [] });
    else if (newest.hash !== start.hash) {
      const keys = history.absentKeys(newest.hash);
      await store.#record({ next: start, source: "defaults", note: addedKeysNote, keys });
    }
    return store;
  }

  /** The configuration in force. */
  current(): HashedConfig {
    return this.#current;
  }

  /**
   * A configuration that is or was in force.
   *
   * @throws NotFoundError
   */
  find(hash: string): StoredConfig {
    return this.#history.find(hash);
  }

  /** The history, newest first. */
  history(limit = 50): ConfigVersion[] {
    return this.#history.list(limit);
  }

  /**
   * Changes the given keys.
   *
   * @throws InvalidInputError naming every key that is wrong.
   * @throws ConflictError when `expectedHash` is not in force.
   * @throws UnavailableError when the disk refuses it.
   */
  update(patch: ConfigPatch, { expectedHash = "", actor = "", reason = "", dryRun = false }: UpdateOptions = {}) {
    const note = { actor, reason };
    return this.#queue.run(async (): Promise<ConfigChange> => {
      assertNote(note);
      const { hash, config } = this.#current;
      if (expectedHash !== "" && expectedHash !== hash) {
        throw new ConflictError(`the configuration in force is ${hash}, not ${expectedHash}`, "CONFIG_CHANGED");
      }
      return this.#change(mergeConfig(config, patch), "update", note, dryRun);
    });
  }

  /**
   * Makes an earlier configuration the one in force.
   *
   * @throws NotFoundError
   * @throws InvalidInputError when this release refuses it.
   * @throws UnavailableError when the disk refuses it.
   */
  rollback(hash: string, { actor = "", reason = "" }: Partial<ChangeNote> = {}): Promise<ConfigChange> {
    const note = { actor, reason };
    return this.#queue.run(async () => {
      assertNote(note);
      return this.#change(this.#history.find(hash).config, "rollback", note, false);
    });
  }

  /** Lets the changes that were begun finish, then gives the file back. */
  async close(): Promise<void> {
    await this.#queue.drain();
    this.#file.close();
  }

  async #change(config: Config, source: ChangeSource, note: ChangeNote, dryRun: boolean): Promise<ConfigChange> {
    const old = this.#current;
    const next = Object.freeze(hashConfig(config));
    const keys = changedKeys(old.config, next.config);
    const change = { oldHash: old.hash, newHash: next.hash, changedKeys: keys, next };
    if (keys.length === 0) return { ...change, isApplied: false };
    this.#history.assertRoom();
    await this.#options.checkServing?.(config);
    const prepared = await this.#options.prepare?.(next);
    if (dryRun) {
      prepared?.discard();
      return { ...change, isApplied: false };
    }
    try {
      await this.#record({ next, source, note, keys });
    } catch (error) {
      prepared?.discard();
      throw error;
    }
    this.#current = next;
    prepared?.commit();
    return { ...change, isApplied: true };
  }

  async #record({ next, source, note, keys }: NextVersion): Promise<void> {
    const version: ConfigVersion = Object.freeze({
      hash: next.hash,
      timestampMicros: this.#options.clock.nowMicros(),
      ...note,
      changedKeys: keys,
      source,
    });
    await this.#file.append(writeConfigRecord(version, next.config));
    this.#history.add({ version, canonicalJson: toCanonicalJson(next.config) });
  }
}

/** The configuration to start with: the newest of the history, else the defaults. */
function readStart(history: ConfigHistory, { defaults }: ConfigStoreOptions, path: string): HashedConfig {
  const { newest } = history;
  if (newest === undefined) return Object.freeze(hashConfig(freezeConfig(structuredClone(defaults))));
  try {
    return Object.freeze(hashConfig(history.find(newest.hash).config));
  } catch (cause) {
    if (!(cause instanceof InvalidInputError)) throw cause;
    throw new ConfigFileError(
      "CONFIG_UNREADABLE",
      `this release cannot serve the newest configuration in ${path}: ${cause.message}. Start the release that wrote it and change those keys.`,
      { cause },
    );
  }
}

function assertNote(note: ChangeNote): void {
  const violations = describeNoteFaults(note, false);
  if (violations.length > 0) throw new InvalidInputError(violations);
}
