/** A Python strategy of the former service, unchanged: requests, old paths, old keys. */

import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runTool } from "../external/external-tool.ts";
import { startTestService } from "../support/start-service.ts";
import { newestPython, pythonClient } from "./languages.ts";

const script = fileURLToPath(new URL("former_client.py", import.meta.url));

it("serves a client of the former service as it was served", async ({ skip }) => {
  const python = await pythonClient(newestPython, skip);
  await using service = await startTestService();
  const run = await runTool(python, script, service.url);
  expect(run.stderr).toBe("");
  expect(JSON.parse(run.stdout)).toMatchObject({
    predict: {
      status: 200,
      json: {
        symbol: "EURUSD",
        prediction: {
          allow_trade: true,
          regime: { regime_label: "TRENDING", regime_stable: true, correlation_regime: "NORMAL" },
          signal: { should_enter: true, should_exit: false, confidence_level: "HIGH" },
        },
        config_hash: service.configHash,
      },
    },
    batch_predict: {
      status: 200,
      json: { EURUSD: { prediction: { allow_trade: true } }, GBPUSD: { prediction: { allow_trade: false } } },
    },
    invalid: { status: 400, json: { code: "invalid_argument" } },
    health: {
      status: 200,
      json: { status: "healthy", components: { ml_engine: true, monitor: true, registry: true } },
    },
    models: {
      status: 200,
      json: { models: expect.arrayContaining([expect.objectContaining({ model_name: "signal_filter" })]) },
    },
    config: {
      status: 200,
      json: { config: { signal_filter: { entry_threshold: 0.55, allowed_regimes: ["TRENDING"] } } },
    },
    metrics: { status: 200, json: { metrics: { total_predictions: 3 } } },
    decisions: { status: 200, json: { count: 2 } },
    status: { status: 200, json: { status: "running", config_hash: service.configHash } },
    alerts: { status: 200, json: { count: 0, alerts: [] } },
    changed: { status: 200, json: { status: "success", old_config_hash: service.configHash } },
    refused: { status: 200, json: { prediction: { allow_trade: false } } },
    typo: { status: 400, json: { code: "invalid_argument" } },
    orders: ["EURUSD"],
  });
}, 300_000);
