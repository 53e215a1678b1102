import type { Bar } from "./bar.ts";
import { createFeatureEngine, type FeatureColumns, toFeatureColumns } from "./feature-engine.ts";

/** Several symbols on one time axis. */
export interface FeaturePanel {
  /** The bars that every symbol has, by symbol. */
  readonly bars: ReadonlyMap<string, readonly Bar[]>;
  /** Their features, by symbol; as long as the bars. */
  readonly features: ReadonlyMap<string, FeatureColumns>;
}

/**
 * Features of symbols that move together, so that `correlation` and `dispersion` have something to compare. Only the times
 * that every symbol has a bar of count; where a bar is dropped, the next return spans the hole. Filling holes with the last close
 * instead would invent returns of zero and with them correlations that never were.
 *
 * @throws RangeError when a symbol's bars are not in order or a price is unusable
 */
export function computePanelFeatures(barsBySymbol: ReadonlyMap<string, readonly Bar[]>): FeaturePanel {
  const bars = alignBars(barsBySymbol);
  const features = new Map<string, FeatureColumns>();
  for (const [symbol, own] of bars) {
    const others = [...bars].filter(([other]) => other !== symbol).map(([, series]) => series);
    const engine = createFeatureEngine({ peerCount: others.length });
    features.set(
      symbol,
      toFeatureColumns(
        own.map((bar, index) =>
          engine.push(
            bar,
            others.flatMap((series) => series[index] ?? []),
          ),
        ),
      ),
    );
  }
  return { bars, features };
}

function alignBars(barsBySymbol: ReadonlyMap<string, readonly Bar[]>): ReadonlyMap<string, readonly Bar[]> {
  const symbolsByTime = new Map<number, number>();
  for (const bars of barsBySymbol.values()) {
    for (const timeMs of new Set(bars.map((bar) => bar.timeMs))) {
      symbolsByTime.set(timeMs, (symbolsByTime.get(timeMs) ?? 0) + 1);
    }
  }
  const isShared = (bar: Bar): boolean => symbolsByTime.get(bar.timeMs) === barsBySymbol.size;
  return new Map([...barsBySymbol].map(([symbol, bars]) => [symbol, bars.filter(isShared)]));
}
