import { haltScopes } from "./config/halt.ts";
import type { ControlPlane } from "./control/control-plane.ts";
import type { Clock } from "./domain/clock.ts";
import type { DriftView } from "./drift-view.ts";
import { rateModels } from "./model-ratings.ts";
import type { AuditLog } from "./monitor/audit/audit-log.ts";
import type { Monitor } from "./monitor/monitor.ts";
import type { AlertFigures, ServiceSources, ServingFigures } from "./monitor/service-families.ts";
import type { CallChain } from "./transport/chain/call-chain.ts";
import type { Listener } from "./transport/listener.ts";

/** The parts that gauges are read from, each there from when it has been made. */
export interface MeteredParts {
  readonly audit: AuditLog | undefined;
  readonly chain: CallChain | undefined;
  readonly listener: Listener | undefined;
  readonly plane: ControlPlane | undefined;
  readonly monitor: Monitor | undefined;
  drifts(): ReturnType<DriftView>;
  readonly alerts: () => Iterable<AlertFigures>;
  notReady(): string | undefined;
}

/** Reads the gauges of a service from its parts as they are when Prometheus asks. */
export function createMetricSources(parts: MeteredParts, clock: Clock): ServiceSources {
  const startedMs = clock.monotonicMs();
  return {
    ready: () => parts.notReady() === undefined,
    uptimeSeconds: () => (clock.monotonicMs() - startedMs) / 1000,
    inFlight: () => parts.chain?.inFlight() ?? 0,
    transport: () => parts.listener?.stats() ?? { connections: 0, http2Sessions: 0, requests: 0 },
    audit: () => parts.audit?.stats(),
    versions: () =>
      parts.plane?.registry.list().map(({ modelName, version, state }) => ({ name: modelName, version, state })) ?? [],
    serving: () => (parts.plane === undefined ? [] : listServing(parts.plane, clock)),
    config: () => (parts.plane === undefined ? undefined : describeConfig(parts.plane, clock)),
    halts: () => haltScopes.map((scope) => [scope.toLowerCase(), countHalts(parts.plane, scope)]),
    alerts: () => parts.alerts(),
    outcomes: () => parts.monitor?.outcomes,
    drifts: () => parts.drifts(),
    ratings: () =>
      parts.plane === undefined || parts.monitor === undefined ? [] : rateModels(parts.plane, parts.monitor),
  };
}

function listServing(plane: ControlPlane, clock: Clock): ServingFigures[] {
  const versions = plane.registry.list();
  return plane.inForce.models.map((model) => {
    const { metadata } = versions.find((each) => each.modelName === model.name && each.version === model.version) ?? {};
    const createdMs = Date.parse(String(metadata?.["created_at"]));
    const ageSeconds = Number.isNaN(createdMs) ? undefined : Math.max(0, clock.nowMicros() / 1e6 - createdMs / 1000);
    return { ...model, ageSeconds };
  });
}

function describeConfig(plane: ControlPlane, clock: Clock): ReturnType<ServiceSources["config"]> {
  const { hash } = plane.inForce.config;
  const since = plane.configHistory(1)[0]?.timestampMicros;
  return { hash, ageSeconds: since === undefined ? 0 : Math.max(0, (clock.nowMicros() - since) / 1e6) };
}

function countHalts(plane: ControlPlane | undefined, scope: string): number {
  return plane?.halts.filter((halt) => halt.scope === scope).length ?? 0;
}
