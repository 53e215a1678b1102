import type { Config, HashedConfig } from "../domain/config.ts";
import { NotFoundError, UnmetConditionError } from "../domain/errors.ts";
import { findAbsentKeys, keysAddedLater, parseConfig } from "./config-json.ts";
import type { ConfigRecord, ConfigVersion } from "./config-record.ts";

/** Entries of a history that is read into memory whole: about 60 MB of file. */
export const versionsMax = 20_000;

/** A configuration of the history. `config` has the defaults of keys that came later; the text and the hash are as they were. */
export interface StoredConfig extends HashedConfig {
  /** The exact text under the hash. */
  readonly canonicalJson: string;
}

/** Every configuration that was ever in force, in memory. */
export class ConfigHistory {
  readonly #versions: ConfigVersion[] = [];
  readonly #texts = new Map<string, string>();
  readonly #defaults: Config;
  readonly #addedKeys: readonly string[];
  readonly #versionsMax: number;

  constructor(defaults: Config, addedKeys = keysAddedLater, lengthMax = versionsMax) {
    this.#defaults = defaults;
    this.#addedKeys = addedKeys;
    this.#versionsMax = lengthMax;
  }

  add({ version, canonicalJson }: ConfigRecord): void {
    this.#versions.push(version);
    this.#texts.set(version.hash, canonicalJson);
  }

  /** The entry in force; `undefined` before the first start. */
  get newest(): ConfigVersion | undefined {
    return this.#versions.at(-1);
  }

  /** Newest first. */
  list(limit: number): ConfigVersion[] {
    return this.#versions.slice(-Math.max(1, Math.floor(limit))).reverse();
  }

  /**
   * @throws NotFoundError
   * @throws InvalidInputError when another release wrote it and this one cannot read it.
   */
  find(hash: string): StoredConfig {
    const canonicalJson = this.#textOf(hash);
    const config = parseConfig(JSON.parse(canonicalJson), { defaults: this.#defaults, addedKeys: this.#addedKeys });
    return { config, hash, canonicalJson };
  }

  /** Keys that the release which wrote a configuration did not know yet. */
  absentKeys(hash: string): string[] {
    return findAbsentKeys(JSON.parse(this.#textOf(hash)), this.#addedKeys);
  }

  /** @throws UnmetConditionError when nothing more fits. */
  assertRoom(): void {
    if (this.#versions.length < this.#versionsMax) return;
    throw new UnmetConditionError(
      [
        {
          type: "CONFIG_HISTORY_FULL",
          subject: "config",
          description: `the history holds ${this.#versionsMax} versions; archive its file and start with the newest line's keys`,
        },
      ],
      "CONFIG_HISTORY_FULL",
    );
  }

  #textOf(hash: string): string {
    const text = this.#texts.get(hash);
    if (text === undefined) throw new NotFoundError("config", hash);
    return text;
  }
}
