import type { DecisionInputs, Explanation, RegimeAssessment } from "../domain/decision.ts";
import type { BarRegime, SignalEstimate } from "../domain/model.ts";
import { type RegimeLabel, regimeLabels } from "../domain/regime.ts";
import type { TrainedModel } from "../domain/trained-model.ts";
import { createTreeExplainer, prepareTreeExplainer, type TreeExplainer } from "./trees/tree-shap.ts";

/** Preparing an ensemble takes long enough to be noticed, so it is done once a model. */
const explainers = new WeakMap<TrainedModel, TreeExplainer>();

/** Prepares what explaining the model's answers needs, before the first request asks for it. */
export function prepareExplainer(model: TrainedModel): void {
  if (model.trees !== undefined && !explainers.has(model)) {
    explainers.set(model, createTreeExplainer(model.trees.ensemble));
  }
}

/**
 * The same in steps of one tree, so that whoever prepares a model beside decisions may let them pass in between.
 *
 * @param pause awaited after each step
 */
export async function prepareExplainerAside(model: TrainedModel, pause: () => Promise<void>): Promise<void> {
  if (model.trees === undefined || explainers.has(model)) return;
  const steps = prepareTreeExplainer(model.trees.ensemble);
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) {
      explainers.set(model, step.value);
      return;
    }
    await pause();
  }
}

/** Explains one output of a model, or says why it cannot be explained. */
function explain(model: TrainedModel, row: Float32Array, output: number, probability: number): Explanation {
  const explainer = explainers.get(model);
  const classIndex = model.trees?.classes[output];
  if (explainer === undefined || classIndex === undefined) {
    const { name, version } = model.identity;
    return withoutContributions(
      probability,
      `${name} ${version} has no trees with covers, so its probability is not split`,
    );
  }
  const { base, contributions } = explainer.explain(row, classIndex);
  return {
    base,
    contributions: model.inputs.map(({ name }, index) => ({
      name,
      value: row[index] ?? Number.NaN,
      contribution: contributions[index] ?? Number.NaN,
    })),
    unit: "LOG_ODDS",
  };
}

function withoutContributions(probability: number, note: string): Explanation {
  return { base: probability, contributions: [], unit: "PROBABILITY", note };
}

/** Explains why the newest bar has the smoothed label. */
export function explainRegime(inputs: DecisionInputs, regime: RegimeAssessment, model: TrainedModel): Explanation {
  const row = inputs.regimeRows?.at(-1);
  const labels: readonly RegimeLabel[] = regimeLabels;
  const output = labels.indexOf(regime.label);
  if (row === undefined) throw new Error("decision inputs hold no rows for the regime classifier");
  return explain(model, Float32Array.from(row), output, regime.confidence);
}

/** Classifies the bars of the smoothing window by a trained model: the most probable label; of equal ones the first. */
export async function classifyByModel(inputs: DecisionInputs, model: TrainedModel): Promise<BarRegime[]> {
  const rows = inputs.regimeRows;
  if (rows === undefined) throw new Error("decision inputs hold no rows for the regime classifier");
  const probabilities = await model.run(Float32Array.from(rows.flat()), rows.length);
  return rows.map((_row, index) => toBarRegime(probabilities.subarray(index * regimeLabels.length)));
}

function toBarRegime(row: Float32Array): BarRegime {
  const [trending, ranging, stressed] = row;
  if (trending === undefined || ranging === undefined || stressed === undefined) {
    throw new Error("the regime classifier answered fewer than three probabilities");
  }
  const probabilities = { trending, ranging, stressed };
  if (trending >= ranging && trending >= stressed) return { label: "TRENDING", probabilities };
  return { label: ranging >= stressed ? "RANGING" : "STRESSED", probabilities };
}

/** Estimates the success probability by a trained model that knows the regime. */
export async function estimateByModel(
  inputs: DecisionInputs,
  regime: RegimeLabel,
  model: TrainedModel,
  isExplained: boolean,
): Promise<SignalEstimate> {
  const row = inputs.signalRow;
  if (row === undefined) throw new Error("decision inputs hold no row for the signal filter");
  const values = Float32Array.from(row);
  for (const [index, input] of model.inputs.entries()) {
    if (input.kind === "regime") values[index] = input.regime === regime ? 1 : 0;
  }
  const [probability] = await model.run(values, 1);
  if (probability === undefined) throw new Error("the signal filter answered no probability");
  const explanation = isExplained
    ? explain(model, values, 0, probability)
    : withoutContributions(probability, "explanations were not asked for");
  return { probability, explanation };
}
