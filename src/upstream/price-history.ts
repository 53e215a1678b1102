import { RollingWindow } from "./rolling-window.ts";

/** The newest closes of one symbol and the log returns between them. */
export interface PriceHistory {
  readonly closes: RollingWindow;
  readonly returns: RollingWindow;
  push(close: number): void;
  /** ln(Cₜ / Cₜ₋bars); NaN while the history is too short. */
  logReturn(bars: number): number;
}

/** Keeps `returnsMax` returns, and one close more. */
export function createPriceHistory(returnsMax: number): PriceHistory {
  const closes = new RollingWindow(returnsMax + 1);
  const returns = new RollingWindow(returnsMax);
  const logReturn = (bars: number): number => Math.log(closes.ago(0) / closes.ago(bars));
  return {
    closes,
    returns,
    logReturn,
    push(close) {
      closes.push(close);
      if (closes.size > 1) returns.push(logReturn(1));
    },
  };
}
