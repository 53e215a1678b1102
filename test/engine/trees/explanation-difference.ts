import { scoreTrees } from "../../../src/engine/trees/tree-score.ts";
import { createTreeExplainer } from "../../../src/engine/trees/tree-shap.ts";
import { type EnsembleFixture, featureCount } from "./ensemble-fixture.ts";

/** Largest absolute differences over all rows and outputs. */
export interface ExplanationDifference {
  /** To LightGBM's contributions. */
  contribution: number;
  /** To LightGBM's expected value. */
  base: number;
  /** Between base plus contributions and our raw score. */
  sum: number;
  /** Between our raw score and LightGBM's. */
  score: number;
  /** How many contributions were compared. */
  compared: number;
}

export function compareExplanations({
  ensemble,
  rows,
  contributions,
  rawScores,
}: EnsembleFixture): ExplanationDifference {
  const explainer = createTreeExplainer(ensemble);
  const largest: ExplanationDifference = { contribution: 0, base: 0, sum: 0, score: 0, compared: 0 };
  const widen = (key: Exclude<keyof ExplanationDifference, "compared">, difference: number): void => {
    largest[key] = Math.max(largest[key], Math.abs(difference));
  };
  for (const [index, row] of rows.entries()) {
    for (const [output, expected] of (contributions[index] ?? []).entries()) {
      const { base, contributions: found } = explainer.explain(row, ensemble.baseScores.length === 1 ? 1 : output);
      const score = scoreTrees(ensemble, row, output);
      for (const [feature, value] of found.entries()) widen("contribution", value - (expected[feature] ?? Number.NaN));
      widen("base", base - (expected[featureCount] ?? Number.NaN));
      widen("sum", found.reduce((sum, value) => sum + value, base) - score);
      widen("score", score - (rawScores[index]?.[output] ?? Number.NaN));
      largest.compared += found.length;
    }
  }
  return largest;
}
