/** Everything that may happen to a service, so that every metric has something to tell. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ConfigService, Halt_Scope } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { InferenceService } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { MonitoringService } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { type GovernedService, type Operator, sendJson } from "../control/governed-service.ts";
import { createTrendingRequest } from "../control/trained-requests.ts";
import { modelsDirectory } from "../support/engine.ts";
import { toPredictRequest } from "../support/predict-requests.ts";
import { readReferenceDecisions } from "../support/reference-decisions.ts";

const symbols = ["EURUSD", "GBPUSD", "USDJPY", "XAUUSD", "BTCUSD"];
const requests = readReferenceDecisions().map(toPredictRequest);

/** What operators do: a challenger, a halt, a change of the configuration, a change that fails. */
export async function operate({ operator, url }: GovernedService): Promise<void> {
  const { modelName, version } = await operator.register("signal-lightgbm.onnx", "v2.0.0");
  await operator.setAlias(modelName, version, "challenger");
  await operator.ask(ConfigService.method.haltTrading, {
    scope: Halt_Scope.SYMBOL,
    target: "BTCUSD",
    reason: "circuit open",
    actor: "ada",
  });
  await operator.configure({ signalFilter: { entryThreshold: 0.56 } });
  await decideWithReference(url);
  await sendJson("POST", `${url}/models/signal_filter/v9.9.9/alias`, { alias: "champion", actor: "ada" });
}

/** A classifier whose inputs can be compared with a reference. */
async function decideWithReference(url: string): Promise<void> {
  const model = readFileSync(join(modelsDirectory, "regime_classifier", "v1.0.0_rule_based.json"));
  const reference = { edges: [0.3, 0.6], shares: [0.3, 0.4, 0.3], min: 0, max: 0.9 };
  await sendJson("POST", `${url}/models/register`, {
    model_name: "regime_classifier",
    version: "v1.2.0_rule_based",
    model: model.toString("base64"),
    metadata: {
      format: "rule_based",
      sha256: createHash("sha256").update(model).digest("hex"),
      drift_reference: { efficiency_ratio: reference },
    },
  });
  await sendJson("PUT", `${url}/config`, { model: { regime_classifier_version: "v1.2.0_rule_based" } });
}

/** Asks for decisions, well and badly, until told to stop. */
export async function keepAsking({ operator, url }: GovernedService, signal: AbortSignal): Promise<void> {
  for (let round = 0; !signal.aborted; round++) {
    await askOnce(operator, url, round);
    // Leaves the processor to Prometheus and the demo.
    await delay(20);
  }
}

async function askOnce(operator: Operator, url: string, round: number): Promise<void> {
  const symbol = symbols[round % symbols.length] ?? "";
  const request = requests[round % requests.length] ?? {};
  const { predictionId } = await operator.predict({ ...request, symbol });
  const outcome = { prediction_id: predictionId, success: round % 3 > 0, realised_regime: "TRENDING" };
  await sendJson("POST", `${url}/outcomes`, [outcome, {}]);
  // The challenger was trained on inputs that the former system's requests lack.
  await operator.predict(createTrendingRequest(round % 50, symbol));
  await operator.refusal(InferenceService.method.predict, { ...request, symbol: "" });
  await sendJson("POST", `${url}/predict`, {});
  // Connect, as the console does.
  await sendJson("POST", `${url}/${MonitoringService.typeName}/${MonitoringService.method.getStatus.name}`, {});
  await fetch(`${url}/no/such/path`);
}
