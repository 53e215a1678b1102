import { monitorEventLoopDelay } from "node:perf_hooks";
import type { MetricFamily, ValueSample } from "./metric-family.ts";

/** Time between two samples. */
const resolutionMs = 10;

/** Not labelled `quantile`: that is what summaries have, and promtool says so. */
const percentiles = [
  ["p50", 50],
  ["p95", 95],
  ["p99", 99],
  ["max", 100],
] as const;

/**
 * How much later than planned the event loop runs a timer: what every call in flight waits. Percentiles since the last
 * scrape, so that a spike shows once and does not vanish among hours.
 */
export class EventLoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution: resolutionMs });

  constructor() {
    this.#histogram.enable();
  }

  get family(): MetricFamily {
    return {
      name: "ml_layer_event_loop_delay_seconds",
      help: "Delay of the event loop since the last scrape: percentiles and the longest.",
      type: "gauge",
      read: () => this.#read(),
    };
  }

  /** Stops sampling. */
  close(): void {
    this.#histogram.disable();
  }

  #read(): ValueSample[] {
    const samples = percentiles.map(([stat, percentile]) => ({
      labels: { stat },
      value: toDelaySeconds(this.#histogram.percentile(percentile)),
    }));
    this.#histogram.reset();
    return samples;
  }
}

/** The histogram holds the time between samples, of which the resolution was planned; it is 0 until there is one. */
function toDelaySeconds(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e9 - resolutionMs / 1000);
}
