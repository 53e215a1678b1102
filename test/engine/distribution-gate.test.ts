import { expect, it } from "vitest";
import { evaluateDistribution } from "../../src/engine/gates.ts";

const model = (score: number | undefined) => ({
  identity: { name: "signal_filter", version: "v9", sha256: "" },
  score,
});

it.each([
  ["below the threshold", [1.9], true],
  ["at the threshold", [2], true],
  ["above the threshold", [2.1], false],
  ["one of two above the threshold", [0, 2.1], false],
  ["no score", [0, undefined], false],
  ["a score that is no number", [Number.NaN], false],
  ["a score that is no number beside a good one", [0, Number.NaN], false],
  ["an infinite score", [Number.POSITIVE_INFINITY], false],
  ["no trained model", [], true],
])("lets pass only what is known to be near the training rows: %s", (_, scores, passed) => {
  expect(evaluateDistribution(scores.map(model), 2).passed).toBe(passed);
});
