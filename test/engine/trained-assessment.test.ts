import { describe, expect, it } from "vitest";
import type { TrainedModel } from "../../src/domain/trained-model.ts";
import { prepareExplainerAside } from "../../src/engine/trained-assessment.ts";
import { readEnsembleFixture } from "./trees/ensemble-fixture.ts";

function createModel(trees: TrainedModel["trees"]): TrainedModel {
  return {
    identity: { name: "signal_filter", version: "v9.0.0", sha256: "" },
    inputs: [],
    outputCount: 1,
    run: () => Promise.reject(new Error("nobody asks")),
    release: () => Promise.resolve(),
    ...(trees !== undefined && { trees }),
  };
}

async function countPauses(model: TrainedModel): Promise<number> {
  let pauses = 0;
  await prepareExplainerAside(model, async () => {
    pauses++;
  });
  return pauses;
}

describe("preparing to explain a model", () => {
  const { ensemble } = readEnsembleFixture("signal");

  it("pauses after every step, and is done once a model", async () => {
    const model = createModel({ ensemble, classes: [1] });
    expect(await countPauses(model)).toBe(2 * ensemble.treeOutputs.length);
    expect(await countPauses(model)).toBe(0);
  });

  it("has nothing to do for a model without trees", async () => {
    expect(await countPauses(createModel(undefined))).toBe(0);
  });
});
