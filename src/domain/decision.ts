import type { RegimeLabel } from "./regime.ts";

/** The exact model that took part in a decision. */
export interface ModelIdentity {
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the model file, 64 hex digits. */
  readonly sha256: string;
}

export type ConfidenceLevel = "LOW" | "MEDIUM" | "HIGH";

/** The decision gates, in the order they are reported. */
export const gateNames = [
  "TRADING_ENABLED",
  "QSE_VALID",
  "REGIME_ALLOWED",
  "REGIME_CONFIDENCE",
  "SIGNAL_PROBABILITY",
  // Only where the configuration asks for it.
  "IN_DISTRIBUTION",
] as const;

export type GateName = (typeof gateNames)[number];

/** Outcome of one gate. A yes-or-no condition has value 1 or 0 and threshold 1. */
export interface GateOutcome {
  readonly name: GateName;
  readonly passed: boolean;
  readonly value: number;
  readonly threshold: number;
  /** value - threshold */
  readonly margin: number;
  readonly message: string;
}

/** One signed term of a prediction. */
export interface Contribution {
  readonly name: string;
  /** The input's value. */
  readonly value: number;
  /** Signed contribution in the explanation's unit. */
  readonly contribution: number;
}

/** `base` plus the contributions, added in order, is the explained value exactly. */
export interface Explanation {
  readonly base: number;
  readonly contributions: readonly Contribution[];
  readonly unit: "PROBABILITY" | "LOG_ODDS";
  /** Why there are no contributions, when there are none. */
  readonly note?: string;
}

/** The regime at the newest bar. */
export interface RegimeAssessment {
  /** Majority over {@link recentLabels}. */
  readonly label: RegimeLabel;
  /** Probability of {@link label} at the newest bar, [0, 1]. */
  readonly confidence: number;
  readonly probTrending: number;
  readonly probRanging: number;
  readonly probStressed: number;
  /** Of the newest bar, as the classifier read it, [0, 1]. */
  readonly efficiencyRatio: number;
  /** Of the newest bar, as the classifier read it, [0, 100]. */
  readonly volatilityPercentile: number;
  readonly correlationRegime: string;
  /** True when all recent labels are the same. */
  readonly stable: boolean;
  /** Labels of the smoothing window, oldest first. */
  readonly recentLabels: readonly RegimeLabel[];
  /** Of {@link label} at the newest bar; absent where rules classified, since the rule that matched explains itself. */
  readonly explanation?: Explanation;
  /** Distance of what a trained classifier read at the newest bar from its training rows (see `RowScore`); absent where nobody can tell. */
  readonly outOfDistribution?: number;
}

/** The success probability of the momentum signal. */
export interface SignalAssessment {
  /** [0, 1] */
  readonly probability: number;
  readonly shouldEnter: boolean;
  readonly shouldExit: boolean;
  readonly level: ConfidenceLevel;
  readonly explanation: Explanation;
  /** As in {@link RegimeAssessment}, of what a trained filter read. */
  readonly outOfDistribution?: number;
}

/**
 * The exact numbers the models read. Together with the configuration and the model files they
 * determine the decision, bit for bit; they are what the audit log keeps.
 */
export interface DecisionInputs {
  /** Bars that exist, by the window or by the caller's word. */
  readonly bars: number;
  /** Bars of the window, when it is too short to be read at all; otherwise absent. */
  readonly windowTooShort?: number;
  /** One value a bar of the smoothing window, oldest first. */
  readonly efficiencyRatio: readonly number[];
  /** One value a bar of the smoothing window, oldest first. */
  readonly volatilityPercentile: readonly number[];
  readonly momentumScore: number;
  readonly trendConsistency: number;
  readonly trendPersistenceScore: number;
  /** `undefined` when the upstream engine did not say. */
  readonly signalValid: boolean | undefined;
  readonly autocorrCheck: boolean;
  readonly stationarityCheck: boolean;
  readonly distributionCheck: boolean;
  readonly correlationRegime: string;
  /** Names of absent inputs for which a neutral value stands. */
  readonly missing: readonly string[];
  /** What a trained regime classifier reads: one row a bar of the smoothing window, oldest first. */
  readonly regimeRows?: readonly (readonly number[])[];
  /** What a trained signal filter reads at the newest bar; the regime's places hold 0 until it is known. */
  readonly signalRow?: readonly number[];
}

/** A decision with everything that led to it. */
export interface Decision {
  readonly regime: RegimeAssessment;
  readonly signal: SignalAssessment;
  /** All gates that are in force, in the order of {@link gateNames}. */
  readonly gates: readonly GateOutcome[];
  readonly allowTrade: boolean;
  readonly reasons: readonly string[];
  readonly inputs: DecisionInputs;
  readonly regimeModel: ModelIdentity;
  readonly signalModel: ModelIdentity;
  readonly configHash: string;
}
