import { CountsPerSecond, PercentUnit, Seconds, Short } from "@grafana/grafana-foundation-sdk/units";
import { createLabelTable, createLines, createStack, createStat } from "./panel.ts";
import { mean, quantile, rate, select, share, sum } from "./promql.ts";
import { createDashboard } from "./service-dashboard.ts";

const shadow = "ml_layer_shadow_decisions_total";
const difference = "ml_layer_shadow_probability_difference";
const stage = "ml_layer_stage_duration_seconds";
const compared = sum(rate(select(shadow, 'outcome=~"agree|flip"')));
const agreement = share(sum(rate(select(shadow, 'outcome="agree"'))), compared);

/** What decides, how old it is, and what challengers would change. */
export const models = createDashboard({
  name: "models",
  title: "Models",
  description:
    "Which models and which configuration decide, how fast each model is, and what a challenger would change.",
  sections: [
    {
      title: "Now",
      panels: [
        createStat({
          title: "Age of the models",
          description: "Time since the versions that decide now were registered. Old models know old markets.",
          unit: Seconds,
          width: 6,
          limits: [[90 * 86_400, "yellow"]],
          queries: [[`max by (model) (${select("ml_layer_model_age_seconds")})`, "{{model}}"]],
        }),
        createStat({
          title: "Age of the configuration",
          description: "Time since the configuration in force came into force.",
          unit: Seconds,
          width: 6,
          queries: [[`min(${select("ml_layer_config_age_seconds")})`, "youngest"]],
        }),
        createStat({
          title: "Configurations in force",
          description: "Different configurations among the instances: more than 1 means that they do not decide alike.",
          unit: Short,
          width: 6,
          limits: [[2, "orange"]],
          queries: [[`count(count by (hash) (${select("ml_layer_config_info")}))`, "configurations"]],
        }),
        createStat({
          title: "Agreement with the challenger",
          description: "Share of compared decisions that the challenger would have taken alike.",
          unit: PercentUnit,
          width: 6,
          base: "red",
          limits: [
            [0.8, "yellow"],
            [0.95, "green"],
          ],
          queries: [[agreement, "agreement"]],
        }),
      ],
    },
    {
      title: "Versions",
      panels: [
        createLabelTable(
          {
            title: "Models that decide",
            description: "Version and beginning of the file's SHA-256 of each model that decides now.",
            unit: Short,
            queries: [[select("ml_layer_model_info"), "{{model}} {{version}}"]],
          },
          ["Value"],
        ),
        createLabelTable(
          {
            title: "Registered versions",
            description: "Every version in the registry with its state.",
            unit: Short,
            queries: [[select("ml_layer_model_version_state"), "{{model}} {{version}} {{state}}"]],
          },
          ["Value"],
        ),
        createLabelTable(
          {
            title: "Service and configuration",
            description: "Version of the service and hash of the configuration of each instance.",
            unit: Short,
            queries: [
              [
                `${select("ml_layer_build_info")} * on (job, instance) group_left (hash) ${select("ml_layer_config_info")}`,
                "{{version}} {{hash}}",
              ],
            ],
          },
          ["Value"],
        ),
        createLines({
          title: "Changes of models",
          description: "Registrations, deletions, alias changes and rollbacks since the start, by result.",
          unit: Short,
          min: 0,
          queries: [[sum(select("ml_layer_model_changes_total"), "action, result"), "{{action}} {{result}}"]],
        }),
        createLines({
          title: "p99 by model and version",
          description:
            "The slowest hundredth of the time of each model. Compare versions before and after a promotion.",
          unit: Seconds,
          min: 0,
          queries: [[quantile(0.99, stage, "model, version", 'model!=""'), "{{model}} {{version}}"]],
        }),
        createLines({
          title: "Mean by model and version",
          description: "The mean time of each model.",
          unit: Seconds,
          min: 0,
          queries: [[mean(stage, "model, version", undefined, 'model!=""'), "{{model}} {{version}}"]],
        }),
      ],
    },
    {
      title: "Challenger",
      panels: [
        createLines({
          title: "Agreement over time",
          description:
            "Share of compared decisions that the challenger would have taken alike. Empty without a challenger.",
          unit: PercentUnit,
          min: 0,
          max: 1,
          queries: [[agreement, "agreement"]],
        }),
        createStack({
          title: "Decisions offered to the challenger",
          description: "Per second, by what came of them: what is neither agree nor flip was not compared.",
          unit: CountsPerSecond,
          min: 0,
          queries: [[sum(rate(select(shadow)), "outcome"), "{{outcome}}"]],
        }),
        createLines({
          title: "Difference of the probabilities",
          description: "Absolute difference between the challenger's probability and the one that decided.",
          unit: PercentUnit,
          min: 0,
          width: 24,
          queries: [
            [quantile(0.5, difference), "p50"],
            [quantile(0.95, difference), "p95"],
            [mean(difference), "mean"],
          ],
        }),
      ],
    },
  ],
});
