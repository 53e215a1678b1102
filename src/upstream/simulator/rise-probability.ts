import type { MarketModel } from "./market-model.ts";
import { normalShareBelow } from "./normal-distribution.ts";

/** Paths that cannot be told apart: the same sum of drifts, the same sum of variances. */
interface PathGroup {
  readonly drift: number;
  readonly variance: number;
  readonly probability: number;
}

/**
 * P(the sum of the next `horizonBars` log returns is above 0), for each state that the market may be in now. It is the
 * same for every symbol, because a scale does not change a sign.
 *
 * Exact: along one path of states the sum is normal, and only how often each state occurs matters, not when. So paths are
 * merged by their drift and variance as they grow; 7 states and 10 bars make some thousand groups instead of 7^10 paths.
 */
export function riseProbabilities(model: MarketModel, horizonBars: number): number[] {
  return model.states.map((_, start) => {
    let groups = model.states.map((_state, state) =>
      state === start ? [{ drift: 0, variance: 0, probability: 1 }] : [],
    );
    for (let bar = 0; bar < horizonBars; bar += 1) groups = growPaths(groups, model);
    let rises = 0;
    for (const { drift, variance, probability } of groups.flat()) {
      rises += probability * normalShareBelow(drift / Math.sqrt(variance));
    }
    return rises;
  });
}

function growPaths(groups: readonly (readonly PathGroup[])[], { states, transitions }: MarketModel): PathGroup[][] {
  return states.map((state, to) => {
    const merged = new Map<string, PathGroup>();
    for (const [from, paths] of groups.entries()) {
      const step = transitions[from]?.[to] ?? 0;
      if (step === 0) continue;
      for (const path of paths) {
        const drift = path.drift + state.drift;
        const variance = path.variance + state.volatility ** 2;
        // Sums that differ by rounding only are one group.
        const key = `${drift.toFixed(9)} ${variance.toFixed(9)}`;
        const probability = step * path.probability + (merged.get(key)?.probability ?? 0);
        merged.set(key, { drift, variance, probability });
      }
    }
    return [...merged.values()];
  });
}
