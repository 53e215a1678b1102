import type { ControlPlane } from "./control/control-plane.ts";
import type { DriftView } from "./drift-view.ts";
import type { AuditLog } from "./monitor/audit/audit-log.ts";
import type { Monitor } from "./monitor/monitor.ts";
import type { AlertFigures } from "./monitor/service-families.ts";
import type { CallChain } from "./transport/chain/call-chain.ts";
import type { Listener } from "./transport/listener.ts";

/** What parts of the service ask one another while it runs; each is there from when it has been made. */
export class ServiceState {
  audit: AuditLog | undefined;
  chain: CallChain | undefined;
  listener: Listener | undefined;
  port: number | undefined;
  monitor: Monitor | undefined;
  plane: ControlPlane | undefined;
  /** Every enabled alert rule. */
  alerts: () => readonly AlertFigures[] = () => [];
  /** Of the models that decide now. */
  drifts: DriftView = () => [];
  /** Writes the metrics to a file and answers its path. */
  exportMetrics: (() => string) | undefined;
  setServing: ((serving: boolean) => void) | undefined;
  draining = false;

  /** Why requests should not be sent, or undefined while they may. */
  notReady(): string | undefined {
    if (this.draining) return "the service is draining";
    if (this.audit?.healthy !== true) return "the audit log cannot be written";
    return undefined;
  }
}
