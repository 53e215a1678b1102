import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  AuditStatusSchema,
  GetPerformanceSummaryRequest,
  ListDecisionsRequest,
  MonitoringService,
  RecordOutcomesRequest,
} from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import type { Halt } from "../config/halt.ts";
import type { CallContext } from "../domain/call-context.ts";
import { InvalidInputError, UnavailableError } from "../domain/errors.ts";
import { windowMsMax } from "../monitor/decision-windows.ts";
import type { ModelDrift } from "../monitor/drift/model-drift.ts";
import type { RatedModel } from "../monitor/performance/rated-model.ts";
import { type AlertOptions, createAlertHandlers } from "./alerts.ts";
import { toHaltMessage } from "./config.ts";
import { listDecisions } from "./decision-list.ts";
import { toDriftMessage } from "./drift-message.ts";
import { type MetricsSources, toMetrics, toMetricsResponse } from "./metrics-message.ts";
import { type OutcomeRecorder, recordOutcomes } from "./outcomes.ts";
import { toPerformanceMessage } from "./performance-message.ts";
import type { ServiceHandlers } from "./service-handlers.ts";
import { toTimestamp } from "./timestamp-message.ts";

/** Hours summed up when the caller does not say how many, and at most. */
const summaryHoursMax = windowMsMax / 3_600_000;

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

export interface MonitoringOptions extends MetricsSources, AlertOptions {
  readonly halts: () => readonly Halt[];
  readonly audit: () => AuditView;
  /** What else health names, by name; what is false degrades it. @default nothing */
  readonly components?: (() => Readonly<Record<string, boolean>>) | undefined;
  /** Why requests should not be sent, or undefined while they may. */
  readonly notReady: () => string | undefined;
  readonly isDraining: () => boolean;
  readonly prometheusText: () => Promise<{ readonly contentType: string; readonly text: string }>;
  /** Writes the metrics to a file and answers its path. */
  readonly exportMetrics: () => string;
  readonly recordOutcomes: OutcomeRecorder;
  readonly drifts: () => readonly ModelDrift[];
  readonly ratings: () => readonly RatedModel[];
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
      const others = options.components?.() ?? {};
      const components = { ml_engine: true, monitor: true, registry: true, audit_log: audit().healthy, ...others };
      return {
        status: Object.values(components).includes(false) ? "degraded" : "healthy",
        components,
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
        totalPredictions: BigInt(monitor.windows.total),
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
  const { monitor, clock, currentConfig, prometheusText } = options;
  return {
    getMetrics: () => toMetricsResponse(options),
    getPrometheusMetrics: async () => {
      const { contentType, text } = await prometheusText();
      return { contentType, data: new TextEncoder().encode(text) };
    },
    listDecisions: (request: ListDecisionsRequest, call: CallContext) => listDecisions(request, call, options),
    getPerformanceSummary: (request: GetPerformanceSummaryRequest) => {
      const hours = readHours(request);
      const summary = monitor.windows.summarize(hours * 3_600_000);
      return {
        timestamp: toTimestamp(clock.nowMicros()),
        hours,
        metrics: toMetrics(summary, options),
        models: options.ratings().map(toPerformanceMessage),
      };
    },
    exportMetrics: () => ({ path: options.exportMetrics() }),
    recordOutcomes: (request: RecordOutcomesRequest) => recordOutcomes(request, options.recordOutcomes),
    getDrift: () => ({
      timestamp: toTimestamp(clock.nowMicros()),
      enabled: currentConfig().config.governance.enableDriftDetection,
      models: options.drifts().map(toDriftMessage),
    }),
    reset: () => {
      monitor.reset();
      options.alerts.clear();
      return {
        status: "success",
        message: "metrics, decision history and alerts cleared; the audit log is untouched",
      };
    },
  };
}

function toAuditMessage(audit: AuditView): MessageInitShape<typeof AuditStatusSchema> {
  return { ...audit, lastSeq: BigInt(audit.lastSeq) };
}

function readHours({ hours }: GetPerformanceSummaryRequest): number {
  if (hours === 0) return summaryHoursMax;
  if (hours > 0 && hours <= summaryHoursMax) return hours;
  throw new InvalidInputError([
    { field: "hours", description: `${hours} is not above 0 and at most ${summaryHoursMax}, the hours kept` },
  ]);
}
