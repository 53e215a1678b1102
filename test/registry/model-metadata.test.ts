import { describe, expect, it } from "vitest";
import { InvalidInputError, UnmetConditionError } from "../../src/domain/errors.ts";
import { readSignature } from "../../src/registry/model-metadata.ts";
import { readFixture } from "./model-fixtures.ts";

const signal = {
  inputs: ["atr", "regime_TRENDING"],
  outputs: ["p"],
  golden_rows: [{ inputs: [1, 0], outputs: [0.5] }],
};
const regime = {
  inputs: ["atr"],
  outputs: ["p"],
  classes: ["RANGING", "STRESSED", "TRENDING"],
  golden_rows: [{ inputs: [1], outputs: [0.2, 0.3, 0.5] }],
};

describe("readSignature", () => {
  it("binds inputs by name: features, aliases, declared features, upstream values and the regime", () => {
    const { metadata } = readFixture("regime-softmax.onnx");
    expect(readSignature("regime_classifier", metadata).inputs).toEqual([
      { kind: "feature", name: "vol_percentile", isDeclared: false },
      { kind: "feature", name: "efficiency_ratio", isDeclared: false },
      { kind: "feature", name: "volatility", isDeclared: false },
      { kind: "qse", name: "qse_output.regime.trend_strength" },
      { kind: "feature", name: "order_flow", isDeclared: true },
    ]);
    expect(readSignature("signal_filter", signal).inputs[1]).toEqual({
      kind: "regime",
      name: "regime_TRENDING",
      regime: "TRENDING",
    });
  });

  it("finds the column of each regime, whatever the model's order", () => {
    expect(readSignature("regime_classifier", regime).columns).toEqual([2, 0, 1]);
  });

  it("reads P(success) from column 1 unless the metadata names the other", () => {
    expect(readSignature("signal_filter", signal).columns).toEqual([1]);
    expect(readSignature("signal_filter", { ...signal, positive_class: 0 }).columns).toEqual([0]);
  });

  it.each([
    ["a name that nobody delivers", "signal_filter", { ...signal, inputs: ["atr", "moon_phase"] }, "moon_phase"],
    [
      "an upstream value that does not exist",
      "signal_filter",
      { ...signal, inputs: ["atr", "qse_output.x"] },
      "qse_output.x",
    ],
    ["a property of every object", "signal_filter", { ...signal, inputs: ["atr", "constructor"] }, "constructor"],
    [
      "a regime where there is none yet",
      "regime_classifier",
      { ...regime, inputs: ["regime_RANGING"] },
      "regime_RANGING",
    ],
    ["an input twice", "signal_filter", { ...signal, inputs: ["atr", "atr"] }, "atr"],
    [
      "an input twice, once under its alias",
      "signal_filter",
      { ...signal, inputs: ["volatility", "rolling_vol"] },
      "rolling_vol",
    ],
    [
      "no names",
      "signal_filter",
      { ...signal, inputs: undefined, golden_rows: [{ inputs: [], outputs: [0.5] }] },
      "metadata.inputs",
    ],
    ["another schema", "signal_filter", { ...signal, feature_version: "2.0.0" }, "metadata.feature_version"],
  ] as const)("calls for what is missing, given %s", (_, modelName, metadata, subject) => {
    const read = () => readSignature(modelName, metadata);
    expect(read).toThrow(UnmetConditionError);
    expect(read).toThrow(subject);
  });

  it.each([
    ["no golden rows", { ...signal, golden_rows: undefined }, "metadata.golden_rows"],
    ["an empty list of golden rows", { ...signal, golden_rows: [] }, "metadata.golden_rows"],
    [
      "a golden row that is too short",
      { ...signal, golden_rows: [{ inputs: [1], outputs: [0.5] }] },
      "metadata.golden_rows[0]",
    ],
    [
      "a golden row of text",
      { ...signal, golden_rows: [{ inputs: ["1", "2"], outputs: [0.5] }] },
      "metadata.golden_rows[0]",
    ],
    ["a golden row that is null", { ...signal, golden_rows: [null] }, "metadata.golden_rows[0]"],
    ["a tolerance of everything", { ...signal, golden_tolerance: 1 }, "metadata.golden_tolerance"],
    ["a tolerance of nothing", { ...signal, golden_tolerance: 0 }, "metadata.golden_tolerance"],
    ["no output name", { ...signal, outputs: undefined }, "metadata.outputs"],
    ["two outputs to read", { ...signal, outputs: ["a", "b"] }, "metadata.outputs"],
    ["a third class of success", { ...signal, positive_class: 2 }, "metadata.positive_class"],
    ["inputs that are no list", { ...signal, inputs: "atr" }, "metadata.inputs"],
  ])("refuses %s", (_, metadata, field) => {
    const read = () => readSignature("signal_filter", metadata);
    expect(read).toThrow(InvalidInputError);
    expect(read).toThrow(field);
  });

  it.each([
    [undefined],
    [["TRENDING", "RANGING"]],
    [["TRENDING", "RANGING", "RANGING"]],
    [["TRENDING", "RANGING", "STRESSED", "UNKNOWN"]],
    [["trending", "ranging", "stressed"]],
  ])("refuses the classes %j", (classes) => {
    expect(() => readSignature("regime_classifier", { ...regime, classes })).toThrow("metadata.classes");
  });
});
