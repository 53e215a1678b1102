import type { FeatureName } from "../domain/feature-schema.ts";
import { assertUsableBar, type Bar } from "./bar.ts";
import { createPriceHistory, type PriceHistory } from "./price-history.ts";
import { RollingWindow } from "./rolling-window.ts";
import { correlation, lagOneAutocorrelation, mean, percentileRank, standardDeviation } from "./sample-statistics.ts";
import { createWilderAtr } from "./wilder-atr.ts";

/*
 * The definitions of schema 1.0.0. Where its sentence leaves a choice: standard deviations are sample deviations (n − 1); a
 * quotient whose divisor is zero (flat prices, constant returns) is 0; trend_consistency is 0.5 when the 20-bar return is
 * zero, since there is no direction to agree with; vol_percentile counts the newest bar itself; atr starts as in TA-Lib.
 */
const momentumBars = 12;
const rangeBars = 12;
const atrBars = 14;
const trendBars = 20;
const slowAverageBars = 50;
const averageSlopeBars = 3;
const volatilitySlopeBars = 5;
const correlationBars = 60;
const volatilityRankBarsMin = 60;
const volatilityRankBarsMax = 252;

/** All features at one bar; NaN where the history is too short. */
export type FeatureVector = Readonly<Record<FeatureName, number>>;

/** One series a feature, oldest bar first, all of equal length. */
export type FeatureColumns = Record<FeatureName, number[]>;

export interface FeatureEngineOptions {
  /** @default 0, because most files hold one symbol */
  readonly peerCount?: number;
}

/** Features of one symbol, bar by bar; each depends on bars up to its own only. */
export interface FeatureEngine {
  /**
   * Takes the next bar, and the bar of every other symbol at the same time, always in the same order.
   *
   * @throws RangeError on an unusable price, a bar that is not later than the last one, or peers that do not fit.
   */
  push(bar: Bar, peers?: readonly Bar[]): FeatureVector;
}

export function createFeatureEngine(options: FeatureEngineOptions = {}): FeatureEngine {
  const history = createPriceHistory(correlationBars);
  const peerHistories = Array.from({ length: options.peerCount ?? 0 }, () => createPriceHistory(correlationBars));
  const highs = new RollingWindow(rangeBars);
  const lows = new RollingWindow(rangeBars);
  const volatilities = new RollingWindow(volatilityRankBarsMax);
  const atr = createWilderAtr(atrBars);
  let lastTimeMs = Number.NEGATIVE_INFINITY;
  return {
    push(bar, peers = []) {
      assertNextBars(bar, peers, peerHistories.length, lastTimeMs);
      lastTimeMs = bar.timeMs;
      history.push(bar.close);
      highs.push(bar.high);
      lows.push(bar.low);
      for (const [index, peer] of peers.entries()) peerHistories[index]?.push(peer.close);
      const volatility = standardDeviation(history.returns.latest(trendBars));
      if (!Number.isNaN(volatility)) volatilities.push(volatility);
      const atrPrice = atr.push(bar);
      return {
        momentum_score: momentumScore(history),
        efficiency_ratio: efficiencyRatio(history.closes.latest(trendBars + 1)),
        volatility,
        correlation: meanCorrelation(history, peerHistories),
        log_return_1: history.logReturn(1),
        rolling_return_20: history.logReturn(trendBars),
        trend_consistency: trendConsistency(history),
        ma_distance_20: (bar.close - mean(history.closes.latest(trendBars))) / bar.close,
        ma_distance_50: (bar.close - mean(history.closes.latest(slowAverageBars))) / bar.close,
        ma_slope_50: averageSlope(history.closes) / bar.close,
        atr: atrPrice / bar.close,
        vol_percentile: volatilityPercentile(volatilities),
        vol_slope: (volatility - volatilities.ago(volatilitySlopeBars)) / volatilitySlopeBars,
        dispersion: dispersion(history, peerHistories),
        range_compression: rangeCompression(highs.latest(rangeBars), lows.latest(rangeBars), atrPrice),
        return_autocorrelation: lagOneAutocorrelation(history.returns.latest(correlationBars)),
      };
    },
  };
}

/** Features of every bar of one symbol that stands alone. */
export function computeFeatures(bars: readonly Bar[]): FeatureColumns {
  const engine = createFeatureEngine();
  return toFeatureColumns(bars.map((bar) => engine.push(bar)));
}

export function toFeatureColumns(vectors: readonly FeatureVector[]): FeatureColumns {
  const column = (name: FeatureName): number[] => vectors.map((vector) => vector[name]);
  return {
    momentum_score: column("momentum_score"),
    efficiency_ratio: column("efficiency_ratio"),
    volatility: column("volatility"),
    correlation: column("correlation"),
    log_return_1: column("log_return_1"),
    rolling_return_20: column("rolling_return_20"),
    trend_consistency: column("trend_consistency"),
    ma_distance_20: column("ma_distance_20"),
    ma_distance_50: column("ma_distance_50"),
    ma_slope_50: column("ma_slope_50"),
    atr: column("atr"),
    vol_percentile: column("vol_percentile"),
    vol_slope: column("vol_slope"),
    dispersion: column("dispersion"),
    range_compression: column("range_compression"),
    return_autocorrelation: column("return_autocorrelation"),
  };
}

function assertNextBars(bar: Bar, peers: readonly Bar[], peerCount: number, lastTimeMs: number): void {
  assertUsableBar(bar);
  if (bar.timeMs <= lastTimeMs) throw new RangeError(`bar ${bar.time} is not later than the bar before it`);
  if (peers.length !== peerCount) throw new RangeError(`bar ${bar.time}: ${peers.length} peers, not ${peerCount}`);
  for (const peer of peers) {
    assertUsableBar(peer);
    if (peer.timeMs !== bar.timeMs) throw new RangeError(`bar ${bar.time}: a peer's bar is of ${peer.time}`);
  }
}

function momentumScore(history: PriceHistory): number {
  const scale = standardDeviation(history.returns.latest(momentumBars)) * Math.sqrt(momentumBars);
  return quotient(history.logReturn(momentumBars), scale);
}

function efficiencyRatio(closes: Float64Array): number {
  let path = closes.length === 0 ? Number.NaN : 0;
  let previous = closes[0] ?? Number.NaN;
  const first = previous;
  for (const close of closes) {
    path += Math.abs(close - previous);
    previous = close;
  }
  return quotient(Math.abs(previous - first), path);
}

function trendConsistency(history: PriceHistory): number {
  const direction = Math.sign(history.logReturn(trendBars));
  if (Number.isNaN(direction)) return direction;
  if (direction === 0) return 0.5;
  let agreeing = 0;
  for (const value of history.returns.latest(trendBars)) if (Math.sign(value) === direction) agreeing += 1;
  return agreeing / trendBars;
}

/** Change of the slow average a bar, in price. */
function averageSlope(closes: RollingWindow): number {
  const both = closes.latest(slowAverageBars + averageSlopeBars);
  return (mean(both.subarray(averageSlopeBars)) - mean(both.subarray(0, slowAverageBars))) / averageSlopeBars;
}

function volatilityPercentile(volatilities: RollingWindow): number {
  if (volatilities.size < volatilityRankBarsMin) return Number.NaN;
  return percentileRank(volatilities.latest(volatilities.size), volatilities.ago(0));
}

function meanCorrelation(history: PriceHistory, peers: readonly PriceHistory[]): number {
  if (peers.length === 0) return 0;
  const own = history.returns.latest(correlationBars);
  let sum = 0;
  for (const peer of peers) sum += correlation(own, peer.returns.latest(correlationBars));
  return sum / peers.length;
}

function dispersion(history: PriceHistory, peers: readonly PriceHistory[]): number {
  if (peers.length === 0) return 0;
  return standardDeviation(Float64Array.from([history, ...peers], (each) => each.logReturn(trendBars)));
}

function rangeCompression(highs: Float64Array, lows: Float64Array, atrPrice: number): number {
  return quotient(Math.max(...highs) - Math.min(...lows), rangeBars * atrPrice);
}

/** `dividend / divisor`, 0 when the divisor is, NaN when either is. */
function quotient(dividend: number, divisor: number): number {
  return divisor === 0 && !Number.isNaN(dividend) ? 0 : dividend / divisor;
}
