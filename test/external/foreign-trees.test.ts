/**
 * What becomes of LightGBM models that others have trained, with categories, with missing values, with linear leaves: each is trained
 * and converted here and now. PYTHON names the interpreter that has lightgbm and onnxmltools.
 */

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MlError } from "../../src/domain/errors.ts";
import type { Metadata } from "../../src/registry/model-metadata.ts";
import { openModelRegistry } from "../../src/registry/model-registry.ts";
import { copyRuleModels } from "../support/rule-models.ts";
import { requireTool } from "./external-tool.ts";

const python = env["PYTHON"] ?? "python3";
const packages = ["-c", "import lightgbm, onnxmltools"];
const script = fileURLToPath(new URL("fixtures/make-foreign-trees.py", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "foreign-trees-"));
copyRuleModels(join(folder, "models"));
/** One for all, so that the process that checks models starts once. */
const registry = openModelRegistry(join(folder, "models"));
afterAll(async () => {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(({ skip }) => requireTool(skip, python, ...packages));

beforeAll(async () => {
  const run = promisify(execFile);
  // Without Python every test below says that it was skipped.
  const hasPython = await run(python, packages).then(
    () => true,
    () => false,
  );
  if (hasPython) await run(python, [script, folder]);
}, 60_000);

async function register(name: string, withCovers: boolean): Promise<string> {
  const { tree_covers: covers, ...rest }: Metadata = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
  const metadata = withCovers ? { ...rest, tree_covers: covers } : rest;
  const bytes = readFileSync(join(folder, `${name}.onnx`));
  try {
    await registry.register({ modelName: "signal_filter", bytes, metadata, actor: "test" });
    return "accepted";
  } catch (error) {
    if (error instanceof MlError) return error.message;
    throw error;
  }
}

describe("a LightGBM model of somebody else's", () => {
  it.each([
    ["plain", true, /^accepted$/],
    ["plain", false, /^accepted$/],
    // Requests never lack an input, so where a missing value would go does not matter.
    ["missing", true, /^accepted$/],
    ["missing", false, /^accepted$/],
    // Its answers are LightGBM's; only its explanation would not be.
    ["categorical", false, /^accepted$/],
    ["categorical", true, /splits by BRANCH_EQ \(categorical\?\); only BRANCH_LEQ is explained/],
    ["zero-as-missing", true, /golden_rows\[\d+\]: expected 0\.\d+, the model answers 0\.\d+/],
    ["zero-as-missing", false, /golden_rows\[\d+\]: expected 0\.\d+, the model answers 0\.\d+/],
    ["linear", true, /golden_rows\[\d+\]: expected 0\.\d+, the model answers 0\.\d+/],
    ["linear", false, /golden_rows\[\d+\]: expected 0\.\d+, the model answers 0\.\d+/],
  ])("%s, with covers: %s, meets %s", async (name, withCovers, expected) => {
    expect(await register(name, withCovers)).toMatch(expected);
  });
});
