import { newestPython, oldestPython, pythonClient } from "./languages.ts";
import { describeScenarios } from "./scenario-suite.ts";

const clients = [
  ["sync", oldestPython],
  ["asyncio", newestPython],
] as const;

for (const [kind, runtime] of clients) {
  describeScenarios(`Python (${kind})`, async (skip) => ({
    command: await pythonClient(runtime, skip),
    args: ["clients/python/scenario_runner.py", kind],
    // grpcio 1.76 looks at an idle connection every 5 s only, and a service that stops waits until its clients have seen that.
    env: { GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS: "100" },
  }));
}
