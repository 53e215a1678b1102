/** The REST paths as existing clients know them. */

import { getOption } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigService } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { InferenceService } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ModelRegistryService } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { MonitoringService } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { http } from "../../gen/ts/google/api/annotations_pb.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { startTestService, type TestService } from "../support/start-service.ts";

/** Every route that the proto files define. */
const routes = [InferenceService, ModelRegistryService, ConfigService, MonitoringService].flatMap((definition) =>
  definition.methods.flatMap((method) => {
    const { pattern } = getOption(method, http);
    return pattern.case === undefined ? [] : [{ verb: pattern.case.toUpperCase(), path: pattern.value }];
  }),
);

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
  await post("/predict", allowedJson());
});
afterAll(() => service[Symbol.asyncDispose]());

/** A request of the former system's clients: bare arrays, snake_case, keys nobody reads. */
function allowedJson() {
  const { symbol, timeframe, features } = createPredictRequest();
  return {
    symbol,
    timeframe,
    features: Object.fromEntries(Object.entries(features).map(([name, { values }]) => [name, values])),
    qse_output: {
      validation: {
        signal_validity_flag: true,
        autocorr_check_passed: true,
        stationarity_check_passed: true,
        distribution_check_passed: true,
        confidence: "not read",
      },
      metrics: { trend_persistence_score: 0.6 },
      regime: { efficiency_ratio: 0.5, correlation_regime: "NORMAL" },
    },
    client_version: "not read",
  };
}

function post(path: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(service.url + path, { method: "POST", headers, body: JSON.stringify(body) });
}

/** Values replaced by what they are, so that a shape can be written down. */
function shapeOf(json: unknown): unknown {
  if (Array.isArray(json)) return json.length === 0 ? [] : [shapeOf(json[0])];
  if (typeof json === "object" && json !== null) {
    return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, shapeOf(value)]));
  }
  return json === null ? "null" : typeof json;
}

const modelRef = { name: "string", version: "string", sha256: "string" };
const gate = {
  name: "string",
  passed: "boolean",
  value: "number",
  threshold: "number",
  margin: "number",
  message: "string",
};
const prediction = {
  regime: {
    regime_label: "string",
    regime_confidence: "number",
    prob_trending: "number",
    prob_ranging: "number",
    prob_stressed: "number",
    efficiency_ratio: "number",
    volatility_percentile: "number",
    correlation_regime: "string",
    regime_stable: "boolean",
    recent_labels: ["string"],
  },
  signal: {
    momentum_success_prob: "number",
    should_enter: "boolean",
    should_exit: "boolean",
    confidence_level: "string",
    top_features: {
      momentum_score: "number",
      trend_persistence_score: "number",
      trend_consistency: "number",
      regime: "number",
      autocorr_check: "number",
    },
    explanation: {
      base: "number",
      contributions: [{ name: "string", value: "number", contribution: "number" }],
      unit: "string",
      note: "string",
    },
  },
  allow_trade: "boolean",
  decision_reasons: ["string"],
  gates: [gate],
};

it("answers POST /predict in the former shape, and more", async () => {
  const response = await post("/predict", allowedJson());
  expect(response.status).toBe(200);
  const json = await response.json();
  expect(shapeOf(json)).toEqual({
    prediction_id: "string",
    symbol: "string",
    timeframe: "string",
    bar_index: "number",
    timestamp: "string",
    prediction,
    regime_model: modelRef,
    signal_model: modelRef,
    config_hash: "string",
    ml_version: "string",
    processing_time_ms: "number",
    missing_inputs: [],
    request_id: "string",
  });
  expect(json).toMatchObject({ symbol: "EURUSD", prediction: { allow_trade: true } });
});

it("answers POST /batch_predict with one entry a symbol, errors in place", async () => {
  const { features, qse_output: qse } = allowedJson();
  const body = {
    symbols: ["EURUSD", "GBPUSD"],
    timeframe: "4H",
    features: { EURUSD: features },
    qse_outputs: { EURUSD: qse },
  };
  const response = await post("/batch_predict", body);
  expect(response.status).toBe(200);
  expect(shapeOf(await response.json())).toEqual({
    EURUSD: {
      prediction_id: "string",
      timestamp: "string",
      prediction,
      config_hash: "string",
      processing_time_ms: "number",
      regime_model: modelRef,
      signal_model: modelRef,
      missing_inputs: [],
    },
    GBPUSD: { error: { code: "string", message: "string", details: [expect.anything()] } },
  });
});

/** Maps whose keys are data rather than fields. */
const counts = expect.objectContaining({});
/** More may come; what clients know must stay. */
const metrics = expect.objectContaining({
  total_predictions: "number",
  allowed: "number",
  suppressed: "number",
  allow_rate: "number",
  suppression_rate: "number",
  avg_processing_time_ms: "number",
  p50_processing_time_ms: "number",
  p95_processing_time_ms: "number",
  p99_processing_time_ms: "number",
  max_processing_time_ms: "number",
  regime_distribution: counts,
  avg_regime_confidence: "number",
  min_regime_confidence: "number",
  avg_signal_probability: "number",
  symbol_distribution: counts,
  timeframe_distribution: counts,
  gate_failures: counts,
  confidence_levels: counts,
  unstable_regime_share: "number",
  missing_inputs: counts,
  errors: counts,
  predictions_per_hour: "number",
  uptime_seconds: "number",
  config_hash: "string",
  model_versions: { regime_classifier: "string", signal_filter: "string" },
  audit_queue_depth: "number",
  audit_last_sync_ms: "number",
});
const modelVersion = expect.objectContaining({ model_name: "string", version: "string", sha256: "string" });

describe("GET answers in the documented shape", () => {
  it.each<[path: string, shape: unknown]>([
    ["/", { service: "string", version: "string", status: "string", endpoints: counts }],
    [
      "/health",
      {
        status: "string",
        components: { ml_engine: "boolean", monitor: "boolean", registry: "boolean", audit_log: "boolean" },
        config_hash: "string",
        uptime_seconds: "number",
        halts: [],
      },
    ],
    ["/health/ready", { status: "string" }],
    [
      "/status",
      expect.objectContaining({
        status: "string",
        config_hash: "string",
        total_predictions: "number",
        audit: expect.objectContaining({ healthy: "boolean", last_seq: "number", last_hash: "string" }),
      }),
    ],
    ["/models/list", { timestamp: "string", models: [modelVersion] }],
    ["/models/signal_filter/versions", { model_name: "string", versions: [modelVersion] }],
    ["/models/signal_filter/versions/v1.0.0_rule_based", { model: modelVersion }],
    [
      "/config",
      {
        config: expect.objectContaining({
          regime: expect.objectContaining({ min_confidence: "number", use_ml_model: "boolean" }),
          signal_filter: expect.objectContaining({ entry_threshold: "number", allowed_regimes: ["string"] }),
          alert_rules: [expect.objectContaining({ name: "string", severity: "string" })],
        }),
        config_hash: "string",
      },
    ],
    ["/metrics", { timestamp: "string", metrics }],
    ["/metrics/decisions?limit=1", { timestamp: "string", count: "number", decisions: [counts] }],
    ["/alerts", { timestamp: "string", count: "number", alerts: [] }],
    ["/alerts/rules", [expect.objectContaining({ name: "string", threshold: "number" })]],
  ])("%s", async (path, shape) => {
    const response = await fetch(service.url + path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(shapeOf(await response.json())).toEqual(shape);
  });

  it("/metrics for a scraper, and /metrics/prometheus for everybody", async () => {
    const accept = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1";
    const scraped = await fetch(`${service.url}/metrics`, { headers: { accept } });
    const asked = await fetch(`${service.url}/metrics/prometheus`);
    for (const response of [scraped, asked]) {
      expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
      expect(await response.text()).toMatch(
        /^ml_layer_decisions_total\{regime="TRENDING",decision="allow"[^}]*\} [1-9]/m,
      );
    }
  });
});

describe("refusals", () => {
  it.each(routes)("$verb $path is answered, or says that this release cannot", async ({ verb, path }) => {
    const response = await fetch(service.url + path.replaceAll(/\{\w+\}/g, "absent"), {
      method: verb,
      ...(verb === "GET" || verb === "DELETE" ? {} : { body: "{}", headers: { "content-type": "application/json" } }),
    });
    expect([200, 400, 404, 501]).toContain(response.status);
    if (response.status === 200) return;
    const refusal = await response.json();
    expect(refusal).toMatchObject({
      code: {
        400: expect.stringMatching(/^(invalid_argument|failed_precondition)$/),
        404: "not_found",
        501: "unimplemented",
      }[response.status],
      details: expect.arrayContaining([expect.objectContaining({ domain: "ml.arbitrex" })]),
    });
    if (response.status !== 501) return;
    expect(refusal).toMatchObject({
      message: expect.stringMatching(/ is not part of this release; see CHANGELOG\.md$/),
    });
  });

  it.each([
    ["GET", "/predict", "POST"],
    ["DELETE", "/config", "GET, HEAD, PUT"],
    ["PUT", "/alerts", "DELETE, GET, HEAD"],
  ])("%s %s is 405 and says what is allowed", async (method, path, allow) => {
    const response = await fetch(service.url + path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe(allow);
    expect(await response.json()).toMatchObject({ code: "unimplemented", message: expect.stringContaining(allow) });
  });

  it.each(["/nothing", "/predict/", "/models", "/PREDICT"])("GET %s is 404", async (path) => {
    const response = await fetch(service.url + path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      code: "not_found",
      details: expect.arrayContaining([expect.objectContaining({ reason: "NOT_FOUND", domain: "ml.arbitrex" })]),
    });
  });

  it.each(["/models/absent/versions", "/models/signal_filter/versions/v9.9.9"])("GET %s is 404", async (path) => {
    const response = await fetch(service.url + path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      code: "not_found",
      details: expect.arrayContaining([
        expect.objectContaining({ "@type": "type.googleapis.com/google.rpc.ResourceInfo" }),
      ]),
    });
  });
});
