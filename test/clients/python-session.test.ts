/** The session of the Python client against a service that does what no real one can be made to do. */

import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runTool } from "../external/external-tool.ts";
import { newestPython, pythonClient } from "./languages.ts";

const script = fileURLToPath(new URL("session_rules.py", import.meta.url));

it("keeps the rules of a session", async ({ skip }) => {
  const python = await pythonClient(newestPython, skip);
  const run = await runTool(python, script);
  expect(run.stderr).toMatch(/^Ran 5 tests in .*\n\nOK\n$/m);
}, 300_000);
