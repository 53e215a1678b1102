import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { ConfigSchema } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { parseAssignments } from "../../src/cli/config-assignment.ts";
import { configKeys } from "../../src/cli/config-keys.ts";
import { compareConfigs, flattenConfig } from "../../src/cli/config-text.ts";
import { defaultConfig } from "../../src/config/config-schema.ts";
import { toConfigMessage } from "../../src/handlers/config-message.ts";

describe("assignments", () => {
  it.each<[string, string, string]>([
    ["signal_filter.entry_threshold=0.6", "signal_filter.entry_threshold", "0.6"],
    ["signal_filter.entry_threshold=6e-1", "signal_filter.entry_threshold", "0.6"],
    ["signal_filter.entry_threshold=-1", "signal_filter.entry_threshold", "-1"],
    ["regime.min_bars_required = 50", "regime.min_bars_required", "50"],
    ["regime.use_ml_model=true", "regime.use_ml_model", "true"],
    ["model.signal_filter_version=", "model.signal_filter_version", ""],
    ["model.model_type=a=b", "model.model_type", "a=b"],
    ["regime_timeframe=1D", "regime_timeframe", "1D"],
    ["signal_filter.allowed_regimes=trending, RANGING", "signal_filter.allowed_regimes", "TRENDING,RANGING"],
  ])("%s sets one key", (assignment, key, text) => {
    expect([...flattenConfig(parseAssignments([assignment]))]).toEqual([[key, text]]);
  });

  it.each<[string, string, string]>([
    ["signal_filter.entry_threshold", "signal_filter.entry_threshold", "write key=value"],
    ["signal_filter.entry_threshold=", "signal_filter.entry_threshold", "expected a number, got nothing"],
    ["signal_filter.entry_threshold=0x1", "signal_filter.entry_threshold", "expected a number, got 0x1"],
    ["signal_filter.entry_threshold=1e999", "signal_filter.entry_threshold", "expected a number, got 1e999"],
    ["regime.min_bars_required=1.5", "regime.min_bars_required", "expected a whole number of at least 0, got 1.5"],
    ["regime.min_bars_required=4294967296", "regime.min_bars_required", "expected a whole number"],
    ["regime.use_ml_model=yes", "regime.use_ml_model", "expected true or false, got yes"],
    ["signal_filter.allowed_regimes=TRENDING,", "signal_filter.allowed_regimes", "expected some of TRENDING,"],
    ["signal_filter.allowed_regimes=UNKNOWN", "signal_filter.allowed_regimes", "got UNKNOWN"],
    ["alert_rules=[]", "alert_rules", "alert rules are no single value"],
    ["entry_threshold=0.6", "entry_threshold", "did you mean signal_filter.entry_threshold"],
    ["signal_filter.use_ml_modell=true", "signal_filter.use_ml_modell", "did you mean signal_filter.use_ml_model"],
    ["min_bars=1", "min_bars", "ml-layer config get lists the keys"],
    ["__proto__.x=1", "__proto__.x", "no such configuration key"],
  ])("%s is refused", (assignment, field, words) => {
    expect(() => parseAssignments([assignment])).toThrow(
      expect.objectContaining({ violations: [{ field, description: expect.stringContaining(words) }] }),
    );
  });

  it("name everything that is wrong at once, and no key twice", () => {
    const wrong = ["a=1", "regime.min_confidence=0.5", "regime.min_confidence=0.6", "b=2"];
    const named = ["a", "regime.min_confidence", "b"].map((field) => expect.objectContaining({ field }));
    expect(() => parseAssignments(wrong)).toThrow(expect.objectContaining({ violations: named }));
  });
});

describe("the keys", () => {
  const full = create(ConfigSchema, toConfigMessage(defaultConfig));

  it("are those of the configuration, but for the alert rules", () => {
    const found = [...flattenConfig(full).keys()].filter((key) => !key.startsWith("alert_rules."));
    expect(found.toSorted()).toEqual([...configKeys.keys()].toSorted());
  });

  it("differ alert rule by alert rule", () => {
    const [first, ...others] = defaultConfig.alertRules;
    const changed = create(ConfigSchema, toConfigMessage({ ...defaultConfig, alertRules: others }));
    expect(compareConfigs(full, full)).toEqual([]);
    expect(compareConfigs(full, changed)).toEqual([
      {
        key: `alert_rules.${first?.name}`,
        before: expect.stringContaining("WARNING when suppression_rate > 0.9"),
        after: "–",
      },
    ]);
  });
});
