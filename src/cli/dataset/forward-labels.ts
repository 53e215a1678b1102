import type { RegimeRules, RegimeThresholds } from "../../domain/model.ts";
import type { KnownRegime } from "../../domain/regime.ts";
import { classifyBar } from "../../engine/regime-classifier.ts";
import type { Bar } from "../../upstream/bar.ts";
import { percentileRank, standardDeviation } from "../../upstream/sample-statistics.ts";

/** What happened after a bar; nothing of it is known at the bar. */
export interface ForwardOutcome {
  /** Σ of the log returns of the horizon. */
  readonly logReturn: number;
  /** Undefined while there is too little history to rank a volatility in. */
  readonly regime: KnownRegime | undefined;
}

export interface ForwardRules {
  readonly horizonBars: number;
  readonly thresholds: RegimeThresholds;
  readonly rules: RegimeRules;
}

const rankBarsMin = 60;
/** With the stretch in question 252, as in the feature `vol_percentile`. */
const rankBarsMax = 251;

/**
 * The outcome after every bar but the last `horizonBars`.
 *
 * The regime label is that of the bars t+1 … t+H, by the thresholds of the configuration: their efficiency ratio is that of their
 * own closes (from the close of bar t), and their volatility, the deviation of their returns, is ranked among the same
 * measure of the up to 251 stretches of H bars that ended by bar t. Labelling bar t with the rule at bar t would teach a model to
 * repeat the rule; what a trader needs to know is the market in which the trade will live.
 */
export function labelForward(bars: readonly Bar[], { horizonBars, thresholds, rules }: ForwardRules): ForwardOutcome[] {
  const logs = Float64Array.from(bars, (bar) => Math.log(bar.close));
  const returns = logs.slice(1).map((value, index) => value - (logs[index] ?? Number.NaN));
  // volatilities[i] is of the horizonBars returns that end with bar i + horizonBars.
  const volatilities = Float64Array.from({ length: Math.max(0, bars.length - horizonBars) }, (_, start) =>
    standardDeviation(returns.subarray(start, start + horizonBars)),
  );
  return Array.from({ length: volatilities.length }, (_, bar) => {
    const ahead = returns.subarray(bar, bar + horizonBars);
    const logReturn = (logs[bar + horizonBars] ?? Number.NaN) - (logs[bar] ?? Number.NaN);
    // The stretch that starts with bar i ends with bar i + horizonBars, which has to have happened.
    const end = Math.max(0, bar + 1 - horizonBars);
    const known = volatilities.subarray(Math.max(0, end - rankBarsMax), end);
    if (known.length < rankBarsMin) return { logReturn, regime: undefined };
    const rank = percentileRank(known, volatilities[bar] ?? Number.NaN);
    return { logReturn, regime: classifyBar(efficiency(ahead), rank, thresholds, rules).label };
  });
}

function efficiency(returns: Float64Array): number {
  let net = 0;
  let path = 0;
  for (const value of returns) {
    net += value;
    path += Math.abs(value);
  }
  return path === 0 ? 0 : Math.abs(net) / path;
}
