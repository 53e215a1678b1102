import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  GetMetricsResponseSchema,
  MetricsSchema,
  ShadowMetricsSchema,
  WindowMetricsSchema,
} from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import type { Clock } from "../domain/clock.ts";
import type { HashedConfig } from "../domain/config.ts";
import type { ModelIdentity } from "../domain/decision.ts";
import type { DecisionSummary } from "../monitor/decision-figures.ts";
import type { Monitor } from "../monitor/monitor.ts";
import type { ShadowFigures } from "../monitor/shadow-record.ts";
import { toTimestamp } from "./timestamp-message.ts";

const minuteMs = 60_000;

/** The windows that GetMetrics shows. */
export const metricWindowsMs = { "5m": 5 * minuteMs, "1h": 60 * minuteMs, "24h": 24 * 60 * minuteMs } as const;

/** Where metrics come from. */
export interface MetricsSources {
  readonly monitor: Monitor;
  readonly clock: Clock;
  readonly currentConfig: () => HashedConfig;
  /** The models that decide now: regime classifier, signal filter. */
  readonly servingModels: () => readonly [ModelIdentity, ModelIdentity];
  readonly audit: () => { readonly queueDepth: number; readonly lastSyncMs: number };
  /** Alerts that fire. */
  readonly activeAlerts: () => number;
}

/** The metrics since the start and over each window. */
export function toMetricsResponse(sources: MetricsSources): MessageInitShape<typeof GetMetricsResponseSchema> {
  const { monitor, clock } = sources;
  const windows: Record<string, MessageInitShape<typeof WindowMetricsSchema>> = {};
  for (const [name, windowMs] of Object.entries(metricWindowsMs)) {
    windows[name] = toWindowMetrics(monitor.windows.summarize(windowMs));
  }
  return { timestamp: toTimestamp(clock.nowMicros()), metrics: toMetrics(monitor.stats, sources, windows) };
}

/** The metrics of some decisions, beside the state as it is now. */
export function toMetrics(
  summary: DecisionSummary,
  sources: MetricsSources,
  windows: Record<string, MessageInitShape<typeof WindowMetricsSchema>> = {},
): MessageInitShape<typeof MetricsSchema> {
  const { monitor, currentConfig, servingModels, audit, activeAlerts } = sources;
  const { queueDepth, lastSyncMs } = audit();
  return {
    ...toDecisionMetrics(summary),
    uptimeSeconds: monitor.uptimeSeconds,
    configHash: currentConfig().hash,
    modelVersions: Object.fromEntries(servingModels().map(({ name, version }) => [name, version])),
    auditQueueDepth: queueDepth,
    auditLastSyncMs: lastSyncMs,
    activeAlerts: activeAlerts(),
    shadow: toShadowMetrics(monitor.shadow.figures),
    windows,
    outcomes: {
      awaiting: monitor.outcomes.awaiting,
      told: Object.fromEntries(Object.entries(monitor.outcomes.counts).map(([name, told]) => [name, BigInt(told)])),
    },
  };
}

function toWindowMetrics(summary: DecisionSummary): MessageInitShape<typeof WindowMetricsSchema> {
  return { ...toDecisionMetrics(summary), coveredSeconds: summary.coveredMs / 1000 };
}

function toDecisionMetrics(summary: DecisionSummary) {
  return {
    totalPredictions: BigInt(summary.total),
    allowed: BigInt(summary.allowed),
    suppressed: BigInt(summary.suppressed),
    allowRate: summary.allowRate,
    suppressionRate: summary.suppressionRate,
    avgProcessingTimeMs: summary.avgProcessingTimeMs,
    p50ProcessingTimeMs: summary.p50ProcessingTimeMs,
    p95ProcessingTimeMs: summary.p95ProcessingTimeMs,
    p99ProcessingTimeMs: summary.p99ProcessingTimeMs,
    maxProcessingTimeMs: summary.maxProcessingTimeMs,
    regimeDistribution: toCounts(summary.regimes),
    avgRegimeConfidence: summary.avgRegimeConfidence,
    minRegimeConfidence: summary.minRegimeConfidence,
    avgSignalProbability: summary.avgSignalProbability,
    symbolDistribution: toCounts(summary.symbols),
    timeframeDistribution: toCounts(summary.timeframes),
    gateFailures: toCounts(summary.gateFailures),
    confidenceLevels: toCounts(summary.confidenceLevels),
    unstableRegimeShare: summary.unstableRegimeShare,
    missingInputs: toCounts(summary.missingInputs),
    missingInputShare: summary.missingInputShare,
    errors: toCounts(summary.errors),
    predictionsPerHour: summary.predictionsPerHour,
  };
}

function toCounts(counts: ReadonlyMap<string, number>): Record<string, bigint> {
  return Object.fromEntries([...counts].map(([label, count]) => [label, BigInt(count)]));
}

function toShadowMetrics(figures: ShadowFigures): MessageInitShape<typeof ShadowMetricsSchema> {
  const { compared, flips, regimeDifferences, dropped, failed } = figures;
  return {
    compared: BigInt(compared),
    flips: BigInt(flips),
    agreementRate: compared === 0 ? 0 : 1 - flips / compared,
    regimeDifferences: BigInt(regimeDifferences),
    meanAbsProbabilityDifference: figures.meanAbsProbabilityDifference,
    maxAbsProbabilityDifference: figures.maxAbsProbabilityDifference,
    dropped: BigInt(dropped),
    failed: BigInt(failed),
  };
}
