import type { AlertRule, GovernanceConfig } from "../../domain/config.ts";

/** A rule that governance has, rather than somebody's list of rules. */
export interface GovernanceRule {
  readonly rule: AlertRule;
  /** What it looks at, in words. */
  readonly span: string;
}

/** Such a rule with what there is to hold against it. */
export interface AlertWatch extends GovernanceRule {
  readonly value: number;
  readonly samples: number;
}

/** A drop is rounded to a part of this: 0.55 less 0.5 is above 0.05 in binary, and that is no drop beyond a threshold of 0.05. */
export const dropsPerUnit = 1e9;

/** Names of these rules; no other rule may have one. */
export const governanceRuleNames = [
  "signal_auc_drop",
  "signal_accuracy_drop",
  "regime_accuracy_drop",
  "feature_drift",
  "outcome_drift",
] as const;

export type GovernanceRuleName = (typeof governanceRuleNames)[number];

type WatchedGovernance = Omit<
  GovernanceConfig,
  "enablePredictionLogging" | "logFeatureImportance" | "outOfDistributionThreshold"
>;

/** The rules that a configuration has beside its list, as far as they are switched on. Their metric has their name. */
export function listGovernanceRules(governance: WatchedGovernance): GovernanceRule[] {
  return [
    ...(governance.monitorPerformance ? listPerformanceRules(governance) : []),
    ...(governance.enableDriftDetection ? listDriftRules(governance) : []),
  ];
}

function listPerformanceRules({ performanceWindow, performanceAlertThreshold }: WatchedGovernance): GovernanceRule[] {
  // Only a full window: over a hundred outcomes an AUC strays by more than the default threshold all by itself.
  const span = `the last ${performanceWindow} outcomes`;
  const names = ["signal_auc_drop", "signal_accuracy_drop", "regime_accuracy_drop"] as const;
  return names.map((name) => ({ rule: createRule(name, performanceAlertThreshold, performanceWindow), span }));
}

function listDriftRules({ driftWindow, driftThreshold }: WatchedGovernance): GovernanceRule[] {
  return [
    { rule: createRule("feature_drift", driftThreshold, driftWindow), span: `the last ${driftWindow} decisions` },
    // A level above 1 is the test's alarm.
    { rule: createRule("outcome_drift", 1, 1), span: "the outcomes since the test began" },
  ];
}

function createRule(name: GovernanceRuleName, threshold: number, minSamples: number): AlertRule {
  return {
    name,
    metric: name,
    comparison: "GREATER_THAN",
    threshold,
    // It counts samples, not time.
    windowMinutes: 0,
    severity: "WARNING",
    minSamples,
    enabled: true,
    forSeconds: 0,
  };
}
