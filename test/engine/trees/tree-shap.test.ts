import { describe, expect, it } from "vitest";
import { scoreTrees } from "../../../src/engine/trees/tree-score.ts";
import { createTreeExplainer, prepareTreeExplainer } from "../../../src/engine/trees/tree-shap.ts";
import { readEnsembleFixture } from "./ensemble-fixture.ts";
import { compareExplanations } from "./explanation-difference.ts";
import { growChain, listShapleyValues, type TreeNode, toEnsemble } from "./random-ensemble.ts";

/** Numbers in [0, 1) that are the same in every run (Park and Miller's minimal standard generator). */
function createDraw(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function growTrees(features: readonly number[], seed: number): { trees: TreeNode[]; draw: () => number } {
  const draw = createDraw(seed);
  const shuffle = (): number[] => [...features].sort(() => draw() - 0.5);
  return { trees: [growChain(shuffle(), draw), growChain(shuffle(), draw), growChain(shuffle(), draw)], draw };
}

/** One split of feature 0 at 0.5: 3 rows went left to −1, 1 right to +3. */
const stump = toEnsemble(
  [
    {
      cover: 4,
      score: 0,
      split: { feature: 0, threshold: 0.5, left: { cover: 3, score: -1 }, right: { cover: 1, score: 3 } },
    },
  ],
  2,
);

describe("createTreeExplainer", () => {
  it.each(["signal", "regime"] as const)("says what LightGBM's pred_contrib says of the %s ensemble", (name) => {
    const difference = compareExplanations(readEnsembleFixture(name));
    expect(difference.compared).toBe(100 * 16 * (name === "regime" ? 3 : 1));
    expect(difference.contribution).toBeLessThan(1e-6);
    expect(difference.base).toBeLessThan(1e-6);
    expect(difference.sum).toBeLessThan(1e-12);
    expect(difference.score).toBeLessThan(1e-6);
  });

  it.each([
    ["one condition", [0]],
    ["as many conditions as one block of points is exact for", [0, 1, 2, 3, 4, 5, 6, 7]],
    ["one more", [0, 1, 2, 3, 4, 5, 6, 7, 8]],
    ["eleven conditions", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ["repeated features", [0, 1, 2, 0, 1, 0, 3, 2, 0, 3]],
  ])("gives the Shapley values by their definition for paths of %s", (_, features) => {
    const width = Math.max(...features) + 1;
    const { trees, draw } = growTrees(features, 17 + features.length);
    const explainer = createTreeExplainer(toEnsemble(trees, width));
    for (let round = 0; round < 5; round++) {
      const row = Array.from({ length: width }, () => Math.fround(draw() * 2 - 1));
      const expected = listShapleyValues(trees, row);
      const { contributions } = explainer.explain(row, 1);
      for (const [feature, value] of contributions.entries())
        expect(value).toBeCloseTo(expected[feature] ?? Number.NaN, 13);
    }
  });

  it("adds up to the raw score for paths as long as a model may have inputs", () => {
    const { trees, draw } = growTrees([...Array(256).keys()], 5);
    const ensemble = toEnsemble(trees, 256);
    const row = Array.from({ length: 256 }, () => draw() * 2 - 1);
    const { base, contributions } = createTreeExplainer(ensemble).explain(row, 1);
    expect(contributions.reduce((sum, value) => sum + value, base)).toBeCloseTo(scoreTrees(ensemble, row, 0), 12);
  });

  it("explains the first of two classes by the negative", () => {
    const explainer = createTreeExplainer(stump);
    const second = explainer.explain([0, 0], 1);
    const first = explainer.explain([0, 0], 0);
    expect(second.base).toBe(0.25);
    expect(first.base).toBe(-0.25);
    expect([...second.contributions]).toEqual([expect.closeTo(-1, 14), 0]);
    expect([...first.contributions]).toEqual([expect.closeTo(1, 14), 0]);
  });

  it.each([
    ["at the threshold", 0.5, -1],
    ["above it by less than float32 can tell", 0.5 + 1e-9, -1],
    ["at the next float32", 0.5 + 2 ** -24, 3],
  ])("sends a value %s where the runtime sends it", (_, value, contribution) => {
    expect(createTreeExplainer(stump).explain([value, 0], 1).contributions[0]).toBeCloseTo(contribution, 14);
    expect(scoreTrees(stump, [value, 0], 0)).toBe(0.25 + contribution);
  });

  it("gives a tree without splits to the base", () => {
    const ensemble = toEnsemble([{ cover: 9, score: 0.5 }], 1);
    expect(createTreeExplainer(ensemble).explain([1], 1)).toEqual({ base: 0.75, contributions: Float64Array.of(0) });
  });

  it("answers the same row the same, whatever it explained in between", () => {
    const { ensemble, rows } = readEnsembleFixture("regime");
    const explainer = createTreeExplainer(ensemble);
    const [first = new Float32Array(), ...others] = rows;
    const before = explainer.explain(first, 0);
    for (const row of others) explainer.explain(row, 2);
    expect(explainer.explain([...first], 0)).toEqual(before);
  });

  it.each([
    ["a row that is too short", [1], 1, "2 features, not 1"],
    ["a row that is too long", [1, 2, 3], 1, "2 features, not 3"],
    ["a missing value", [1, Number.NaN], 1, "feature 1 is NaN"],
    ["a value beyond float32", [1e39, 0], 1, "feature 0 is Infinity"],
    ["a class that there is not", [1, 2], 2, "2 classes"],
    ["a class before the first", [1, 2], -1, "2 classes"],
  ])("throws for %s", (_, row, classIndex, message) => {
    expect(() => createTreeExplainer(stump).explain(row, classIndex)).toThrow(message);
  });
});

describe("prepareTreeExplainer", () => {
  it("stops twice for each tree, so that no tree holds up what else there is to do", () => {
    const { trees, draw } = growTrees([0, 1, 2, 3], 5);
    const ensemble = toEnsemble(trees, 4);
    const steps = prepareTreeExplainer(ensemble);
    let stops = 0;
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) stops++;
    expect(stops).toBe(2 * trees.length);
    const row = [draw(), draw(), draw(), draw()];
    expect(step.value.explain(row, 1)).toEqual(createTreeExplainer(ensemble).explain(row, 1));
  });
});
