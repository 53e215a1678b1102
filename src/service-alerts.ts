import { hostname } from "node:os";
import type { ControlPlane } from "./control/control-plane.ts";
import type { Clock } from "./domain/clock.ts";
import type { DriftView } from "./drift-view.ts";
import { rateModels } from "./model-ratings.ts";
import type { AlertTransition } from "./monitor/alerts/alert.ts";
import { type Alerting, startAlerting } from "./monitor/alerts/alerting.ts";
import type { NotificationOutcome } from "./monitor/alerts/alertmanager-queue.ts";
import { type AlertWatch, listGovernanceRules } from "./monitor/alerts/governance-rules.ts";
import { postJson } from "./monitor/alerts/http-post.ts";
import type { Timers } from "./monitor/alerts/timers.ts";
import { watchDrift } from "./monitor/drift/model-drift.ts";
import type { Monitor } from "./monitor/monitor.ts";
import { watchPerformance } from "./monitor/performance/rated-model.ts";
import type { ServiceMetrics } from "./monitor/service-metrics.ts";
import type { ServiceLog } from "./service-log.ts";

export interface AlertParts {
  readonly plane: ControlPlane;
  readonly monitor: Monitor;
  readonly metrics: ServiceMetrics;
  readonly drifts: DriftView;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: ServiceLog;
  readonly alertmanagerUrls: readonly string[];
  /** Port of the service; undefined until it listens. */
  readonly port: () => number | undefined;
}

/** Watches the decisions of a service under the rules of its configuration. */
export function startServiceAlerts(parts: AlertParts): Alerting {
  const { plane, monitor, metrics, clock, timers, log, alertmanagerUrls, port } = parts;
  return startAlerting({
    clock,
    timers,
    rules: () => plane.inForce.config.config.alertRules,
    watches: () => readWatches(parts),
    readWindow: (windowMs) => monitor.windows.read(windowMs),
    webhookUrls: alertmanagerUrls,
    post: postJson,
    random: Math.random,
    source() {
      const instance = `${hostname()}:${port() ?? 0}`;
      return { instance, generatorUrl: `http://${instance}/alerts/rules` };
    },
    onTransition: (transition) => logTransition(log, transition),
    onNotification(outcome, alerts, url, cause) {
      metrics.recordNotifications(outcome, alerts);
      logNotification(log, outcome, { alerts, receiver: new URL(url).origin, err: cause });
    },
    onFault: (message, error) => log.logger.error({ err: error }, message),
  });
}

function readWatches({ plane, monitor, drifts }: AlertParts): AlertWatch[] {
  const rules = listGovernanceRules(plane.inForce.config.config.governance);
  if (rules.length === 0) return [];
  return [...watchPerformance(rules, rateModels(plane, monitor)), ...watchDrift(rules, drifts())];
}

function logTransition({ logger }: ServiceLog, { from, to, alert }: AlertTransition): void {
  const { rule, value } = alert;
  const { name: alertname, metric, threshold } = rule;
  const fields = { alertname, severity: rule.severity.toLowerCase(), from, to, metric, value, threshold };
  if (to === "FIRING") logger.warn(fields, "alert changed state");
  else logger.info(fields, "alert changed state");
}

function logNotification({ logger }: ServiceLog, outcome: NotificationOutcome, fields: object): void {
  switch (outcome) {
    case "delivered":
      return;
    case "failed":
      logger.warn(fields, "alert notification failed; it will be tried again");
      return;
    case "dropped":
    case "refused":
      logger.error({ ...fields, outcome }, "alert notification lost");
      return;
    default:
      outcome satisfies never;
  }
}
