import type { KnownRegime } from "../../domain/regime.ts";

/** What the market does while it is in one hidden state. All symbols share the state. */
export interface HiddenState {
  readonly name: string;
  readonly regime: KnownRegime;
  /** Mean log return a bar, in units of a symbol's scale. */
  readonly drift: number;
  /** Standard deviation of the log return a bar, in the same unit. */
  readonly volatility: number;
  /** Correlation of the noise between any two symbols, in [0, 1). */
  readonly correlation: number;
}

/** A hidden Markov chain, and what is seen of it. Given the state, returns of different bars are independent. */
export interface MarketModel {
  readonly states: readonly HiddenState[];
  /** `transitions[i][j]` is P(state j at the next bar | state i now); each row sums to 1. */
  readonly transitions: readonly (readonly number[])[];
}

const trending = { regime: "TRENDING", volatility: 1, correlation: 0.6 } as const;
const ranging = { regime: "RANGING", volatility: 0.65, correlation: 0.4 } as const;

/**
 * The market of the published tables.
 *
 * TRENDING drifts one way, 65 bars on average. RANGING swings: up and down in turn, each half swing two phases of 4 bars on
 * average, so that a move of ten bars tends to be undone; with a single phase a half swing had no typical length and nothing
 * would be undone on schedule. STRESSED is violent, aimless but for a slight fall, and 25 bars long.
 *
 * The drifts are a compromise. They are above what daily indices show, so that there is something to learn within a few
 * thousand bars, and low enough that nobody could be sure: see the exact filter's figures in docs/MODELS.md.
 */
export const referenceMarket: MarketModel = createMarket({
  trendDrift: 0.28,
  trendBars: 65,
  swingDrift: 0.3,
  phaseBars: 4,
  rangeBars: 80,
  stressedBars: 25,
});

interface MarketShape {
  readonly trendDrift: number;
  readonly trendBars: number;
  readonly swingDrift: number;
  readonly phaseBars: number;
  readonly rangeBars: number;
  readonly stressedBars: number;
}

/** States: 0 trend up, 1 trend down, 2 to 5 the phases of a swing, 6 stressed. */
function createMarket(shape: MarketShape): MarketModel {
  const swing = (name: string, drift: number): HiddenState => ({ name, drift, ...ranging });
  const states: readonly HiddenState[] = [
    { name: "TREND_UP", drift: shape.trendDrift, ...trending },
    { name: "TREND_DOWN", drift: -shape.trendDrift, ...trending },
    swing("SWING_UP_EARLY", shape.swingDrift),
    swing("SWING_UP_LATE", shape.swingDrift),
    swing("SWING_DOWN_EARLY", -shape.swingDrift),
    swing("SWING_DOWN_LATE", -shape.swingDrift),
    { name: "STRESSED", regime: "STRESSED", drift: -0.1, volatility: 2.2, correlation: 0.85 },
  ];
  const leaveTrend = 1 / shape.trendBars;
  const leaveRange = 1 / shape.rangeBars;
  const leaveStress = 1 / shape.stressedBars;
  const trendRow = (own: number): number[] => {
    // A trend ends in a range, in stress, or now and then in its opposite.
    const row = [0.15, 0.15, 0.15, 0, 0.15, 0, 0.4].map((share) => share * leaveTrend);
    row[own] = 1 - row.reduce((sum, value, index) => (index === own ? sum : sum + value), 0);
    return row;
  };
  const swingRow = (phase: number): number[] => {
    const row = [0.4, 0.4, 0, 0, 0, 0, 0.2].map((share) => share * leaveRange);
    const turn = (1 - leaveRange) / shape.phaseBars;
    row[2 + ((phase + 1) % 4)] = turn;
    row[2 + phase] = 1 - leaveRange - turn;
    return row;
  };
  const stressedRow = [0.25, 0.25, 0.25, 0, 0.25, 0, 0].map((share) => share * leaveStress);
  stressedRow[6] = 1 - leaveStress;
  return { states, transitions: [trendRow(0), trendRow(1), ...[0, 1, 2, 3].map(swingRow), stressedRow] };
}

/** The share of bars that each state has in the long run. */
export function stationaryShares({ states, transitions }: MarketModel): number[] {
  let shares = states.map(() => 1 / states.length);
  // The second-largest eigenvalue is 1 − 1/80 at most in the reference market: 5 000 steps leave e^-60.
  for (let step = 0; step < 5000; step += 1) shares = advanceShares(shares, transitions);
  return shares;
}

/** The distribution over states one bar later. */
export function advanceShares(shares: readonly number[], transitions: MarketModel["transitions"]): number[] {
  const next = shares.map(() => 0);
  for (const [from, share] of shares.entries()) {
    for (const [to, probability] of (transitions[from] ?? []).entries()) {
      next[to] = (next[to] ?? 0) + share * probability;
    }
  }
  return next;
}
