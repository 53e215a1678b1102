import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TreeEnsemble } from "../../../src/domain/tree-ensemble.ts";
import type { Metadata } from "../../../src/registry/model-metadata.ts";
import { readTreeEnsemble } from "../../../src/registry/tree-ensemble-reader.ts";
import { takeAllSteps } from "../../support/taken-steps.ts";

/** Where `make-ensembles.py` has written what the repository keeps. */
export const fixtureFolder = fileURLToPath(new URL("fixtures/", import.meta.url));
export const featureCount = 16;

/** An ensemble with what LightGBM itself says about some rows. */
export interface EnsembleFixture {
  readonly bytes: Uint8Array;
  readonly metadata: Metadata;
  readonly ensemble: TreeEnsemble;
  readonly rows: readonly Float32Array[];
  /** By row and output: a contribution a feature, and the expected value. */
  readonly contributions: readonly (readonly Float64Array[])[];
  readonly rawScores: readonly Float64Array[];
  /** By row: of all three classes, or of the second one of two. */
  readonly probabilities: readonly Float64Array[];
}

export function readEnsembleFixture(name: "signal" | "regime", folder = fixtureFolder): EnsembleFixture {
  const bytes = readFileSync(join(folder, `${name}.onnx`));
  const metadata: Metadata = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
  const ensemble = takeAllSteps(readTreeEnsemble(bytes, metadata["tree_covers"], featureCount));
  const outputCount = ensemble.baseScores.length;
  const numbers = new Float32Array(readBuffer(join(folder, `${name}.rows.f32`)));
  const readLists = (what: string, length: number): Float64Array[] =>
    slice(new Float64Array(readBuffer(join(folder, `${name}.${what}.f64`))), length);
  const byOutput = readLists("contributions", featureCount + 1);
  const rows = slice(numbers, featureCount);
  return {
    bytes,
    metadata,
    ensemble,
    rows,
    contributions: rows.map((_, row) => byOutput.slice(row * outputCount, (row + 1) * outputCount)),
    rawScores: readLists("raw", outputCount),
    probabilities: readLists("probabilities", outputCount),
  };
}

function readBuffer(path: string): ArrayBuffer {
  return Uint8Array.from(readFileSync(path)).buffer;
}

function slice<T extends Float32Array | Float64Array>(numbers: T, length: number): T[];
function slice(numbers: Float32Array | Float64Array, length: number): (Float32Array | Float64Array)[] {
  return Array.from({ length: numbers.length / length }, (_, index) =>
    numbers.subarray(index * length, (index + 1) * length),
  );
}
