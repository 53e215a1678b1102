/**
 * Writes gen/python, gen/go and gen/java; part of `npm run generate`. A language whose toolchain is missing is left as it is
 * and named; under CI that is an error.
 */

import { readdirSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { goGenerator } from "./generators/go.ts";
import { javaGenerator } from "./generators/java.ts";
import { pythonGenerator } from "./generators/python.ts";
import { type ApiDescription, type Generator, root, run } from "./generators/toolchain.ts";

const apiFolder = "arbitrex/ml/v1";

async function describeApi(): Promise<ApiDescription> {
  const descriptorSet = join(root, ".tools/api.binpb");
  await mkdir(join(root, ".tools"), { recursive: true });
  await run("node_modules/.bin/buf", ["build", "--output", descriptorSet]);
  const names = readdirSync(join(root, "proto", apiFolder)).filter((name) => name.endsWith(".proto"));
  return { descriptorSet, files: names.sort().map((name) => `${apiFolder}/${name}`) };
}

/** Answers what was left undone, or undefined. */
async function generateOne(generator: Generator, api: ApiDescription): Promise<string | undefined> {
  if (!(await generator.isPresent())) return `gen/${generator.name}: NOT regenerated, it needs ${generator.needs}`;
  await generator.generate(api);
  return undefined;
}

const api = await describeApi();
const generators = [pythonGenerator, goGenerator, javaGenerator];
const outcomes = await Promise.all(generators.map((generator) => generateOne(generator, api)));
const undone = outcomes.filter((line) => line !== undefined);
for (const line of undone) console.error(line);
if (undone.length > 0 && process.env["CI"] === "true") process.exitCode = 1;
