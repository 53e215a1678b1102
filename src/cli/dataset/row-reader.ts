import { featureNames } from "../../domain/feature-schema.ts";
import type { DecisionRequest } from "../../domain/request.ts";
import { findModelInput, type ModelInput, qseInputNames, type TrainedModel } from "../../domain/trained-model.ts";
import { readRow } from "../../engine/model-row.ts";

/** Everything that a model may be trained on: the schema, then what the statistics engine says. */
export const tableInputNames: readonly string[] = [...featureNames, ...qseInputNames];

/** Reads the values of a table's inputs at one bar of a request's window. */
export type RowReader = (request: DecisionRequest, bar: number) => number[];

/**
 * Makes a reader of these inputs, in their order; features outside the schema have to be declared. What it puts in a model's place is
 * read by the serving code, so that a table holds what a model will be fed, down to the last bit: the features are not computed
 * a second time for training.
 */
export function createRowReader(names: readonly string[], declared: ReadonlySet<string>): RowReader {
  const tableModel: TrainedModel = {
    identity: { name: "training_table", version: "", sha256: "" },
    inputs: names.map((name) => bindInput(name, declared)),
    outputCount: 0,
    run: () => Promise.reject(new Error("a training table answers nothing")),
    release: () => Promise.resolve(),
  };
  return (request, bar) => readRow(request, tableModel, bar);
}

function bindInput(name: string, declared: ReadonlySet<string>): ModelInput {
  const input = findModelInput(name, declared);
  if (input === undefined) throw new RangeError(`no such model input: ${name}`);
  return input;
}
