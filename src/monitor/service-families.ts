import type { AlertLevel } from "../domain/config.ts";
import type { ModelIdentity } from "../domain/decision.ts";
import { createDriftFamilies, type DriftSources } from "./drift/drift-families.ts";
import { labelled, type MetricFamily } from "./metric-family.ts";
import { createPerformanceFamilies, type PerformanceSources } from "./performance/performance-families.ts";

/** The transport, as far as its gauges need it. */
export interface TransportFigures {
  readonly connections: number;
  readonly http2Sessions: number;
  /** HTTP/1.1 requests and HTTP/2 streams that are open. */
  readonly requests: number;
}

/** The audit log, as far as its metrics need it. */
export interface AuditFigures {
  readonly healthy: boolean;
  readonly queueDepth: number;
  readonly syncRunningMs: number;
  readonly failures: number;
  readonly refused: number;
  readonly fileBytes: number;
}

/** One version in the registry. */
export interface VersionFigures {
  readonly name: string;
  readonly version: string;
  readonly state: string;
}

/** A model that decides now. */
export interface ServingFigures extends ModelIdentity {
  /** Since the version was registered; undefined when its metadata does not say. */
  readonly ageSeconds: number | undefined;
}

/** One enabled alert rule. */
export interface AlertFigures {
  readonly alertname: string;
  readonly severity: AlertLevel;
  readonly firing: boolean;
}

/** What is read when Prometheus asks, rather than counted as it happens. */
export interface ServiceSources extends PerformanceSources, DriftSources {
  readonly ready: () => boolean;
  readonly uptimeSeconds: () => number;
  readonly inFlight: () => number;
  readonly transport: () => TransportFigures;
  readonly audit: () => AuditFigures | undefined;
  readonly versions: () => Iterable<VersionFigures>;
  readonly serving: () => Iterable<ServingFigures>;
  readonly config: () => { readonly hash: string; readonly ageSeconds: number } | undefined;
  /** Halts in force by scope, of every scope. */
  readonly halts: () => Iterable<readonly [scope: string, count: number]>;
  readonly alerts: () => Iterable<AlertFigures>;
}

/** Enough of a digest to tell files apart. */
const shaPrefixLength = 12;

/** The state of the service in metrics. */
export function createServiceFamilies(mlVersion: string, sources: ServiceSources): MetricFamily[] {
  return [
    {
      name: "ml_layer_build_info",
      help: "Version of this service.",
      type: "gauge",
      read: () => [{ labels: { version: mlVersion }, value: 1 }],
    },
    gauge("ml_layer_ready", "1 while requests may be sent.", () => Number(sources.ready())),
    gauge("ml_layer_uptime_seconds", "Time since the start.", sources.uptimeSeconds),
    gauge("ml_layer_rpc_in_flight", "Calls that are being answered.", sources.inFlight),
    gauge("ml_layer_connections", "Open connections.", () => sources.transport().connections),
    gauge("ml_layer_http2_sessions", "Open HTTP/2 sessions.", () => sources.transport().http2Sessions),
    gauge("ml_layer_open_streams", "Open HTTP/2 streams and HTTP/1.1 requests.", () => sources.transport().requests),
    ...createAuditFamilies(sources),
    ...createModelFamilies(sources),
    ...createControlFamilies(sources),
    ...createPerformanceFamilies(sources),
    ...createDriftFamilies(sources),
  ];
}

function gauge(name: string, help: string, read: () => number): MetricFamily {
  return { name, help, type: "gauge", read: () => [{ value: read() }] };
}

function createAuditFamilies({ audit }: ServiceSources): MetricFamily[] {
  const read = (figure: (audit: AuditFigures) => number) => () => {
    const figures = audit();
    return figures === undefined ? [] : [{ value: figure(figures) }];
  };
  return [
    {
      name: "ml_layer_audit_healthy",
      help: "1 while the audit log can be written.",
      type: "gauge",
      read: read(({ healthy }) => Number(healthy)),
    },
    {
      name: "ml_layer_audit_queue_records",
      help: "Records that wait for the audit log.",
      type: "gauge",
      read: read(({ queueDepth }) => queueDepth),
    },
    {
      name: "ml_layer_audit_sync_running_seconds",
      help: "Age of the sync that runs now, 0 without one: a disk that hangs shows here first.",
      type: "gauge",
      read: read(({ syncRunningMs }) => syncRunningMs / 1000),
    },
    {
      name: "ml_layer_audit_file_bytes",
      help: "Size of the audit file that is being written.",
      type: "gauge",
      read: read(({ fileBytes }) => fileBytes),
    },
    {
      name: "ml_layer_audit_failures_total",
      help: "Writes and syncs of the audit log that failed; after the first one nothing is answered.",
      type: "counter",
      read: read(({ failures }) => failures),
    },
    {
      name: "ml_layer_audit_refused_records_total",
      help: "Records that the audit log did not take: unhealthy, closed or its queue full.",
      type: "counter",
      read: read(({ refused }) => refused),
    },
  ];
}

function createModelFamilies({ versions, serving }: ServiceSources): MetricFamily[] {
  return [
    {
      name: "ml_layer_model_info",
      help: "Models that decide now, with the beginning of their file's SHA-256.",
      type: "gauge",
      *read() {
        for (const { name, version, sha256 } of serving()) {
          yield { labels: { model: name, version, sha256: sha256.slice(0, shaPrefixLength) }, value: 1 };
        }
      },
    },
    {
      name: "ml_layer_model_age_seconds",
      help: "Time since the version that decides now was registered.",
      type: "gauge",
      *read() {
        for (const { name, ageSeconds } of serving()) {
          if (ageSeconds !== undefined) yield { labels: { model: name }, value: ageSeconds };
        }
      },
    },
    {
      name: "ml_layer_model_version_state",
      help: "1 for the state in which each registered version is.",
      type: "gauge",
      *read() {
        for (const { name, version, state } of versions()) yield { labels: { model: name, version, state }, value: 1 };
      },
    },
  ];
}

function createControlFamilies({ config, halts, alerts }: ServiceSources): MetricFamily[] {
  return [
    {
      name: "ml_layer_config_info",
      help: "Configuration in force, by its hash.",
      type: "gauge",
      read: () => [config()].flatMap((current) => (current ? [{ labels: { hash: current.hash }, value: 1 }] : [])),
    },
    {
      name: "ml_layer_config_age_seconds",
      help: "Time since the configuration in force came into force.",
      type: "gauge",
      read: () => [config()].flatMap((current) => (current ? [{ value: current.ageSeconds }] : [])),
    },
    {
      name: "ml_layer_halts",
      help: "Halts in force, by what they halt.",
      type: "gauge",
      read: () => labelled("scope", halts()),
    },
    {
      name: "ml_layer_alerts_firing",
      help: "1 for each enabled alert rule that fires, 0 for the others.",
      type: "gauge",
      *read() {
        for (const { alertname, severity, firing } of alerts()) {
          yield { labels: { alertname, severity: severity.toLowerCase() }, value: Number(firing) };
        }
      },
    },
  ];
}
