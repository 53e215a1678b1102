import type { Clock } from "./domain/clock.ts";
import { readAuditLogsBackwards } from "./monitor/audit/audit-logs.ts";
import type { Monitor } from "./monitor/monitor.ts";
import { restoreOutcomes } from "./monitor/outcomes/outcome-restore.ts";
import type { ServiceLog } from "./service-log.ts";

export interface OutcomeRestoreParts {
  readonly monitor: Monitor;
  readonly logDirectory: string;
  readonly clock: Clock;
  readonly log: ServiceLog;
  /** @default recordsRestoredMax */
  readonly recordsMax?: number | undefined;
}

/**
 * Begins to read back which predictions of earlier processes await their outcomes, from every log of the folder. Decisions do not wait for it, outcomes do.
 *
 * @returns A function that stops reading and resolves when it has stopped.
 */
export function startOutcomeRestore(parts: OutcomeRestoreParts): () => Promise<void> {
  const { monitor, logDirectory, clock, log, recordsMax } = parts;
  const beforeMicros = clock.nowMicros();
  let isStopped = false;
  const restored = monitor.outcomes.restoreFrom(async (index) => {
    try {
      const records = readAuditLogsBackwards(logDirectory);
      return await restoreOutcomes(index, { records, beforeMicros, isCancelled: () => isStopped, recordsMax });
    } catch (error) {
      // Outcomes of what could not be read are refused as too old; decisions go on, and so does the log.
      index.forgetUntil(beforeMicros / 1000);
      log.logger.error({ err: error }, "outcomes could not be restored");
      return [];
    }
  });
  return () => {
    isStopped = true;
    return restored;
  };
}
