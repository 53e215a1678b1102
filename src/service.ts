import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toCanonicalJson } from "./config/config-hash.ts";
import { defaultConfig } from "./config/config-schema.ts";
import type { AdminAction } from "./control/admin-action.ts";
import { ControlPlane } from "./control/control-plane.ts";
import type { CallReport } from "./domain/call-context.ts";
import { type Clock, createSystemClock } from "./domain/clock.ts";
import type { Config } from "./domain/config.ts";
import { MlError } from "./domain/errors.ts";
import { formatMicros } from "./domain/timestamp.ts";
import { type Environment, shippedModelsDirectory } from "./environment.ts";
import { createIdSource } from "./id-source.ts";
import { createMetricSources } from "./metric-sources.ts";
import type { Alerting } from "./monitor/alerts/alerting.ts";
import { systemTimers, type Timers } from "./monitor/alerts/timers.ts";
import { type AuditLog, type AuditLogOptions, openAuditLog } from "./monitor/audit/audit-log.ts";
import { DecisionTally, TallyLabels } from "./monitor/decision-tally.ts";
import { Monitor } from "./monitor/monitor.ts";
import type { AlertFigures } from "./monitor/service-families.ts";
import { createServiceMetrics, type ServiceMetrics } from "./monitor/service-metrics.ts";
import { mlVersion, packageDirectory } from "./package-root.ts";
import { seedModelRegistry } from "./registry/registry-seed.ts";
import { startServiceAlerts } from "./service-alerts.ts";
import { createServiceBindings, exportMetrics } from "./service-bindings.ts";
import { createServiceLog, logCall, type ServiceLog } from "./service-log.ts";
import type { Tracing } from "./tracing.ts";
import { type CallChain, createCallChain } from "./transport/chain/call-chain.ts";
import { loadConsoleSite } from "./transport/console-site.ts";
import { createHealth } from "./transport/health.ts";
import { createListener, type Listener } from "./transport/listener.ts";
import { loadDocsSite } from "./transport/openapi/docs-site.ts";
import { createReflection } from "./transport/reflection.ts";
import { createRestHandler } from "./transport/rest/rest-adapter.ts";
import type { TransportLimits } from "./transport/transport-limits.ts";

/** What tests and embedders may bring along. */
export interface ServiceOverrides {
  /** @default the machine's clock */
  readonly clock?: Clock;
  /** In force until somebody changes it. @default the embedded defaults */
  readonly config?: Config;
  /** When alerts are evaluated and sent. @default the machine's timers */
  readonly timers?: Timers;
  /** @default a log on standard output */
  readonly log?: ServiceLog;
  /** @default the limits documented with each of them */
  readonly limits?: Partial<TransportLimits>;
  /** Calls that may be in flight. @default 1024 */
  readonly inFlightMax?: number;
  /** How the audit log writes. @default as documented with each option */
  readonly audit?: Partial<Pick<AuditLogOptions, "fs" | "queueLengthMax" | "rotateBytes">>;
}

/** A running service. */
export interface Service extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Of the configuration at the start. */
  readonly configHash: string;
  /** Drains, flushes the audit log, releases the port. Idempotent. */
  stop(): Promise<void>;
}

/** Longest time calls in flight have to finish at shutdown. */
const drainTimeoutMs = 10_000;

/**
 * Starts a service: opens audit log, registry and configuration, builds the engine, binds the handlers to the port.
 *
 * @throws MlError with what to do when a folder or the log is damaged, or the error of the port; nothing is left open then.
 */
export async function startService(environment: Environment, overrides: ServiceOverrides = {}): Promise<Service> {
  const clock = overrides.clock ?? createSystemClock();
  const log = overrides.log ?? createServiceLog(environment.logLevel);
  const state = new ServiceState();
  const metrics = createServiceMetrics({
    mlVersion,
    decisions: () => state.monitor?.windows.tallyLifetime() ?? new DecisionTally(new TallyLabels()),
    sources: createMetricSources(state, clock),
  });
  // Closed in reverse: the listener drains, then what it delegates to, the audit log last.
  const closers: (() => Promise<void>)[] = [async () => metrics.close()];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const audit = await openAudit({ environment, overrides, clock, log, metrics, state });
    closers.push(() => closeAudit(audit, clock, log));
    await seedModelRegistry(environment.modelsDirectory, shippedModelsDirectory);
    const monitor = new Monitor({
      clock,
      audit,
      onDecision: metrics.recordDecision,
      onAuditWait: metrics.recordAuditWait,
    });
    state.monitor = monitor;
    const plane = await ControlPlane.open({
      modelsDirectory: environment.modelsDirectory,
      configDirectory: environment.configDirectory,
      defaults: overrides.config ?? defaultConfig,
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
    });
    state.plane = plane;
    closers.push(() => plane.close());
    const alerts = startServiceAlerts({
      plane,
      monitor,
      metrics,
      clock,
      timers: overrides.timers ?? systemTimers,
      log,
      alertmanagerUrls: environment.alertmanagerUrls,
      port: () => state.port,
    });
    closers.push(() => alerts.close());
    state.alerts = () => alerts.firing();
    const tracing = await openTracing(environment, clock, log);
    if (tracing !== undefined) closers.push(() => tracing.close());
    const listener = createServiceListener({
      environment,
      overrides,
      clock,
      log,
      plane,
      monitor,
      metrics,
      audit,
      alerts,
      tracing,
      state,
    });
    await recordStart(audit, clock, plane, environment);
    state.listener = listener;
    const address = await listener.listen();
    state.port = address.port;
    closers.push(async () => exportAtStop(state, log));
    closers.push(() => listener.drain(drainTimeoutMs));
    state.setServing?.(true);
    return createHandle(address, plane.inForce.config.hash, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** What parts of the service ask one another while it runs. */
class ServiceState {
  audit: AuditLog | undefined;
  chain: CallChain | undefined;
  listener: Listener | undefined;
  port: number | undefined;
  monitor: Monitor | undefined;
  plane: ControlPlane | undefined;
  /** Every enabled alert rule. */
  alerts: () => readonly AlertFigures[] = () => [];
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

/** Answered while draining and when full, since that is when probes ask. */
const probeMethods = new Set([
  "grpc.health.v1.Health/Check",
  "grpc.health.v1.Health/Watch",
  "arbitrex.ml.v1.MonitoringService/GetHealth",
  "arbitrex.ml.v1.MonitoringService/GetReadiness",
  "arbitrex.ml.v1.MonitoringService/GetStatus",
  "arbitrex.ml.v1.MonitoringService/GetPrometheusMetrics",
]);

interface AuditParts {
  readonly environment: Environment;
  readonly overrides: ServiceOverrides;
  readonly clock: Clock;
  readonly log: ServiceLog;
  readonly metrics: ServiceMetrics;
  readonly state: ServiceState;
}

async function openAudit({ environment, overrides, clock, log, metrics, state }: AuditParts): Promise<AuditLog> {
  state.audit = await openAuditLog({
    ...overrides.audit,
    directory: environment.logDirectory,
    clock,
    durability: environment.auditDurability,
    onSync: metrics.recordSync,
    onFailure: (error) => {
      log.logger.fatal({ err: error }, "audit log failed; no decision is answered any more");
      state.setServing?.(false);
    },
  });
  return state.audit;
}

/** OpenTelemetry is loaded only when somebody collects its spans: it takes memory and time at the start. */
async function openTracing(environment: Environment, clock: Clock, log: ServiceLog): Promise<Tracing | undefined> {
  const { otlpEndpoint: endpoint, otelServiceName: serviceName } = environment;
  if (endpoint === undefined) return undefined;
  const { startTracing } = await import("./tracing.ts");
  return startTracing({
    endpoint,
    serviceName,
    serviceVersion: mlVersion,
    nowMicros: () => clock.nowMicros(),
    onFailure: (error) => log.logger.error({ err: error }, "spans could not be exported"),
  });
}

/** What the figures were when the service stopped. Losing them must not keep the audit log from being closed. */
function exportAtStop(state: ServiceState, log: ServiceLog): void {
  try {
    const path = state.exportMetrics?.();
    log.logger.info({ path }, "metrics exported");
  } catch (error) {
    log.logger.error({ err: error }, "metrics could not be exported");
  }
}

async function closeAudit(audit: AuditLog, clock: Clock, log: ServiceLog): Promise<void> {
  // A log that failed has told so already, and what it could not write is not acknowledged.
  if (audit.healthy) await audit.close({ kind: "stop", timestamp: formatMicros(clock.nowMicros()) });
  else await audit.close().catch((error: unknown) => log.logger.error({ err: error }, "audit log closed unhealthy"));
  log.logger.info("service stopped");
  log.flush();
}

interface ListenerParts extends AuditParts {
  readonly plane: ControlPlane;
  readonly monitor: Monitor;
  readonly audit: AuditLog;
  readonly alerts: Alerting;
  /** Undefined when nobody collects spans. */
  readonly tracing: Tracing | undefined;
}

function createServiceListener(parts: ListenerParts): Listener {
  const { environment, overrides, clock, log, plane, monitor, metrics, audit, alerts, tracing, state } = parts;
  const observe = (report: CallReport): void => {
    monitor.recordCall(report);
    metrics.recordCall(report);
    logCall(log.logger, report);
    tracing?.observe(report);
  };
  const newId = createIdSource();
  const chain = createCallChain({
    observe,
    monotonicMs: clock.monotonicMs,
    newRequestId: newId,
    isExempt: (method) => probeMethods.has(`${method.parent.typeName}/${method.name}`),
    onLateFailure: (call, error) => {
      // An error of the caller's making may quote what was sent.
      const cause = error instanceof MlError ? { reason: error.reason } : { err: error };
      log.logger.warn({ request_id: call.requestId, ...cause }, "call failed after its answer");
    },
    ...(overrides.inFlightMax !== undefined && { inFlightMax: overrides.inFlightMax }),
  });
  state.chain = chain;
  const bindingParts = {
    plane,
    monitor,
    metrics,
    audit,
    logDirectory: environment.logDirectory,
    clock,
    log,
    alerts,
    activeAlerts: () => state.alerts().filter(({ firing }) => firing).length,
    notReady: () => state.notReady(),
    isDraining: () => state.draining,
  };
  state.exportMetrics = () => exportMetrics(bindingParts);
  const services = createServiceBindings(bindingParts);
  const health = createHealth(services.map(({ service }) => service.typeName));
  state.setServing = health.setServing;
  const bindings = [...services, health.binding, ...createReflection([...services, health.binding])];
  const readMaxBytes = overrides.limits?.readMaxBytes;
  const rest = createRestHandler({
    bindings,
    chain,
    observe,
    monotonicMs: clock.monotonicMs,
    newRequestId: newId,
    documents: [
      ...loadDocsSite({
        readFile: (path) => readFileSync(path),
        openApiPath: join(packageDirectory, "gen", "openapi.json"),
      }),
      ...loadConsoleSite({
        readFile: (path) => readFileSync(path),
        consolePath: join(packageDirectory, "gen", "console"),
      }),
    ],
    ...(readMaxBytes !== undefined && { bodyBytesMax: readMaxBytes }),
  });
  return createListener({
    host: environment.host,
    port: environment.port,
    bindings,
    chain,
    rest,
    observe,
    newRequestId: newId,
    onDrain: () => {
      state.draining = true;
      health.shutdown();
    },
    onFault: (error) => log.logger.error({ err: error }, "request failed outside its call"),
    ...(overrides.limits !== undefined && { limits: overrides.limits }),
  });
}

function toAdminRecord({ action, actor, reason, details }: AdminAction, clock: Clock) {
  return { kind: "admin", timestamp: formatMicros(clock.nowMicros()), action, actor, reason, ...details };
}

/** The log names the configuration in full, so that a record's config_hash can be resolved from the log alone. */
async function recordStart(
  audit: AuditLog,
  clock: Clock,
  plane: ControlPlane,
  environment: Environment,
): Promise<void> {
  const { config, models } = plane.inForce;
  const [regimeModel, signalModel] = models;
  await audit.append({
    kind: "start",
    timestamp: formatMicros(clock.nowMicros()),
    ml_version: mlVersion,
    audit_durability: environment.auditDurability,
    config_hash: config.hash,
    config: JSON.parse(toCanonicalJson(config.config)),
    regime_model: { ...regimeModel },
    signal_model: { ...signalModel },
  });
}

function createHandle(
  address: { readonly host: string; readonly port: number },
  configHash: string,
  close: () => Promise<void>,
): Service {
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= close();
    return stopped;
  };
  return { ...address, configHash, stop, [Symbol.asyncDispose]: stop };
}
