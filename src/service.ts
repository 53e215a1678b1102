import type { CallObserver, CallReport } from "./domain/call-context.ts";
import { type Clock, createSystemClock } from "./domain/clock.ts";
import { type Config, defaultGovernance } from "./domain/config.ts";
import type { Environment } from "./environment.ts";
import { createMetricSources } from "./metric-sources.ts";
import { systemTimers, type Timers } from "./monitor/alerts/timers.ts";
import type { AuditLog } from "./monitor/audit/audit-log.ts";
import { DecisionTally, TallyLabels } from "./monitor/decision-tally.ts";
import { Monitor } from "./monitor/monitor.ts";
import { createServiceMetrics, type ServiceMetrics } from "./monitor/service-metrics.ts";
import { mlVersion } from "./package-root.ts";
import { type AuditOverrides, closeServiceAudit, openServiceAudit, recordStart } from "./service-audit.ts";
import { type BindingParts, createServiceBindings, exportMetrics, readAudit } from "./service-bindings.ts";
import { openServiceControl, type ServiceControl } from "./service-control.ts";
import { closeAll, createHandle, type Service } from "./service-handle.ts";
import { createServiceListener } from "./service-listener.ts";
import { createCallLog, createServiceLog, type ServiceLog } from "./service-log.ts";
import { startOutcomeRestore } from "./service-outcomes.ts";
import { ServiceState } from "./service-state.ts";
import { openTracing } from "./service-tracing.ts";
import type { Listener } from "./transport/listener.ts";
import type { TransportLimits } from "./transport/transport-limits.ts";
import { TurnEndQueue } from "./turn-end-queue.ts";

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
  /** Predictions whose outcomes can be told. @default predictionsIndexed */
  readonly predictionsMax?: number;
  /** Records of the audit log that are read back at the start. @default recordsRestoredMax */
  readonly recordsRestoredMax?: number;
  /** How the audit log writes. @default as documented with each option */
  readonly audit?: AuditOverrides;
}

/** Longest time calls in flight have to finish at shutdown. */
export const drainTimeoutMs = 10_000;

/**
 * Starts a service in this process: opens audit log, registry and configuration, builds the engine, binds the handlers to the port.
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
  try {
    const audit = await openServiceAudit({
      environment,
      overrides: overrides.audit,
      clock,
      log,
      onSync: metrics.recordSync,
      onFailure: () => state.setServing?.(false),
    });
    state.audit = audit;
    closers.push(() => closeServiceAudit(audit, clock, log));
    const monitor = new Monitor({
      clock,
      audit,
      onDecision: metrics.recordDecision,
      onAuditWait: metrics.recordAuditWait,
      governance: () => state.plane?.inForce.config.config.governance ?? defaultGovernance,
      predictionsMax: overrides.predictionsMax,
    });
    state.monitor = monitor;
    const timers = overrides.timers ?? systemTimers;
    const parts = { environment, overrides, clock, log, audit, monitor, metrics, state };
    const control = await openServiceControl({ ...parts, config: overrides.config, timers }, closers);
    // Not before the configuration is there, which says over which windows outcomes are judged.
    const { logDirectory } = environment;
    const { recordsRestoredMax: recordsMax } = overrides;
    closers.push(startOutcomeRestore({ monitor, logDirectory, clock, log, recordsMax }));
    const observe = await observeCalls(parts, closers);
    const listener = openListener({ ...parts, ...control, observe });
    await recordStart(audit, clock, control.plane.inForce, environment.auditDurability);
    const address = await listener.listen();
    state.port = address.port;
    closers.push(async () => exportAtStop(state, log));
    closers.push(() => listener.drain(drainTimeoutMs));
    state.setServing?.(true);
    return createHandle(address, control.plane.inForce.config.hash, closers);
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

interface ServiceParts {
  readonly environment: Environment;
  readonly overrides: ServiceOverrides;
  readonly clock: Clock;
  readonly log: ServiceLog;
  readonly audit: AuditLog;
  readonly monitor: Monitor;
  readonly metrics: ServiceMetrics;
  readonly state: ServiceState;
}

async function observeCalls(
  { environment, clock, log, monitor, metrics }: ServiceParts,
  closers: (() => Promise<void>)[],
): Promise<CallObserver> {
  const tracing = await openTracing(environment, clock, log);
  if (tracing !== undefined) closers.push(() => tracing.close());
  const logCall = createCallLog(log);
  const untold = new TurnEndQueue<CallReport>(
    (report) => {
      monitor.recordCall(report);
      metrics.recordCall(report);
      logCall(report);
      tracing?.observe(report);
    },
    (error) => log.logger.error({ err: error }, "call not reported"),
  );
  return (report) => untold.add(report);
}

function openListener(parts: ServiceParts & ServiceControl & { readonly observe: CallObserver }): Listener {
  const { environment, overrides, state } = parts;
  const bindingParts: BindingParts = {
    ...parts,
    audit: () => readAudit(parts.audit),
    logDirectory: environment.logDirectory,
    activeAlerts: () => state.alerts().filter(({ firing }) => firing).length,
    notReady: () => state.notReady(),
    isDraining: () => state.draining,
  };
  state.exportMetrics = () => exportMetrics(bindingParts);
  const { listener, chain, health } = createServiceListener({
    host: environment.host,
    port: environment.port,
    services: createServiceBindings(bindingParts),
    clock: parts.clock,
    log: parts.log,
    observe: parts.observe,
    onDrain: () => {
      state.draining = true;
    },
    limits: overrides.limits,
    inFlightMax: overrides.inFlightMax,
  });
  state.chain = chain;
  state.listener = listener;
  state.setServing = health.setServing;
  return listener;
}

/** What the figures were when the service stopped. Losing them must not keep the audit log from being closed. */
export function exportAtStop(state: ServiceState, log: ServiceLog): void {
  try {
    const path = state.exportMetrics?.();
    log.logger.info({ path }, "metrics exported");
  } catch (error) {
    log.logger.error({ err: error }, "metrics could not be exported");
  }
}
