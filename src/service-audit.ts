import { toCanonicalJson } from "./config/config-hash.ts";
import type { AdminAction } from "./control/admin-action.ts";
import type { InForce } from "./control/control-plane.ts";
import type { Clock } from "./domain/clock.ts";
import type { UnavailableError } from "./domain/errors.ts";
import { formatMicros } from "./domain/timestamp.ts";
import type { Environment } from "./environment.ts";
import { type AuditLog, type AuditLogOptions, openAuditLog } from "./monitor/audit/audit-log.ts";
import type { JsonValue } from "./monitor/audit/audit-record.ts";
import { mlVersion } from "./package-root.ts";
import type { ServiceLog } from "./service-log.ts";

/** How an audit log writes, where tests want it otherwise. */
export type AuditOverrides = Partial<Pick<AuditLogOptions, "fs" | "queueLengthMax" | "rotateBytes">>;

export interface ServiceAuditOptions {
  readonly environment: Pick<Environment, "logDirectory" | "auditDurability">;
  readonly overrides: AuditOverrides | undefined;
  /** Base name of the files. @default the log of a service that is one process */
  readonly name?: string;
  readonly clock: Clock;
  readonly log: ServiceLog;
  readonly onSync: (durationMs: number, records: number) => void;
  /** Told once, when nothing can be acknowledged any more. */
  readonly onFailure: (error: UnavailableError) => void;
}

export function openServiceAudit(options: ServiceAuditOptions): Promise<AuditLog> {
  const { environment, overrides, name, clock, log, onSync, onFailure } = options;
  return openAuditLog({
    ...overrides,
    ...(name !== undefined && { name }),
    directory: environment.logDirectory,
    clock,
    durability: environment.auditDurability,
    onSync,
    onFailure: (error) => {
      log.logger.fatal({ err: error }, "audit log failed; no decision is answered any more");
      onFailure(error);
    },
  });
}

export async function closeServiceAudit(audit: AuditLog, clock: Clock, log: ServiceLog): Promise<void> {
  // A log that failed has told so already, and what it could not write is not acknowledged.
  if (audit.healthy) await audit.close({ kind: "stop", timestamp: formatMicros(clock.nowMicros()) });
  else await audit.close().catch((error: unknown) => log.logger.error({ err: error }, "audit log closed unhealthy"));
  log.logger.info("service stopped");
  await log.drain();
}

export function toAdminRecord({ action, actor, reason, details }: AdminAction, clock: Clock) {
  return { kind: "admin", timestamp: formatMicros(clock.nowMicros()), action, actor, reason, ...details };
}

/**
 * The log names the configuration in full, so that a record's config_hash can be resolved from the log alone.
 *
 * @param more what else the record says
 */
export async function recordStart(
  audit: AuditLog,
  clock: Clock,
  { config, models }: InForce,
  durability: Environment["auditDurability"],
  more: { readonly [field: string]: JsonValue } = {},
): Promise<void> {
  const [regimeModel, signalModel] = models;
  await audit.append({
    kind: "start",
    timestamp: formatMicros(clock.nowMicros()),
    ml_version: mlVersion,
    audit_durability: durability,
    config_hash: config.hash,
    config: JSON.parse(toCanonicalJson(config.config)),
    regime_model: { ...regimeModel },
    signal_model: { ...signalModel },
    ...more,
  });
}
