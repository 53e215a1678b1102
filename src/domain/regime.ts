/** A market regime; `UNKNOWN` stands for "could not be determined" and is never allowed to trade. */
export type RegimeLabel = "UNKNOWN" | "TRENDING" | "RANGING" | "STRESSED";

/** The regimes a classifier may answer, in the class order of every model file. */
export const regimeLabels = ["TRENDING", "RANGING", "STRESSED"] as const;

export type KnownRegime = (typeof regimeLabels)[number];

/** Class probabilities of one bar; they sum to 1. */
export interface RegimeProbabilities {
  readonly trending: number;
  readonly ranging: number;
  readonly stressed: number;
}
