import type { MetricFamily, ValueSample } from "../monitor/metric-family.ts";
import type { WorkerFigures } from "./messages.ts";

/** A worker as its metrics need it. */
export interface WorkerView {
  readonly worker: number;
  readonly restarts: number;
  readonly process:
    | { readonly isReady: boolean; readonly connections: number; readonly figures: WorkerFigures | undefined }
    | undefined;
}

/** What Prometheus is told of each worker; what they do together is in the same families as without workers. */
export function createWorkerFamilies(list: () => readonly WorkerView[]): MetricFamily[] {
  const read = (figureOf: (view: WorkerView) => number | undefined) =>
    function* samples(): Iterable<ValueSample> {
      for (const view of list()) {
        const value = figureOf(view);
        if (value !== undefined) yield { labels: { worker: String(view.worker) }, value };
      }
    };
  return [
    {
      name: "ml_layer_worker_ready",
      help: "1 while the worker decides by what is in force and its audit log can be written.",
      type: "gauge",
      read: read(({ process }) => Number(process?.isReady === true && process.figures?.audit.healthy !== false)),
    },
    {
      name: "ml_layer_worker_restarts_total",
      help: "Times that another process was started for one that ended.",
      type: "counter",
      read: read(({ restarts }) => restarts),
    },
    {
      name: "ml_layer_worker_connections",
      help: "Open connections of the worker.",
      type: "gauge",
      read: read(({ process }) => process?.connections),
    },
    {
      name: "ml_layer_worker_cpu_seconds_total",
      help: "Processor time of the worker's process, which begins anew with each restart.",
      type: "counter",
      read: read(({ process }) => process?.figures?.cpuSeconds),
    },
    {
      name: "ml_layer_worker_resident_memory_bytes",
      help: "Resident memory of the worker's process.",
      type: "gauge",
      read: read(({ process }) => process?.figures?.residentBytes),
    },
    {
      name: "ml_layer_worker_facts_dropped_total",
      help: "Decisions, calls and durations of the worker that the figures lack, since it could not tell of them in time.",
      type: "counter",
      read: read(({ process }) => process?.figures?.dropped),
    },
  ];
}
