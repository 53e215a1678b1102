import { type AlertRule, type Config, defaultGovernance } from "../domain/config.ts";
import type { KeyRule } from "./key-rule.ts";

const share: KeyRule = { kind: "number", min: 0, max: 1, open: "both" };
const closedShare: KeyRule = { kind: "number", min: 0, max: 1 };
const percent: KeyRule = { kind: "number", min: 0, max: 100 };
const flag: KeyRule = { kind: "boolean" };
const name: KeyRule = { kind: "string", lengthMax: 32, pattern: /^.+$/, hint: "must not be empty" };
const version: KeyRule = {
  kind: "string",
  lengthMax: 64,
  pattern: /^$|^v?\d+\.\d+\.\d+([._-][0-9A-Za-z._-]+)?$/,
  hint: "must be empty or a version such as v2.0.0",
};
const count = (min: number, max: number): KeyRule => ({ kind: "integer", min, max });

/** A window is held in memory, and read as a whole when something has come: at this length 7 ms for outcomes, 11 ms for decisions. */
const windowLengthMax = 20_000;

/** The rule of every scalar key, by section. Relations between keys stand in `config-validation.ts`. */
export const sectionRules = {
  regime: {
    trendingMinEfficiency: { kind: "number", min: 0, max: 1, open: "min" },
    rangingMaxVolatilityPct: percent,
    stressedMinVolatilityPct: percent,
    minConfidence: { kind: "number", min: 0, max: 1, open: "max" },
    regimeSmoothingWindow: count(1, 50),
    minBarsRequired: count(1, 10_000),
    useMlModel: flag,
  },
  signalFilter: {
    entryThreshold: share,
    exitThreshold: share,
    highConfidenceThreshold: { kind: "number", min: 0, max: 1, open: "min" },
    lowConfidenceThreshold: { kind: "number", min: 0, max: 1, open: "max" },
    minBarsRequired: count(1, 10_000),
    useMlModel: flag,
  },
  model: {
    regimeClassifierVersion: version,
    signalFilterVersion: version,
    modelType: name,
    maxDepth: count(1, 64),
    nEstimators: count(1, 10_000),
    learningRate: { kind: "number", min: 0, max: 1, open: "min" },
    minChildSamples: count(1, 100_000),
    nSplits: count(2, 100),
    testSize: share,
    minAuc: closedShare,
    minAccuracy: closedShare,
  },
  training: {
    trainingWindow: count(100, 1_000_000),
    retrainingFrequency: count(1, 1_000_000),
    minTrainingSamples: count(1, 1_000_000),
    momentumHorizon: count(1, 1_000),
    excludeStressed: flag,
    excludeGaps: flag,
    maxGapBars: count(0, 10_000),
    featureVersion: name,
  },
  governance: {
    enablePredictionLogging: flag,
    logFeatureImportance: flag,
    enableDriftDetection: flag,
    driftWindow: count(10, windowLengthMax),
    driftThreshold: { kind: "number", min: 0, max: 10, open: "min" },
    monitorPerformance: flag,
    performanceWindow: count(10, windowLengthMax),
    performanceAlertThreshold: { kind: "number", min: 0, max: 1, open: "min" },
    outOfDistributionThreshold: { kind: "number", min: 0, max: 1000 },
  },
} as const satisfies Record<string, Record<string, KeyRule>>;

/** The rule of every scalar key outside a section. */
export const rootRules = {
  regimeTimeframe: name,
  signalTimeframe: name,
  configVersion: name,
} as const satisfies Record<string, KeyRule>;

const snakeCase: KeyRule = {
  kind: "string",
  lengthMax: 64,
  pattern: /^[a-z][a-z0-9_]*$/,
  hint: "must be snake_case, 1 to 64 characters",
};

/** The rule of every key of an alert rule. Which metrics exist is the monitor's to say. */
export const alertRuleRules = {
  name: snakeCase,
  metric: snakeCase,
  comparison: { kind: "choice", choices: ["GREATER_THAN", "LESS_THAN"] satisfies AlertRule["comparison"][] },
  threshold: { kind: "number", min: -1e12, max: 1e12 },
  windowMinutes: { kind: "number", min: 0, max: 1440, open: "min" },
  severity: { kind: "choice", choices: ["INFO", "WARNING", "CRITICAL"] satisfies AlertRule["severity"][] },
  minSamples: count(1, 1_000_000),
  enabled: flag,
  forSeconds: { kind: "number", min: 0, max: 86_400 },
} as const satisfies Record<keyof AlertRule, KeyRule>;

/** What a rule has where its author does not say. */
export const alertRuleDefaults = { minSamples: 30, enabled: true, forSeconds: 0 } as const satisfies Partial<AlertRule>;

const rule = (
  ruleName: string,
  metric: string,
  comparison: AlertRule["comparison"],
  threshold: number,
  windowMinutes: number,
  severity: AlertRule["severity"],
): AlertRule => ({
  name: ruleName,
  metric,
  comparison,
  threshold,
  windowMinutes,
  severity,
  ...alertRuleDefaults,
});

/** The configuration that a service starts with. */
export const defaultConfig: Config = {
  regime: {
    trendingMinEfficiency: 0.65,
    rangingMaxVolatilityPct: 20,
    stressedMinVolatilityPct: 90,
    minConfidence: 0.6,
    regimeSmoothingWindow: 3,
    minBarsRequired: 100,
    useMlModel: false,
  },
  signalFilter: {
    entryThreshold: 0.55,
    exitThreshold: 0.45,
    highConfidenceThreshold: 0.7,
    lowConfidenceThreshold: 0.4,
    allowedRegimes: ["TRENDING"],
    minBarsRequired: 100,
    useMlModel: false,
  },
  model: {
    regimeClassifierVersion: "",
    signalFilterVersion: "",
    modelType: "lightgbm",
    maxDepth: 6,
    nEstimators: 100,
    learningRate: 0.05,
    minChildSamples: 20,
    nSplits: 5,
    testSize: 0.2,
    minAuc: 0.55,
    minAccuracy: 0.52,
  },
  training: {
    trainingWindow: 5000,
    retrainingFrequency: 500,
    minTrainingSamples: 1000,
    momentumHorizon: 10,
    excludeStressed: true,
    excludeGaps: true,
    maxGapBars: 5,
    featureVersion: "1.0.0",
  },
  governance: defaultGovernance,
  regimeTimeframe: "4H",
  signalTimeframe: "4H",
  configVersion: "1.0.0",
  alertRules: [
    rule("high_suppression_rate", "suppression_rate", "GREATER_THAN", 0.9, 60, "WARNING"),
    rule("low_suppression_rate", "suppression_rate", "LESS_THAN", 0.1, 60, "INFO"),
    rule("high_latency", "avg_processing_time_ms", "GREATER_THAN", 10, 5, "WARNING"),
    rule("stressed_regime_spike", "stressed_regime_pct", "GREATER_THAN", 0.5, 15, "CRITICAL"),
    rule("low_confidence", "avg_regime_confidence", "LESS_THAN", 0.5, 30, "WARNING"),
  ],
};
