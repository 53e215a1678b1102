import { describe, expect, it } from "vitest";
import { featureAliases, featureNames, toFeatureName } from "../../src/domain/feature-schema.ts";

describe("the feature schema", () => {
  it("has sixteen different names", () => {
    expect(new Set(featureNames).size).toBe(16);
  });

  it.each([
    ["rolling_vol", "volatility"],
    ["cross_pair_correlation", "correlation"],
    ["returns_autocorr", "return_autocorrelation"],
    ["atr", "atr"],
    ["order_flow", "order_flow"],
    ["__proto__", "__proto__"],
    ["constructor", "constructor"],
  ])("knows %s as %s", (name, expected) => {
    expect(toFeatureName(name)).toBe(expected);
  });

  it("has no alias for a name of its own", () => {
    expect(featureNames.filter((name) => featureAliases.has(name))).toEqual([]);
  });
});
