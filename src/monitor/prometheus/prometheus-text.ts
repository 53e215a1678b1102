import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { HistogramReading } from "../bucket-histogram.ts";
import type { MetricFamily, MetricLabels } from "../metric-family.ts";
import { collectProcessMetrics } from "./process-metrics.ts";

/** What `GET /metrics/prometheus` answers. */
export interface PrometheusText {
  readonly contentType: string;
  readonly text: string;
}

/**
 * Shows families, and the figures of the process, in Prometheus' text form. A registry of its own, so that two services in one
 * process do not mix. prom-client formats only: counting with it would hash labels in every call.
 */
export function createPrometheusText(families: Iterable<MetricFamily>): () => Promise<PrometheusText> {
  const registry = new Registry();
  collectProcessMetrics(registry);
  for (const family of families) registry.registerMetric(toCollected(family));
  return async () => ({ contentType: registry.contentType, text: await registry.metrics() });
}

function toCollected(family: MetricFamily): Counter | Gauge | Histogram {
  switch (family.type) {
    case "counter":
      return new CollectedCounter(family.name, family.help, family.read);
    case "gauge":
      return new CollectedGauge(family.name, family.help, family.read);
    case "histogram":
      return new CollectedHistogram(family.name, family.help, family.read);
    default:
      return family satisfies never;
  }
}

interface TextSample {
  readonly labels: Record<string, string>;
  readonly value: number;
  readonly metricName?: string;
}

type ReadValues = () => Iterable<{ readonly labels?: MetricLabels; readonly value: number }>;
type ReadHistograms = () => Iterable<{ readonly labels?: MetricLabels; readonly histogram: HistogramReading }>;

class CollectedCounter extends Counter {
  readonly #read: ReadValues;

  constructor(name: string, help: string, read: ReadValues) {
    super({ name, help, registers: [] });
    this.#read = read;
  }

  override async get() {
    return { ...(await super.get()), values: Array.from(this.#read(), toTextSample) };
  }
}

class CollectedGauge extends Gauge {
  readonly #read: ReadValues;

  constructor(name: string, help: string, read: ReadValues) {
    super({ name, help, registers: [] });
    this.#read = read;
  }

  override async get() {
    return { ...(await super.get()), values: Array.from(this.#read(), toTextSample) };
  }
}

class CollectedHistogram extends Histogram {
  readonly #plain: Histogram;
  readonly #name: string;
  readonly #read: ReadHistograms;

  constructor(name: string, help: string, read: ReadHistograms) {
    super({ name, help, registers: [] });
    this.#plain = new Histogram({ name, help, registers: [] });
    this.#name = name;
    this.#read = read;
  }

  override async get() {
    const values = Array.from(this.#read(), (sample) => [...toBuckets(this.#name, sample)]).flat();
    return { ...(await this.#plain.get()), values };
  }

  /** What the registry of prom-client 15 asks a histogram, and only a histogram, instead of `get`. */
  getForPromString() {
    return this.get();
  }
}

function toTextSample({ labels, value }: { readonly labels?: MetricLabels; readonly value: number }): TextSample {
  return { labels: { ...labels }, value };
}

function* toBuckets(
  name: string,
  { labels, histogram }: { readonly labels?: MetricLabels; readonly histogram: HistogramReading },
): Iterable<TextSample> {
  let below = 0;
  for (const [bucket, bound] of histogram.bounds.entries()) {
    below += histogram.countAt(bucket);
    yield { metricName: `${name}_bucket`, labels: { ...labels, le: String(bound) }, value: below };
  }
  yield { metricName: `${name}_bucket`, labels: { ...labels, le: "+Inf" }, value: histogram.count };
  yield { metricName: `${name}_sum`, labels: { ...labels }, value: histogram.sum };
  yield { metricName: `${name}_count`, labels: { ...labels }, value: histogram.count };
}
