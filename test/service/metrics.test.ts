/** The metrics of a running service: JSON, Prometheus, files. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createPredictRequest } from "../support/predict-requests.ts";
import { startTestService, type TestService } from "../support/start-service.ts";
import { checkHealth, openClient, predict } from "./service-client.ts";

type Figures = Readonly<Record<string, unknown>>;

interface Answer {
  readonly hours: number;
  readonly path: string;
  readonly metrics: Figures & { readonly windows: Readonly<Record<string, Figures>> };
}

async function readJson(service: TestService, path: string, init?: RequestInit) {
  const response = await fetch(`${service.url}${path}`, init);
  const body: Answer = JSON.parse(await response.text());
  return { status: response.status, body };
}

async function readSeries(service: TestService): Promise<string[]> {
  const response = await fetch(`${service.url}/metrics/prometheus`);
  return (await response.text()).split("\n");
}

function listExports({ logDirectory }: TestService): string[] {
  return readdirSync(logDirectory).filter((name) => name.startsWith("ml_metrics_"));
}

/** Takes two decisions, one of them refused. */
async function decide(service: TestService): Promise<void> {
  using client = openClient(service.port);
  await predict(client, createPredictRequest());
  const { qseOutput: _, ...refused } = createPredictRequest();
  await predict(client, { ...refused, symbol: "GBPUSD", timeframe: "1H" });
}

const oneOfEach = { EURUSD: 1, GBPUSD: 1 };

describe("the metrics in JSON", () => {
  it("hold everything since the start and over each window", async () => {
    await using service = await startTestService();
    await decide(service);
    const { body } = await readJson(service, "/metrics");
    const decided = {
      total_predictions: 2,
      allowed: 1,
      suppressed: 1,
      allow_rate: 0.5,
      suppression_rate: 0.5,
      regime_distribution: { TRENDING: 2 },
      symbol_distribution: oneOfEach,
      gate_failures: { QSE_VALID: 1 },
    };
    expect(body.metrics).toMatchObject({
      ...decided,
      config_hash: service.configHash,
      active_alerts: 0,
      model_versions: { regime_classifier: expect.any(String), signal_filter: expect.any(String) },
    });
    expect(Object.keys(body.metrics.windows)).toEqual(["5m", "1h", "24h"]);
    for (const window of Object.values(body.metrics.windows)) expect(window).toMatchObject(decided);
  });

  it("count failed calls by their code", async () => {
    await using service = await startTestService();
    expect((await readJson(service, "/metrics/summary?hours=25")).status).toBe(400);
    const { body } = await readJson(service, "/metrics");
    expect(body.metrics["errors"]).toEqual({ invalid_argument: 1 });
    expect(body.metrics.windows["5m"]?.["errors"]).toEqual({ invalid_argument: 1 });
  });

  it.each([
    ["", 24],
    ["?hours=0.5", 0.5],
    ["?hours=24", 24],
  ])("are summed up over a window (%j)", async (query, hours) => {
    await using service = await startTestService();
    await decide(service);
    const { body } = await readJson(service, `/metrics/summary${query}`);
    expect(body.hours).toBe(hours);
    expect(body.metrics).toMatchObject({ total_predictions: 2, symbol_distribution: oneOfEach });
  });

  it.each(["-1", "24.01", "NaN", "Infinity"])("are not summed up over %s hours", async (hours) => {
    await using service = await startTestService();
    expect((await readJson(service, `/metrics/summary?hours=${hours}`)).status).toBe(400);
  });

  it("are cleared by a reset, while Prometheus counts on", async () => {
    await using service = await startTestService();
    await decide(service);
    await readJson(service, "/reset", { method: "POST", body: "{}", headers: { "content-type": "application/json" } });
    const { body } = await readJson(service, "/metrics");
    expect(body.metrics).toMatchObject({ total_predictions: 0, windows: { "24h": { total_predictions: 0 } } });
    expect(await readSeries(service)).toContain("ml_layer_regime_confidence_count 2");
  });
});

describe("the metrics as a file", () => {
  it("are written when asked for", async () => {
    await using service = await startTestService();
    await decide(service);
    const post = { method: "POST", body: "{}", headers: { "content-type": "application/json" } };
    const { body } = await readJson(service, "/metrics/export", post);
    expect(listExports(service).map((name) => join(service.logDirectory, name))).toEqual([body.path]);
    expect(body.path).toMatch(/ml_metrics_\d{8}T\d{6}\.\d{6}Z\.json$/);
    expect(JSON.parse(readFileSync(body.path, "utf8")).metrics).toMatchObject({
      total_predictions: 2,
      windows: { "5m": { symbol_distribution: oneOfEach } },
    });
  });

  it("are written when the service stops, with every decision that was answered", async () => {
    await using service = await startTestService();
    await decide(service);
    await service.stop();
    const [name = "", ...rest] = listExports(service);
    expect(rest).toEqual([]);
    const text = readFileSync(join(service.logDirectory, name), "utf8");
    expect(JSON.parse(text).metrics.total_predictions).toBe(2);
  });
});

describe("the metrics for Prometheus", () => {
  it("tell what was decided", async () => {
    await using service = await startTestService();
    await decide(service);
    using idle = openClient(service.port);
    await checkHealth(idle);
    const series = await readSeries(service);
    const { timeframe = "" } = createPredictRequest();
    for (const expected of [
      `ml_layer_decisions_total{regime="TRENDING",decision="allow",timeframe="${timeframe}"} 1`,
      'ml_layer_decisions_total{regime="TRENDING",decision="refuse",timeframe="1H"} 1',
      'ml_layer_symbol_decisions_total{symbol="EURUSD"} 1',
      'ml_layer_gate_failures_total{gate="QSE_VALID"} 1',
      'ml_layer_gate_failures_total{gate="TRADING_ENABLED"} 0',
      "ml_layer_decision_duration_seconds_count 2",
      'ml_layer_stage_duration_seconds_count{stage="audit_wait",model="",version=""} 2',
      'ml_layer_stage_duration_seconds_count{stage="read_inputs",model="",version=""} 1',
      `ml_layer_config_info{hash="${service.configHash}"} 1`,
      'ml_layer_halts{scope="service"} 0',
      "ml_layer_ready 1",
    ]) {
      expect(series).toContain(expected);
    }
    expect(series.find((line) => line.startsWith("ml_layer_http2_sessions "))).toMatch(/ [12]$/);
    const versions = ["regime_classifier", "signal_filter"].map((model) =>
      series.find((line) => line.startsWith(`ml_layer_stage_duration_seconds_count{stage="`) && line.includes(model)),
    );
    for (const line of versions) expect(line).toMatch(/version="v\d[^"]*"} 1$/);
  });

  it("count calls by protocol, method and code", async () => {
    await using service = await startTestService();
    await decide(service);
    await readJson(service, "/metrics/summary?hours=25");
    await fetch(`${service.url}/no/such/path`);
    const counts = (await readSeries(service)).filter((line) => line.startsWith("ml_layer_rpc_duration_seconds_count"));
    const method = (name: string) => `arbitrex.ml.v1.${name}`;
    expect(counts).toEqual(
      expect.arrayContaining([
        `ml_layer_rpc_duration_seconds_count{protocol="grpc",method="${method("InferenceService/Predict")}",code="ok"} 2`,
        `ml_layer_rpc_duration_seconds_count{protocol="rest",method="${method("MonitoringService/GetPerformanceSummary")}",code="invalid_argument"} 1`,
        expect.stringContaining('method="unknown",code="not_found"'),
      ]),
    );
  });

  it("count changes of models that failed", async () => {
    await using service = await startTestService();
    const body = JSON.stringify({ alias: "champion", actor: "tester" });
    const post = { method: "POST", body, headers: { "content-type": "application/json" } };
    expect((await readJson(service, "/models/signal_filter/v9.9.9/alias", post)).status).toBe(404);
    expect(await readSeries(service)).toContain('ml_layer_model_changes_total{action="set_alias",result="failed"} 1');
  });

  it("keep buckets cumulative and equal to the count at the end", async () => {
    await using service = await startTestService();
    await decide(service);
    const prefix = "ml_layer_decision_duration_seconds_bucket{le=";
    const buckets = (await readSeries(service)).filter((line) => line.startsWith(prefix));
    const counts = buckets.map((line) => Number(line.split(" ")[1]));
    expect(buckets[0]).toContain('le="0.00001"');
    expect(buckets.at(-1)).toBe(`${prefix}"+Inf"} 2`);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  });

  it("have at least 25 families of their own, without a symbol past the cap", async () => {
    await using service = await startTestService();
    using client = openClient(service.port);
    for (let index = 0; index < 53; index++) {
      await predict(client, { ...createPredictRequest(), symbol: `S${index}` });
    }
    const series = await readSeries(service);
    expect(series.filter((line) => line.startsWith("# TYPE ml_layer_")).length).toBeGreaterThanOrEqual(25);
    const symbols = series.filter((line) => line.startsWith("ml_layer_symbol_decisions_total{"));
    expect(symbols).toHaveLength(51);
    expect(symbols.at(-1)).toBe('ml_layer_symbol_decisions_total{symbol="other"} 3');
  });
});
