import { type KnownRegime, regimeLabels } from "../../domain/regime.ts";
import { createExactFilter } from "./exact-filter.ts";
import type { MarketModel } from "./market-model.ts";
import type { SimulatedMarket, SimulatedSymbol } from "./market-simulation.ts";
import { riseProbabilities } from "./rise-probability.ts";

/** Belief about one bar, held by somebody who knows the market's parameters. */
export interface MarketBelief {
  /** P(regime), in the order of `regimeLabels`. */
  readonly regimes: readonly number[];
  /** P(the log returns of the next horizon sum to more than 0). */
  readonly rise: number;
}

/** What is true, and what could be known, at one bar of one symbol. */
export interface BarTruth {
  readonly symbol: string;
  readonly time: string;
  readonly timeMs: number;
  readonly state: string;
  readonly regime: KnownRegime;
  /** Sign of the log return of the last 12 bars, which is the sign of `momentum_score`; 0 while there are fewer. */
  readonly momentumDirection: number;
  /** P(rise) for somebody who sees the hidden state: what the bar's own parameters say. */
  readonly rise: number;
  /** The exact filter over the returns of all symbols: the best that a causal model can do. */
  readonly filter: MarketBelief;
  /** The exact filter over this symbol's returns: the best without the others. */
  readonly ownFilter: MarketBelief;
}

/** Bars in `momentum_score`. */
const momentumBars = 12;

/** P(success) of a signal in this direction, given P(rise); undefined without a direction. */
export function successProbability(rise: number, direction: number): number | undefined {
  if (direction === 0) return undefined;
  return direction > 0 ? rise : 1 - rise;
}

/** The truth of every bar, symbol by symbol. */
export function describeTruth(market: SimulatedMarket, horizonBars: number): BarTruth[] {
  const { model, states, symbols } = market;
  const rises = riseProbabilities(model, horizonBars);
  const returns = symbols.map(scaledReturns);
  const shared = filterReturns(model, rises, returns);
  return symbols.flatMap(({ name, bars }, index) => {
    const own = filterReturns(model, rises, returns.slice(index, index + 1));
    return bars.map((bar, at) => {
      const stateIndex = states[at] ?? -1;
      const state = model.states[stateIndex];
      const [filter, ownFilter, rise] = [shared[at], own[at], rises[stateIndex]];
      if (state === undefined || filter === undefined || ownFilter === undefined || rise === undefined) {
        throw new RangeError(`bar ${at} of ${name} has no state`);
      }
      const before = bars[at - momentumBars];
      const momentumDirection = before === undefined ? 0 : Math.sign(Math.log(bar.close / before.close));
      return {
        symbol: name,
        time: bar.time,
        timeMs: bar.timeMs,
        state: state.name,
        regime: state.regime,
        momentumDirection,
        rise,
        filter,
        ownFilter,
      };
    });
  });
}

/** The first bar opens at a known price, so it has a return, too. */
function scaledReturns({ scale, bars }: SimulatedSymbol): number[] {
  return bars.map((bar) => Math.log(bar.close / bar.open) / scale);
}

function filterReturns(
  model: MarketModel,
  rises: readonly number[],
  returns: readonly (readonly number[])[],
): MarketBelief[] {
  const filter = createExactFilter(model);
  const [first = []] = returns;
  return first.map((_, bar) => {
    const shares = filter.push(returns.map((series) => series[bar] ?? Number.NaN));
    const shareOf = (isMeant: (state: number) => boolean): number =>
      shares.reduce((sum, share, state) => (isMeant(state) ? sum + share : sum), 0);
    return {
      regimes: regimeLabels.map((label) => shareOf((state) => model.states[state]?.regime === label)),
      rise: shares.reduce((sum, share, state) => sum + share * (rises[state] ?? Number.NaN), 0),
    };
  });
}
