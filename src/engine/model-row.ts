import { InvalidInputError } from "../domain/errors.ts";
import type { DecisionRequest, QseOutput } from "../domain/request.ts";
import type { ModelInput, QseInputName, TrainedModel } from "../domain/trained-model.ts";
import { findSeries, readBar } from "./feature-window.ts";

/**
 * What a trained model reads at one bar, as float32: trees compare in that precision, and the audit log must hold
 * what was compared.
 *
 * @throws InvalidInputError naming an input that the request lacks. Nothing stands in for it: a model was
 * trained on values, not on our guesses.
 */
export function readRow(request: DecisionRequest, model: TrainedModel, bar: number): number[] {
  return model.inputs.map((input) => readInput(request, model, input, bar));
}

/** Rows of the bars from `first` to `last`. */
export function readRows(request: DecisionRequest, model: TrainedModel, first: number, last: number): number[][] {
  const rows: number[][] = [];
  for (let bar = first; bar <= last; bar++) rows.push(readRow(request, model, bar));
  return rows;
}

function readInput(request: DecisionRequest, model: TrainedModel, input: ModelInput, bar: number): number {
  switch (input.kind) {
    case "feature": {
      const series = findSeries(request.features, input.name);
      if (series === undefined) throw missingInput(`features["${input.name}"]`, model);
      return toFloat32(readBar(series, bar), `features["${series.name}"].values[${bar}]`);
    }
    case "qse": {
      const value = readQse(request.qseOutput, input.name);
      if (value === undefined) throw missingInput(input.name, model);
      return toFloat32(Number(value) + 0, input.name);
    }
    case "regime":
      return 0;
    default:
      return input satisfies never;
  }
}

function toFloat32(value: number, field: string): number {
  const rounded = Math.fround(value);
  if (Number.isFinite(rounded)) return rounded;
  throw new InvalidInputError([{ field, description: `${value} is no finite 32-bit number` }], "NON_FINITE_FEATURE");
}

function missingInput(field: string, { identity }: TrainedModel): InvalidInputError {
  return new InvalidInputError(
    [{ field, description: `is missing, and ${identity.name} ${identity.version} reads it` }],
    "MISSING_MODEL_INPUT",
  );
}

function readQse(qse: QseOutput | undefined, name: QseInputName): number | boolean | undefined {
  const [, section, key] = name.split(".");
  const values = section === "validation" ? qse?.validation : section === "metrics" ? qse?.metrics : qse?.regime;
  if (values === undefined || key === undefined) return undefined;
  const value = new Map<string, unknown>(Object.entries(values)).get(toCamelCase(key));
  return typeof value === "number" || typeof value === "boolean" ? value : undefined;
}

function toCamelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
