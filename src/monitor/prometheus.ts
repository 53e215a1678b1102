import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { CallReport } from "../domain/call-context.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import type { ShadowComparison, ShadowOmission } from "../domain/shadow-comparison.ts";

/** What is read when Prometheus asks, rather than counted as it happens. */
export interface GaugeSources {
  readonly inFlight: () => number;
  readonly auditQueueDepth: () => number;
  readonly auditHealthy: () => boolean;
  readonly ready: () => boolean;
}

/** The metrics in Prometheus' form; a registry of its own, so that two services in one process do not mix. */
export interface PrometheusMetrics {
  recordDecision(event: DecisionEvent): void;
  recordCall(report: CallReport): void;
  recordSync(durationMs: number, records: number): void;
  recordComparison(comparison: ShadowComparison): void;
  recordOmission(reason: ShadowOmission): void;
  text(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** From 10 µs, the time of one decision, to 10 s. */
const secondsBuckets = [
  1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** Methods and codes come from closed sets; a caller's path that is no method is one label. */
const unknownMethod = "unknown";

export function createPrometheusMetrics(mlVersion: string, sources: GaugeSources): PrometheusMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const decisions = new Counter({
    name: "ml_layer_decisions_total",
    help: "Decisions taken.",
    labelNames: ["regime", "decision"],
    registers,
  });
  const gateFailures = new Counter({
    name: "ml_layer_gate_failures_total",
    help: "Gates that did not let a trade through.",
    labelNames: ["gate"],
    registers,
  });
  const decisionSeconds = new Histogram({
    name: "ml_layer_decision_duration_seconds",
    help: "Time spent on one decision, without transport and audit.",
    buckets: secondsBuckets,
    registers,
  });
  const callSeconds = new Histogram({
    name: "ml_layer_rpc_duration_seconds",
    help: "Time from the headers of a call to its end, failures included.",
    labelNames: ["protocol", "method", "code"],
    buckets: secondsBuckets,
    registers,
  });
  const syncSeconds = new Histogram({
    name: "ml_layer_audit_sync_duration_seconds",
    help: "Time of one fdatasync of the audit log.",
    buckets: secondsBuckets,
    registers,
  });
  const auditRecords = new Counter({
    name: "ml_layer_audit_records_total",
    help: "Records made durable in the audit log.",
    registers,
  });
  const shadowDecisions = new Counter({
    name: "ml_layer_shadow_decisions_total",
    help: "Decisions offered to a challenger, by what came of them.",
    labelNames: ["outcome"],
    registers,
  });
  const shadowDifference = new Histogram({
    name: "ml_layer_shadow_probability_difference",
    help: "Absolute difference between the challenger's probability and the one that decided.",
    buckets: [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1],
    registers,
  });
  registerGauges(registers, mlVersion, sources);
  return {
    recordDecision({ decision, processingTimeMs }) {
      decisions.inc({ regime: decision.regime.label, decision: decision.allowTrade ? "allow" : "refuse" });
      for (const gate of decision.gates) if (!gate.passed) gateFailures.inc({ gate: gate.name });
      decisionSeconds.observe(processingTimeMs / 1000);
    },
    recordCall({ protocol, method, code, durationMs }) {
      callSeconds.observe({ protocol, method: method === "" ? unknownMethod : method, code }, durationMs / 1000);
    },
    recordSync(durationMs, records) {
      syncSeconds.observe(durationMs / 1000);
      auditRecords.inc(records);
    },
    recordComparison({ flips, probabilityDifference }) {
      shadowDecisions.inc({ outcome: flips ? "flip" : "agree" });
      shadowDifference.observe(Math.abs(probabilityDifference));
    },
    recordOmission: (reason) => shadowDecisions.inc({ outcome: reason }),
    text: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

function registerGauges(registers: Registry[], mlVersion: string, sources: GaugeSources): void {
  const info = new Gauge({
    name: "ml_layer_build_info",
    help: "Version of this service.",
    labelNames: ["version"],
    registers,
  });
  info.set({ version: mlVersion }, 1);
  const gauges: readonly [string, string, () => number][] = [
    ["ml_layer_rpc_in_flight", "Calls that are being answered.", sources.inFlight],
    ["ml_layer_audit_queue_records", "Records that wait for the audit log.", sources.auditQueueDepth],
    ["ml_layer_audit_healthy", "1 while the audit log can be written.", () => Number(sources.auditHealthy())],
    ["ml_layer_ready", "1 while requests may be sent.", () => Number(sources.ready())],
  ];
  for (const [name, help, read] of gauges) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }
}
