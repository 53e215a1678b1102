import type { CallReport } from "../domain/call-context.ts";
import type { ModelIdentity } from "../domain/decision.ts";
import type { DecisionStage } from "../domain/decision-stage.ts";
import type { ShadowComparison, ShadowOmission } from "../domain/shadow-comparison.ts";
import type { NotificationOutcome } from "./alerts/alertmanager-queue.ts";
import { NotificationRecorder } from "./alerts/notification-recorder.ts";
import { ChangeRecorder, type ChangeResult, type ModelAction } from "./change-recorder.ts";
import type { CountedDecision } from "./counted-decision.ts";
import { createDecisionFamilies } from "./decision-families.ts";
import type { DecisionTally } from "./decision-tally.ts";
import { EventLoopDelay } from "./event-loop-delay.ts";
import { LatencyRecorder } from "./latency-recorder.ts";
import type { MetricFamily } from "./metric-family.ts";
import { createPrometheusText, type PrometheusText } from "./prometheus/prometheus-text.ts";
import { createServiceFamilies, type ServiceSources } from "./service-families.ts";

export interface ServiceMetricsOptions {
  readonly mlVersion: string;
  /** Decisions since the start; they are counted by the monitor. */
  readonly decisions: () => DecisionTally;
  readonly sources: ServiceSources;
  /** What else is told. @default nothing */
  readonly families?: readonly MetricFamily[];
}

/** Everything that Prometheus is told about one service. Recording is cheap and never throws. */
export interface ServiceMetrics {
  recordDecision(decision: CountedDecision): void;
  recordStage(stage: DecisionStage, model: ModelIdentity | undefined, durationMs: number): void;
  /** From handing a decision to the audit log until its answer may leave. */
  recordAuditWait(durationMs: number): void;
  recordCall(report: CallReport): void;
  recordSync(durationMs: number, records: number): void;
  recordComparison(comparison: ShadowComparison): void;
  recordOmission(reason: ShadowOmission): void;
  recordModelChange(action: ModelAction, result: ChangeResult): void;
  recordNotifications(outcome: NotificationOutcome, alerts: number): void;
  text(): Promise<PrometheusText>;
  /** Stops sampling the event loop. */
  close(): void;
}

export function createServiceMetrics(options: ServiceMetricsOptions): ServiceMetrics {
  const { mlVersion, decisions, sources, families = [] } = options;
  const latency = new LatencyRecorder();
  const changes = new ChangeRecorder();
  const notifications = new NotificationRecorder();
  const eventLoop = new EventLoopDelay();
  const text = createPrometheusText([
    ...createDecisionFamilies(decisions),
    ...latency.families,
    ...changes.families,
    ...createServiceFamilies(mlVersion, sources),
    notifications.family,
    eventLoop.family,
    ...families,
  ]);
  return {
    recordDecision: ({ processingTimeMs }) => latency.recordDecision(processingTimeMs),
    recordStage: (stage, model, durationMs) => latency.recordStage(stage, model, durationMs),
    recordAuditWait: (durationMs) => latency.recordAuditWait(durationMs),
    recordCall: (report) => latency.recordCall(report),
    recordSync: (durationMs, records) => latency.recordSync(durationMs, records),
    recordComparison: (comparison) => changes.recordComparison(comparison),
    recordOmission: (reason) => changes.recordOmission(reason),
    recordModelChange: (action, result) => changes.recordModelChange(action, result),
    recordNotifications: (outcome, alerts) => notifications.record(outcome, alerts),
    text,
    close: () => eventLoop.close(),
  };
}
