import { featureNames } from "../../domain/feature-schema.ts";
import type { DecisionRequest } from "../../domain/request.ts";
import { findModelInput, type ModelInput, qseInputNames, type TrainedModel } from "../../domain/trained-model.ts";
import { readRow } from "../../engine/model-row.ts";

/** Everything that a model may be trained on: the schema, then what the statistics engine says. */
export const tableInputNames: readonly string[] = [...featureNames, ...qseInputNames];

/**
 * Stands in a model's place where the serving code reads a row, so that a table holds what a model will be fed, down to the last bit:
 * the features are not computed a second time for training.
 */
const tableModel: TrainedModel = {
  identity: { name: "training_table", version: "", sha256: "" },
  inputs: tableInputNames.map(bindInput),
  outputCount: 0,
  run: () => Promise.reject(new Error("a training table answers nothing")),
  release: () => Promise.resolve(),
};

function bindInput(name: string): ModelInput {
  const input = findModelInput(name, new Set());
  if (input === undefined) throw new RangeError(`no such model input: ${name}`);
  return input;
}

/** The values of `tableInputNames` at one bar of a request's window. */
export function readTableRow(request: DecisionRequest, bar: number): number[] {
  return readRow(request, tableModel, bar);
}
