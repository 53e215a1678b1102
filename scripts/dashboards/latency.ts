import { BytesIEC, PercentUnit, RequestsPerSecond, Seconds, Short } from "@grafana/grafana-foundation-sdk/units";
import { createHeatmap, createLines, createStack, createStat, type PanelForm, type Query } from "./panel.ts";
import { mean, quantile, rate, select, share, sum } from "./promql.ts";
import { createDashboard } from "./service-dashboard.ts";

const decision = "ml_layer_decision_duration_seconds";
const rpc = "ml_layer_rpc_duration_seconds";
const calls = `${rpc}_count`;

function quantilesOf(histogram: string, ...matchers: readonly string[]): Query[] {
  return [0.5, 0.95, 0.99].map((of) => [quantile(of, histogram, "", ...matchers), `p${of * 100}`]);
}

function createQuantileStat(of: number, yellowSeconds: number, redSeconds: number): PanelForm {
  return createStat({
    title: `Decision p${of * 100}`,
    description: `Time within which ${of * 100} % of decisions are taken, without transport and audit.`,
    unit: Seconds,
    limits: [
      [yellowSeconds, "yellow"],
      [redSeconds, "red"],
    ],
    queries: [[quantile(of, decision), `p${of * 100}`]],
  });
}

/** How long decisions and calls take, and where the time goes. */
export const latency = createDashboard({
  name: "latency",
  title: "Latency",
  description: "How long decisions and calls take, where the time goes, and whether the process keeps up.",
  sections: [
    {
      title: "Now",
      panels: [
        createQuantileStat(0.5, 0.001, 0.01),
        createQuantileStat(0.95, 0.002, 0.01),
        createQuantileStat(0.99, 0.005, 0.01),
        createStat({
          title: "Calls in flight",
          description: "Calls that are being answered now.",
          unit: Short,
          limits: [[500, "yellow"]],
          queries: [[sum(select("ml_layer_rpc_in_flight")), "in flight"]],
        }),
        createStat({
          title: "Failed calls",
          description: "Share of calls that end with another code than ok.",
          unit: PercentUnit,
          limits: [
            [0.01, "yellow"],
            [0.05, "red"],
          ],
          queries: [[share(sum(rate(select(calls, 'code!="ok"'))), sum(rate(select(calls)))), "failed"]],
        }),
        createStat({
          title: "Ready",
          description: "Instances that take requests, as a share of those that are scraped.",
          unit: PercentUnit,
          base: "red",
          limits: [[1, "green"]],
          queries: [[`avg(${select("ml_layer_ready")})`, "ready"]],
        }),
      ],
    },
    {
      title: "Decisions",
      panels: [
        createLines({
          title: "Decision time",
          description:
            "Quantiles and mean of one decision, without transport and audit. The default alert is at a mean of 10 ms.",
          unit: Seconds,
          min: 0,
          queries: [...quantilesOf(decision), [mean(decision), "mean"]],
        }),
        createHeatmap({
          title: "Decision times",
          description: "How many decisions per second fall into each range of time.",
          unit: Seconds,
          queries: [[sum(rate(select(`${decision}_bucket`)), "le"), "{{le}}"]],
        }),
        createLines({
          title: "p99 of each stage",
          description: "Reading inputs, the regime's and the signal's model, the gates, and waiting for the audit log.",
          unit: Seconds,
          min: 0,
          queries: [[quantile(0.99, "ml_layer_stage_duration_seconds", "stage"), "{{stage}}"]],
        }),
        createLines({
          title: "Mean of each stage",
          description:
            "Where the time of a decision goes. One decision in 17 is timed by stage, each of them for audit_wait.",
          unit: Seconds,
          min: 0,
          queries: [[mean("ml_layer_stage_duration_seconds", "stage"), "{{stage}}"]],
        }),
      ],
    },
    {
      title: "Calls",
      panels: [
        createLines({
          title: "Call time",
          description:
            "Quantiles of all calls, from the headers to the end. Streams last as long as the caller keeps them open.",
          unit: Seconds,
          min: 0,
          queries: quantilesOf(rpc),
        }),
        createLines({
          title: "p99 by method",
          description: "The slowest hundredth of calls by method.",
          unit: Seconds,
          min: 0,
          queries: [[quantile(0.99, rpc, "method"), "{{method}}"]],
        }),
        createStack({
          title: "Calls by protocol",
          description: "Calls per second: gRPC, gRPC-Web, Connect, REST.",
          unit: RequestsPerSecond,
          min: 0,
          queries: [[sum(rate(select(calls)), "protocol"), "{{protocol}}"]],
        }),
        createLines({
          title: "Failed calls by code",
          description: "Calls per second that end with another code than ok, by protocol and code.",
          unit: RequestsPerSecond,
          min: 0,
          queries: [[sum(rate(select(calls, 'code!="ok"')), "protocol, code"), "{{protocol}} {{code}}"]],
        }),
        createLines({
          title: "p99 by protocol",
          description: "The slowest hundredth of calls by protocol.",
          unit: Seconds,
          min: 0,
          queries: [[quantile(0.99, rpc, "protocol"), "{{protocol}}"]],
        }),
        createLines({
          title: "Open calls and connections",
          description: "Calls in flight, open streams and requests, HTTP/2 sessions, connections.",
          unit: Short,
          min: 0,
          queries: [
            [sum(select("ml_layer_rpc_in_flight")), "calls in flight"],
            [sum(select("ml_layer_open_streams")), "streams and requests"],
            [sum(select("ml_layer_http2_sessions")), "HTTP/2 sessions"],
            [sum(select("ml_layer_connections")), "connections"],
          ],
        }),
      ],
    },
    {
      title: "Process",
      panels: [
        createLines({
          title: "Event loop delay",
          description:
            "How much later than planned a timer runs, since the last scrape: what every call in flight waits.",
          unit: Seconds,
          min: 0,
          limits: [[0.05, "red"]],
          queries: [[`max by (stat) (${select("ml_layer_event_loop_delay_seconds")})`, "{{stat}}"]],
        }),
        createLines({
          title: "Processor",
          description: "Processor time per second; 1 is one core.",
          unit: Short,
          min: 0,
          queries: [[sum(rate(select("process_cpu_seconds_total")), "instance"), "{{instance}}"]],
        }),
        createLines({
          title: "Memory",
          description: "Resident memory and the used part of the JavaScript heap.",
          unit: BytesIEC,
          min: 0,
          queries: [
            [sum(select("process_resident_memory_bytes"), "instance"), "{{instance}} resident"],
            [sum(select("nodejs_heap_size_used_bytes"), "instance"), "{{instance}} heap"],
          ],
        }),
        createLines({
          title: "V8's heap",
          description:
            "In use, by space. Where the old space drops, a full garbage collection has ended; how long collections take shows in the event loop's delay.",
          unit: BytesIEC,
          min: 0,
          queries: [[sum(select("nodejs_heap_space_size_used_bytes"), "space"), "{{space}}"]],
        }),
      ],
    },
  ],
});
