import type { Bar } from "../../src/upstream/bar.ts";
import { type HiddenState, type MarketModel, referenceMarket } from "../../src/upstream/simulator/market-model.ts";
import { simulateMarket } from "../../src/upstream/simulator/market-simulation.ts";

/** Bars before the change, of which the first are training, and bars after it. */
export const trainingBars = 5_000;
export const quietBars = 1_500;
export const changedBars = 1_500;

/** Bars of the change have seeds of their own. */
const changeSeedOffset = 1_000;

/** What a market may become. */
export const changes: ReadonlyMap<string, MarketModel> = new Map([
  ["nothing", referenceMarket],
  ["volatility × 1.5", changeStates((state) => ({ ...state, volatility: 1.5 * state.volatility }))],
  ["volatility × 2", changeStates((state) => ({ ...state, volatility: 2 * state.volatility }))],
  ["regimes twice as short", { ...referenceMarket, transitions: square(referenceMarket.transitions) }],
  ["no more drift: nothing to predict", changeStates((state) => ({ ...state, drift: 0 }))],
]);

function changeStates(change: (state: HiddenState) => HiddenState): MarketModel {
  return { ...referenceMarket, states: referenceMarket.states.map(change) };
}

/** Two steps a bar. */
function square(matrix: MarketModel["transitions"]): number[][] {
  return matrix.map((row) =>
    row.map((_, to) => row.reduce((sum, share, via) => sum + share * (matrix[via]?.[to] ?? 0), 0)),
  );
}

export interface ChangedMarket {
  readonly bars: ReadonlyMap<string, readonly Bar[]>;
  /** Log returns a bar in units of each symbol's scale, in the order of {@link bars}. */
  readonly returns: readonly (readonly number[])[];
}

/** Bars of the reference market, and after them bars of what it becomes, as if they were one. */
export function simulateChange(seed: number, model: MarketModel): ChangedMarket {
  const before = simulateMarket({ seed, bars: trainingBars + quietBars });
  const after = simulateMarket({ seed: changeSeedOffset + seed, bars: changedBars, model });
  const bars = new Map<string, readonly Bar[]>();
  const returns: number[][] = [];
  for (const [index, symbol] of before.symbols.entries()) {
    const next = after.symbols[index];
    if (next === undefined) throw new RangeError(`no bars of ${symbol.name} after the change`);
    bars.set(symbol.name, [...symbol.bars, ...continueBars(symbol.bars, next.bars, symbol.scale / next.scale)]);
    const scaled = [symbol, next].flatMap((part) =>
      part.bars.map((bar) => Math.log(bar.close / bar.open) / part.scale),
    );
    returns.push(scaled);
  }
  return { bars, returns };
}

/** Bars that go on where others end, with log moves that are so many times as large. */
function continueBars(before: readonly Bar[], after: readonly Bar[], moves: number): Bar[] {
  const [second, last] = before.slice(-2);
  const [first] = after;
  if (second === undefined || last === undefined || first === undefined) throw new RangeError("no bars to continue");
  const barMs = last.timeMs - second.timeMs;
  const price = (of: number): number => last.close * (of / first.open) ** moves;
  return after.map(({ open, high, low, close, volume }, index) => {
    const timeMs = last.timeMs + (index + 1) * barMs;
    const prices = { open: price(open), high: price(high), low: price(low), close: price(close) };
    return { time: new Date(timeMs).toISOString(), timeMs, ...prices, volume };
  });
}
