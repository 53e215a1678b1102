import type { HistogramReading } from "./bucket-histogram.ts";

export type MetricLabels = Readonly<Record<string, string>>;

export interface ValueSample {
  readonly labels?: MetricLabels;
  readonly value: number;
}

export interface HistogramSample {
  readonly labels?: MetricLabels;
  readonly histogram: HistogramReading;
}

interface FamilyText {
  /** With its unit, and `_total` for counters. */
  readonly name: string;
  readonly help: string;
}

/** Metrics of one name. They are read when Prometheus asks, so that nothing is labelled or formatted while decisions wait. */
export type MetricFamily =
  | (FamilyText & { readonly type: "counter" | "gauge"; readonly read: () => Iterable<ValueSample> })
  | (FamilyText & { readonly type: "histogram"; readonly read: () => Iterable<HistogramSample> });

/** Counts that stand for one label each. */
export function* labelled(label: string, counts: Iterable<readonly [string, number]>): Iterable<ValueSample> {
  for (const [name, value] of counts) yield { labels: { [label]: name }, value };
}
