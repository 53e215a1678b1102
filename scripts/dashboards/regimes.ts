import { PercentUnit } from "@grafana/grafana-foundation-sdk/units";
import { createHeatmap, createLines, createStack, createStat, type PanelForm } from "./panel.ts";
import { mean, quantile, rate, select, share, shares, sum } from "./promql.ts";
import { createDashboard } from "./service-dashboard.ts";

const decisions = select("ml_layer_decisions_total");
const confidence = "ml_layer_regime_confidence";
const fromNoneToAll = { unit: PercentUnit, min: 0, max: 1 };

function shareOf(regime: string): string {
  return share(sum(rate(select("ml_layer_decisions_total", `regime="${regime}"`))), sum(rate(decisions)));
}

function createRegimeStat(regime: string, meaning: string, redFrom?: number): PanelForm {
  return createStat({
    title: regime,
    description: `Share of decisions in a market that is ${meaning}.`,
    ...fromNoneToAll,
    ...(redFrom !== undefined && { limits: [[redFrom, "red"]] as const }),
    queries: [[shareOf(regime), regime]],
  });
}

/** What the markets are like, and how sure the classifier is. */
export const regimes = createDashboard({
  name: "regimes",
  title: "Regimes",
  description: "What the markets are like, how sure the classifier is of it, and what that does to the decisions.",
  sections: [
    {
      title: "Now",
      panels: [
        createRegimeStat("TRENDING", "trending"),
        createRegimeStat("RANGING", "ranging"),
        createRegimeStat("STRESSED", "stressed; the default alert fires above one half over 15 minutes", 0.5),
        createRegimeStat("UNKNOWN", "none of the known ones", 0.1),
        createStat({
          title: "Mean confidence",
          description:
            "Mean probability of the regime that was decided on. The default alert fires below 0.5 over 30 minutes.",
          ...fromNoneToAll,
          base: "red",
          limits: [
            [0.5, "yellow"],
            [0.6, "green"],
          ],
          queries: [[mean(confidence), "mean"]],
        }),
        createStat({
          title: "Unstable",
          description: "Share of decisions whose smoothing window held more than one regime.",
          ...fromNoneToAll,
          limits: [[0.5, "yellow"]],
          queries: [
            [share(sum(rate(select("ml_layer_unstable_regime_decisions_total"))), sum(rate(decisions))), "unstable"],
          ],
        }),
      ],
    },
    {
      title: "Regimes",
      panels: [
        createStack({
          title: "Regime shares",
          description: "Share of decisions by regime.",
          ...fromNoneToAll,
          width: 24,
          queries: [[shares(sum(rate(decisions), "regime"), sum(rate(decisions))), "{{regime}}"]],
        }),
        createLines({
          title: "Allow rate by regime",
          description: "Share of the decisions of each regime that let a trade through.",
          ...fromNoneToAll,
          queries: [
            [
              share(
                sum(rate(select("ml_layer_decisions_total", 'decision="allow"')), "regime"),
                sum(rate(decisions), "regime"),
              ),
              "{{regime}}",
            ],
          ],
        }),
        createLines({
          title: "Stressed share by instance",
          description: "Share of decisions in a stressed market over 15 minutes, as the default alert computes it.",
          ...fromNoneToAll,
          limits: [[0.5, "red"]],
          queries: [
            [
              share(
                sum(rate(select("ml_layer_decisions_total", 'regime="STRESSED"'), "15m"), "instance"),
                sum(rate(decisions, "15m"), "instance"),
              ),
              "{{instance}}",
            ],
          ],
        }),
      ],
    },
    {
      title: "Confidence",
      panels: [
        createLines({
          title: "Regime confidence",
          description: "Quantiles and mean of the probability of the regime that was decided on.",
          ...fromNoneToAll,
          queries: [
            [quantile(0.1, confidence), "p10"],
            [quantile(0.5, confidence), "p50"],
            [quantile(0.9, confidence), "p90"],
            [mean(confidence), "mean"],
          ],
        }),
        createHeatmap({
          title: "Confidences",
          description: "How many decisions per second fall into each range of confidence.",
          unit: PercentUnit,
          queries: [[sum(rate(select(`${confidence}_bucket`)), "le"), "{{le}}"]],
        }),
        createLines({
          title: "Unstable regimes",
          description:
            "Share of decisions whose smoothing window held more than one regime: the market turns, or the classifier wavers.",
          ...fromNoneToAll,
          width: 24,
          queries: [
            [
              share(
                sum(rate(select("ml_layer_unstable_regime_decisions_total")), "instance"),
                sum(rate(decisions), "instance"),
              ),
              "{{instance}}",
            ],
          ],
        }),
      ],
    },
  ],
});
