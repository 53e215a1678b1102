import { create } from "@bufbuild/protobuf";
import { ConfigService } from "../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { InferenceService } from "../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ModelRegistryService } from "../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { GetMetricsResponseSchema, MonitoringService } from "../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import type { ControlPlane } from "./control/control-plane.ts";
import { assertDryRunDecisions, type DryRunReport, dryRun } from "./control/dry-run.ts";
import type { Clock } from "./domain/clock.ts";
import type { HashedConfig } from "./domain/config.ts";
import type { DecisionEvent } from "./domain/decision-event.ts";
import { MlError } from "./domain/errors.ts";
import { featureVersion } from "./domain/feature-schema.ts";
import type { DriftView } from "./drift-view.ts";
import { createDirectBatchPredict } from "./handlers/batch-predict.ts";
import { createConfigHandlers } from "./handlers/config.ts";
import { createDirectListDecisions, createJsonListDecisions } from "./handlers/decision-list.ts";
import { createDecisionMaker } from "./handlers/decision-maker.ts";
import {
  createDirectPredict,
  createInferenceHandlers,
  createJsonPredict,
  type InferenceOptions,
} from "./handlers/inference.ts";
import { type MetricsSources, toMetricsResponse } from "./handlers/metrics-message.ts";
import { createModelRegistryHandlers } from "./handlers/model-registry.ts";
import { type AuditView, createMonitoringHandlers } from "./handlers/monitoring.ts";
import { createIdSource } from "./id-source.ts";
import { rateModels } from "./model-ratings.ts";
import type { Alerting } from "./monitor/alerts/alerting.ts";
import type { AuditLog } from "./monitor/audit/audit-log.ts";
import { readAuditLogs } from "./monitor/audit/audit-logs.ts";
import type { ChangeResult, ModelAction } from "./monitor/change-recorder.ts";
import { writeMetricsFile } from "./monitor/metrics-file.ts";
import type { Monitor } from "./monitor/monitor.ts";
import { type RecordedDecision, readRecordedDecision } from "./monitor/recorded-decision.ts";
import type { ServiceMetrics } from "./monitor/service-metrics.ts";
import { mlVersion } from "./package-root.ts";
import type { ServiceLog } from "./service-log.ts";
import { toRpcStatus } from "./transport/chain/status.ts";
import { JsonWriter } from "./transport/rest/json-writer.ts";
import { bindService, type ServiceBinding } from "./transport/service-binding.ts";
import { TurnEndQueue } from "./turn-end-queue.ts";

/** What the four services are made of. */
export interface BindingParts {
  readonly plane: ControlPlane;
  readonly monitor: Monitor;
  readonly metrics: ServiceMetrics;
  readonly audit: () => AuditView;
  /** What else health names, by name. @default nothing */
  readonly components?: (() => Readonly<Record<string, boolean>>) | undefined;
  readonly logDirectory: string;
  readonly clock: Clock;
  readonly log: ServiceLog;
  readonly alerts: Alerting;
  readonly drifts: DriftView;
  /** Alerts that fire. */
  readonly activeAlerts: () => number;
  /** Why requests should not be sent, or undefined while they may. */
  readonly notReady: () => string | undefined;
  readonly isDraining: () => boolean;
}

/** Largest model file that is taken in chunks. */
const modelSizeBytesMax = 64 * 1024 ** 2;

/** Binds the handlers of the four services to what they delegate to. */
export function createServiceBindings(parts: BindingParts): ServiceBinding[] {
  const { plane, monitor, clock, log } = parts;
  const uncounted = new TurnEndQueue<DecisionEvent>(
    (event) => monitor.count(event),
    (error) => log.logger.error({ err: error }, "decision not counted"),
  );
  /** The newest decision of a stream. */
  let newest: DecisionEvent | undefined;
  const inference = bindInference({
    decider: plane,
    record: (event, options) => {
      const pending = monitor.append(event, options);
      if (options?.isWrittenLater === true) {
        // Of answers that leave together all but the last wait anyway, and are counted while they are at hand (16 instead of 21 µs an item).
        if (newest !== undefined) monitor.count(newest);
        newest = event;
      } else if (pending === undefined) uncounted.add(event);
      else pending.tell({ useTime: () => uncounted.add(event), settle: () => undefined });
      return pending;
    },
    flushRecords: () => {
      const last = newest;
      newest = undefined;
      monitor.flush();
      if (last !== undefined) uncounted.add(last);
    },
    clock,
    log,
  });
  return [inference, ...createControlBindings(parts)];
}

/** The services that tell and change what decides, without the decisions. */
export function createControlBindings(parts: BindingParts): ServiceBinding[] {
  return [bindRegistry(parts), bindConfig(parts), bindMonitoring(parts)];
}

export interface InferenceParts {
  readonly decider: Pick<ControlPlane, "decide" | "watch">;
  /** See {@link Monitor.record}. */
  readonly record: InferenceOptions["record"];
  /** See {@link Monitor.flush}. */
  readonly flushRecords: () => void;
  readonly clock: Clock;
  readonly log: ServiceLog;
}

export function bindInference({ decider, record, flushRecords, clock, log }: InferenceParts): ServiceBinding {
  const options: InferenceOptions = {
    decisionMaker: createDecisionMaker({
      decide: (request) => decider.decide(request),
      watch: (request) => decider.watch(request),
      clock,
      newId: createIdSource(),
    }),
    record,
    flushRecords,
    toStatus: (error, requestId) => {
      if (!(error instanceof MlError)) log.logger.error({ request_id: requestId, err: error }, "item failed");
      return toRpcStatus(error);
    },
    mlVersion,
  };
  return bindService(InferenceService, createInferenceHandlers(options), {
    unary: { predict: createDirectPredict(options) },
    streams: { batchPredict: createDirectBatchPredict(options) },
    json: { predict: createJsonPredict(options) },
  });
}

function bindRegistry({ plane, metrics, clock }: BindingParts): ServiceBinding {
  const count = <T>(action: ModelAction, change: Promise<T>): Promise<T> => {
    const settle = (result: ChangeResult) => (): void => metrics.recordModelChange(action, result);
    // Who asked for the change learns of a failure; here it only counts.
    void change.then(settle("changed"), settle("failed"));
    return change;
  };
  const handlers = createModelRegistryHandlers({
    registry: plane.registry,
    isServing: (modelName, version) => plane.isServing(modelName, version),
    register: (registration) => count("REGISTER", plane.register(registration)),
    deleteVersion: (request) => count("DELETE", plane.deleteVersion(request)),
    setAlias: (request) => count("SET_ALIAS", plane.setAlias(request)),
    removeAlias: (request) => count("REMOVE_ALIAS", plane.removeAlias(request)),
    rollbackModel: (request) => count("ROLLBACK", plane.rollbackModel(request)),
    modelSizeBytesMax,
    clock,
  });
  return bindService(ModelRegistryService, handlers);
}

function bindConfig({ plane, logDirectory }: BindingParts): ServiceBinding {
  const handlers = createConfigHandlers({
    findConfig: (hash) => plane.findConfig(hash),
    configHistory: (limit) => plane.configHistory(limit),
    updateConfig: (patch, options) => plane.updateConfig(patch, options),
    rollbackConfig: (hash, note) => plane.rollbackConfig(hash, note),
    dryRun: (config, decisions) => dryRunUnder(config, decisions, plane, logDirectory),
    halts: () => plane.halts,
    halt: (request) => plane.halt(request),
    resume: (request) => plane.resume(request),
  });
  return bindService(ConfigService, handlers);
}

function bindMonitoring(parts: BindingParts): ServiceBinding {
  const { plane, notReady, isDraining, metrics } = parts;
  const handlers = createMonitoringHandlers({
    ...toMetricsSources(parts),
    audit: parts.audit,
    components: parts.components,
    halts: () => plane.halts,
    alerts: parts.alerts,
    updateConfig: (patch, options) => plane.updateConfig(patch, options),
    notReady,
    isDraining,
    prometheusText: metrics.text,
    exportMetrics: () => exportMetrics(parts),
    drifts: parts.drifts,
    ratings: () => rateModels(plane, parts.monitor),
    recordOutcomes: (outcomes) => parts.monitor.outcomes.record(outcomes),
    mlVersion,
    featureVersion,
  });
  const json = new JsonWriter();
  return bindService(MonitoringService, handlers, {
    unary: { listDecisions: createDirectListDecisions(parts) },
    json: { listDecisions: createJsonListDecisions(parts, (desc, message) => json.write(desc, message)) },
  });
}

/** Writes what `GET /metrics` answers to a file beside the audit log and answers its path. */
export function exportMetrics(parts: BindingParts): string {
  const response = create(GetMetricsResponseSchema, toMetricsResponse(toMetricsSources(parts)));
  const json = JSON.stringify(new JsonWriter().write(GetMetricsResponseSchema, response), undefined, 2);
  return writeMetricsFile(parts.logDirectory, parts.clock.nowMicros(), `${json}\n`);
}

function toMetricsSources({ plane, monitor, clock, audit, activeAlerts }: BindingParts): MetricsSources {
  return {
    monitor,
    clock,
    currentConfig: () => plane.inForce.config,
    servingModels: () => plane.inForce.models,
    audit,
    activeAlerts,
  };
}

/** The audit log as MonitoringService shows it. */
export function readAudit(audit: AuditLog): AuditView {
  const stats = audit.stats();
  return { ...stats, lastSyncMs: stats.lastSyncMs ?? 0 };
}

async function dryRunUnder(
  config: HashedConfig,
  decisions: number,
  plane: ControlPlane,
  logDirectory: string,
): Promise<DryRunReport> {
  assertDryRunDecisions(decisions);
  const built = await plane.buildAside(config);
  try {
    return await dryRun(built.engine, readDecisions(logDirectory, decisions), (model) => plane.inputNames(model));
  } finally {
    built.release();
  }
}

async function* readDecisions(logDirectory: string, last: number): AsyncGenerator<RecordedDecision> {
  for await (const record of readAuditLogs(logDirectory, { kind: "decision", last }))
    yield readRecordedDecision(record);
}
