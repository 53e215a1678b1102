import type { AuditView } from "../handlers/monitoring.ts";
import type { ServiceSources } from "../monitor/service-families.ts";
import type { ServiceState } from "../service-state.ts";
import type { WorkerFigures } from "./messages.ts";
import type { WorkerView } from "./worker-families.ts";

/** All processes of a service seen as one. */
export interface PoolView {
  /** The service's own log; healthy when its workers' logs are, too, and with all that waits for any of them. */
  readonly audit: () => AuditView;
  /** Workers by name, and whether they can answer. */
  readonly components: () => Readonly<Record<string, boolean>>;
  readonly notReady: () => string | undefined;
  readonly sources: Pick<ServiceSources, "ready" | "inFlight" | "transport" | "audit">;
}

export function createPoolView(pool: { list(): readonly WorkerView[] }, state: ServiceState): PoolView {
  const figures = (): WorkerFigures[] => pool.list().flatMap(({ process }) => process?.figures ?? []);
  const sum = (figureOf: (each: WorkerFigures) => number): number =>
    figures().reduce((total, each) => total + figureOf(each), 0);
  const canAnswer = ({ process }: WorkerView): boolean =>
    process?.isReady === true && process.figures?.audit.healthy !== false;
  const notReady = (): string | undefined => {
    if (state.draining) return "the service is draining";
    if (state.audit?.healthy !== true) return "the audit log cannot be written";
    return pool.list().some(canAnswer) ? undefined : "no worker can answer";
  };
  return {
    audit() {
      if (state.audit === undefined) throw new Error("asked before there is an audit log");
      const own = state.audit.stats();
      return {
        ...own,
        lastSyncMs: own.lastSyncMs ?? 0,
        healthy: own.healthy && figures().every(({ audit }) => audit.healthy),
        queueDepth: own.queueDepth + sum(({ audit }) => audit.queueDepth),
      };
    },
    components: () => Object.fromEntries(pool.list().map((view) => [`worker_${view.worker}`, canAnswer(view)])),
    notReady,
    sources: {
      ready: () => notReady() === undefined,
      inFlight: () => sum(({ inFlight }) => inFlight),
      transport: () => ({
        connections: sum(({ connections }) => connections),
        http2Sessions: sum(({ http2Sessions }) => http2Sessions),
        requests: sum(({ requests }) => requests),
      }),
      audit() {
        const own = state.audit?.stats();
        if (own === undefined) return undefined;
        return {
          healthy: own.healthy && figures().every(({ audit }) => audit.healthy),
          queueDepth: own.queueDepth + sum(({ audit }) => audit.queueDepth),
          syncRunningMs: Math.max(own.syncRunningMs, ...figures().map(({ audit }) => audit.syncRunningMs)),
          failures: own.failures + sum(({ audit }) => audit.failures),
          refused: own.refused + sum(({ audit }) => audit.refused),
          fileBytes: own.fileBytes + sum(({ audit }) => audit.fileBytes),
        };
      },
    },
  };
}
