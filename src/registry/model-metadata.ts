import { type FieldViolation, InvalidInputError, type UnmetCondition, UnmetConditionError } from "../domain/errors.ts";
import { featureVersion } from "../domain/feature-schema.ts";
import { regimeLabels } from "../domain/regime.ts";
import { findModelInput, type ModelInput } from "../domain/trained-model.ts";
import type { ModelName } from "./registry-index.ts";

export type Metadata = Readonly<Record<string, unknown>>;

/** One row whose answer is known from where the model was trained. */
export interface GoldenRow {
  readonly inputs: readonly number[];
  /** Regime classifier: in the order of `classes`. Signal filter: P(success). */
  readonly outputs: readonly number[];
}

/** How a model is fed and read, as its metadata states it. */
export interface ModelSignature {
  readonly modelName: ModelName;
  /** Names as the model has them, in its order. */
  readonly inputNames: readonly string[];
  /** The same, bound to where the values come from. */
  readonly inputs: readonly ModelInput[];
  /** Name of the output that holds the probabilities. */
  readonly outputName: string;
  /** Column of each answer: of TRENDING, RANGING and STRESSED, or of success. */
  readonly columns: readonly number[];
  /** Columns that the output has to have. A signal filter may also answer with P(success) alone. */
  readonly width: number;
  readonly goldenRows: readonly GoldenRow[];
  /** Largest absolute difference to a golden row. */
  readonly goldenTolerance: number;
}

const inputsMax = 256;
const goldenRowsMax = 1000;
const nameLengthMax = 128;
/** What float32 and a different summation order may cost. */
const goldenToleranceDefault = 1e-5;
/** Above this a golden row would show nothing. */
const goldenToleranceMax = 0.01;

/**
 * Reads the signature out of the metadata of an ONNX model. Of the other members nothing is asked.
 *
 * @throws InvalidInputError naming each member that is wrong.
 * @throws UnmetConditionError for inputs that nothing delivers; there is no default at run time.
 */
export function readSignature(modelName: ModelName, metadata: Metadata): ModelSignature {
  const violations: FieldViolation[] = [];
  const inputNames = readNames(metadata, "inputs", inputsMax, violations);
  const declared = readNames(metadata, "extra_features", inputsMax, violations);
  const outputs = readNames(metadata, "outputs", inputsMax, violations);
  const columns = readColumns(modelName, metadata, violations);
  if (outputs.length !== 1 && violations.length === 0) {
    violations.push({ field: "metadata.outputs", description: "expected the name of the one output that is read" });
  }
  const goldenTolerance = readTolerance(metadata, violations);
  const goldenRows = readGoldenRows(metadata, inputNames.length, modelName, violations);
  if (violations.length > 0) throw new InvalidInputError(violations, "INVALID_MODEL_METADATA");
  const inputs = bindInputs(modelName, inputNames, new Set(declared), metadata);
  const width = modelName === "regime_classifier" ? regimeLabels.length : 2;
  const [outputName = ""] = outputs;
  return { modelName, inputNames, inputs, outputName, columns, width, goldenRows, goldenTolerance };
}

function bindInputs(
  modelName: ModelName,
  names: readonly string[],
  declared: ReadonlySet<string>,
  metadata: Metadata,
): readonly ModelInput[] {
  const unmet: UnmetCondition[] = [];
  const refuse = (subject: string, description: string): void => {
    unmet.push({ type: "MODEL_INPUT", subject, description });
  };
  const given = metadata["feature_version"];
  if (given !== undefined && given !== featureVersion) {
    refuse("metadata.feature_version", `this service computes with feature schema ${featureVersion}`);
  }
  if (names.length === 0) refuse("metadata.inputs", "the model's input names are missing");
  const inputs: ModelInput[] = [];
  for (const name of names) {
    const input = findModelInput(name, declared);
    if (input === undefined) refuse(name, "no such input; a feature outside the schema belongs into extra_features");
    else if (input.kind === "regime" && modelName === "regime_classifier") {
      refuse(name, "a regime classifier cannot read the regime");
    } else if (inputs.some((each) => each.name === input.name)) refuse(name, "the input is listed twice");
    else inputs.push(input);
  }
  if (unmet.length > 0) throw new UnmetConditionError(unmet, "MODEL_INPUTS_UNMET");
  return inputs;
}

function readNames(metadata: Metadata, key: string, countMax: number, violations: FieldViolation[]): readonly string[] {
  const value = metadata[key];
  if (value === undefined) return [];
  const isName = (each: unknown): each is string =>
    typeof each === "string" && each !== "" && each.length <= nameLengthMax;
  if (Array.isArray(value) && value.length <= countMax && value.every(isName)) return value;
  const description = `expected at most ${countMax} names of 1 to ${nameLengthMax} characters`;
  violations.push({ field: `metadata.${key}`, description });
  return [];
}

function readColumns(modelName: ModelName, metadata: Metadata, violations: FieldViolation[]): readonly number[] {
  if (modelName === "signal_filter") {
    const column = metadata["positive_class"] ?? 1;
    if (column === 0 || column === 1) return [column];
    violations.push({ field: "metadata.positive_class", description: "expected 0 or 1, the column of success" });
    return [];
  }
  const classes = readNames(metadata, "classes", inputsMax, violations);
  const columns = regimeLabels.map((label) => classes.indexOf(label));
  if (classes.length === regimeLabels.length && !columns.includes(-1)) return columns;
  violations.push({
    field: "metadata.classes",
    description: `expected ${regimeLabels.join(", ")} in the order of the model's columns`,
  });
  return [];
}

function readTolerance(metadata: Metadata, violations: FieldViolation[]): number {
  const value = metadata["golden_tolerance"] ?? goldenToleranceDefault;
  if (typeof value === "number" && value > 0 && value <= goldenToleranceMax) return value;
  violations.push({
    field: "metadata.golden_tolerance",
    description: `expected a number in (0, ${goldenToleranceMax}]`,
  });
  return goldenToleranceDefault;
}

function readGoldenRows(
  metadata: Metadata,
  inputCount: number,
  modelName: ModelName,
  violations: FieldViolation[],
): readonly GoldenRow[] {
  const rows = metadata["golden_rows"];
  const field = "metadata.golden_rows";
  if (!Array.isArray(rows) || rows.length === 0 || rows.length > goldenRowsMax) {
    violations.push({ field, description: `expected 1 to ${goldenRowsMax} rows {"inputs": […], "outputs": […]}` });
    return [];
  }
  const outputCount = modelName === "regime_classifier" ? regimeLabels.length : 1;
  return rows.flatMap((row: unknown, index) => {
    const members = new Map<string, unknown>(Object.entries(typeof row === "object" && row !== null ? row : {}));
    const inputs = members.get("inputs");
    const outputs = members.get("outputs");
    if (isNumbers(inputs, inputCount) && isNumbers(outputs, outputCount)) return [{ inputs, outputs }];
    const description = `expected ${inputCount} finite inputs and ${outputCount} finite outputs`;
    violations.push({ field: `${field}[${index}]`, description });
    return [];
  });
}

function isNumbers(value: unknown, count: number): value is number[] {
  return Array.isArray(value) && value.length === count && value.every((each) => Number.isFinite(each));
}
