/** What goes on in a service beside Predict, as data: each makes one disturbance, over and over. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Client } from "@grpc/grpc-js";
import { AlertSeverity_Level } from "../gen/ts/arbitrex/ml/v1/common_pb.ts";
import { AlertRule_Comparison, ConfigService } from "../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { ModelRegistryService } from "../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { MonitoringService } from "../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { shippedModelsDirectory } from "../src/environment.ts";
import { fieldsOf } from "./json-fields.ts";
import { askOperator } from "./operator-client.ts";

export interface Disturbance {
  readonly label: string;
  /** How often it is begun; less often when it takes longer. */
  readonly perSecond: number;
  /** @default 2 */
  readonly shotSeconds?: number;
  /** Makes it happen once; `count` differs every time, so that every change changes something. */
  readonly happen: (operator: Client, count: number) => Promise<unknown>;
}

/** Two versions of one file, so that an answer is as long whichever decides. */
const versions = ["v2.8.0", "v2.9.0"] as const;
const modelName = "signal_filter";

export const disturbances: readonly Disturbance[] = [
  {
    label: "Prometheus scrape",
    perSecond: 4,
    happen: (operator) => askOperator(operator, MonitoringService.method.getPrometheusMetrics, {}),
  },
  {
    label: "export of the metrics",
    perSecond: 4,
    happen: (operator) => askOperator(operator, MonitoringService.method.exportMetrics, {}),
  },
  {
    label: "load: register, check, delete a model",
    perSecond: 1,
    // The checking process leaves the core to the decisions, so one takes seconds here; the shot has to see all of it.
    shotSeconds: 8,
    happen: loadModel,
  },
  {
    label: "swap of the champion",
    perSecond: 10,
    happen: (operator, count) => pointAlias(operator, versions[count % versions.length] ?? "", "champion"),
  },
  {
    label: "swap of the configuration",
    perSecond: 10,
    happen: (operator, count) =>
      changeConfig(operator, { signalFilter: { entryThreshold: 0.5 + (count % 50) / 1000 } }),
  },
];

/** Everything a disturbance needs: two trained versions, one of which decides. */
export async function prepareDisturbances(operator: Client): Promise<void> {
  for (const version of versions) await registerModel(operator, version);
  await pointAlias(operator, versions[0], "champion");
  await changeConfig(operator, { signalFilter: { useMlModel: true } });
}

/** So many rules that are looked at every five seconds and never fire. */
export async function setAlertRules(operator: Client, count: number): Promise<void> {
  const rules = Array.from({ length: count }, (_, index) => ({
    name: `bench_${index}`,
    metric: "suppression_rate",
    comparison: AlertRule_Comparison.GREATER_THAN,
    threshold: 2,
    windowMinutes: 1 + (index % 60),
    severity: AlertSeverity_Level.INFO,
  }));
  await changeConfig(operator, { alertRules: { rules } });
}

async function loadModel(operator: Client, count: number): Promise<void> {
  const version = `v3.${count}.0`;
  await registerModel(operator, version);
  await askOperator(operator, ModelRegistryService.method.deleteModel, { modelName, version });
}

/** The shipped model once more, under another version. */
function registerModel(operator: Client, version: string) {
  const folder = join(shippedModelsDirectory, modelName);
  const { version: _, ...metadata } = fieldsOf(
    JSON.parse(readFileSync(join(folder, "metadata", "v2.0.0_metadata.json"), "utf8")),
  );
  return askOperator(operator, ModelRegistryService.method.registerModel, {
    modelName,
    version,
    source: { case: "model", value: readFileSync(join(folder, "v2.0.0_lightgbm.onnx")) },
    metadata: JSON.parse(JSON.stringify(metadata)),
  });
}

function pointAlias(operator: Client, version: string, alias: string) {
  return askOperator(operator, ModelRegistryService.method.setModelAlias, { modelName, version, alias });
}

function changeConfig(
  operator: Client,
  config: MessageInitShape<typeof ConfigService.method.updateConfig.input>["config"],
) {
  return askOperator(operator, ConfigService.method.updateConfig, { config });
}
