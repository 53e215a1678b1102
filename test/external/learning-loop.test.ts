/** From bars to a model that decides and back, as the documentation tells it. PYTHON names the interpreter of the training package. */

import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { env } from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { requireTool } from "./external-tool.ts";

const script = fileURLToPath(new URL("../../scripts/learning-loop.ts", import.meta.url));
const python = env["PYTHON"] ?? "python3";
const trainer = join(dirname(python), "arbitrex-train");
/** Two trainings and eight programs, on a machine that does other things too. */
const timeoutMs = 600_000;

it("closes the loop: bars, training, registration, shadow, outcomes, promotion, drift, log, rollback", {
  timeout: timeoutMs,
}, async ({ skip }) => {
  requireTool(skip, python, "-c", "import arbitrex_training, arbitrex_ml");
  const { stdout } = await promisify(execFile)(process.execPath, [script, "--short"], {
    timeout: timeoutMs,
    env: { ...env, ARBITREX_TRAIN: trainer },
  });
  const steps = [
    "NO EDGE",
    "(exit code 3, as it should)",
    "registered signal_filter/v2.1.0, AVAILABLE",
    "challenger of signal_filter is v2.1.0",
    "Outcomes  370 recorded",
    "champion of signal_filter is v2.1.0",
    '"signal_filter v2.1.0"',
    "/drift",
    "has_reference",
    "$ ml-layer models advise",
    "logged.parquet:",
    "champion of signal_filter is v1.0.0_rule_based",
    "intact:",
    "the loop is closed",
  ];
  let at = 0;
  for (const text of steps) {
    const found = stdout.indexOf(text, at);
    expect(found, `${text}, after what came before it, in\n${stdout}`).toBeGreaterThanOrEqual(at);
    at = found;
  }
});
