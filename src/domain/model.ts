import type { Explanation, ModelIdentity } from "./decision.ts";
import type { KnownRegime, RegimeLabel, RegimeProbabilities } from "./regime.ts";

/** Thresholds a regime model is read with; they are configuration, not part of the model. */
export interface RegimeThresholds {
  readonly trendingMinEfficiency: number;
  readonly rangingMaxVolatilityPct: number;
  readonly stressedMinVolatilityPct: number;
}

/** What the rules answer for one bar. */
export interface BarRegime {
  readonly label: KnownRegime;
  readonly probabilities: RegimeProbabilities;
}

/** Parameters of the rule-based regime classifier, as its registry file holds them. */
export interface RegimeRules {
  /** Efficiency ratio above which a bar that no other rule matches is weakly trending. */
  readonly weakTrendingMinEfficiency: number;
  readonly probabilities: {
    readonly stressed: RegimeProbabilities;
    readonly trending: RegimeProbabilities;
    readonly ranging: RegimeProbabilities;
    readonly weakTrending: RegimeProbabilities;
    readonly weakRanging: RegimeProbabilities;
  };
}

/** Parameters of the rule-based signal filter, as its registry file holds them. */
export interface SignalWeights {
  readonly base: number;
  readonly momentum: { readonly weight: number; readonly limit: number };
  readonly trendConsistency: { readonly weight: number; readonly neutral: number };
  readonly trendPersistence: { readonly weight: number; readonly neutral: number; readonly limit: number };
  readonly volatility: { readonly high: number; readonly low: number; readonly extreme: number };
  readonly regime: Readonly<Record<KnownRegime, number>>;
  readonly autocorrCheck: number;
  readonly stationarityCheck: number;
  readonly distributionCheck: number;
}

/** A rule-based regime classifier. */
export interface RegimeModel {
  readonly identity: ModelIdentity;
  readonly rules: RegimeRules;
}

/** A rule-based signal filter. */
export interface SignalModel {
  readonly identity: ModelIdentity;
  readonly weights: SignalWeights;
}

/** Numbers the rule-based signal filter reads. */
export interface SignalInputs {
  readonly momentumScore: number;
  readonly trendConsistency: number;
  readonly trendPersistenceScore: number;
  readonly volatilityPercentile: number;
  readonly regime: RegimeLabel;
  readonly autocorrCheck: boolean;
  readonly stationarityCheck: boolean;
  readonly distributionCheck: boolean;
}

/** A probability with its explanation. */
export interface SignalEstimate {
  readonly probability: number;
  readonly explanation: Explanation;
}
