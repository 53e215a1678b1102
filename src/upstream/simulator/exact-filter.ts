import { advanceShares, type HiddenState, type MarketModel, stationaryShares } from "./market-model.ts";

/** P(state | returns up to now), bar by bar. */
export interface ExactFilter {
  /**
   * Takes the returns of the next bar, each in units of its symbol's scale.
   *
   * @returns the probability of every state, in the model's order
   */
  push(returns: readonly number[]): readonly number[];
}

/**
 * The forward algorithm with the market's own parameters: Bayes' rule, bar by bar. Nothing that sees only the returns can know
 * more about the present state, so no causal model can be better calibrated or rank better, but by luck.
 */
export function createExactFilter(model: MarketModel): ExactFilter {
  let shares = stationaryShares(model);
  return {
    push(returns) {
      const expected = advanceShares(shares, model.transitions);
      const logWeights = model.states.map((state) => logDensity(returns, state));
      // The largest becomes e^0, so that a bar that every state finds unlikely does not vanish in rounding.
      const largest = Math.max(...logWeights);
      const weighted = expected.map((share, index) => share * Math.exp((logWeights[index] ?? 0) - largest));
      const total = weighted.reduce((sum, weight) => sum + weight, 0);
      shares = weighted.map((weight) => weight / total);
      return shares;
    },
  };
}

/**
 * Log density, but for a constant, of equally correlated normals. Their correlation matrix (1−ρ)I + ρJ has the
 * eigenvalues 1−ρ, n−1 times, and 1−ρ+nρ, so neither its inverse nor its determinant needs a matrix.
 */
export function logDensity(returns: readonly number[], { drift, volatility, correlation }: HiddenState): number {
  const count = returns.length;
  const own = 1 - correlation;
  const common = own + count * correlation;
  let squares = 0;
  let sum = 0;
  for (const value of returns) {
    const deviation = (value - drift) / volatility;
    squares += deviation ** 2;
    sum += deviation;
  }
  const quadratic = (squares - (correlation / common) * sum ** 2) / own;
  const logDeterminant = (count - 1) * Math.log(own) + Math.log(common);
  return -count * Math.log(volatility) - (logDeterminant + quadratic) / 2;
}
