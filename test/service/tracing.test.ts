/** Spans for an OpenTelemetry collector: one a call, in the trace of its caller, and none where nobody collects. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { create } from "@bufbuild/protobuf";
import { type Client, Metadata } from "@grpc/grpc-js";
import { describe, expect, it } from "vitest";
import { InferenceService, PredictRequestSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type { CallReport } from "../../src/domain/call-context.ts";
import { createServiceLog } from "../../src/service-log.ts";
import { startTracing } from "../../src/tracing.ts";
import { describeMethod } from "../contract/clients/grpc-js-client.ts";
import { startCollector } from "../support/otlp-collector.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { startTestService } from "../support/start-service.ts";
import { openClient, predict } from "./service-client.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";
const sampled = `00-${traceId}-${spanId}-01`;
const root = fileURLToPath(new URL("../..", import.meta.url));

const report: CallReport = {
  protocol: "grpc",
  method: "arbitrex.ml.v1.InferenceService/Predict",
  code: "ok",
  durationMs: 1.5,
  requestId: "r-1",
};

function options(endpoint: string, failures: unknown[] = []) {
  return {
    endpoint,
    serviceName: "ml-layer",
    serviceVersion: "1.2.3",
    nowMicros: () => 1_767_225_600_000_000,
    onFailure: (error: unknown) => void failures.push(error),
  };
}

describe("the span of a call", () => {
  it("says what was called, by whom, when and how it ended", async () => {
    await using collector = await startCollector();
    const tracing = startTracing(options(`${collector.url}/`));
    tracing.observe({ ...report, traceparent: sampled });
    await tracing.close();
    expect(collector.paths).toEqual(["/v1/traces"]);
    expect(collector.spans).toMatchObject([
      {
        traceId,
        parentSpanId: spanId,
        name: "arbitrex.ml.v1.InferenceService/Predict",
        kind: 2,
        startTimeUnixNano: "1767225599998500000",
        endTimeUnixNano: "1767225600000000000",
        status: { code: 0 },
        resource: { "service.name": "ml-layer", "service.version": "1.2.3" },
      },
    ]);
    expect(collector.spans[0]?.attributes).toEqual({
      "rpc.system": "grpc",
      "rpc.service": "arbitrex.ml.v1.InferenceService",
      "rpc.method": "Predict",
      "rpc.grpc.status_code": 0,
      "arbitrex.request_id": "r-1",
      "arbitrex.protocol": "grpc",
    });
  });

  it.each([
    ["ok", 0, 0],
    ["canceled", 1, 0],
    ["invalid_argument", 3, 0],
    ["deadline_exceeded", 4, 2],
    ["resource_exhausted", 8, 0],
    ["unimplemented", 12, 2],
    ["internal", 13, 2],
    ["unavailable", 14, 2],
  ])("is numbered as gRPC does and failed when the service is to blame: %s", async (code, number, status) => {
    await using collector = await startCollector();
    const tracing = startTracing(options(collector.url));
    tracing.observe({ ...report, code });
    await tracing.close();
    expect(collector.spans).toMatchObject([
      { attributes: { "rpc.grpc.status_code": number }, status: { code: status } },
    ]);
  });

  it.each([
    ["no header", undefined],
    ["a header that is not valid", sampled.toUpperCase()],
  ])("begins a trace of its own with %s", async (_name, traceparent) => {
    await using collector = await startCollector();
    const tracing = startTracing(options(collector.url));
    tracing.observe({ ...report, traceparent });
    await tracing.close();
    const [span] = collector.spans;
    expect(span?.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    expect(span?.traceId).not.toBe(traceId);
    expect(span?.parentSpanId).toBeUndefined();
  });

  it("is left out when the caller does not record its trace", async () => {
    await using collector = await startCollector();
    const tracing = startTracing(options(collector.url));
    tracing.observe({ ...report, traceparent: `00-${traceId}-${spanId}-00` });
    tracing.observe({ ...report, requestId: "r-2", traceparent: sampled });
    await tracing.close();
    expect(collector.spans).toMatchObject([{ attributes: { "arbitrex.request_id": "r-2" } }]);
  });

  it("names no service where none was called", async () => {
    await using collector = await startCollector();
    const tracing = startTracing(options(collector.url));
    tracing.observe({ ...report, protocol: "rest", method: "/docs" });
    await tracing.close();
    expect(Object.keys(collector.spans[0]?.attributes ?? {})).toEqual([
      "rpc.system",
      "rpc.grpc.status_code",
      "arbitrex.request_id",
      "arbitrex.protocol",
    ]);
  });
});

describe("a collector that takes nothing", () => {
  it("is told of once, and calls go on", async () => {
    await using collector = await startCollector(400);
    const failures: unknown[] = [];
    const tracing = startTracing(options(collector.url, failures));
    // Two batches.
    for (let count = 0; count < 600; count++) tracing.observe(report);
    await tracing.close();
    expect(collector.paths.length).toBeGreaterThan(1);
    expect(failures).toHaveLength(1);
  });

  it("costs the newest spans once the queue is full", async () => {
    await using collector = await startCollector();
    const tracing = startTracing(options(collector.url));
    for (let count = 0; count < 20_000; count++) tracing.observe(report);
    await tracing.close();
    // What was on its way when the queue filled up comes on top.
    expect(collector.spans.length).toBeLessThanOrEqual(8_192 + 512);
    expect(collector.spans.length).toBeGreaterThanOrEqual(8_192);
  });

  it("is not waited for when nobody listens", async () => {
    const collector = await startCollector();
    await collector[Symbol.asyncDispose]();
    const failures: unknown[] = [];
    const tracing = startTracing(options(collector.url, failures));
    tracing.observe(report);
    await tracing.close();
    expect(failures).toHaveLength(1);
  });
});

describe("a service with a collector", () => {
  it("sends a span for the calls of every protocol by the time it has stopped", async () => {
    await using collector = await startCollector();
    const environment = { otlpEndpoint: collector.url, otelServiceName: "desk-7" };
    await using service = await startTestService({ environment });
    const headers = { traceparent: sampled, "content-type": "application/json" };
    using client = openClient(service.port);
    await predict(client, createPredictRequest());
    await predictTraced(client);
    await fetch(`${service.url}/arbitrex.ml.v1.MonitoringService/GetHealth`, { method: "POST", headers, body: "{}" });
    await fetch(`${service.url}/health`, { headers });
    await fetch(`${service.url}/nowhere`, { headers });
    await service.stop();
    const summary = collector.spans.map(({ name, attributes, parentSpanId, resource }) => [
      name,
      attributes["arbitrex.protocol"],
      parentSpanId,
      resource["service.name"],
    ]);
    expect(summary).toEqual([
      ["arbitrex.ml.v1.InferenceService/Predict", "grpc", undefined, "desk-7"],
      ["arbitrex.ml.v1.InferenceService/Predict", "grpc", spanId, "desk-7"],
      ["arbitrex.ml.v1.MonitoringService/GetHealth", "connect", spanId, "desk-7"],
      ["arbitrex.ml.v1.MonitoringService/GetHealth", "rest", spanId, "desk-7"],
      ["unknown", "rest", spanId, "desk-7"],
    ]);
  });

  it("answers, and stops, without it", async () => {
    await using collector = await startCollector(400);
    let written = "";
    const log = createServiceLog("error", {
      write: (line) => {
        written += line;
      },
    });
    await using service = await startTestService({ log, environment: { otlpEndpoint: collector.url } });
    using client = openClient(service.port);
    const { answer } = await predict(client, createPredictRequest());
    expect(answer).toBeDefined();
    await service.stop();
    expect(written.trim().split("\n")).toHaveLength(1);
    expect(JSON.parse(written)).toMatchObject({ msg: "spans could not be exported" });
  });
});

describe("a service without a collector", () => {
  it.each([
    ["loads nothing of OpenTelemetry's", "", []],
    ["which it does load for one", "http://127.0.0.1:9", ["exporter-trace-otlp-http", "resources", "sdk-trace"]],
  ])("%s", (_name, endpoint, expected) => {
    const directory = mkdtempSync(join(tmpdir(), "ml-layer-tracing-"));
    try {
      const variables = { LOG_DIR: directory, CONFIG_DIR: directory, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
      const script = listLoaded({ PORT: "0", ...variables });
      const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script], { cwd: root });
      const loaded: unknown = JSON.parse(output.toString("utf8"));
      if (expected.length === 0) expect(loaded).toEqual([]);
      else expect(loaded).toEqual(expect.arrayContaining(expected));
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

/** A program that starts and stops a service and prints which of OpenTelemetry's packages were loaded meanwhile. */
function listLoaded(variables: Readonly<Record<string, string>>): string {
  return `
    import { registerHooks } from "node:module";
    const loaded = new Set();
    registerHooks({
      load(url, context, next) {
        const name = /@opentelemetry\\/([^/]+)/.exec(url)?.[1];
        // The metrics library brings the interfaces along for its exemplars.
        if (name !== undefined && name !== "api") loaded.add(name);
        return next(url, context);
      },
    });
    const { readEnvironment } = await import("./src/environment.ts");
    const { startService } = await import("./src/service.ts");
    const { createServiceLog } = await import("./src/service-log.ts");
    const log = createServiceLog("silent", { write() {} });
    const service = await startService(readEnvironment(${JSON.stringify(variables)}), { log });
    await service.stop();
    console.log(JSON.stringify([...loaded]));
  `;
}

/** A call on the lane of unary gRPC, in the caller's trace. */
function predictTraced(client: Client): Promise<void> {
  const { path, requestSerialize, responseDeserialize } = describeMethod(InferenceService.method.predict);
  const metadata = new Metadata();
  metadata.set("traceparent", sampled);
  const request = create(PredictRequestSchema, createPredictRequest());
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, metadata, (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}
