import { CountsPerSecond, PercentUnit, Short } from "@grafana/grafana-foundation-sdk/units";
import { createLines, createStack, createStat } from "./panel.ts";
import { mean, quantile, rate, select, share, shares, sum } from "./promql.ts";
import { createDashboard } from "./service-dashboard.ts";

const decisions = "ml_layer_decisions_total";
const decided = sum(rate(select(decisions)));
const allowed = select(decisions, 'decision="allow"');
const fromNoneToAll = { unit: PercentUnit, min: 0, max: 1 };

/** How much is decided, what is let through and what stops the rest. */
export const volume = createDashboard({
  name: "volume",
  title: "Volume",
  description: "How much is decided, how much is let through, and which gates stop the rest.",
  sections: [
    {
      title: "Now",
      panels: [
        createStat({
          title: "Decisions",
          description: "Decisions taken per second.",
          unit: CountsPerSecond,
          queries: [[decided, "decisions"]],
        }),
        createStat({
          title: "Allow rate",
          description: "Share of decisions that let a trade through. Near 0 or 1 the filter does not filter.",
          ...fromNoneToAll,
          base: "red",
          limits: [
            [0.1, "green"],
            [0.9, "orange"],
          ],
          queries: [[share(sum(rate(allowed)), decided), "allowed"]],
        }),
        createStat({
          title: "Decisions in the time range",
          description: "Decisions taken in the time range that is shown.",
          unit: Short,
          queries: [[sum(`increase(${select(decisions)}[$__range])`), "decisions"]],
        }),
        createStat({
          title: "Decisions with missing inputs",
          description: "Share of decisions for which a neutral value stood in for at least one absent input.",
          ...fromNoneToAll,
          limits: [
            [0.05, "yellow"],
            [0.2, "red"],
          ],
          queries: [[share(sum(rate(select("ml_layer_missing_input_decisions_total"))), decided), "missing inputs"]],
        }),
        createStat({
          title: "Mean signal probability",
          description: "Mean success probability of the signals that were decided on.",
          ...fromNoneToAll,
          queries: [[mean("ml_layer_signal_probability"), "mean"]],
        }),
        createStat({
          title: "Halts in force",
          description: "Halts of the whole service, of symbols, timeframes and models. Anything but 0 refuses trades.",
          unit: Short,
          limits: [[1, "red"]],
          queries: [[sum(select("ml_layer_halts")), "halts"]],
        }),
      ],
    },
    {
      title: "Decisions",
      panels: [
        createStack({
          title: "Decisions by outcome",
          description: "Decisions per second, allowed and refused.",
          unit: CountsPerSecond,
          min: 0,
          queries: [[sum(rate(select(decisions)), "decision"), "{{decision}}"]],
        }),
        createLines({
          title: "Allow rate by instance",
          description:
            "Share of decisions that let a trade through. Instances that differ see different markets or models.",
          ...fromNoneToAll,
          queries: [[share(sum(rate(allowed), "instance"), sum(rate(select(decisions)), "instance")), "{{instance}}"]],
        }),
        createLines({
          title: "Decisions by timeframe",
          description: "Decisions per second; past 100 timeframes the rest counts as other.",
          unit: CountsPerSecond,
          min: 0,
          queries: [[sum(rate(select(decisions)), "timeframe"), "{{timeframe}}"]],
        }),
        createLines({
          title: "Busiest symbols",
          description: "Decisions per second of the ten symbols with most; past 50 symbols the rest counts as other.",
          unit: CountsPerSecond,
          min: 0,
          queries: [[`topk(10, ${sum(rate(select("ml_layer_symbol_decisions_total")), "symbol")})`, "{{symbol}}"]],
        }),
      ],
    },
    {
      title: "Gates and signals",
      panels: [
        createStack({
          title: "Gate failures",
          description: "Failures per second by gate. A decision can fail several gates and counts at each.",
          unit: CountsPerSecond,
          min: 0,
          queries: [[sum(rate(select("ml_layer_gate_failures_total")), "gate"), "{{gate}}"]],
        }),
        createLines({
          title: "Decisions that each gate refuses",
          description:
            "Share of all decisions that fail a gate: what to look at when too much or too little is refused.",
          ...fromNoneToAll,
          queries: [[shares(sum(rate(select("ml_layer_gate_failures_total")), "gate"), decided), "{{gate}}"]],
        }),
        createStack({
          title: "Confidence levels",
          description: "Decisions per second by the confidence level of their signal.",
          unit: CountsPerSecond,
          min: 0,
          queries: [[sum(rate(select("ml_layer_confidence_level_decisions_total")), "level"), "{{level}}"]],
        }),
        createLines({
          title: "Signal probability",
          description:
            "Quantiles and mean of the signals' success probability. A jump without a new model means new inputs.",
          ...fromNoneToAll,
          queries: [
            [quantile(0.1, "ml_layer_signal_probability"), "p10"],
            [quantile(0.5, "ml_layer_signal_probability"), "p50"],
            [quantile(0.9, "ml_layer_signal_probability"), "p90"],
            [mean("ml_layer_signal_probability"), "mean"],
          ],
        }),
        createLines({
          title: "Missing inputs",
          description:
            "Absent inputs per second for which a neutral value stood in, by input: the pipeline upstream leaves them out.",
          unit: CountsPerSecond,
          min: 0,
          width: 24,
          queries: [[sum(rate(select("ml_layer_missing_inputs_total")), "input"), "{{input}}"]],
        }),
      ],
    },
  ],
});
