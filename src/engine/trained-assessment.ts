import type { DecisionInputs } from "../domain/decision.ts";
import type { BarRegime, SignalEstimate } from "../domain/model.ts";
import { type RegimeLabel, regimeLabels } from "../domain/regime.ts";
import type { TrainedModel } from "../domain/trained-model.ts";

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
): Promise<SignalEstimate> {
  const row = inputs.signalRow;
  if (row === undefined) throw new Error("decision inputs hold no row for the signal filter");
  const values = Float32Array.from(row);
  for (const [index, input] of model.inputs.entries()) {
    if (input.kind === "regime") values[index] = input.regime === regime ? 1 : 0;
  }
  const [probability] = await model.run(values, 1);
  if (probability === undefined) throw new Error("the signal filter answered no probability");
  return {
    probability,
    explanation: {
      base: probability,
      contributions: [],
      unit: "PROBABILITY",
      note: `${model.identity.name} ${model.identity.version} is a trained model whose probability is not split into contributions`,
    },
  };
}
