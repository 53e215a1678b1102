import { defaultConfig } from "./config/config-schema.ts";
import { ControlPlane } from "./control/control-plane.ts";
import type { Followers } from "./control/followers.ts";
import type { Clock } from "./domain/clock.ts";
import type { Config } from "./domain/config.ts";
import { createDriftView, type DriftView } from "./drift-view.ts";
import { type Environment, shippedModelsDirectory } from "./environment.ts";
import type { Alerting } from "./monitor/alerts/alerting.ts";
import type { Timers } from "./monitor/alerts/timers.ts";
import type { AuditLog } from "./monitor/audit/audit-log.ts";
import type { Monitor } from "./monitor/monitor.ts";
import type { ServiceMetrics } from "./monitor/service-metrics.ts";
import { seedModelRegistry } from "./registry/registry-seed.ts";
import { startServiceAlerts } from "./service-alerts.ts";
import { toAdminRecord } from "./service-audit.ts";
import type { ServiceLog } from "./service-log.ts";
import type { ServiceState } from "./service-state.ts";

export interface ServiceControlOptions {
  readonly environment: Pick<Environment, "modelsDirectory" | "configDirectory" | "alertmanagerUrls">;
  readonly config: Config | undefined;
  readonly timers: Timers;
  readonly clock: Clock;
  readonly log: ServiceLog;
  readonly audit: AuditLog;
  readonly monitor: Monitor;
  readonly metrics: ServiceMetrics;
  readonly state: ServiceState;
  /** Other processes that decide. @default none */
  readonly followers?: Followers;
}

export interface ServiceControl {
  readonly plane: ControlPlane;
  readonly alerts: Alerting;
  readonly drifts: DriftView;
}

/** Opens registry, configuration and halts, and watches the decisions. `closers` gets what to close, in order of opening. */
export async function openServiceControl(
  options: ServiceControlOptions,
  closers: (() => Promise<void>)[],
): Promise<ServiceControl> {
  const { environment, clock, log, audit, monitor, metrics, state } = options;
  await seedModelRegistry(environment.modelsDirectory, shippedModelsDirectory);
  const plane = await ControlPlane.open({
    modelsDirectory: environment.modelsDirectory,
    configDirectory: environment.configDirectory,
    defaults: options.config ?? defaultConfig,
    clock,
    recordAction: (action) => audit.append(toAdminRecord(action, clock)),
    onComparison: (comparison) => {
      monitor.shadow.add(comparison);
      metrics.recordComparison(comparison);
    },
    onOmission: (reason) => {
      monitor.shadow.omit(reason);
      metrics.recordOmission(reason);
    },
    onFault: (message, error) => log.logger.error({ err: error }, message),
    stageObserver: { monotonicMs: clock.monotonicMs, observe: metrics.recordStage },
    ...(options.followers !== undefined && { followers: options.followers }),
  });
  state.plane = plane;
  closers.push(() => plane.close());
  const drifts = createDriftView({ plane, monitor, clock });
  state.drifts = drifts;
  const alerts = startServiceAlerts({
    plane,
    monitor,
    drifts,
    metrics,
    clock,
    timers: options.timers,
    log,
    alertmanagerUrls: environment.alertmanagerUrls,
    port: () => state.port,
  });
  closers.push(() => alerts.close());
  state.alerts = () => alerts.firing();
  return { plane, alerts, drifts };
}
