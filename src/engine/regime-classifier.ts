import type { BarRegime, RegimeRules, RegimeThresholds } from "../domain/model.ts";
import type { KnownRegime, RegimeProbabilities } from "../domain/regime.ts";

/** Classifies one bar by the first rule that matches. */
export function classifyBar(
  efficiencyRatio: number,
  volatilityPercentile: number,
  thresholds: RegimeThresholds,
  rules: RegimeRules,
): BarRegime {
  const { probabilities } = rules;
  if (volatilityPercentile >= thresholds.stressedMinVolatilityPct) {
    return { label: "STRESSED", probabilities: probabilities.stressed };
  }
  if (efficiencyRatio >= thresholds.trendingMinEfficiency) {
    return { label: "TRENDING", probabilities: probabilities.trending };
  }
  if (volatilityPercentile <= thresholds.rangingMaxVolatilityPct) {
    return { label: "RANGING", probabilities: probabilities.ranging };
  }
  if (efficiencyRatio > rules.weakTrendingMinEfficiency) {
    return { label: "TRENDING", probabilities: probabilities.weakTrending };
  }
  return { label: "RANGING", probabilities: probabilities.weakRanging };
}

/** The label most bars have; a tie goes to the label that occurs first. */
export function smoothLabels(labels: readonly KnownRegime[]): KnownRegime {
  let best = labels[0] ?? "RANGING";
  let bestVotes = 0;
  for (const candidate of labels) {
    let votes = 0;
    for (const label of labels) if (label === candidate) votes++;
    if (votes > bestVotes) {
      best = candidate;
      bestVotes = votes;
    }
  }
  return best;
}

/** The probability of one label. */
export function probabilityOf(label: KnownRegime, probabilities: RegimeProbabilities): number {
  switch (label) {
    case "TRENDING":
      return probabilities.trending;
    case "RANGING":
      return probabilities.ranging;
    case "STRESSED":
      return probabilities.stressed;
    default:
      return label satisfies never;
  }
}
