import { describe, expect, it } from "vitest";
import { featureNames } from "../../src/domain/feature-schema.ts";
import { computeFeatures } from "../../src/upstream/feature-engine.ts";
import { buildRequestWindow, firstCompleteBar } from "../../src/upstream/request-window.ts";
import { cycle, toBars, toCloses } from "./bar-series.ts";

const features = computeFeatures(toBars(toCloses(cycle([0.01, -0.02, 0.005], 299)), 1));

describe("the first complete bar", () => {
  it("is the first at which every feature is a number", () => {
    expect(firstCompleteBar(features)).toBe(79);
    for (const name of featureNames) expect(features[name].slice(79).every(Number.isFinite), name).toBe(true);
  });

  it("does not exist in a short history", () => {
    expect(firstCompleteBar(computeFeatures(toBars(cycle([100], 79))))).toBeUndefined();
    expect(firstCompleteBar(computeFeatures([]))).toBeUndefined();
  });
});

describe("a request window", () => {
  it.each([
    [79, 120, 79],
    [100, 120, 79],
    [198, 120, 79],
    [199, 120, 80],
    [299, 120, 180],
    [299, 1, 299],
  ])("that ends at bar %i and holds at most %i bars starts at bar %i", (endIndex, bars, start) => {
    const window = buildRequestWindow(features, endIndex, bars);
    expect(Object.keys(window ?? {})).toEqual([...featureNames]);
    for (const name of featureNames) expect(window?.[name]?.values).toEqual(features[name].slice(start, endIndex + 1));
  });

  it("holds 120 bars unless told otherwise", () => {
    expect(buildRequestWindow(features, 299)?.["atr"]?.values).toHaveLength(120);
  });

  it("is undefined before the first complete bar", () => {
    expect(buildRequestWindow(features, 78)).toBeUndefined();
  });

  it.each([
    [300, 120],
    [-1, 120],
    [1.5, 120],
    [299, 0],
    [299, 1.5],
  ])("refuses bar %d with %d bars", (endIndex, bars) => {
    expect(() => buildRequestWindow(features, endIndex, bars)).toThrow(RangeError);
  });
});
