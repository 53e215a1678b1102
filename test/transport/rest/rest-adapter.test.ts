import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { type ClientHttp2Session, connect as connectHttp2, constants } from "node:http2";
import { connect as connectTcp } from "node:net";
import { deflateSync, gzipSync } from "node:zlib";
import type { Message } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { afterEach, describe, expect, it } from "vitest";
import { ConfigService } from "../../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { InferenceService } from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ModelRegistryService } from "../../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { MonitoringService } from "../../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import type { CallContext } from "../../../src/domain/call-context.ts";
import { NotFoundError, OverloadedError, UnmetConditionError } from "../../../src/domain/errors.ts";
import { drainBytesMax } from "../../../src/transport/rest/rest-answer.ts";
import type { HandlerTable } from "../../../src/transport/service-binding.ts";
import { type RestServer, type RestServerOptions, startRestServer } from "./rest-server.ts";

const prometheusAccept = "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
const started: AsyncDisposable[] = [];

afterEach(async () => {
  for (const item of started.splice(0)) await item[Symbol.asyncDispose]();
});

interface Stub {
  /** Request messages as the handlers got them. */
  readonly requests: Message[];
  readonly calls: CallContext[];
}

/** Handlers that remember what they were asked and answer with what the test says. */
function stub(answers: Readonly<Record<string, unknown>>): Stub & { readonly table: HandlerTable } {
  const requests: Message[] = [];
  const calls: CallContext[] = [];
  const table: Record<string, (request: Message, call: CallContext) => Record<string, unknown>> = {};
  for (const [name, answer] of Object.entries(answers)) {
    table[name] = (request, call) => {
      requests.push(request);
      calls.push(call);
      if (answer instanceof Error) throw answer;
      return Object(answer);
    };
  }
  return { requests, calls, table };
}

async function start(
  answers: Readonly<Record<string, unknown>>,
  options: Partial<RestServerOptions> = {},
): Promise<RestServer & Stub> {
  const stubbed = stub(answers);
  const services = [InferenceService, ModelRegistryService, ConfigService, MonitoringService];
  const server = await startRestServer({ services: services.map((service) => [service, stubbed.table]), ...options });
  started.push(server);
  return Object.assign(server, { requests: stubbed.requests, calls: stubbed.calls });
}

function post(
  server: RestServer,
  path: string,
  json: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(server.origin + path, {
    method: "POST",
    body: typeof json === "string" ? json : JSON.stringify(json),
    headers: { "content-type": "application/json", ...headers },
  });
}

describe("REST paths of the API", () => {
  it("answers POST /predict with the decision", async () => {
    const server = await start({
      predict: {
        symbol: "EURUSD",
        timeframe: "4H",
        timestamp: timestampFromMs(0),
        prediction: {
          regime: { regimeLabel: 1, regimeConfidence: 0.7 },
          signal: { momentumSuccessProb: 0.6, confidenceLevel: 2, topFeatures: { momentum_score: 0.09 } },
          allowTrade: true,
        },
        configHash: "00ff",
        processingTimeMs: 0.25,
      },
    });
    const response = await post(server, "/predict", {
      symbol: "EURUSD",
      timeframe: "4H",
      features: { momentum_score: [0.1, 0.2], atr: [0.5, null] },
      qse_output: { validation: { signal_validity_flag: true, vendor_flag: 1 }, metrics: {}, regime: {} },
      unheard_of: {},
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toMatchObject({
      symbol: "EURUSD",
      timeframe: "4H",
      timestamp: "1970-01-01T00:00:00Z",
      prediction: {
        regime: { regime_label: "TRENDING", regime_confidence: 0.7, regime_stable: false },
        signal: { confidence_level: "MEDIUM", should_enter: false, top_features: { momentum_score: 0.09 } },
        allow_trade: true,
        decision_reasons: [],
        gates: [],
      },
      config_hash: "00ff",
      processing_time_ms: 0.25,
    });
    expect(server.requests).toMatchObject([
      {
        $typeName: "arbitrex.ml.v1.PredictRequest",
        symbol: "EURUSD",
        features: { momentum_score: { values: [0.1, 0.2] }, atr: { values: [0.5, Number.NaN] } },
        qseOutput: { validation: { signalValidityFlag: true } },
      },
    ]);
    expect(server.reports).toMatchObject([
      { protocol: "rest", method: "arbitrex.ml.v1.InferenceService/Predict", code: "ok", requestId: "made-1" },
    ]);
    expect(server.reports[0]?.requestBytes).toBeGreaterThan(100);
  });

  it("answers POST /batch_predict by symbol, an error in the place of one that failed", async () => {
    const server = await start({
      predictSymbols: {
        results: {
          EURUSD: { prediction: {}, processingTimeMs: 0.5, configHash: "00ff" },
          GBPUSD: { error: { code: 3, message: "features: none given" } },
        },
      },
    });
    const response = await post(server, "/batch_predict", {
      symbols: ["EURUSD", "GBPUSD"],
      timeframe: "4H",
      features: { EURUSD: { atr: [1, 2] } },
      qse_outputs: { EURUSD: { validation: {} }, GBPUSD: null },
    });
    expect(await response.json()).toEqual({
      EURUSD: {
        prediction: { allow_trade: false, decision_reasons: [], gates: [] },
        processing_time_ms: 0.5,
        config_hash: "00ff",
        missing_inputs: [],
      },
      GBPUSD: { error: { code: "invalid_argument", message: "features: none given", details: [] } },
    });
    expect(server.requests).toMatchObject([
      { symbols: ["EURUSD", "GBPUSD"], features: { EURUSD: { features: { atr: { values: [1, 2] } } } } },
    ]);
  });

  it.each<[name: string, method: string, path: string, body: unknown, request: object, answer: object, json: object]>([
    [
      "getHealth",
      "GET",
      "/health",
      undefined,
      {},
      { status: "healthy", components: { ml_engine: true }, uptimeSeconds: 5 },
      { status: "healthy", components: { ml_engine: true }, config_hash: "", uptime_seconds: 5, halts: [] },
    ],
    [
      "listModels",
      "GET",
      "/models/list",
      undefined,
      {},
      { models: [{ modelName: "x", version: "v1", sizeBytes: 5n }] },
      { models: [{ model_name: "x", version: "v1", size_bytes: 5, state: "UNKNOWN", aliases: [], serving: false }] },
    ],
    ["getModel", "GET", "/models/a%2Fb/versions/v1.0.0", undefined, { modelName: "a/b", version: "v1.0.0" }, {}, {}],
    [
      "deleteModel",
      "DELETE",
      "/models/x/v1?actor=me",
      undefined,
      { modelName: "x", version: "v1", actor: "me" },
      { status: "success" },
      { status: "success" },
    ],
    [
      "setModelAlias",
      "POST",
      "/models/x/v1/alias",
      { alias: "champion", model_name: "x" },
      { modelName: "x", version: "v1", alias: "champion" },
      {},
      { status: "" },
    ],
    [
      "registerModel",
      "POST",
      "/models/register",
      { model_name: "x", model_path: "incoming/x.onnx", metadata: { auc: 0.7 } },
      { modelName: "x", source: { case: "modelPath", value: "incoming/x.onnx" }, metadata: { auc: 0.7 } },
      { status: "success" },
      { status: "success" },
    ],
    [
      "getConfig",
      "GET",
      "/config",
      undefined,
      {},
      { config: { signalFilter: { allowedRegimes: { labels: [1] } } }, configHash: "ab" },
      { config: { signal_filter: { allowed_regimes: ["TRENDING"] } }, config_hash: "ab" },
    ],
    [
      "updateConfig",
      "PUT",
      "/config?dry_run=True&expected_config_hash=ab",
      { signal_filter: { use_ml_model: true } },
      { config: { signalFilter: { useMlModel: true } }, dryRun: true, expectedConfigHash: "ab" },
      { status: "dry_run" },
      { status: "dry_run", changed_keys: [], flips: [] },
    ],
    ["updateConfig", "PUT", "/config", undefined, { dryRun: false }, {}, {}],
    [
      "listDecisions",
      "GET",
      "/metrics/decisions?limit=10&allowed=0&regime=TRENDING&since=2026-01-31T09:30:00Z",
      undefined,
      { limit: 10, allowed: false, regime: 1, since: { seconds: 1769851800n } },
      { count: 0 },
      { count: 0, decisions: [] },
    ],
    ["getPerformanceSummary", "GET", "/metrics/summary?hours=1.5", undefined, { hours: 1.5 }, {}, { hours: 0 }],
    [
      "clearAlerts",
      "DELETE",
      "/alerts?severity=critical",
      undefined,
      { severity: 3 },
      { cleared: 2 },
      { status: "", cleared: 2 },
    ],
    [
      "listAlertRules",
      "GET",
      "/alerts/rules",
      undefined,
      {},
      { rules: [{ name: "a" }] },
      [{ name: "a", comparison: "UNKNOWN" }],
    ],
    [
      "createAlertRule",
      "POST",
      "/alerts/rules",
      { name: "a", comparison: "LESS_THAN" },
      { rule: { name: "a", comparison: 2 } },
      {},
      { config_hash: "" },
    ],
    ["updateAlertRule", "PATCH", "/alerts/rules/a%20b", { enabled: false }, { name: "a b", enabled: false }, {}, {}],
    [
      "recordOutcomes",
      "POST",
      "/outcomes",
      [{ prediction_id: "p", success: true }],
      { outcomes: [{ predictionId: "p" }] },
      { recorded: 1 },
      { recorded: 1, duplicates: 0, refused: [] },
    ],
    ["reset", "POST", "/reset", undefined, {}, { status: "success" }, { status: "success", message: "" }],
    [
      "haltTrading",
      "POST",
      "/trading/halt",
      { scope: "SYMBOL", target: "EURUSD" },
      { scope: 2, target: "EURUSD" },
      {},
      { halts: [] },
    ],
  ])("serves %s at %s %s", async (name, method, path, body, request, answer, json) => {
    const server = await start({ [name]: answer });
    const response = await fetch(
      server.origin + path,
      body === undefined
        ? { method }
        : { method, body: JSON.stringify(body), headers: { "content-type": "application/json; charset=utf-8" } },
    );
    expect(await response.json()).toMatchObject(json);
    expect(response.status).toBe(200);
    expect(server.requests).toMatchObject([request]);
  });

  it("writes an HttpBody as it is", async () => {
    const server = await start({
      getPrometheusMetrics: { contentType: "text/plain; version=0.0.4", data: Buffer.from("up 1\n") },
    });
    const response = await fetch(`${server.origin}/metrics/prometheus`);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4");
    expect(await response.text()).toBe("up 1\n");
  });

  it.each([
    ["a scraper", prometheusAccept, "up 1\n", "GetPrometheusMetrics"],
    ["anybody else", "*/*", '{"metrics":{', "GetMetrics"],
  ])("answers GET /metrics to %s", async (_who, accept, beginning, method) => {
    const server = await start({
      getMetrics: { metrics: {} },
      getPrometheusMetrics: { contentType: "text/plain", data: Buffer.from("up 1\n") },
    });
    const response = await fetch(`${server.origin}/metrics`, { headers: { accept } });
    expect((await response.text()).slice(0, beginning.length)).toBe(beginning);
    expect(response.headers.get("vary")).toBe("accept");
    expect(server.reports).toMatchObject([{ method: `arbitrex.ml.v1.MonitoringService/${method}`, code: "ok" }]);
  });
});

describe("REST answers", () => {
  it("carry the caller's request id, or one made here, and are not kept", async () => {
    const server = await start({ getHealth: { status: "healthy" } });
    const named = await fetch(`${server.origin}/health`, { headers: { "x-request-id": "mine-1" } });
    expect(named.headers.get("x-request-id")).toBe("mine-1");
    expect(server.calls[0]?.requestId).toBe("mine-1");
    const unnamed = await fetch(`${server.origin}/health`);
    expect(unnamed.headers.get("x-request-id")).toBe("made-1");
    expect(unnamed.headers.get("cache-control")).toBe("no-store");
    expect(unnamed.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("have no body for HEAD", async () => {
    const server = await start({ getHealth: { status: "healthy" } });
    const got = await fetch(`${server.origin}/health`);
    const head = await fetch(`${server.origin}/health`, { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(head.headers.get("content-length")).toBe(got.headers.get("content-length"));
    expect(await head.text()).toBe("");
  });

  it("show an error with its code, its details and Connect's HTTP status", async () => {
    const server = await start({ getModel: new NotFoundError("model_version", "x/v9") });
    const response = await fetch(`${server.origin}/models/x/versions/v9`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      code: "not_found",
      message: "no such model version: x/v9",
      details: [
        {
          "@type": "type.googleapis.com/google.rpc.ErrorInfo",
          reason: "NOT_FOUND",
          domain: "ml.arbitrex",
          metadata: {},
        },
        {
          "@type": "type.googleapis.com/google.rpc.ResourceInfo",
          resource_type: "model_version",
          resource_name: "x/v9",
          owner: "",
          description: "no such model version: x/v9",
        },
      ],
    });
    expect(server.reports).toMatchObject([{ code: "not_found" }]);
  });

  it("say when to come back", async () => {
    const server = await start({ getHealth: new OverloadedError("full", 1_200) });
    const response = await fetch(`${server.origin}/health`);
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("2");
  });

  it.each<[what: string, answer: unknown, status: number, code: string]>([
    [
      "a condition that is not met",
      new UnmetConditionError([{ type: "A", subject: "b", description: "c" }]),
      400,
      "failed_precondition",
    ],
    ["a bug", new Error("secret"), 500, "internal"],
    ["an answer that cannot be written", { status: 5 }, 500, "internal"],
    ["a type that is no header", { contentType: "text/plain\n" }, 500, "internal"],
  ])("name %s and report it once", async (_what, answer, status, code) => {
    const server = await start({ getHealth: answer, getPrometheusMetrics: answer });
    const isRaw = "contentType" in Object(answer);
    const response = await fetch(`${server.origin}${isRaw ? "/metrics/prometheus" : "/health"}`);
    const body = await response.text();
    expect(response.status).toBe(status);
    expect(JSON.parse(body)).toMatchObject({ code });
    expect(body).not.toContain("secret");
    expect(server.reports).toMatchObject([{ code }]);
  });

  it("say that nobody implements an RPC", async () => {
    const server = await start({});
    const response = await fetch(`${server.origin}/health`);
    expect(response.status).toBe(501);
    expect(server.reports).toMatchObject([
      { code: "unimplemented", method: "arbitrex.ml.v1.MonitoringService/GetHealth" },
    ]);
  });
});

describe("REST refusals", () => {
  it.each([
    ["GET", "/nothing"],
    ["GET", "/health/"],
    ["GET", "/%"],
    ["GET", "/models/%zz/versions"],
    ["DELETE", "/nothing"],
    ["GET", "//health"],
    ["GET", "/__proto__"],
  ])("answer %s %s with 404", async (method, path) => {
    const server = await start({});
    const response = await fetch(server.origin + path, { method });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: "not_found", message: `no such path: ${path}` });
    expect(response.headers.get("x-request-id")).toBe("made-1");
    expect(server.reports).toMatchObject([
      { protocol: "rest", method: "unknown", code: "not_found", requestId: "made-1" },
    ]);
  });

  it.each([
    ["GET", "/predict", "POST"],
    ["POST", "/health", "GET, HEAD"],
    ["PUT", "/alerts/rules/x", "DELETE, PATCH"],
    ["OPTIONS", "/config", "GET, HEAD, PUT"],
  ])("answer %s %s with 405 and the methods there are", async (method, path, allow) => {
    const server = await start({});
    const response = await fetch(server.origin + path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe(allow);
    expect(await response.json()).toMatchObject({ code: "unimplemented" });
    expect(server.reports).toMatchObject([{ method: "unknown", code: "unimplemented" }]);
  });

  it.each([
    ["text/plain", undefined],
    ["application/x-www-form-urlencoded", undefined],
    ["application/json; charset=latin1", undefined],
    ["application/jsonx", undefined],
    ["application/json", "br"],
  ])("answer a body of type %s packed as %s with 415", async (type, encoding) => {
    const server = await start({ predict: {} });
    const response = await post(server, "/predict", "{}", {
      "content-type": type,
      ...(encoding === undefined ? {} : { "content-encoding": encoding }),
    });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ code: "invalid_argument" });
    expect(response.headers.get("accept-encoding")).toBe("gzip, deflate, identity");
    expect(server.reports).toMatchObject([
      { method: "arbitrex.ml.v1.InferenceService/Predict", code: "invalid_argument" },
    ]);
    expect(server.requests).toEqual([]);
  });

  it.each<[what: string, path: string, body: string, field: string, description: string]>([
    ["malformed JSON", "/predict", "{", "body", "malformed JSON"],
    ["text that is not UTF-8", "/predict", "\u00ff", "body", "malformed JSON: not UTF-8"],
    [
      "a wrong type",
      "/predict",
      '{"features":{"atr":[1,"abc"]}}',
      'features["atr"].values[1]',
      'expected a number, got "abc"',
    ],
    ["an array in place of an object", "/predict", "[]", "body", "expected an object, got an array"],
    ["an unknown key", "/trading/halt", '{"reson":"x"}', "reson", "unknown key"],
    ["an unknown key within a list", "/outcomes", '[{"__proto__":1}]', "outcomes[0].__proto__", "unknown key"],
    [
      "a body that contradicts the path",
      "/models/x/v1/alias",
      '{"model_name":"y"}',
      "model_name",
      "contradicts the path",
    ],
    [
      "an object that is no name",
      "/models/x/v1/alias",
      '{"modelName":{"toString":1,"valueOf":1}}',
      "modelName",
      "contradicts the path",
    ],
    ["query parameters beside a body", "/predict?symbol=x", "{}", "symbol", "unknown query parameter"],
  ])("name what is wrong: %s", async (_what, path, body, field, description) => {
    const server = await start({ predict: {}, haltTrading: {}, recordOutcomes: {}, setModelAlias: {} });
    const response = await fetch(server.origin + path, { method: "POST", body: Buffer.from(body, "latin1") });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining(`${field}: ${description}`),
      details: [
        { domain: "ml.arbitrex" },
        { field_violations: [{ field, description: expect.stringContaining(description) }] },
      ],
    });
    expect(server.reports).toMatchObject([{ code: "invalid_argument" }]);
    expect(server.requests).toEqual([]);
  });

  it.each([
    ["/alerts?severty=CRITICAL", "severty", "unknown query parameter"],
    ["/alerts?severity=", "severity", 'expected one of UNKNOWN, INFO, WARNING, CRITICAL, got ""'],
    ["/alerts?severity=INFO&severity=INFO", "severity", "given twice"],
    ["/alerts?severity.x=1", "severity.x", "unknown query parameter"],
    ["/alerts?__proto__=1", "__proto__", "unknown query parameter"],
  ])("name the wrong query parameter of DELETE %s", async (path, field, description) => {
    const server = await start({ clearAlerts: {} });
    const response = await fetch(server.origin + path, { method: "DELETE" });
    expect(await response.json()).toMatchObject({ message: `${field}: ${description}` });
    expect(server.requests).toEqual([]);
  });

  it.each([
    ["GET", "/metrics/decisions?limit=x", "limit"],
    ["GET", "/metrics/decisions?allowed=maybe", "allowed"],
    ["GET", "/metrics/decisions?since.seconds=1", "since.seconds"],
    ["DELETE", "/models/x/v1?version=v2", "version"],
    ["PUT", "/config?config.model=x", "config.model"],
    ["PUT", "/config?config.config_version=x", "config.config_version"],
  ])("name the wrong query parameter of %s %s", async (method, path, field) => {
    const server = await start({ listDecisions: {}, deleteModel: {}, updateConfig: {} });
    const response = await fetch(server.origin + path, { method });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ details: [{}, { field_violations: [{ field }] }] });
  });

  it("survive JSON nested deeper than the call stack", async () => {
    const server = await start({ predict: {}, registerModel: {} });
    const deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
    expect((await post(server, "/predict", deep)).status).toBe(400);
    expect((await post(server, "/predict", `{"unknown":${deep}}`)).status).toBe(200);
    expect((await post(server, "/models/register", `{"metadata":{"a":${deep}}}`)).status).toBe(400);
  });

  it("take a client's timeout and refuse one that is none", async () => {
    const server = await start({ getHealth: {} });
    const wrong = await fetch(`${server.origin}/health`, { headers: { "connect-timeout-ms": "1s" } });
    expect(wrong.status).toBe(400);
    const passed = await fetch(`${server.origin}/health`, { headers: { "connect-timeout-ms": "0" } });
    expect(passed.status).toBe(504);
    expect(await passed.json()).toMatchObject({ code: "deadline_exceeded" });
    const right = await fetch(`${server.origin}/health`, { headers: { "connect-timeout-ms": "60000" } });
    expect(right.status).toBe(200);
  });

  it("tell a client to come back while the service drains", async () => {
    const server = await start({ predict: {} });
    server.chain.startDraining();
    const response = await post(server, "/predict", "not even JSON");
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("1");
  });
});

describe("REST bodies", () => {
  const bodyBytesMax = 1_000;
  const symbol = (length: number) => JSON.stringify({ symbol: "x".repeat(length - '{"symbol":""}'.length) });

  it("may be as large as the limit and no larger", async () => {
    const server = await start({ predict: {} }, { bodyBytesMax });
    expect((await post(server, "/predict", symbol(bodyBytesMax))).status).toBe(200);
    const refused = await post(server, "/predict", symbol(bodyBytesMax + 1));
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({
      code: "resource_exhausted",
      message: "the request body is larger than 1000 bytes",
    });
    expect(refused.headers.has("retry-after")).toBe(true);
    expect(server.reports.map((report) => report.code)).toEqual(["ok", "resource_exhausted"]);
  });

  it("are refused by their announced length before they are sent", async () => {
    const server = await start({ predict: {} }, { bodyBytesMax });
    const headers = { "content-length": String(bodyBytesMax + 1) };
    const request = httpRequest(`${server.origin}/predict`, { method: "POST", headers });
    request.flushHeaders();
    const [response] = await once(request, "response");
    expect(response.statusCode).toBe(429);
    request.destroy();
  });

  it("are measured when no length is announced", async () => {
    const server = await start({ predict: {} }, { bodyBytesMax });
    const send = (text: string) => {
      const body = new ReadableStream({
        start(controller) {
          for (const part of text.match(/.{1,300}/g) ?? []) controller.enqueue(Buffer.from(part));
          controller.close();
        },
      });
      return fetch(`${server.origin}/predict`, { method: "POST", body, duplex: "half" });
    };
    expect((await send(symbol(bodyBytesMax))).status).toBe(200);
    expect((await send(symbol(bodyBytesMax + 1))).status).toBe(429);
  });

  it.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
  ])("may be packed with %s, and are measured unpacked", async (encoding, pack) => {
    const server = await start({ predict: {} }, { bodyBytesMax });
    const send = (body: Uint8Array<ArrayBuffer>) =>
      fetch(`${server.origin}/predict`, { method: "POST", body, headers: { "content-encoding": encoding } });
    expect((await send(pack(symbol(bodyBytesMax)))).status).toBe(200);
    expect(server.requests).toMatchObject([{ symbol: expect.stringMatching(/^x+$/) }]);
    const bomb = pack(symbol(100_000));
    expect(bomb.byteLength).toBeLessThan(bodyBytesMax);
    expect((await send(bomb)).status).toBe(429);
    const broken = await send(new Uint8Array([1, 2, 3]));
    expect(broken.status).toBe(400);
    expect(await broken.json()).toMatchObject({ message: `body: cannot be unpacked as ${encoding}` });
  });

  it("are read whole when they come in pieces, even within a character", async () => {
    const server = await start({ predict: {} });
    const body = Buffer.from('{"symbol":"é-1"}');
    const request = httpRequest(`${server.origin}/predict`, { method: "POST" });
    // Every write is a chunk of its own, and every chunk a piece.
    request.write(body.subarray(0, body.indexOf(0xc3) + 1));
    request.end(body.subarray(body.indexOf(0xc3) + 1));
    const [response] = await once(request, "response");
    expect(response.resume().statusCode).toBe(200);
    expect(server.requests).toMatchObject([{ symbol: "é-1" }]);
  });

  it("are answered with every header once, the service's own and those that a closing server adds", async () => {
    const server = await start({ predict: {} });
    const headers = { connection: "close", "content-type": "application/json" };
    const request = httpRequest(`${server.origin}/predict`, { method: "POST", headers }).end("{}");
    const [response] = await once(request, "response");
    const names = response.resume().rawHeaders.filter((_: string, index: number) => index % 2 === 0);
    expect(names.map((name: string) => name.toLowerCase()).toSorted()).toEqual([
      "cache-control",
      "connection",
      "content-length",
      "content-type",
      "date",
      "x-content-type-options",
      "x-request-id",
    ]);
  });

  it("that stop coming end the call at its deadline", async () => {
    const server = await start({ predict: {} });
    const request = httpRequest(`${server.origin}/predict`, {
      method: "POST",
      headers: { "connect-timeout-ms": "20" },
    });
    request.write("{");
    const [response] = await once(request, "response");
    expect(response.statusCode).toBe(504);
    request.destroy();
    expect(server.reports).toMatchObject([{ code: "deadline_exceeded" }]);
  });

  it("that stop coming end the call in time even when the client gave none", async () => {
    const server = await start({ predict: {} }, { bodyTimeoutMs: 20 });
    const request = httpRequest(`${server.origin}/predict`, { method: "POST" });
    request.write("{");
    const [response] = await once(request, "response");
    expect(response.statusCode).toBe(504);
    request.destroy();
  });

  it("that break off are reported as canceled", async () => {
    const server = await start({ predict: {} });
    const headers = { expect: "100-continue", "content-length": "10" };
    const request = httpRequest(`${server.origin}/predict`, { method: "POST", headers });
    request.on("error", (error) => expect(error).toHaveProperty("code", "ECONNRESET"));
    request.flushHeaders();
    await once(request, "continue");
    request.write("{");
    request.destroy();
    expect(await server.untilReports(1)).toMatchObject([{ code: "canceled" }]);
  });

  it("are asked for when the client waits to be asked", async () => {
    const server = await start({ predict: {} });
    const request = httpRequest(`${server.origin}/predict`, {
      method: "POST",
      headers: { expect: "100-continue", "content-length": "2" },
    });
    request.flushHeaders();
    await once(request, "continue");
    request.end("{}");
    const [response] = await once(request, "response");
    expect(response.resume().statusCode).toBe(200);
  });

  it("that are refused unread leave the connection usable", async () => {
    const server = await start({ predict: {} }, { bodyBytesMax });
    const socket = connectTcp(server.port, "127.0.0.1");
    const body = "x".repeat(50_000);
    socket.write(`POST /predict HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    socket.write("GET /nothing HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    let received = "";
    for await (const chunk of socket) received += chunk;
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 429", "HTTP/1.1 404"]);
  });
});

describe("REST bodies that nobody reads", () => {
  async function sendUnread(bytes: number): Promise<boolean> {
    const server = await start({});
    const request = httpRequest(`${server.origin}/nothing`, { method: "POST" });
    const gone = Promise.withResolvers<boolean>();
    request.on("error", () => gone.resolve(true));
    request.on("finish", () => gone.resolve(false));
    request.end(Buffer.alloc(bytes));
    return gone.promise;
  }

  it("are let through up to a limit, then the connection is given up", async () => {
    expect(await sendUnread(drainBytesMax - 65_536)).toBe(false);
    expect(await sendUnread(drainBytesMax * 2)).toBe(true);
  });
});

describe("REST clients that go away", () => {
  it("fire the signal of the call", async () => {
    let gone: Promise<unknown> | undefined;
    const entered = Promise.withResolvers<void>();
    const server = await start(
      {},
      {
        services: [
          [
            MonitoringService,
            {
              async getHealth(_request: Message, call: CallContext) {
                gone = once(call.signal, "abort");
                entered.resolve();
                await gone;
                throw call.signal.reason;
              },
            },
          ],
        ],
      },
    );
    const request = httpRequest(`${server.origin}/health`);
    request.on("error", (error) => expect(error).toHaveProperty("code", "ECONNRESET"));
    request.end();
    await entered.promise;
    request.destroy();
    await gone;
    expect(await server.untilReports(1)).toMatchObject([{ code: "canceled" }]);
  });
});

describe("REST over HTTP/2", () => {
  async function exchange(session: ClientHttp2Session, headers: Record<string, string>, body?: string) {
    const stream = session.request(headers);
    stream.end(body);
    const [received] = await once(stream, "response");
    let text = "";
    for await (const chunk of stream) text += chunk;
    return { status: received[":status"], headers: received, text };
  }

  async function connect(server: RestServer): Promise<ClientHttp2Session> {
    const session = connectHttp2(server.origin);
    started.unshift({ [Symbol.asyncDispose]: async () => session.destroy() });
    await once(session, "connect");
    return session;
  }

  it("answers like HTTP/1.1", async () => {
    const server = await start(
      { predict: { symbol: "EURUSD" }, getHealth: {} },
      { protocol: "h2c", bodyBytesMax: 1_000 },
    );
    const session = await connect(server);
    const predicted = await exchange(session, { ":method": "POST", ":path": "/predict" }, '{"symbol":"EURUSD"}');
    expect(predicted).toMatchObject({ status: 200, text: expect.stringContaining('"symbol":"EURUSD"') });
    const head = await exchange(session, { ":method": "HEAD", ":path": "/health" });
    expect(head).toMatchObject({ status: 200, text: "" });
    expect(await exchange(session, { ":method": "PUT", ":path": "/health" })).toMatchObject({ status: 405 });
    expect(await exchange(session, { ":method": "GET", ":path": "/%" })).toMatchObject({ status: 404 });
    const large = await exchange(session, { ":method": "POST", ":path": "/predict" }, "x".repeat(200_000));
    expect(large).toMatchObject({ status: 429 });
  });

  it("outlives a stream that its client resets with an error", async () => {
    const entered = Promise.withResolvers<void>();
    const waiting: HandlerTable = {
      async getHealth(_request: Message, call: CallContext) {
        const gone = once(call.signal, "abort");
        entered.resolve();
        await gone;
        throw call.signal.reason;
      },
      getMetrics: () => ({}),
    };
    const server = await start({}, { protocol: "h2c", services: [[MonitoringService, waiting]] });
    const session = await connect(server);
    const stream = session.request({ ":method": "GET", ":path": "/health" });
    stream.on("error", (error) => expect(error).toHaveProperty("code", "ERR_HTTP2_STREAM_ERROR"));
    await entered.promise;
    stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    expect(await server.untilReports(1)).toMatchObject([{ code: "canceled" }]);
    expect(await exchange(session, { ":method": "GET", ":path": "/metrics" })).toMatchObject({ status: 200 });
  });

  it("reports a body that is reset once, and serves on", async () => {
    const server = await start({ predict: {} }, { protocol: "h2c" });
    const session = await connect(server);
    const stream = session.request({ ":method": "POST", ":path": "/predict" });
    stream.write('{"symbol":"EURUSD"}');
    const ping = Promise.withResolvers<void>();
    session.ping(() => ping.resolve());
    await ping.promise;
    // Unlike close(), which ends the body properly before it resets the stream.
    stream.destroy();
    expect(await server.untilReports(1)).toMatchObject([{ code: "canceled" }]);
    expect(await exchange(session, { ":method": "POST", ":path": "/predict" }, "{}")).toMatchObject({ status: 200 });
  });
});
