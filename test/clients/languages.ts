/** The languages that have a client, and how the scenario runner of each is started. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pythonGenerator } from "../../scripts/generators/python.ts";
import { installed, run } from "../../scripts/generators/toolchain.ts";
import type { RunnerCommand } from "./runner.ts";

export const root = fileURLToPath(new URL("../../", import.meta.url));

export const typescriptRunner: RunnerCommand = {
  command: process.execPath,
  args: [`${root}clients/typescript/scenario-runner.ts`],
};

/** An environment with the Python client and one set of the runtimes that it promises to work with. */
export interface PythonRuntime {
  readonly name: string;
  readonly requirements: readonly string[];
}

export const newestPython: PythonRuntime = {
  name: "python-client",
  // For its types, and for the client of the former service.
  requirements: [`${root}clients/python[test]`, "requests==2.34.2"],
};

export const oldestPython: PythonRuntime = {
  name: "python-client-oldest",
  requirements: [
    `${root}clients/python`,
    "grpcio==1.76.0",
    "grpcio-health-checking==1.76.0",
    "protobuf==6.31.1",
    "googleapis-common-protos==1.70.0",
  ],
};

/** Makes the environment, unless there is one; answers its interpreter. */
export async function pythonClient(
  { name, requirements }: PythonRuntime,
  skip: (note: string) => never,
): Promise<string> {
  const { isPresent, needs } = pythonGenerator;
  if (!(await isPresent())) skip(`the Python client needs ${needs}`);
  const pins = [readFileSync(`${root}clients/python/pyproject.toml`, "utf8"), ...requirements];
  const folder = await installed(name, pins, async (target) => {
    await run("python3", ["-m", "venv", target]);
    const install = ["install", "--quiet", "--disable-pip-version-check", "--editable", ...requirements];
    await run(`${target}/bin/pip`, install);
  });
  return `${folder}/bin/python`;
}
