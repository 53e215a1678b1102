import { CountsPerSecond, PercentUnit, Short } from "@grafana/grafana-foundation-sdk/units";
import { createLines, createStack, createStat } from "./panel.ts";
import { rate, select, sum } from "./promql.ts";
import { createDashboard } from "./service-dashboard.ts";

const version = "{{model}} {{version}}";
const byVersion = (metric: string, ...matchers: readonly string[]): string =>
  `max by (model, version) (${select(metric, ...matchers)})`;
const byFeature = (metric: string): string => `max by (model, feature) (${select(metric)})`;

/** What predictions came to, and how far the market has moved from where models were trained. */
export const learning = createDashboard({
  name: "learning",
  title: "Outcomes and drift",
  description:
    "What predictions came to, how good each model version is live, and whether it still reads what it was trained on.",
  sections: [
    {
      title: "Now",
      panels: [
        createStat({
          title: "Predictions without an outcome",
          description:
            "Remembered decisions that can have an outcome and have none yet. It falls when outcomes are told.",
          unit: Short,
          width: 6,
          queries: [[sum(select("ml_layer_predictions_awaiting_outcome")), "awaiting"]],
        }),
        createStat({
          title: "AUC",
          description: "Area under the ROC curve over the newest outcomes of each version: one half is chance.",
          unit: Short,
          width: 6,
          base: "red",
          limits: [
            [0.5, "yellow"],
            [0.55, "green"],
          ],
          queries: [[byVersion("ml_layer_model_auc"), version]],
        }),
        createStat({
          title: "Rows outside the training range",
          description: "Share of the drift window with an input that training has never seen so large or small.",
          unit: PercentUnit,
          width: 6,
          limits: [
            [0.05, "yellow"],
            [0.2, "orange"],
          ],
          queries: [[byVersion("ml_layer_out_of_distribution_ratio"), version]],
        }),
        createStat({
          title: "Level of the error test",
          description: "Page and Hinkley's test on the filter's squared errors: above 1 they have risen.",
          unit: Short,
          width: 6,
          limits: [
            [0.5, "yellow"],
            [1, "red"],
          ],
          queries: [[byVersion("ml_layer_outcome_drift_level"), version]],
        }),
      ],
    },
    {
      title: "Outcomes",
      panels: [
        createStack({
          title: "Outcomes told",
          description: "Per second, by what became of them; conflicts and unknown ids point at who tells them.",
          unit: CountsPerSecond,
          min: 0,
          queries: [[sum(rate(select("ml_layer_outcomes_total")), "result"), "{{result}}"]],
        }),
        createLines({
          title: "Accuracy against what it ought to be",
          description: "Share answered right over the newest outcomes, and the reference of each version.",
          unit: PercentUnit,
          min: 0,
          max: 1,
          queries: [
            [byVersion("ml_layer_model_accuracy"), version],
            [byVersion("ml_layer_model_reference_accuracy"), `${version} reference`],
          ],
        }),
        createLines({
          title: "AUC against what it ought to be",
          description: "Area under the ROC curve over the newest outcomes, and the reference of each version.",
          unit: Short,
          min: 0,
          max: 1,
          queries: [
            [byVersion("ml_layer_model_auc"), version],
            [byVersion("ml_layer_model_reference_auc"), `${version} reference`],
          ],
        }),
        createLines({
          title: "Quality of the probabilities",
          description: "Brier score, log loss and calibration error over the newest outcomes: less is better.",
          unit: Short,
          min: 0,
          queries: [
            [byVersion("ml_layer_model_brier_score"), `${version} Brier`],
            [byVersion("ml_layer_model_log_loss"), `${version} log loss`],
            [byVersion("ml_layer_model_calibration_error"), `${version} calibration`],
          ],
        }),
        createLines({
          title: "Hit rate of allowed and refused decisions",
          description: "Share that came true; the gates earn their keep where allowed is above refused.",
          unit: PercentUnit,
          min: 0,
          max: 1,
          queries: [
            [`max by (model, version, decision) (${select("ml_layer_model_hit_ratio")})`, `${version} {{decision}}`],
          ],
        }),
        createLines({
          title: "Accuracy by regime",
          description: "Share answered right of the decisions taken in each regime.",
          unit: PercentUnit,
          min: 0,
          max: 1,
          queries: [
            [`max by (model, version, regime) (${select("ml_layer_model_regime_accuracy")})`, `${version} {{regime}}`],
          ],
        }),
        createLines({
          title: "Outcomes in the window",
          description: "The alerts about performance wait until the window is full, and so should you.",
          unit: Short,
          min: 0,
          width: 24,
          queries: [
            [byVersion("ml_layer_model_outcomes"), version],
            [byVersion("ml_layer_model_success_ratio"), `${version} share that came true`],
          ],
        }),
      ],
    },
    {
      title: "Drift",
      panels: [
        createLines({
          title: "Stability index by input",
          description:
            "PSI against the training rows. It counts only where the distance on the right is beyond chance.",
          unit: Short,
          min: 0,
          limits: [[0.1, "red"]],
          queries: [[byFeature("ml_layer_feature_psi"), "{{model}} {{feature}}"]],
        }),
        createLines({
          title: "Distance by input, over what chance explains",
          description: "Kolmogorov-Smirnov distance over the one that chance alone explains: above 1 is drift.",
          unit: Short,
          min: 0,
          limits: [[1, "red"]],
          queries: [
            [
              `${byFeature("ml_layer_feature_ks")} / ${byFeature("ml_layer_feature_ks_chance")}`,
              "{{model}} {{feature}}",
            ],
          ],
        }),
        createLines({
          title: "Inputs outside the training range",
          description: "Share of the drift window by input.",
          unit: PercentUnit,
          min: 0,
          queries: [[byFeature("ml_layer_feature_out_of_range_ratio"), "{{model}} {{feature}}"]],
        }),
        createLines({
          title: "Test of the errors",
          description: "Level of Page and Hinkley's test, above 1 an alarm, and the alarms since the start.",
          unit: Short,
          min: 0,
          limits: [[1, "red"]],
          queries: [
            [byVersion("ml_layer_outcome_drift_level"), version],
            [byVersion("ml_layer_outcome_drift_alarms_total"), `${version} alarms`],
          ],
        }),
        createLines({
          title: "Decisions in the drift window",
          description: "The alert about inputs waits until the window is full.",
          unit: Short,
          min: 0,
          width: 24,
          queries: [[byVersion("ml_layer_drift_samples"), version]],
        }),
      ],
    },
  ],
});
