import type { MessageInitShape } from "@bufbuild/protobuf";
import { RegimePrediction_Label } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import type {
  AuditStatusSchema,
  ListDecisionsRequest,
  MetricsSchema,
  MonitoringService,
  ShadowMetricsSchema,
} from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import type { Halt } from "../config/halt.ts";
import type { Clock } from "../domain/clock.ts";
import type { HashedConfig } from "../domain/config.ts";
import type { ModelIdentity } from "../domain/decision.ts";
import { InvalidInputError, UnavailableError } from "../domain/errors.ts";
import { type RegimeLabel, regimeLabels } from "../domain/regime.ts";
import { type DecisionFilter, decisionsKept } from "../monitor/decision-history.ts";
import type { Monitor } from "../monitor/monitor.ts";
import type { ShadowFigures } from "../monitor/shadow-record.ts";
import { toHaltMessage } from "./config.ts";
import { toAlertRuleMessage } from "./config-message.ts";
import { toDecisionMessage } from "./decision-message.ts";
import { refuse } from "./not-implemented.ts";
import type { ServiceHandlers } from "./service-handlers.ts";
import { fromTimestamp, toTimestamp } from "./timestamp-message.ts";

/** Decisions listed when the caller does not say how many. */
const decisionsListed = 100;

/** The audit log as far as this service shows it. */
export interface AuditView {
  readonly path: string;
  readonly durability: string;
  readonly healthy: boolean;
  readonly lastSeq: number;
  readonly lastHash: string;
  readonly queueDepth: number;
  readonly lastSyncMs: number;
}

export interface MonitoringOptions {
  readonly monitor: Monitor;
  readonly clock: Clock;
  readonly currentConfig: () => HashedConfig;
  /** The models that decide now: regime classifier, signal filter. */
  readonly servingModels: () => readonly [ModelIdentity, ModelIdentity];
  readonly halts: () => readonly Halt[];
  readonly audit: () => AuditView;
  /** Why requests should not be sent, or undefined while they may. */
  readonly notReady: () => string | undefined;
  readonly isDraining: () => boolean;
  readonly prometheusText: () => Promise<{ readonly contentType: string; readonly text: string }>;
  readonly mlVersion: string;
  readonly featureVersion: string;
}

/** Answers MonitoringService. */
export function createMonitoringHandlers(options: MonitoringOptions): ServiceHandlers<typeof MonitoringService> {
  return { ...createStateHandlers(options), ...createMetricsHandlers(options), ...createAlertHandlers(options) };
}

function createStateHandlers(options: MonitoringOptions) {
  const { monitor, clock, currentConfig, servingModels, audit, notReady, isDraining, mlVersion } = options;
  const phase = (): string => (isDraining() ? "draining" : "running");
  return {
    getServiceInfo: () => ({ service: "Arbitrex ML layer", version: mlVersion, status: phase(), endpoints }),
    getHealth: () => {
      const healthy = audit().healthy;
      return {
        status: healthy ? "healthy" : "degraded",
        components: { ml_engine: true, monitor: true, registry: true, audit_log: healthy },
        configHash: currentConfig().hash,
        uptimeSeconds: monitor.uptimeSeconds,
        halts: options.halts().map(toHaltMessage),
      };
    },
    getReadiness: () => {
      const reason = notReady();
      if (reason !== undefined) throw new UnavailableError(reason, "NOT_READY");
      return { status: "ready" };
    },
    getStatus: () => {
      const [regimeModel, signalModel] = servingModels();
      return {
        timestamp: toTimestamp(clock.nowMicros()),
        mlVersion,
        status: phase(),
        uptimeSeconds: monitor.uptimeSeconds,
        configHash: currentConfig().hash,
        regimeModel,
        signalModel,
        featureVersion: options.featureVersion,
        audit: toAuditMessage(audit()),
        totalPredictions: BigInt(monitor.stats.total),
        halts: options.halts().map(toHaltMessage),
      };
    },
  };
}

/** Where to look next; shown at `/`. */
const endpoints = {
  predict: "POST /predict",
  batch_predict: "POST /batch_predict",
  docs: "GET /docs",
  openapi: "GET /openapi.json",
  health: "GET /health",
  metrics: "GET /metrics",
  prometheus: "GET /metrics/prometheus",
  grpc: "arbitrex.ml.v1 on the same port; grpcurl -plaintext HOST:PORT list",
};

function createMetricsHandlers(options: MonitoringOptions) {
  const { monitor, clock, prometheusText } = options;
  return {
    getMetrics: () => ({ timestamp: toTimestamp(clock.nowMicros()), metrics: toMetricsMessage(options) }),
    getPrometheusMetrics: async () => {
      const { contentType, text } = await prometheusText();
      return { contentType, data: new TextEncoder().encode(text) };
    },
    listDecisions: (request: ListDecisionsRequest) => {
      const decisions = monitor.history
        .list(toFilter(request))
        .map((event) => toDecisionMessage(event, monitor.shadow.find(event.predictionId)));
      return { timestamp: toTimestamp(clock.nowMicros()), count: decisions.length, decisions };
    },
    getPerformanceSummary: refuse("the performance summary"),
    exportMetrics: refuse("exporting metrics"),
    recordOutcomes: refuse("recording outcomes"),
    getDrift: refuse("drift detection"),
    reset: () => {
      monitor.reset();
      return { status: "success", message: "metrics and decision history cleared; the audit log is untouched" };
    },
  };
}

function createAlertHandlers({ currentConfig }: MonitoringOptions) {
  return {
    listAlertRules: () => ({ rules: currentConfig().config.alertRules.map(toAlertRuleMessage) }),
    listAlerts: refuse("alerting"),
    clearAlerts: refuse("alerting"),
    createAlertRule: refuse("changing alert rules"),
    updateAlertRule: refuse("changing alert rules"),
    deleteAlertRule: refuse("changing alert rules"),
  };
}

function toAuditMessage(audit: AuditView): MessageInitShape<typeof AuditStatusSchema> {
  return { ...audit, lastSeq: BigInt(audit.lastSeq) };
}

function toFilter(request: ListDecisionsRequest): DecisionFilter {
  const limit = request.limit === 0 ? decisionsListed : request.limit;
  if (limit > decisionsKept) {
    throw new InvalidInputError([
      { field: "limit", description: `${limit} is above ${decisionsKept}, the number kept` },
    ]);
  }
  return {
    limit,
    symbol: request.symbol === "" ? undefined : request.symbol,
    allowed: request.allowed,
    regime: request.regime === undefined ? undefined : labelOf(request.regime),
    sinceMicros: fromTimestamp(request.since),
    untilMicros: fromTimestamp(request.until),
  };
}

function labelOf(label: RegimePrediction_Label): RegimeLabel {
  for (const name of ["UNKNOWN", ...regimeLabels] as const) if (RegimePrediction_Label[name] === label) return name;
  throw new InvalidInputError([{ field: "regime", description: `${label} is no regime` }]);
}

function toMetricsMessage(options: MonitoringOptions): MessageInitShape<typeof MetricsSchema> {
  const { monitor, currentConfig, servingModels, audit } = options;
  const { stats } = monitor;
  const { queueDepth, lastSyncMs } = audit();
  return {
    totalPredictions: BigInt(stats.total),
    allowed: BigInt(stats.allowed),
    suppressed: BigInt(stats.suppressed),
    allowRate: stats.allowRate,
    suppressionRate: stats.suppressionRate,
    avgProcessingTimeMs: stats.latency.meanMs,
    p50ProcessingTimeMs: stats.latency.quantileMs(0.5),
    p95ProcessingTimeMs: stats.latency.quantileMs(0.95),
    p99ProcessingTimeMs: stats.latency.quantileMs(0.99),
    maxProcessingTimeMs: stats.latency.maxMs,
    regimeDistribution: toCounts(stats.regimes.entries()),
    avgRegimeConfidence: stats.meanConfidence,
    minRegimeConfidence: stats.minConfidence,
    avgSignalProbability: stats.meanProbability,
    symbolDistribution: toCounts(stats.symbols.entries()),
    timeframeDistribution: toCounts(stats.timeframes.entries()),
    gateFailures: toCounts(stats.gateFailures.entries()),
    confidenceLevels: toCounts(stats.confidenceLevels.entries()),
    unstableRegimeShare: stats.unstableShare,
    missingInputs: toCounts(stats.missingInputs.entries()),
    errors: toCounts(monitor.errors.entries()),
    predictionsPerHour: monitor.decisionsPerHour,
    uptimeSeconds: monitor.uptimeSeconds,
    configHash: currentConfig().hash,
    modelVersions: Object.fromEntries(servingModels().map(({ name, version }) => [name, version])),
    auditQueueDepth: queueDepth,
    auditLastSyncMs: lastSyncMs,
    shadow: toShadowMetrics(monitor.shadow.figures),
  };
}

function toCounts(entries: Iterable<[string, number]>): Record<string, bigint> {
  return Object.fromEntries([...entries].map(([label, count]) => [label, BigInt(count)]));
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
