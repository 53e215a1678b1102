/** The languages that have a client, and how the scenario runner of each is started. */

import { fileURLToPath } from "node:url";
import type { RunnerCommand } from "./runner.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

export const typescriptRunner: RunnerCommand = {
  command: process.execPath,
  args: [`${root}clients/typescript/scenario-runner.ts`],
};
