import type { MetricFamily, ValueSample } from "../metric-family.ts";
import type { InputDrift } from "./input-drift.ts";
import type { ModelDrift } from "./model-drift.ts";

export interface DriftSources {
  /** Of the models that decide now; none while drift is not watched. */
  readonly drifts: () => readonly ModelDrift[];
}

/** Drift of the models that decide now. `feature` is one of a model's inputs, so its values are a closed set. */
export function createDriftFamilies({ drifts }: DriftSources): MetricFamily[] {
  const gauge = (
    name: string,
    help: string,
    read: (drift: ModelDrift) => Iterable<ValueSample>,
    type: "gauge" | "counter" = "gauge",
  ): MetricFamily => ({
    name: `ml_layer_${name}`,
    help,
    type,
    *read() {
      for (const drift of drifts()) {
        const { name: model, version } = drift.model;
        for (const { labels, value } of read(drift)) yield { labels: { model, version, ...labels }, value };
      }
    },
  });
  const byFeature = (name: string, help: string, read: (input: InputDrift) => number): MetricFamily =>
    gauge(name, help, ({ inputs }) => inputs.map((input) => ({ labels: { feature: input.name }, value: read(input) })));
  return [
    gauge("drift_samples", "Decisions in the model's drift window.", ({ samples }) => [{ value: samples }]),
    byFeature("feature_psi", "Population stability index of an input against the training rows.", ({ psi }) => psi),
    byFeature("feature_ks_chance", "Distance that chance alone explains.", ({ ksByChance }) => ksByChance),
    byFeature("feature_ks", "Kolmogorov-Smirnov distance of an input from the training rows.", ({ ks }) => ks),
    byFeature(
      "feature_out_of_range_ratio",
      "Share of an input outside the range of the training rows.",
      (input) => input.outOfRangeShare,
    ),
    gauge(
      "out_of_distribution_ratio",
      "Share of decisions with an input outside the range of the training rows.",
      (drift) => (drift.inputs.length === 0 ? [] : [{ value: drift.outOfDistribution.share }]),
    ),
    gauge(
      "outcome_drift_level",
      "Page-Hinkley sum of the filter's squared error as a share of what is an alarm.",
      ({ outcomes }) => (outcomes === undefined ? [] : [{ value: outcomes.level }]),
    ),
    gauge(
      "outcome_drift_alarms_total",
      "Alarms of the Page-Hinkley test.",
      ({ outcomes }) => (outcomes === undefined ? [] : [{ value: outcomes.alarms }]),
      "counter",
    ),
  ];
}
