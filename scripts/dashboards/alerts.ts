import { PercentUnit, Seconds, Short } from "@grafana/grafana-foundation-sdk/units";
import { createLabelTable, createLines, createStat, createTimeline } from "./panel.ts";
import { mean, rate, select, share, sum } from "./promql.ts";
import { createDashboard } from "./service-dashboard.ts";

const firing = "ml_layer_alerts_firing";
const decisions = (window: string, ...matchers: readonly string[]) =>
  sum(rate(select("ml_layer_decisions_total", ...matchers), window), "instance");
const fromNoneToAll = { unit: PercentUnit, min: 0, max: 1 };

/** What fires, and what the default rules watch. */
export const alerts = createDashboard({
  name: "alerts",
  title: "Alerts",
  description: "Which alert rules fire, what the default rules watch and how close it is, and whether anybody is told.",
  sections: [
    {
      title: "Now",
      panels: [
        createStat({
          title: "Firing",
          description: "Alert rules that fire, of all instances.",
          unit: Short,
          limits: [[1, "orange"]],
          queries: [[sum(select(firing)), "firing"]],
        }),
        createStat({
          title: "Firing by severity",
          description: "Alert rules that fire, by severity.",
          unit: Short,
          limits: [[1, "red"]],
          width: 8,
          queries: [[sum(select(firing), "severity"), "{{severity}}"]],
        }),
        createStat({
          title: "Enabled rules",
          description: "Alert rules that the service evaluates.",
          unit: Short,
          base: "red",
          limits: [[1, "green"]],
          queries: [[`count(${select(firing)})`, "rules"]],
        }),
        createStat({
          title: "Halts by scope",
          description: "Halts in force, by what they halt.",
          unit: Short,
          limits: [[1, "red"]],
          width: 8,
          queries: [[sum(select("ml_layer_halts"), "scope"), "{{scope}}"]],
        }),
      ],
    },
    {
      title: "Rules",
      panels: [
        createTimeline({
          title: "Rules over time",
          description: "When each rule of each instance fired.",
          unit: Short,
          limits: [[1, "red"]],
          words: { 0: ["quiet", "green"], 1: ["firing", "red"] },
          width: 16,
          queries: [[`max by (instance, alertname) (${select(firing)})`, "{{instance}} {{alertname}}"]],
        }),
        createLabelTable({
          title: "Rules now",
          description: "Every enabled rule with its severity; 1 fires.",
          unit: Short,
          limits: [[1, "red"]],
          words: { 0: ["quiet", "green"], 1: ["firing", "red"] },
          width: 8,
          queries: [[`sort_desc(max by (alertname, severity, instance) (${select(firing)}))`, "{{alertname}}"]],
        }),
      ],
    },
    {
      title: "What the default rules watch",
      panels: [
        createLines({
          title: "Suppression rate over 1 hour",
          description: "high_suppression_rate fires above 0.9, low_suppression_rate below 0.1, from 30 decisions on.",
          ...fromNoneToAll,
          limits: [
            [0.1, "green"],
            [0.9, "red"],
          ],
          base: "red",
          queries: [[share(decisions("1h", 'decision="refuse"'), decisions("1h")), "{{instance}}"]],
        }),
        createLines({
          title: "Mean decision time over 5 minutes",
          description: "high_latency fires above 10 ms, from 30 decisions on.",
          unit: Seconds,
          min: 0,
          limits: [[0.01, "red"]],
          queries: [[mean("ml_layer_decision_duration_seconds", "instance", "5m"), "{{instance}}"]],
        }),
        createLines({
          title: "Stressed share over 15 minutes",
          description: "stressed_regime_spike fires above one half, from 30 decisions on.",
          ...fromNoneToAll,
          limits: [[0.5, "red"]],
          queries: [[share(decisions("15m", 'regime="STRESSED"'), decisions("15m")), "{{instance}}"]],
        }),
        createLines({
          title: "Mean regime confidence over 30 minutes",
          description: "low_confidence fires below one half, from 30 decisions on.",
          ...fromNoneToAll,
          base: "red",
          limits: [[0.5, "green"]],
          queries: [[mean("ml_layer_regime_confidence", "instance", "30m"), "{{instance}}"]],
        }),
      ],
    },
    {
      title: "Delivery",
      panels: [
        createLines({
          title: "Notifications",
          description:
            "Alerts sent to Alertmanagers since the start, by what became of them; what was refused or dropped is lost.",
          unit: Short,
          min: 0,
          width: 24,
          queries: [[sum(select("ml_layer_alert_notifications_total"), "outcome"), "{{outcome}}"]],
        }),
      ],
    },
  ],
});
