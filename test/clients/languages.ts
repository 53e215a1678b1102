/** The languages that have a client, and how the scenario runner of each is started. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pythonGenerator } from "../../scripts/generators/python.ts";
import { installed, run } from "../../scripts/generators/toolchain.ts";
import type { RunnerCommand } from "./runner.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

export const typescriptRunner: RunnerCommand = {
  command: process.execPath,
  args: [`${root}clients/typescript/scenario-runner.ts`],
};

/** Makes an environment with the Python client in it, unless there is one; answers its interpreter. */
export async function pythonClient(skip: (note: string) => never): Promise<string> {
  const { isPresent, needs } = pythonGenerator;
  if (!(await isPresent())) skip(`the Python client needs ${needs}`);
  const project = `${root}clients/python`;
  const folder = await installed(
    "python-client",
    [readFileSync(`${project}/pyproject.toml`, "utf8")],
    async (target) => {
      await run("python3", ["-m", "venv", target]);
      const install = ["install", "--quiet", "--disable-pip-version-check", "--editable", `${project}[test]`];
      await run(`${target}/bin/pip`, install);
    },
  );
  return `${folder}/bin/python`;
}
