import type { ChangeNote } from "../config/change-note.ts";
import { toCanonicalJson } from "../config/config-hash.ts";
import type { ConfigChange } from "../config/config-store.ts";
import type { HaltRequest } from "../config/halt-board.ts";
import type { JsonValue } from "../monitor/audit/audit-record.ts";
import type { RegistryChange } from "../registry/registry-event.ts";

/** Something an operator did, as the audit log keeps it beside the decisions it shapes. */
export interface AdminAction {
  readonly action: string;
  readonly actor: string;
  readonly reason: string;
  readonly details: Readonly<Record<string, JsonValue>>;
}

/** Carries the whole configuration, so that the log alone resolves its hash. */
export function describeConfigChange(action: string, change: ConfigChange, note: Partial<ChangeNote>): AdminAction {
  const { oldHash, newHash, changedKeys, next } = change;
  return {
    action,
    actor: note.actor ?? "",
    reason: note.reason ?? "",
    details: {
      old_config_hash: oldHash,
      config_hash: newHash,
      changed_keys: changedKeys,
      config: JSON.parse(toCanonicalJson(next.config)),
    },
  };
}

export function describeRegistryChange(change: RegistryChange): AdminAction {
  const { action, modelName, version, sha256, alias, previous, actor } = change;
  return {
    action: `${action}_MODEL`,
    actor,
    reason: "",
    details: {
      model_name: modelName,
      version,
      sha256,
      ...(alias !== undefined && { alias }),
      ...(previous !== undefined && { previous_version: previous }),
    },
  };
}

export function describeHaltChange(
  action: "HALT" | "RESUME",
  { scope, target, reason, actor }: HaltRequest,
): AdminAction {
  return { action: `${action}_TRADING`, actor, reason, details: { scope, target } };
}
