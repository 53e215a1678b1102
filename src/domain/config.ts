import type { KnownRegime } from "./regime.ts";

/** The configuration. Ranges and defaults stand in `config/config-schema.ts`. */
export interface Config {
  readonly regime: RegimeConfig;
  readonly signalFilter: SignalFilterConfig;
  readonly model: ModelConfig;
  readonly training: TrainingConfig;
  readonly governance: GovernanceConfig;
  readonly regimeTimeframe: string;
  readonly signalTimeframe: string;
  readonly configVersion: string;
  readonly alertRules: readonly AlertRule[];
}

export interface RegimeConfig {
  readonly trendingMinEfficiency: number;
  readonly rangingMaxVolatilityPct: number;
  readonly stressedMinVolatilityPct: number;
  readonly minConfidence: number;
  readonly regimeSmoothingWindow: number;
  readonly minBarsRequired: number;
  readonly useMlModel: boolean;
}

export interface SignalFilterConfig {
  readonly entryThreshold: number;
  readonly exitThreshold: number;
  readonly highConfidenceThreshold: number;
  readonly lowConfidenceThreshold: number;
  readonly allowedRegimes: readonly KnownRegime[];
  readonly minBarsRequired: number;
  readonly useMlModel: boolean;
}

export interface ModelConfig {
  readonly regimeClassifierVersion: string;
  readonly signalFilterVersion: string;
  readonly modelType: string;
  readonly maxDepth: number;
  readonly nEstimators: number;
  readonly learningRate: number;
  readonly minChildSamples: number;
  readonly nSplits: number;
  readonly testSize: number;
  readonly minAuc: number;
  readonly minAccuracy: number;
}

export interface TrainingConfig {
  readonly trainingWindow: number;
  readonly retrainingFrequency: number;
  readonly minTrainingSamples: number;
  readonly momentumHorizon: number;
  readonly excludeStressed: boolean;
  readonly excludeGaps: boolean;
  readonly maxGapBars: number;
  readonly featureVersion: string;
}

export interface GovernanceConfig {
  readonly enablePredictionLogging: boolean;
  readonly logFeatureImportance: boolean;
  readonly enableDriftDetection: boolean;
  readonly driftWindow: number;
  readonly driftThreshold: number;
  readonly monitorPerformance: boolean;
  readonly performanceWindow: number;
  readonly performanceAlertThreshold: number;
  /** Of the gate `IN_DISTRIBUTION`; 0: there is no such gate. */
  readonly outOfDistributionThreshold: number;
}

/** Part of the configuration that a service starts with; a monitor without a configuration goes by it. */
export const defaultGovernance: GovernanceConfig = {
  enablePredictionLogging: true,
  logFeatureImportance: true,
  enableDriftDetection: true,
  driftWindow: 100,
  driftThreshold: 0.1,
  monitorPerformance: true,
  performanceWindow: 500,
  performanceAlertThreshold: 0.05,
  outOfDistributionThreshold: 0,
};

export type AlertComparison = "GREATER_THAN" | "LESS_THAN";
export type AlertLevel = "INFO" | "WARNING" | "CRITICAL";

/** Watches one metric over a sliding window. */
export interface AlertRule {
  readonly name: string;
  readonly metric: string;
  readonly comparison: AlertComparison;
  readonly threshold: number;
  readonly windowMinutes: number;
  readonly severity: AlertLevel;
  /** Least decisions in the window for the condition to count as true. */
  readonly minSamples: number;
  readonly enabled: boolean;
  /** Seconds for which the condition must have been true before the rule fires. */
  readonly forSeconds: number;
}

/** A configuration under its hash. */
export interface HashedConfig {
  readonly config: Config;
  /** First 16 hex digits of SHA-256 over the canonical JSON. */
  readonly hash: string;
}
