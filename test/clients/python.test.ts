import { pythonClient } from "./languages.ts";
import { describeScenarios } from "./scenario-suite.ts";

for (const kind of ["sync", "asyncio"]) {
  describeScenarios(`Python (${kind})`, async (skip) => ({
    command: await pythonClient(skip),
    args: ["clients/python/scenario_runner.py", kind],
  }));
}
