import { describe, expect, it } from "vitest";
import type { InputReference } from "../../src/domain/drift-reference.ts";
import { createModelScore, createRowScore } from "../../src/domain/row-score.ts";

const reference: InputReference = { edges: [0, 1, 3], shares: [0.25, 0.25, 0.25, 0.25], min: -1, max: 5 };

describe("the score of a row", () => {
  it.each([
    [-1, 0],
    [5, 0],
    [2, 0],
    [-4, 1],
    [6.5, 0.5],
  ])("of %d is its distance from the range over the spread of the edges: %d", (value, score) => {
    expect(createRowScore([reference])([value])).toBeCloseTo(score, 12);
  });

  it("has a unit where all training rows are alike, or nearly", () => {
    expect(createRowScore([{ edges: [], shares: [1], min: 1, max: 1 }])([3])).toBe(2);
    expect(createRowScore([{ edges: [1], shares: [0.9, 0.1], min: 0, max: 2 }])([3])).toBe(0.5);
  });

  it("is that of the farthest input, and leaves out what has no reference", () => {
    const score = createRowScore([reference, undefined, reference]);
    expect(score([6.5, 1e9, -4])).toBe(1);
    expect(score([8, -1e9, 0])).toBe(1);
    expect(score([0, 1e9, 0])).toBe(0);
  });

  it("stays finite", () => {
    const narrow = { edges: [0, 1e-300], shares: [0.5, 0.25, 0.25], min: 0, max: 1e-300 };
    expect(createRowScore([narrow])([3e38])).toBe(Number.MAX_VALUE);
  });
});

describe("the score of a model", () => {
  const inputs = [
    { kind: "feature", name: "volatility" },
    { kind: "regime", name: "regime_TRENDING" },
  ];
  const names = ["rolling_vol", "regime_TRENDING"];

  it("goes by the names of the metadata, and asks no reference of the regime", () => {
    expect(createModelScore(inputs, names, new Map([["rolling_vol", reference]]))?.([8, 40])).toBe(1);
  });

  it("is not there where one input has no reference", () => {
    expect(createModelScore(inputs, names, new Map([["volatility", reference]]))).toBeUndefined();
    expect(
      createModelScore([...inputs, { kind: "qse", name: "q" }], [...names, "q"], new Map([["rolling_vol", reference]])),
    ).toBeUndefined();
    expect(createModelScore([], [], new Map())).toBeUndefined();
  });
});
