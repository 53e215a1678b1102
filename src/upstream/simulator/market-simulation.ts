import type { Bar } from "../bar.ts";
import { type HiddenState, type MarketModel, referenceMarket, stationaryShares } from "./market-model.ts";
import { createSeededRandom, type SeededRandom } from "./seeded-random.ts";

export interface SimulationOptions {
  /** @default the market of the published tables */
  readonly model?: MarketModel;
  readonly seed: number;
  /** Bars of every symbol, at least 2. */
  readonly bars: number;
  /** Symbols, at least 1. @default 4: a small book, and enough for correlation to be measured */
  readonly symbols?: number;
}

export interface SimulatedSymbol {
  readonly name: string;
  /** What a drift or volatility of 1 in the model is worth, as a log return a bar. */
  readonly scale: number;
  readonly bars: readonly Bar[];
}

/** A market whose inside is known. */
export interface SimulatedMarket {
  readonly model: MarketModel;
  readonly seed: number;
  /** Index into `model.states`, for every bar. */
  readonly states: readonly number[];
  readonly symbols: readonly SimulatedSymbol[];
}

const firstBarMs = Date.UTC(2000, 0, 3);
const barMs = 4 * 3_600_000;
/** Digits of a price. Rounding moves a return by 1e-8 at most, a hundred-thousandth of its deviation. */
const priceDigits = 9;
/** Scales lie between this and its double, so that no model can read the regime off the volatility in price alone. */
const scaleMin = 0.004;

/**
 * Simulates the bars of several symbols. The same options give the same bars on every machine.
 *
 * @throws RangeError for options that make no market
 */
export function simulateMarket(options: SimulationOptions): SimulatedMarket {
  const { model = referenceMarket, seed, bars, symbols: symbolCount = 4 } = options;
  assertCount("seed", seed, 0);
  assertCount("bars", bars, 2);
  assertCount("symbols", symbolCount, 1);
  const random = createSeededRandom(seed);
  const drawState = createStateDraws(model, random);
  const builders = Array.from({ length: symbolCount }, (_, index) =>
    createBarBuilder(`SIM${index + 1}`, scaleMin * 2 ** random.uniform(), random),
  );
  const states: number[] = [];
  // Bar by bar, so that a longer market starts with the shorter one.
  for (let bar = 0; bar < bars; bar += 1) {
    const stateIndex = drawState();
    const state = model.states[stateIndex];
    if (state === undefined) throw new RangeError(`the model has no state ${stateIndex}`);
    states.push(stateIndex);
    const common = random.normal();
    for (const builder of builders) builder.push(bar, state, common);
  }
  return { model, seed, states, symbols: builders.map((builder) => builder.symbol) };
}

function assertCount(name: string, count: number, least: number): void {
  if (!(Number.isSafeInteger(count) && count >= least)) throw new RangeError(`${name} is ${count}`);
}

function createStateDraws(model: MarketModel, random: SeededRandom): () => number {
  let shares: readonly number[] = stationaryShares(model);
  return () => {
    const state = drawIndex(shares, random.uniform());
    shares = model.transitions[state] ?? [];
    return state;
  };
}

function drawIndex(shares: readonly number[], uniform: number): number {
  let left = uniform;
  for (const [index, share] of shares.entries()) {
    left -= share;
    if (left < 0) return index;
  }
  // Shares that sum to a little less than 1: the last that can occur.
  return shares.findLastIndex((share) => share > 0);
}

interface BarBuilder {
  readonly symbol: SimulatedSymbol;
  push(bar: number, state: HiddenState, common: number): void;
}

function createBarBuilder(name: string, scale: number, random: SeededRandom): BarBuilder {
  const bars: Bar[] = [];
  let close = 100;
  return {
    symbol: { name, scale, bars },
    push(bar, { drift, volatility, correlation }, common) {
      const noise = Math.sqrt(correlation) * common + Math.sqrt(1 - correlation) * random.normal();
      const open = close;
      const deviation = scale * volatility;
      const logReturn = scale * drift + deviation * noise;
      close = roundPrice(open * Math.exp(logReturn));
      // The extremes of a Brownian bridge from open to close have a known distribution; the two are drawn apart.
      const reach = (): number => Math.sqrt(logReturn ** 2 - 2 * deviation ** 2 * Math.log(random.uniform()));
      const high = Math.max(open, close, roundPrice(open * Math.exp((logReturn + reach()) / 2)));
      const low = Math.min(open, close, roundPrice(open * Math.exp((logReturn - reach()) / 2)));
      const volume = Math.round(1000 * Math.exp(0.4 * random.normal()) * (1 + Math.abs(noise) * volatility));
      const timeMs = firstBarMs + bar * barMs;
      bars.push({ time: new Date(timeMs).toISOString(), timeMs, open, high, low, close, volume });
    },
  };
}

function roundPrice(price: number): number {
  return Number(price.toPrecision(priceDigits));
}
