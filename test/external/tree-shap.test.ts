/**
 * Ensembles that LightGBM trains here and now, against what LightGBM says of 10 000 rows. PYTHON names the interpreter that
 * has lightgbm and onnxmltools.
 */

import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { readSignature } from "../../src/registry/model-metadata.ts";
import { openModelRegistry } from "../../src/registry/model-registry.ts";
import { loadOnnxModel } from "../../src/registry/onnx-model.ts";
import {
  type EnsembleFixture,
  featureCount,
  fixtureFolder,
  readEnsembleFixture,
} from "../engine/trees/ensemble-fixture.ts";
import { compareExplanations } from "../engine/trees/explanation-difference.ts";
import { modelsDirectory } from "../support/engine.ts";
import { requireTool } from "./external-tool.ts";

const python = env["PYTHON"] ?? "python3";
const rowCount = 10_000;
const flipMin = 1e-6;
/** LightGBM takes half a minute on one core that it has for itself. */
const trainingTimeoutMs = 180_000;

interface ProbabilityDifference {
  readonly largest: number;
  /** Rows whose probabilities differ by more than a rounding: a split that went the other way. */
  readonly flippedRows: number;
}

beforeEach(({ skip }) => {
  requireTool(skip, python, "-c", "import lightgbm, onnxmltools");
});

it.each(["signal", "regime"] as const)(
  "answers and explains the %s ensemble as LightGBM does, even at its thresholds",
  { timeout: trainingTimeoutMs },
  async (name) => {
    const folder = mkdtempSync(join(tmpdir(), "ensembles-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    await makeEnsemble(name, folder);
    const fixture = readEnsembleFixture(name, folder);
    const difference = compareExplanations(fixture);
    const floored = await compareProbabilities(name, fixture, fixture.bytes);
    const unfloored = await compareProbabilities(name, fixture, readFileSync(join(folder, `${name}.unfloored.onnx`)));
    console.info(JSON.stringify({ name, explanations: difference, probabilities: { floored, unfloored } }));

    expect(difference.compared).toBe(rowCount * featureCount * (name === "regime" ? 3 : 1));
    expect(difference.contribution).toBeLessThan(1e-6);
    expect(difference.base).toBeLessThan(1e-6);
    expect(difference.sum).toBeLessThan(1e-12);
    expect(difference.score).toBeLessThan(1e-6);
    expect(floored.flippedRows).toBe(0);
    expect(floored.largest).toBeLessThan(1e-6);
    // The rows are able to show a flip: without flooring there are many.
    expect(unfloored.flippedRows).toBeGreaterThan(rowCount / 10);
  },
);

it.each([
  ["signal", "signal_filter", "v2.0.0_lightgbm"],
  ["regime", "regime_classifier", "v1.1.0_lightgbm"],
] as const)(
  "answers and explains the shipped %s model as LightGBM does, even at its thresholds",
  { timeout: trainingTimeoutMs },
  async (name, modelName, version) => {
    const folder = mkdtempSync(join(tmpdir(), "shipped-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const { file, metadataFile } = openModelRegistry(modelsDirectory).find(modelName, version);
    cpSync(join(modelsDirectory, file), join(folder, `${name}.onnx`));
    cpSync(join(modelsDirectory, metadataFile), join(folder, `${name}.json`));
    const script = fileURLToPath(new URL("fixtures/explain-shipped.py", import.meta.url));
    const booster = fileURLToPath(new URL(`fixtures/shipped/${modelName}.txt.gz`, import.meta.url));
    const environment = { ...env, PYTHONPATH: fileURLToPath(new URL("../../training", import.meta.url)) };
    await promisify(execFile)(python, [script, booster, join(folder, `${name}.json`), folder, name, `${rowCount}`], {
      env: environment,
      timeout: trainingTimeoutMs,
    });
    const fixture = readEnsembleFixture(name, folder);
    const difference = compareExplanations(fixture);
    const probabilities = await compareProbabilities(name, fixture, fixture.bytes);
    console.info(JSON.stringify({ shipped: modelName, explanations: difference, probabilities }));
    expect(difference.compared).toBe(rowCount * featureCount * (name === "regime" ? 3 : 1));
    expect(difference.contribution).toBeLessThan(1e-6);
    expect(difference.base).toBeLessThan(1e-6);
    expect(difference.sum).toBeLessThan(1e-12);
    expect(difference.score).toBeLessThan(1e-6);
    expect(probabilities.flippedRows).toBe(0);
    expect(probabilities.largest).toBeLessThan(1e-6);
  },
);

async function makeEnsemble(name: string, folder: string): Promise<void> {
  const script = join(fixtureFolder, "make-ensembles.py");
  const options = ["--only", name, "--rows", `${rowCount}`, "--regime-iterations", "100", "--unfloored"];
  await promisify(execFile)(python, [script, folder, ...options], { timeout: trainingTimeoutMs });
}

async function compareProbabilities(
  name: "signal" | "regime",
  { metadata, rows, probabilities }: EnsembleFixture,
  bytes: Uint8Array,
): Promise<ProbabilityDifference> {
  const modelName = name === "signal" ? "signal_filter" : "regime_classifier";
  const signature = readSignature(modelName, metadata);
  const model = await loadOnnxModel(bytes, signature, { name: modelName, version: "test", sha256: "" });
  const values = Float32Array.from(rows.flatMap((row) => [...row]));
  const answers = await model.run(values, rows.length);
  await model.release();
  // A signal filter's only column is that of the second class, which LightGBM answers alone.
  const columns = modelName === "signal_filter" ? [0] : signature.columns;
  const differences = probabilities.map((expected, row) =>
    columns.reduce((most, column, index) => {
      const difference = (answers[row * columns.length + index] ?? Number.NaN) - (expected[column] ?? Number.NaN);
      return Math.max(most, Math.abs(difference));
    }, 0),
  );
  return {
    largest: differences.reduce((most, difference) => Math.max(most, difference), 0),
    flippedRows: differences.filter((difference) => difference > flipMin).length,
  };
}
