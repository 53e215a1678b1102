import type { Contribution } from "../domain/decision.ts";
import type { SignalEstimate, SignalInputs, SignalWeights } from "../domain/model.ts";

/**
 * Estimates the success probability of the momentum signal as a sum of signed terms. The probability
 * is the running sum of exactly the terms that are reported, so that base plus contributions, added in
 * order, gives it back to the last bit; clipping to [0, 1] is the last term. (The subtraction is exact
 * for every sum below 2^53, since 0 and 1 are multiples of its unit in the last place.)
 */
export function estimateSignal(inputs: SignalInputs, weights: SignalWeights): SignalEstimate {
  const contributions: Contribution[] = [
    term("momentum_score", inputs.momentumScore, momentumTerm(inputs.momentumScore, weights)),
    term(
      "trend_consistency",
      inputs.trendConsistency,
      weights.trendConsistency.weight * (inputs.trendConsistency - weights.trendConsistency.neutral),
    ),
    term(
      "trend_persistence_score",
      inputs.trendPersistenceScore,
      persistenceTerm(inputs.trendPersistenceScore, weights),
    ),
    term("vol_percentile", inputs.volatilityPercentile, volatilityTerm(inputs.volatilityPercentile, weights)),
    term("regime", regimeNumbers[inputs.regime], inputs.regime === "UNKNOWN" ? 0 : weights.regime[inputs.regime]),
    checkTerm("autocorr_check", inputs.autocorrCheck, weights.autocorrCheck),
    checkTerm("stationarity_check", inputs.stationarityCheck, weights.stationarityCheck),
    checkTerm("distribution_check", inputs.distributionCheck, weights.distributionCheck),
  ];
  let sum = weights.base;
  for (const { contribution } of contributions) sum += contribution;
  const clipped = clip(sum, 0, 1);
  contributions.push(term("clipping", sum, clipped - sum));
  return {
    probability: clipped,
    explanation: { base: weights.base, contributions, unit: "PROBABILITY" },
  };
}

/** The number a regime has in the API. */
const regimeNumbers = { UNKNOWN: 0, TRENDING: 1, RANGING: 2, STRESSED: 3 } as const;

function term(name: string, value: number, contribution: number): Contribution {
  // Adding zero turns -0 into 0: JSON does not keep the sign, and every protocol must answer the same bits.
  return { name, value, contribution: contribution + 0 };
}

function checkTerm(name: string, passed: boolean, weight: number): Contribution {
  return term(name, passed ? 1 : 0, passed ? weight : 0);
}

function momentumTerm(momentum: number, { momentum: { weight, limit } }: SignalWeights): number {
  return clip(weight * momentum, -limit, limit);
}

function persistenceTerm(score: number, { trendPersistence: { weight, neutral, limit } }: SignalWeights): number {
  return score > neutral ? Math.min(weight * (score - neutral), limit) : -Math.min(weight * (neutral - score), limit);
}

function volatilityTerm(percentile: number, { volatility: { high, low, extreme } }: SignalWeights): number {
  return percentile > high || percentile < low ? extreme : 0;
}

function clip(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
