import { InvalidInputError, UnavailableError } from "../domain/errors.ts";
import type { TrainedModel } from "../domain/trained-model.ts";
import type { GoldenRow, ModelSignature } from "./model-metadata.ts";

/** Runs after which the runtime has allocated what it is going to. */
const warmUpRuns = 16;
/** Shares that a model answers in float32 sum to 1 within this. */
const sumErrorMax = 1e-4;
/** A row of a batch may differ this much from the same row alone: another order of summation. */
const batchErrorMax = 1e-6;

/**
 * Holds a loaded model against its golden rows, in one batch and one by one, and leaves it warm.
 *
 * @throws InvalidInputError saying which row is off.
 */
export async function verifyModel(model: TrainedModel, signature: ModelSignature): Promise<void> {
  const { goldenRows } = signature;
  // A model that was exported for one row only shows with several, even when there is one golden row.
  const batch = await runRows(model, signature, [...goldenRows, ...goldenRows.slice(0, 1)]);
  for (const [index, row] of goldenRows.entries()) {
    const found = batch.subarray(index * model.outputCount, (index + 1) * model.outputCount);
    const alone = await runRows(model, signature, [row]);
    if (alone.some((value, at) => !isClose(value, found[at], batchErrorMax))) {
      throw refuse(`metadata.golden_rows[${index}]`, "the answer depends on the other rows of its batch");
    }
    assertSum(found, signature, index);
    assertGolden(found, row, signature, index);
  }
  for (let run = 0; run < warmUpRuns; run++) await runRows(model, signature, goldenRows.slice(0, 1));
}

async function runRows(
  model: TrainedModel,
  { inputs }: ModelSignature,
  rows: readonly GoldenRow[],
): Promise<Float32Array> {
  const values = new Float32Array(rows.length * inputs.length);
  rows.forEach((row, index) => {
    values.set(row.inputs, index * inputs.length);
  });
  try {
    return await model.run(values, rows.length);
  } catch (error) {
    if (error instanceof UnavailableError) throw refuse("metadata.outputs", error.message);
    throw refuse("model", `it cannot be run: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function assertSum(found: Float32Array, { modelName }: ModelSignature, index: number): void {
  if (modelName === "signal_filter") return;
  const sum = found.reduce((total, value) => total + value, 0);
  if (isClose(sum, 1, sumErrorMax)) return;
  throw refuse("metadata.outputs", `the probabilities of golden row ${index} sum to ${sum} instead of 1`);
}

function assertGolden(found: Float32Array, row: GoldenRow, signature: ModelSignature, index: number): void {
  const { modelName, columns, goldenTolerance } = signature;
  const expected = modelName === "signal_filter" ? row.outputs : columns.map((column) => row.outputs[column]);
  if (found.every((value, at) => isClose(value, expected[at], goldenTolerance))) return;
  throw refuse(
    `metadata.golden_rows[${index}]`,
    `expected ${expected.join(", ")}, the model answers ${[...found].join(", ")} (tolerance ${goldenTolerance})`,
  );
}

/** Not a number is close to nothing. */
function isClose(a: number, b: number | undefined, errorMax: number): boolean {
  return b !== undefined && Math.abs(a - b) <= errorMax;
}

function refuse(field: string, description: string): InvalidInputError {
  return new InvalidInputError([{ field, description }], "MODEL_REFUSED");
}
