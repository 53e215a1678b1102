/** Drift of a whole service: a version with a reference decides, and its inputs move away. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { ListAlertsRequestSchema, MonitoringService } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { defaultConfig } from "../../src/config/config-schema.ts";
import { featureNames } from "../../src/domain/feature-schema.ts";
import { callUnary } from "../contract/clients/grpc-js-client.ts";
import { createTrainedRequest } from "../control/trained-requests.ts";
import { modelsDirectory } from "../support/engine.ts";
import { ManualTime } from "../support/manual-time.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { startTestService, type TestService } from "../support/start-service.ts";
import { openClient, predict } from "./service-client.ts";

/** Longer than it takes one input of 16 bars' persistence to be told from chance. */
const driftWindow = 160;
const reference = { edges: [0.2, 0.4], shares: [0.3, 0.4, 0.3], min: 0, max: 0.7 };

async function startWithReference(governance: Partial<typeof defaultConfig.governance> = {}) {
  const time = new ManualTime();
  const config = {
    ...defaultConfig,
    alertRules: [],
    governance: { ...defaultConfig.governance, driftWindow, ...governance },
  };
  const service = await startTestService({ clock: time, timers: time, config });
  const rules = readFileSync(join(modelsDirectory, "regime_classifier", "v1.0.0_rule_based.json"));
  const registration = {
    model_name: "regime_classifier",
    version: "v1.2.0_rule_based",
    model: rules.toString("base64"),
    metadata: {
      format: "rule_based",
      sha256: createHash("sha256").update(rules).digest("hex"),
      drift_reference: { efficiency_ratio: reference },
    },
  };
  const answer = await send(service, "POST", "/models/register", registration);
  expect(answer).toMatchObject({ status: 200 });
  const change = { model: { regime_classifier_version: "v1.2.0_rule_based" } };
  expect(await send(service, "PUT", "/config", change)).toMatchObject({ status: 200 });
  return { time, service, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
}

async function send({ url }: TestService, method: string, path: string, body?: object): Promise<object> {
  const response = await fetch(url + path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  return { status: response.status, body: await response.json() };
}

/** Decisions at an efficiency ratio of 0.8, which the reference has never seen. */
async function decide({ port }: TestService, count: number): Promise<void> {
  using client = openClient(port);
  for (let taken = 0; taken < count; taken++) await predict(client, createPredictRequest());
}

async function listAlerts({ port }: TestService): Promise<string[]> {
  using client = openClient(port);
  const { answer } = await callUnary(client, MonitoringService.method.listAlerts, create(ListAlertsRequestSchema));
  return answer?.alerts.map(({ rule, state }) => `${rule} ${state}`) ?? [];
}

describe("GET /drift", () => {
  it("says of the shipped rules that there is nothing to compare them with", async () => {
    await using service = await startTestService();
    await decide(service, 2);
    const model = (name: string) => ({
      model: { name },
      has_reference: false,
      samples: 2,
      features: [],
    });
    const models = [model("regime_classifier"), model("signal_filter")];
    expect(await send(service, "GET", "/drift")).toMatchObject({ body: { enabled: true, models } });
  });

  it("compares what was read with the reference of the version that decides, and alerts once the window is full", async () => {
    await using lab = await startWithReference();
    const { service, time } = lab;
    await decide(service, driftWindow - 1);
    time.advanceBy(5_000);
    expect(await listAlerts(service)).toEqual([]);
    await decide(service, 1);
    time.advanceBy(5_000);
    const feature = { feature: "efficiency_ratio", samples: driftWindow, effective_samples: 10, out_of_range_share: 1 };
    const classifier = {
      model: { version: "v1.2.0_rule_based" },
      has_reference: true,
      features: [{ ...feature, ks: 0.7, ks_by_chance: expect.closeTo(0.6165, 4) }],
      out_of_distribution: { share: 1, mean_score: expect.closeTo(0.5, 12), max_score: expect.closeTo(0.5, 12) },
    };
    const models = [classifier, { has_reference: false }];
    expect(await send(service, "GET", "/drift")).toMatchObject({ body: { models } });
    expect(await listAlerts(service)).toEqual([expect.stringMatching(/^feature_drift /)]);
    const text = await (await fetch(`${service.url}/metrics/prometheus`)).text();
    const labels = 'model="regime_classifier",version="v1.2.0_rule_based"';
    expect(text).toContain(`ml_layer_feature_ks{${labels},feature="efficiency_ratio"} 0.7\n`);
    expect(text).toContain(`ml_layer_drift_samples{${labels}} ${driftWindow}\n`);
    expect(text).toContain('ml_layer_alerts_firing{alertname="feature_drift",severity="warning"} 1\n');
    await send(service, "POST", "/reset", {});
    time.advanceBy(5_000);
    expect(await send(service, "GET", "/drift")).toMatchObject({ body: { models: [{ samples: 0 }, { samples: 0 }] } });
  });

  it("compares every input that the shipped trained filter has read", async () => {
    await using service = await startTestService();
    const change = { signal_filter: { use_ml_model: true }, model: { signal_filter_version: "v2.0.0_lightgbm" } };
    expect(await send(service, "PUT", "/config", change)).toMatchObject({ status: 200 });
    using client = openClient(service.port);
    for (let seed = 0; seed < 3; seed++) await predict(client, createTrainedRequest(seed));
    const features = featureNames.map((feature) => ({ feature, samples: 3 }));
    const filter = { model: { version: "v2.0.0_lightgbm" }, has_reference: true, samples: 3, features };
    expect(await send(service, "GET", "/drift")).toMatchObject({
      body: { models: [{ has_reference: false }, filter] },
    });
  });

  it("keeps nothing and alerts of nothing while drift detection is off", async () => {
    await using lab = await startWithReference({ enableDriftDetection: false });
    await decide(lab.service, driftWindow);
    lab.time.advanceBy(5_000);
    expect(await send(lab.service, "GET", "/drift")).toMatchObject({ body: { enabled: false, models: [] } });
    expect(await listAlerts(lab.service)).toEqual([]);
    const text = await (await fetch(`${lab.service.url}/metrics/prometheus`)).text();
    expect(text).not.toContain("feature_drift");
  });

  it("alerts of nothing below the threshold", async () => {
    await using lab = await startWithReference({ driftThreshold: 10 });
    await decide(lab.service, driftWindow);
    lab.time.advanceBy(5_000);
    expect(await listAlerts(lab.service)).toEqual([]);
  });
});
