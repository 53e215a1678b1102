import { ConfigService } from "../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { InferenceService } from "../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ModelRegistryService } from "../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { MonitoringService } from "../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import type { ControlPlane } from "./control/control-plane.ts";
import { assertDryRunDecisions, type DryRunReport, dryRun } from "./control/dry-run.ts";
import type { Clock } from "./domain/clock.ts";
import type { HashedConfig } from "./domain/config.ts";
import { MlError } from "./domain/errors.ts";
import { featureVersion } from "./domain/feature-schema.ts";
import { createConfigHandlers } from "./handlers/config.ts";
import { createDecisionMaker } from "./handlers/decision-maker.ts";
import { createInferenceHandlers } from "./handlers/inference.ts";
import { createModelRegistryHandlers } from "./handlers/model-registry.ts";
import { createMonitoringHandlers } from "./handlers/monitoring.ts";
import { createIdSource } from "./id-source.ts";
import type { AuditLog } from "./monitor/audit/audit-log.ts";
import { readAuditRecords } from "./monitor/audit/audit-reader.ts";
import type { Monitor } from "./monitor/monitor.ts";
import type { PrometheusMetrics } from "./monitor/prometheus.ts";
import { type RecordedDecision, readRecordedDecision } from "./monitor/recorded-decision.ts";
import { mlVersion } from "./package-root.ts";
import type { ServiceLog } from "./service-log.ts";
import { toRpcStatus } from "./transport/chain/status.ts";
import { bindService, type ServiceBinding } from "./transport/service-binding.ts";

/** What the four services are made of. */
export interface BindingParts {
  readonly plane: ControlPlane;
  readonly monitor: Monitor;
  readonly metrics: PrometheusMetrics;
  readonly audit: AuditLog;
  readonly logDirectory: string;
  readonly clock: Clock;
  readonly log: ServiceLog;
  /** Why requests should not be sent, or undefined while they may. */
  readonly notReady: () => string | undefined;
  readonly isDraining: () => boolean;
}

/** Largest model file that is taken in chunks. */
const modelSizeBytesMax = 64 * 1024 ** 2;

/** Binds the handlers of the four services to what they delegate to. */
export function createServiceBindings(parts: BindingParts): ServiceBinding[] {
  return [bindInference(parts), bindRegistry(parts), bindConfig(parts), bindMonitoring(parts)];
}

function bindInference({ plane, monitor, clock, log }: BindingParts): ServiceBinding {
  const handlers = createInferenceHandlers({
    decisionMaker: createDecisionMaker({
      decide: (request) => plane.decide(request),
      watch: (request) => plane.watch(request),
      clock,
      newId: createIdSource(),
    }),
    record: (event) => monitor.record(event),
    toStatus: (error, requestId) => {
      if (!(error instanceof MlError)) log.logger.error({ request_id: requestId, err: error }, "item failed");
      return toRpcStatus(error);
    },
    mlVersion,
  });
  return bindService(InferenceService, handlers);
}

function bindRegistry({ plane, clock }: BindingParts): ServiceBinding {
  const handlers = createModelRegistryHandlers({
    registry: plane.registry,
    isServing: (modelName, version) => plane.isServing(modelName, version),
    register: (registration) => plane.register(registration),
    deleteVersion: (request) => plane.deleteVersion(request),
    setAlias: (request) => plane.setAlias(request),
    removeAlias: (request) => plane.removeAlias(request),
    rollbackModel: (request) => plane.rollbackModel(request),
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
  const { plane, monitor, clock, audit, metrics, notReady, isDraining } = parts;
  const handlers = createMonitoringHandlers({
    monitor,
    clock,
    currentConfig: () => plane.inForce.config,
    servingModels: () => plane.inForce.models,
    halts: () => plane.halts,
    audit: () => {
      const stats = audit.stats();
      return { ...stats, lastSyncMs: stats.lastSyncMs ?? 0 };
    },
    notReady,
    isDraining,
    prometheusText: metrics.text,
    mlVersion,
    featureVersion,
  });
  return bindService(MonitoringService, handlers);
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
    return await dryRun(built.engine, readDecisions(logDirectory, decisions));
  } finally {
    built.release();
  }
}

async function* readDecisions(logDirectory: string, last: number): AsyncGenerator<RecordedDecision> {
  for await (const record of readAuditRecords(logDirectory, { kind: "decision", last }))
    yield readRecordedDecision(record);
}
