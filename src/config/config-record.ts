import type { Config } from "../domain/config.ts";
import type { ChangeNote } from "./change-note.ts";
import { hashCanonicalJson, toSnakeKeys, writeCanonical } from "./config-hash.ts";

/** How a configuration came into force. `defaults`: at the first start, and when a later release added keys. */
export const changeSources = ["update", "rollback", "defaults"] as const;
export type ChangeSource = (typeof changeSources)[number];

/** One entry of the history. */
export interface ConfigVersion extends ChangeNote {
  readonly hash: string;
  /** When it came into force. */
  readonly timestampMicros: number;
  /** e.g. `signal_filter.entry_threshold` */
  readonly changedKeys: readonly string[];
  readonly source: ChangeSource;
}

/** An entry with the configuration itself, as the file holds it. */
export interface ConfigRecord {
  readonly version: ConfigVersion;
  /** The exact text under the hash. */
  readonly canonicalJson: string;
}

/** The JSON form of an entry. */
export function writeConfigRecord(version: ConfigVersion, config: Config): object {
  return {
    config_hash: version.hash,
    timestamp_micros: version.timestampMicros,
    source: version.source,
    actor: version.actor,
    reason: version.reason,
    changed_keys: version.changedKeys,
    config: toSnakeKeys(config),
  };
}

/**
 * Reads the JSON form of an entry. The configuration is held against its hash but not against today's constraints:
 * history may hold what today would be refused.
 *
 * @throws Error saying what is wrong.
 */
export function readConfigRecord(json: unknown): ConfigRecord {
  if (typeof json !== "object" || json === null) throw new Error("the entry is no object");
  const members = new Map<string, unknown>(Object.entries(json));
  const canonicalJson = writeCanonical(members.get("config"));
  const hash = hashCanonicalJson(canonicalJson);
  if (members.get("config_hash") !== hash) throw new Error("config_hash is not the hash of config");
  const source = changeSources.find((each) => each === members.get("source"));
  const timestampMicros = members.get("timestamp_micros");
  const actor = members.get("actor");
  const reason = members.get("reason");
  const changedKeys = members.get("changed_keys");
  if (
    source === undefined ||
    typeof timestampMicros !== "number" ||
    typeof actor !== "string" ||
    typeof reason !== "string" ||
    !Array.isArray(changedKeys) ||
    !changedKeys.every((key) => typeof key === "string")
  ) {
    throw new Error("the entry does not say who changed what, when and how");
  }
  return { version: Object.freeze({ hash, timestampMicros, actor, reason, changedKeys, source }), canonicalJson };
}
