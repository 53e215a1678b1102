import { setImmediate } from "node:timers/promises";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { ModelIdentity } from "../domain/decision.ts";
import { InvalidInputError, UnavailableError, type UnmetCondition, UnmetConditionError } from "../domain/errors.ts";
import type { TrainedModel } from "../domain/trained-model.ts";
import type { ModelSignature } from "./model-metadata.ts";
import { readTreeEnsemble } from "./tree-ensemble-reader.ts";

/** Rounding may carry a sum of shares this far past 1. */
const probabilityExcessMax = 1e-5;

/** How the rows reach the model. */
type Layout = "matrix" | "columns";

/**
 * Loads an ONNX classifier. Creating a session blocks the event loop and a broken file can abort the
 * process: only files that passed the candidate check belong here.
 *
 * @throws InvalidInputError when the model cannot be loaded or its inputs and outputs are not what they are said to be.
 * @param treeCovers training rows by tree and node, which explanations need; see docs/MODELS.md
 * @throws UnmetConditionError when the names of its inputs are not those of the metadata.
 */
export async function loadOnnxModel(
  bytes: Uint8Array,
  signature: ModelSignature,
  identity: ModelIdentity,
  treeCovers?: unknown,
): Promise<TrainedModel> {
  const session = await createSession(bytes);
  try {
    const layout = assertInputs(session, signature);
    assertOutput(session, signature);
    const model = createModel(session, layout, signature, identity);
    // Without covers there is nothing to weigh the branches of a tree by.
    if (treeCovers === undefined) return model;
    const ensemble = await takeSteps(readTreeEnsemble(bytes, treeCovers, signature.inputNames.length));
    return { ...model, trees: { ensemble, classes: signature.columns } };
  } catch (error) {
    await session.release();
    throw error;
  }
}

/** Lets calls be answered between the steps. */
async function takeSteps<T>(steps: Generator<void, T>): Promise<T> {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    await setImmediate();
  }
}

async function createSession(bytes: Uint8Array): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(bytes, {
      executionProviders: ["cpu"],
      executionMode: "sequential",
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      // Everything that goes wrong arrives as an exception; a line on stderr as well would be noise.
      logSeverityLevel: 4,
    });
  } catch (error) {
    throw refuse("model", `the runtime cannot load it: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function assertInputs(session: InferenceSession, { inputNames }: ModelSignature): Layout {
  for (const input of session.inputMetadata) {
    if (input.isTensor && input.type === "float32") continue;
    throw refuse(`input ${input.name}`, "expected a tensor of float32");
  }
  const [first] = session.inputMetadata;
  if (session.inputNames.length === 1 && first?.isTensor === true && first.shape.length === 2) {
    const [, width] = first.shape;
    // One column is a matrix of one feature, whichever way its input is called.
    if (inputNames.length > 1 || width === 1) {
      if (typeof width !== "number" || width === inputNames.length) return "matrix";
      throw refuse(`input ${first.name}`, `it has ${width} columns, the metadata names ${inputNames.length}`);
    }
  }
  assertInputNames(session.inputNames, inputNames);
  for (const input of session.inputMetadata) {
    const width = input.isTensor && input.shape.length === 2 ? input.shape[1] : 0;
    if (typeof width === "number" && width !== 1) throw refuse(`input ${input.name}`, "expected the shape [N, 1]");
  }
  return "columns";
}

function assertInputNames(found: readonly string[], named: readonly string[]): void {
  const refuseName = (subject: string, description: string): UnmetCondition => ({
    type: "MODEL_INPUT",
    subject,
    description,
  });
  const unmet = [
    ...found
      .filter((name) => !named.includes(name))
      .map((name) => refuseName(name, "metadata.inputs does not name it")),
    ...named.filter((name) => !found.includes(name)).map((name) => refuseName(name, "the model has no such input")),
  ];
  if (unmet.length > 0) throw new UnmetConditionError(unmet, "MODEL_INPUTS_UNMET");
}

function assertOutput(session: InferenceSession, { outputName, width, modelName }: ModelSignature): void {
  const output = session.outputMetadata.find(({ name }) => name === outputName);
  if (output === undefined) {
    throw refuse("metadata.outputs", `the model has no output ${outputName}; it has ${session.outputNames.join(", ")}`);
  }
  if (!output.isTensor || output.type !== "float32")
    throw refuse(`output ${outputName}`, "expected a tensor of float32");
  const [, columns = 1] = output.shape;
  const isRight = typeof columns === "string" || columns === width || (modelName === "signal_filter" && columns === 1);
  if (output.shape.length > 2 || output.shape.length === 0 || !isRight) {
    throw refuse(`output ${outputName}`, `expected the shape [N, ${width}], found [${output.shape.join(", ")}]`);
  }
}

function createModel(
  session: InferenceSession,
  layout: Layout,
  signature: ModelSignature,
  identity: ModelIdentity,
): TrainedModel {
  const { inputs, inputNames, outputName, columns } = signature;
  const [inputName = ""] = session.inputNames;
  const feed = (rows: Float32Array, rowCount: number): Record<string, Tensor> =>
    layout === "matrix"
      ? { [inputName]: new Tensor("float32", rows, [rowCount, inputNames.length]) }
      : toColumns(rows, rowCount, inputNames);
  return {
    identity,
    inputs,
    outputCount: columns.length,
    async run(rows, rowCount) {
      const output = (await session.run(feed(rows, rowCount), [outputName]))[outputName];
      if (output === undefined || !(output.data instanceof Float32Array))
        throw describeBadAnswer(identity, "no numbers");
      return readProbabilities(output.data, rowCount, signature, identity);
    },
    release: () => session.release(),
  };
}

function toColumns(rows: Float32Array, rowCount: number, names: readonly string[]): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  names.forEach((name, column) => {
    const values = new Float32Array(rowCount);
    for (let row = 0; row < rowCount; row++) values[row] = rows[row * names.length + column] ?? Number.NaN;
    feeds[name] = new Tensor("float32", values, [rowCount, 1]);
  });
  return feeds;
}

/** Picks the asked-for columns; a column that a signal filter answers alone is P(success). */
function readProbabilities(
  data: Float32Array,
  rowCount: number,
  { columns, width, modelName }: ModelSignature,
  identity: ModelIdentity,
): Float32Array {
  const isAlone = modelName === "signal_filter" && data.length === rowCount;
  const stride = isAlone ? 1 : width;
  if (data.length !== rowCount * stride) {
    throw describeBadAnswer(identity, `${data.length} numbers for ${rowCount} rows of ${width}`);
  }
  const probabilities = new Float32Array(rowCount * columns.length);
  let at = 0;
  for (let row = 0; row < rowCount; row++) {
    for (const column of columns) {
      const value = data[row * stride + (isAlone ? 0 : column)] ?? Number.NaN;
      if (!(value >= -probabilityExcessMax && value <= 1 + probabilityExcessMax)) {
        throw describeBadAnswer(identity, `${value}, which is no probability`);
      }
      probabilities[at++] = Math.min(1, Math.max(0, value));
    }
  }
  return probabilities;
}

function describeBadAnswer({ name, version }: ModelIdentity, what: string): UnavailableError {
  return new UnavailableError(`${name}/${version} answered ${what}`, "MODEL_ANSWER_INVALID");
}

function refuse(field: string, description: string): InvalidInputError {
  return new InvalidInputError([{ field, description }], "MODEL_REFUSED");
}
