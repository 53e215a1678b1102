import { describe, expect, it } from "vitest";
import { type ConfigPatch, mergeConfig } from "../../src/config/config-merge.ts";
import { defaultConfig, rootRules, sectionRules } from "../../src/config/config-schema.ts";
import { alertRulesMax, assertConfig, assertServingConfig } from "../../src/config/config-validation.ts";
import { toSnakeCase } from "../../src/config/key-names.ts";
import type { AlertRule } from "../../src/domain/config.ts";
import { InvalidInputError } from "../../src/domain/errors.ts";

/** What is wrong with a value, as `field: description`. */
function faultsOf(config: unknown): string[] {
  try {
    assertConfig(config);
  } catch (error) {
    if (error instanceof InvalidInputError) return error.violations.map((each) => `${each.field}: ${each.description}`);
    throw error;
  }
  return [];
}

/** The defaults with one key, by its dotted path, set to anything at all. */
function withKey(path: string, value: unknown): unknown {
  const config: Record<string, unknown> = { ...defaultConfig };
  const [section = "", key] = path.split(".");
  if (key === undefined) return { ...config, [section]: value };
  return { ...config, [section]: { ...Object(config[section]), [key]: value } };
}

function snakePath(path: string): string {
  return path.split(".").map(toSnakeCase).join(".");
}

const tiny = 1e-9;

/** Per key: what its limits let through, and what lies just outside. Relations are kept by the values chosen. */
const limits: readonly [string, readonly unknown[], readonly unknown[]][] = [
  ["regime.trendingMinEfficiency", [tiny, 1], [0, 1 + tiny]],
  ["regime.rangingMaxVolatilityPct", [0, 89.9], [-tiny, 100 + tiny]],
  ["regime.stressedMinVolatilityPct", [20 + tiny, 100], [-tiny, 100 + tiny]],
  ["regime.minConfidence", [0, 1 - tiny], [-tiny, 1]],
  ["regime.regimeSmoothingWindow", [1, 50], [0, 51, 3.5]],
  ["regime.minBarsRequired", [1, 10_000], [0, 10_001, 1.5]],
  ["regime.useMlModel", [true, false], [0, "true", null]],
  ["signalFilter.entryThreshold", [0.45 + tiny, 1 - tiny], [0, 1]],
  ["signalFilter.exitThreshold", [tiny, 0.55 - tiny], [0, 1]],
  ["signalFilter.highConfidenceThreshold", [0.4 + tiny, 1], [0, 1 + tiny]],
  ["signalFilter.lowConfidenceThreshold", [0, 0.7 - tiny], [-tiny, 1]],
  ["signalFilter.minBarsRequired", [1, 10_000], [0, 10_001, 1.5]],
  ["signalFilter.useMlModel", [true, false], [1, undefined]],
  ["model.regimeClassifierVersion", ["", "v2.0.0", "1.0.0_rule_based"], ["2", "v2.0", "v2.0.0 ", "../v2.0.0", 2]],
  ["model.signalFilterVersion", ["", "v2.0.0", `v1.0.0-${"x".repeat(57)}`], ["latest", `v1.0.0-${"x".repeat(58)}`]],
  ["model.modelType", ["x", "x".repeat(32)], ["", "x".repeat(33), 1]],
  ["model.maxDepth", [1, 64], [0, 65, 6.5]],
  ["model.nEstimators", [1, 10_000], [0, 10_001]],
  ["model.learningRate", [tiny, 1], [0, 1 + tiny]],
  ["model.minChildSamples", [1, 100_000], [0, 100_001]],
  ["model.nSplits", [2, 100], [1, 101]],
  ["model.testSize", [tiny, 1 - tiny], [0, 1]],
  ["model.minAuc", [0, 1], [-tiny, 1 + tiny]],
  ["model.minAccuracy", [0, 1], [-tiny, 1 + tiny]],
  ["training.trainingWindow", [100, 1_000_000], [99, 1_000_001]],
  ["training.retrainingFrequency", [1, 1_000_000], [0, 1_000_001]],
  ["training.minTrainingSamples", [1, 1_000_000], [0, 1_000_001]],
  ["training.momentumHorizon", [1, 1_000], [0, 1_001]],
  ["training.excludeStressed", [true, false], ["yes"]],
  ["training.excludeGaps", [true, false], [1]],
  ["training.maxGapBars", [0, 10_000], [-1, 10_001]],
  ["training.featureVersion", ["1.0.0"], ["", "x".repeat(33)]],
  ["governance.enablePredictionLogging", [true, false], [null]],
  ["governance.logFeatureImportance", [true, false], ["false"]],
  ["governance.enableDriftDetection", [true, false], [0]],
  ["governance.driftWindow", [10, 20_000], [9, 20_001]],
  ["governance.driftThreshold", [tiny, 10], [0, 10 + tiny]],
  ["governance.monitorPerformance", [true, false], [[]]],
  ["governance.performanceWindow", [10, 20_000], [9, 20_001]],
  ["governance.performanceAlertThreshold", [tiny, 1], [0, 1 + tiny]],
  ["governance.outOfDistributionThreshold", [0, tiny, 1000], [-tiny, 1000.001]],
  ["regimeTimeframe", ["1D", "x".repeat(32)], ["", "x".repeat(33), "a\nb"]],
  ["signalTimeframe", ["1M"], [""]],
  ["configVersion", ["2.0.0"], ["", 1]],
];

describe("a constraint", () => {
  it.each(limits)("of %s lets through what lies on its inner side", (path, good) => {
    for (const value of good) expect(faultsOf(withKey(path, value)), String(value)).toEqual([]);
  });

  it.each(limits)("of %s refuses what lies on its outer side, by name", (path, _good, bad) => {
    for (const value of bad) {
      expect(faultsOf(withKey(path, value)), String(value)).toContainEqual(
        expect.stringMatching(new RegExp(`^${snakePath(path)}: `)),
      );
    }
  });

  const numeric = limits.filter(([, good]) => typeof good[0] === "number").map(([path]) => path);
  it.each(numeric)("of %s refuses what is no finite number", (path) => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, "1", null, undefined]) {
      expect(faultsOf(withKey(path, value)), String(value)).toEqual([
        expect.stringContaining(`${snakePath(path)}: expected a`),
      ]);
    }
  });

  it("stands in the table for every key there is", () => {
    const keys = Object.entries(sectionRules).flatMap(([section, rules]) =>
      Object.keys(rules).map((key) => `${section}.${key}`),
    );
    expect(limits.map(([path]) => path).sort()).toEqual([...keys, ...Object.keys(rootRules)].sort());
  });
});

describe("a relation", () => {
  it.each<[string, ConfigPatch, string]>([
    ["exit = entry", { signalFilter: { exitThreshold: 0.55 } }, "signal_filter.exit_threshold"],
    ["exit > entry", { signalFilter: { exitThreshold: 0.6 } }, "signal_filter.exit_threshold"],
    ["entry lowered to exit", { signalFilter: { entryThreshold: 0.45 } }, "signal_filter.exit_threshold"],
    ["low = high", { signalFilter: { lowConfidenceThreshold: 0.7 } }, "signal_filter.low_confidence_threshold"],
    ["ranging = stressed", { regime: { rangingMaxVolatilityPct: 90 } }, "regime.ranging_max_volatility_pct"],
    ["stressed below ranging", { regime: { stressedMinVolatilityPct: 10 } }, "regime.ranging_max_volatility_pct"],
  ])("is broken by %s", (_what, patch, field) => {
    expect(() => mergeConfig(defaultConfig, patch)).toThrow(
      expect.objectContaining({ reason: "INVALID_CONFIG", violations: [expect.objectContaining({ field })] }),
    );
  });

  it("may be moved past the old values by moving both keys at once", () => {
    const moved = mergeConfig(defaultConfig, { signalFilter: { exitThreshold: 0.6, entryThreshold: 0.6 + tiny } });
    expect(moved.signalFilter).toMatchObject({ exitThreshold: 0.6, entryThreshold: 0.6 + tiny });
  });
});

const [someRule] = defaultConfig.alertRules;
const ruleWith = (change: Record<string, unknown>): unknown => withKey("alertRules", [{ ...someRule, ...change }]);
const rulesNamed = (count: number): unknown =>
  withKey(
    "alertRules",
    Array.from({ length: count }, (_, index) => ({ ...someRule, name: `rule_${index}` })),
  );

describe("a list", () => {
  it.each<[string, unknown]>([
    ["all regimes", withKey("signalFilter.allowedRegimes", ["TRENDING", "RANGING", "STRESSED"])],
    ["no alert rules", withKey("alertRules", [])],
    ["the most alert rules", rulesNamed(alertRulesMax)],
    ["the shortest window", ruleWith({ windowMinutes: tiny })],
    ["the longest window", ruleWith({ windowMinutes: 1440 })],
    ["the longest name", ruleWith({ name: "a".repeat(64) })],
    ["the least samples", ruleWith({ minSamples: 1 })],
    ["the most samples", ruleWith({ minSamples: 1_000_000 })],
    ["a rule that fires at once", ruleWith({ forSeconds: 0 })],
    ["a rule that waits longest", ruleWith({ forSeconds: 86_400 })],
    ["a negative threshold", ruleWith({ threshold: -1e12 })],
  ])("may hold %s", (_what, config) => {
    expect(faultsOf(config)).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ["no regime", withKey("signalFilter.allowedRegimes", []), "signal_filter.allowed_regimes"],
    ["UNKNOWN", withKey("signalFilter.allowedRegimes", ["UNKNOWN"]), "signal_filter.allowed_regimes[0]"],
    [
      "a regime twice",
      withKey("signalFilter.allowedRegimes", ["RANGING", "RANGING"]),
      "signal_filter.allowed_regimes[1]",
    ],
    ["a regime that is no list", withKey("signalFilter.allowedRegimes", "TRENDING"), "signal_filter.allowed_regimes"],
    ["too many alert rules", rulesNamed(alertRulesMax + 1), "alert_rules"],
    ["alert rules that are no list", withKey("alertRules", {}), "alert_rules"],
    ["an alert rule that is no object", withKey("alertRules", [7]), "alert_rules[0]"],
    ["a name twice", withKey("alertRules", [someRule, someRule]), "alert_rules[1].name"],
    ["a name in CamelCase", ruleWith({ name: "HighLatency" }), "alert_rules[0].name"],
    ["too long a name", ruleWith({ name: "a".repeat(65) }), "alert_rules[0].name"],
    ["no metric", ruleWith({ metric: "" }), "alert_rules[0].metric"],
    ["another comparison", ruleWith({ comparison: "EQUAL" }), "alert_rules[0].comparison"],
    ["another severity", ruleWith({ severity: "FATAL" }), "alert_rules[0].severity"],
    ["no window", ruleWith({ windowMinutes: 0 }), "alert_rules[0].window_minutes"],
    ["too long a window", ruleWith({ windowMinutes: 1440 + tiny }), "alert_rules[0].window_minutes"],
    ["no samples", ruleWith({ minSamples: 0 }), "alert_rules[0].min_samples"],
    ["too many samples", ruleWith({ minSamples: 1_000_001 }), "alert_rules[0].min_samples"],
    ["less than no time to wait", ruleWith({ forSeconds: -tiny }), "alert_rules[0].for_seconds"],
    ["too long to wait", ruleWith({ forSeconds: 86_400.001 }), "alert_rules[0].for_seconds"],
    ["too high a threshold", ruleWith({ threshold: 1.1e12 }), "alert_rules[0].threshold"],
    ["NaN as a threshold", ruleWith({ threshold: Number.NaN }), "alert_rules[0].threshold"],
    ["a rule neither on nor off", ruleWith({ enabled: undefined }), "alert_rules[0].enabled"],
    ["a key of an alert rule that does not exist", ruleWith({ minSample: 3 }), "alert_rules[0].min_sample"],
  ])("may not hold %s", (_what, config, field) => {
    expect(faultsOf(config)).toEqual([expect.stringMatching(new RegExp(`^${field.replaceAll(/[[\].]/g, "\\$&")}: `))]);
  });
});

describe("the shape", () => {
  const { regime, ...withoutRegime } = defaultConfig;
  it.each<[string, unknown, string]>([
    ["nothing", undefined, "config: expected an object, got nothing"],
    ["a list", [], "config: expected an object, got a list"],
    ["a section that is absent", withoutRegime, "regime: expected an object, got nothing"],
    ["a section that is none", { ...withoutRegime, regime: 3 }, "regime: expected an object, got 3"],
    ["an unknown section", { ...defaultConfig, riskLimits: {} }, "risk_limits: no such configuration key"],
    ["an unknown key", withKey("regime.minConfidance", 1), "regime.min_confidance: no such configuration key"],
    ["a key that every object has", withKey("regime.toString", 1), "regime.to_string: no such configuration key"],
  ])("is refused: %s", (_what, config, fault) => {
    expect(faultsOf(config)).toEqual([fault]);
  });

  it("has all its faults reported at once", () => {
    const faults = faultsOf({
      ...withoutRegime,
      regime: { ...regime, minConfidence: 2, useMlModel: 1 },
      configVersion: "",
    });
    expect(faults).toHaveLength(3);
  });

  it("does not quote long values", () => {
    const [fault] = faultsOf(withKey("regime.minConfidence", "x".repeat(10_000)));
    expect(fault?.length).toBeLessThan(120);
  });
});

describe("while serving", () => {
  it("the defaults may be served", () => {
    expect(() => assertServingConfig(defaultConfig)).not.toThrow();
  });

  it("the audit log may not be switched off", () => {
    const silent = mergeConfig(defaultConfig, { governance: { enablePredictionLogging: false } });
    expect(() => assertServingConfig(silent)).toThrow(
      expect.objectContaining({
        violations: [expect.objectContaining({ field: "governance.enable_prediction_logging" })],
      }),
    );
  });
});

it("keeps every default alert rule distinct", () => {
  const names = defaultConfig.alertRules.map((rule: AlertRule) => rule.name);
  expect(new Set(names).size).toBe(names.length);
});
