import { BytesIEC, Seconds, Short, WritesPerSecond } from "@grafana/grafana-foundation-sdk/units";
import { createHeatmap, createLines, createStat, type Query } from "./panel.ts";
import { mean, quantile, rate, ratio, select, sum } from "./promql.ts";
import { createDashboard } from "./service-dashboard.ts";

const sync = "ml_layer_audit_sync_duration_seconds";
const stage = "ml_layer_stage_duration_seconds";
const isAuditWait = 'stage="audit_wait"';
const records = sum(rate(select("ml_layer_audit_records_total")));
const quantiles = (histogram: string, ...matchers: readonly string[]): Query[] =>
  [0.5, 0.95, 0.99].map((of) => [quantile(of, histogram, "", ...matchers), `p${of * 100}`]);

/** Whether every decision is on disk before it is answered, and what that costs. */
export const audit = createDashboard({
  name: "audit",
  title: "Audit",
  description: "Whether every decision is on disk before it is answered, how fast the disk is, and what is waiting.",
  sections: [
    {
      title: "Now",
      panels: [
        createStat({
          title: "Healthy",
          description: "Whether all audit logs can be written. An instance whose log cannot answers nothing any more.",
          unit: Short,
          base: "red",
          limits: [[1, "green"]],
          words: { 0: ["failed", "red"], 1: ["healthy", "green"] },
          queries: [[`min(${select("ml_layer_audit_healthy")})`, "healthy"]],
        }),
        createStat({
          title: "Queue",
          description: "Records that wait for the audit log.",
          unit: Short,
          limits: [
            [1_000, "yellow"],
            [5_000, "red"],
          ],
          queries: [[sum(select("ml_layer_audit_queue_records")), "records"]],
        }),
        createStat({
          title: "p99 of a sync",
          description: "Time within which 99 % of the fdatasync calls return.",
          unit: Seconds,
          limits: [
            [0.02, "yellow"],
            [0.1, "red"],
          ],
          queries: [[quantile(0.99, sync), "p99"]],
        }),
        createStat({
          title: "Sync that runs now",
          description: "Age of the oldest sync that runs, 0 without one: a disk that hangs shows here first.",
          unit: Seconds,
          limits: [[1, "red"]],
          queries: [[`max(${select("ml_layer_audit_sync_running_seconds")})`, "age"]],
        }),
        createStat({
          title: "Failures",
          description: "Writes and syncs that failed since the start; after the first one nothing is answered.",
          unit: Short,
          limits: [[1, "red"]],
          queries: [[sum(select("ml_layer_audit_failures_total")), "failures"]],
        }),
        createStat({
          title: "Records refused",
          description: "Records that the log did not take since the start: unhealthy, closed or its queue full.",
          unit: Short,
          limits: [[1, "red"]],
          queries: [[sum(select("ml_layer_audit_refused_records_total")), "refused"]],
        }),
      ],
    },
    {
      title: "Writing",
      panels: [
        createLines({
          title: "Records made durable",
          description: "Records per second that reached the disk.",
          unit: WritesPerSecond,
          min: 0,
          queries: [[sum(rate(select("ml_layer_audit_records_total")), "instance"), "{{instance}}"]],
        }),
        createLines({
          title: "Records per sync",
          description:
            "How many records share one sync. It grows with the load, so that the disk is asked no more often.",
          unit: Short,
          min: 0,
          queries: [[ratio(records, sum(rate(select(`${sync}_count`)))), "records"]],
        }),
        createLines({
          title: "Queue over time",
          description: "Records that wait for the audit log, by instance.",
          unit: Short,
          min: 0,
          queries: [[sum(select("ml_layer_audit_queue_records"), "instance"), "{{instance}}"]],
        }),
        createLines({
          title: "Size of the file",
          description: "Size of the audit file that is being written; it falls when the next file begins.",
          unit: BytesIEC,
          min: 0,
          queries: [[sum(select("ml_layer_audit_file_bytes"), "instance"), "{{instance}}"]],
        }),
      ],
    },
    {
      title: "Time",
      panels: [
        createLines({
          title: "Sync time",
          description: "Quantiles and mean of one fdatasync.",
          unit: Seconds,
          min: 0,
          queries: [...quantiles(sync), [mean(sync), "mean"]],
        }),
        createHeatmap({
          title: "Sync times",
          description: "How many syncs per second fall into each range of time.",
          unit: Seconds,
          queries: [[sum(rate(select(`${sync}_bucket`)), "le"), "{{le}}"]],
        }),
        createLines({
          title: "Wait for the audit log",
          description:
            "From handing a decision to the audit log until its answer may leave: what durability costs each caller.",
          unit: Seconds,
          min: 0,
          queries: [...quantiles(stage, isAuditWait), [mean(stage, "", undefined, isAuditWait), "mean"]],
        }),
        createLines({
          title: "Failures and refusals",
          description: "Failed writes and syncs, and records that were not taken, since the start.",
          unit: Short,
          min: 0,
          limits: [[1, "red"]],
          queries: [
            [sum(select("ml_layer_audit_failures_total")), "failures"],
            [sum(select("ml_layer_audit_refused_records_total")), "refused"],
          ],
        }),
      ],
    },
  ],
});
