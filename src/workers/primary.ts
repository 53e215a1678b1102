import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { createSystemClock } from "../domain/clock.ts";
import { defaultGovernance } from "../domain/config.ts";
import { formatMicros } from "../domain/timestamp.ts";
import type { Environment } from "../environment.ts";
import { createMetricSources } from "../metric-sources.ts";
import { systemTimers } from "../monitor/alerts/timers.ts";
import type { AuditLog } from "../monitor/audit/audit-log.ts";
import { workerRecordKind } from "../monitor/audit/audit-logs-verify.ts";
import { readAuditRecordsBackwards } from "../monitor/audit/audit-reader.ts";
import { DecisionTally, TallyLabels } from "../monitor/decision-tally.ts";
import { Monitor } from "../monitor/monitor.ts";
import { readRecordedDecision } from "../monitor/recorded-decision.ts";
import { createServiceMetrics, type ServiceMetrics } from "../monitor/service-metrics.ts";
import { mlVersion } from "../package-root.ts";
import { exportAtStop, type ServiceOverrides } from "../service.ts";
import { closeServiceAudit, openServiceAudit, recordStart } from "../service-audit.ts";
import { type BindingParts, createControlBindings, exportMetrics } from "../service-bindings.ts";
import { openServiceControl } from "../service-control.ts";
import { closeAll, createHandle, type Service } from "../service-handle.ts";
import { createServiceLog, isLogFile, type ServiceLog } from "../service-log.ts";
import { startOutcomeRestore } from "../service-outcomes.ts";
import { ServiceState } from "../service-state.ts";
import type { ServiceBinding } from "../transport/service-binding.ts";
import { CallServer } from "./call-server.ts";
import { createPoolView, type PoolView } from "./pool-view.ts";
import { type FactListener, tellFacts } from "./worker-facts.ts";
import { createWorkerFamilies } from "./worker-families.ts";
import { WorkerPool } from "./worker-pool.ts";

/** What a service of several processes can be given; what only one process can share, it cannot. */
export type WorkersOverrides = Pick<ServiceOverrides, "config" | "log" | "limits" | "inFlightMax">;

/**
 * Starts a service of several processes: this one accepts connections, holds configuration, models, halts, figures and alerts, and
 * decides nothing; `workers` others decide.
 *
 * @param workers 1 to workersMax
 * @throws MlError with what to do when a folder or a log is damaged, or the error of the port; nothing is left running then.
 */
export async function startWorkers(
  environment: Environment,
  workers: number,
  overrides: WorkersOverrides = {},
): Promise<Service> {
  const clock = createSystemClock();
  const log = overrides.log ?? createServiceLog(environment.logLevel);
  const state = new ServiceState();
  let bindings: readonly ServiceBinding[] = [];
  // What the pool tells of and what it asks are made after it.
  const pool: WorkerPool = new WorkerPool({
    workers,
    start: { environment, limits: overrides.limits, inFlightMax: overrides.inFlightMax },
    log,
    // A log that was handed in is not standard output.
    output: overrides.log === undefined && isLogFile() ? "shared" : "through",
    onFacts: (facts, vocabulary) => tellFacts(facts, vocabulary, listener),
    onPosition: (event, worker, name, { seq, hash }) => {
      recordPosition({ state, log }, { event, worker, log: name, log_seq: seq, log_hash: hash }, clock.nowMicros());
    },
    onUntold: (name, fromSeq) => void expectUntold(state, log, environment.logDirectory, name, fromSeq),
    createCallServer: (send) => new CallServer({ bindings, log, send, collect: () => pool.collect() }),
  });
  const view = createPoolView(pool, state);
  const metrics = createServiceMetrics({
    mlVersion,
    decisions: () => state.monitor?.windows.tallyLifetime() ?? new DecisionTally(new TallyLabels()),
    sources: { ...createMetricSources(state, clock), ...view.sources },
    families: createWorkerFamilies(() => pool.list()),
  });
  // Closed in reverse: the workers drain, then what they delegate to, the audit log last.
  const closers: (() => Promise<void>)[] = [async () => metrics.close()];
  const governance = () => state.plane?.inForce.config.config.governance ?? defaultGovernance;
  const monitorOf = (audit: AuditLog) => new Monitor({ clock, audit, onDecision: metrics.recordDecision, governance });
  let listener: FactListener;
  try {
    const audit = await openServiceAudit({
      environment,
      overrides: undefined,
      clock,
      log,
      onSync: metrics.recordSync,
      onFailure: () => undefined,
    });
    state.audit = audit;
    closers.push(() => closeServiceAudit(audit, clock, log));
    const monitor = monitorOf(audit);
    state.monitor = monitor;
    listener = listenTo(monitor, metrics);
    const parts = { environment, clock, log, audit, monitor, metrics, state };
    const timers = systemTimers;
    const control = await openServiceControl({ ...parts, config: overrides.config, timers, followers: pool }, closers);
    // Not before the configuration is there, which says over which windows outcomes are judged.
    closers.push(startOutcomeRestore({ monitor, logDirectory: environment.logDirectory, clock, log }));
    const bindingParts = describeBindings({ ...parts, ...control }, view);
    bindings = createControlBindings(bindingParts);
    state.exportMetrics = () => exportMetrics(bindingParts);
    await recordStart(audit, clock, control.plane.inForce, environment.auditDurability, { workers });
    closers.push(async () => exportAtStop(state, log));
    closers.push(() => pool.drain());
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
      socket.on("error", () => socket.destroy());
      pool.dispatch(socket);
    });
    const address = await listenOn(server, environment);
    state.port = address.port;
    closers.push(async () => {
      state.draining = true;
      server.close();
    });
    await pool.start(control.plane.decidingState, control.plane.halts);
    return createHandle(address, control.plane.inForce.config.hash, closers);
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

function listenTo(monitor: Monitor, metrics: ServiceMetrics): FactListener {
  return {
    onDecision: (row) => monitor.countPart(row),
    onCall(call) {
      monitor.recordCall(call);
      metrics.recordCall(call);
    },
    onAuditWait: metrics.recordAuditWait,
    onSync: metrics.recordSync,
    onStage: metrics.recordStage,
    onComparison(comparison) {
      monitor.shadow.add(comparison);
      metrics.recordComparison(comparison);
    },
    onOmission(reason) {
      monitor.shadow.omit(reason);
      metrics.recordOmission(reason);
    },
  };
}

/** Where a worker's log stands, in the log of this process, so that neither can be cut off unseen. */
function recordPosition(
  { state, log }: { readonly state: ServiceState; readonly log: ServiceLog },
  fields: Readonly<Record<string, string | number>>,
  nowMicros: number,
): void {
  const fail = (error: unknown): void => log.logger.error({ err: error, ...fields }, "position of a log not recorded");
  try {
    const record = { kind: workerRecordKind, timestamp: formatMicros(nowMicros), ...fields };
    state.audit?.append(record)?.catch(fail);
  } catch (error) {
    fail(error);
  }
}

/** Outcomes of decisions that a worker acknowledged and could not tell of before it was killed. The other figures lack them. */
async function expectUntold(
  { monitor }: ServiceState,
  log: ServiceLog,
  logDirectory: string,
  name: string,
  fromSeq: number,
): Promise<void> {
  try {
    for await (const record of readAuditRecordsBackwards(logDirectory, { name, fromSeq, kind: "decision" })) {
      monitor?.outcomes.expectRecorded(readRecordedDecision(record));
    }
  } catch (error) {
    log.logger.error({ err: error }, "decisions of a worker that ended could not be read back");
  }
}

type ControlParts = Omit<
  BindingParts,
  "audit" | "components" | "logDirectory" | "activeAlerts" | "notReady" | "isDraining"
>;

function describeBindings(
  parts: ControlParts & { readonly environment: Environment; readonly state: ServiceState },
  view: PoolView,
): BindingParts {
  const { environment, state } = parts;
  return {
    ...parts,
    audit: view.audit,
    components: view.components,
    logDirectory: environment.logDirectory,
    activeAlerts: () => state.alerts().filter(({ firing }) => firing).length,
    notReady: view.notReady,
    isDraining: () => state.draining,
  };
}

async function listenOn(server: Server, { host, port }: Environment): Promise<{ host: string; port: number }> {
  server.listen({ host, port });
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the listener has no address");
  return { host: address.address, port: address.port };
}
