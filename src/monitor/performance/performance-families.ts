import { regimeLabels } from "../../domain/regime.ts";
import type { MetricFamily, ValueSample } from "../metric-family.ts";
import { labelled } from "../metric-family.ts";
import type { OutcomeCounts } from "../outcomes/outcome-book.ts";
import type { RatedModel } from "./rated-model.ts";

export interface PerformanceSources {
  readonly outcomes: () => { readonly counts: OutcomeCounts; readonly awaiting: number } | undefined;
  /** Judged models: a few versions at most. */
  readonly ratings: () => readonly RatedModel[];
}

/** Outcomes, and how the models' predictions compare with them. A model without outcomes has no series. */
export function createPerformanceFamilies({ outcomes, ratings }: PerformanceSources): MetricFamily[] {
  const gauge = (name: string, help: string, read: (rated: RatedModel) => Iterable<ValueSample>): MetricFamily => ({
    name: `ml_layer_model_${name}`,
    help,
    type: "gauge",
    *read() {
      for (const rated of ratings()) {
        const { name: model, version } = rated.model;
        for (const { labels, value } of read(rated)) yield { labels: { model, version, ...labels }, value };
      }
    },
  });
  const figure = (name: string, help: string, read: (rated: RatedModel) => number | undefined): MetricFamily =>
    gauge(name, help, (rated) => {
      const value = rated.figures.count === 0 ? undefined : read(rated);
      return value === undefined ? [] : [{ value }];
    });
  return [
    {
      name: "ml_layer_outcomes_total",
      help: "Outcomes told, by what became of them.",
      type: "counter",
      read: () => labelled("result", Object.entries(outcomes()?.counts ?? {})),
    },
    {
      name: "ml_layer_predictions_awaiting_outcome",
      help: "Remembered decisions that can have an outcome and have none yet.",
      type: "gauge",
      read: () => [{ value: outcomes()?.awaiting ?? 0 }],
    },
    figure("outcomes", "Outcomes in the model's window.", ({ figures }) => figures.count),
    figure("auc", "Area under the ROC curve of the model's window.", ({ figures }) => figures.auc),
    figure("accuracy", "Share of the window that the model answered right.", ({ figures }) => figures.accuracy),
    figure("brier_score", "Mean squared error of the window's probabilities.", ({ figures }) => figures.brier),
    figure("log_loss", "Mean natural log loss of the window's probabilities.", ({ figures }) => figures.logLoss),
    figure(
      "calibration_error",
      "Mean distance of probability from outcome by decile of the window.",
      ({ figures }) => figures.calibrationError,
    ),
    figure("success_ratio", "Share of the window's predictions that came true.", ({ figures }) => figures.trueShare),
    gauge("reference_auc", "AUC that the model ought to reach.", ({ reference: { auc } }) =>
      auc === undefined ? [] : [{ value: auc }],
    ),
    gauge("reference_accuracy", "Accuracy that the model ought to reach.", ({ reference }) => [
      { value: reference.accuracy },
    ]),
    gauge("regime_accuracy", "Share of the window's decisions in a regime that the model answered right.", readRegimes),
    gauge("hit_ratio", "Share of the window's allowed and of its refused decisions that came true.", readHits),
  ];
}

function* readRegimes({ figures }: RatedModel): Iterable<ValueSample> {
  for (const regime of regimeLabels) {
    const { count, accuracy } = figures.regimes[regime];
    if (count > 0) yield { labels: { regime }, value: accuracy };
  }
}

function* readHits({ figures }: RatedModel): Iterable<ValueSample> {
  const { allowed, refused } = figures;
  if (allowed.count > 0) yield { labels: { decision: "allow" }, value: allowed.trueShare };
  if (refused.count > 0) yield { labels: { decision: "refuse" }, value: refused.trueShare };
}
