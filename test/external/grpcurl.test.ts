/** An operator with grpcurl and no proto file: everything is known by reflection. */

import { beforeEach, describe, expect, it } from "vitest";
import { startTestService } from "../support/start-service.ts";
import { requireTool, runTool } from "./external-tool.ts";
import { predictJson } from "./predict-json.ts";

const predictMethod = "arbitrex.ml.v1.InferenceService/Predict";

describe("grpcurl", () => {
  beforeEach(({ skip }) => requireTool(skip, "grpcurl", "-version"));

  it("lists the services", async () => {
    await using service = await startTestService();
    const { stdout } = await runTool("grpcurl", "-plaintext", `127.0.0.1:${service.port}`, "list");
    expect(stdout.trim().split("\n")).toEqual([
      "arbitrex.ml.v1.ConfigService",
      "arbitrex.ml.v1.InferenceService",
      "arbitrex.ml.v1.ModelRegistryService",
      "arbitrex.ml.v1.MonitoringService",
      "grpc.health.v1.Health",
      "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1alpha.ServerReflection",
    ]);
  });

  it("describes a message", async () => {
    await using service = await startTestService();
    const address = `127.0.0.1:${service.port}`;
    const { stdout } = await runTool("grpcurl", "-plaintext", address, "describe", "arbitrex.ml.v1.PredictRequest");
    expect(stdout).toContain("message PredictRequest {");
    expect(stdout).toContain("map<string, .arbitrex.ml.v1.FeatureSeries> features = 3;");
  });

  it("takes a decision", async () => {
    await using service = await startTestService();
    const address = `127.0.0.1:${service.port}`;
    const run = await runTool("grpcurl", "-plaintext", "-d", predictJson(), address, predictMethod);
    expect(run.stderr).toBe("");
    expect(JSON.parse(run.stdout)).toMatchObject({
      symbol: "EURUSD",
      prediction: { allowTrade: true, regime: { regimeLabel: "TRENDING" } },
    });
  });

  it("streams decisions", async () => {
    await using service = await startTestService();
    const items = ["one", "two"]
      .map((requestId) => `{"requestId":"${requestId}","window":${predictJson()}}`)
      .join("\n");
    const method = "arbitrex.ml.v1.InferenceService/BatchPredict";
    const { stdout } = await runTool("grpcurl", "-plaintext", "-d", items, `127.0.0.1:${service.port}`, method);
    expect([...stdout.matchAll(/^ {2}"requestId": "(\w+)"/gm)].map(([, requestId]) => requestId)).toEqual([
      "one",
      "two",
    ]);
  });

  it("shows what is wrong with a request, field by field", async () => {
    await using service = await startTestService();
    const run = await runTool("grpcurl", "-plaintext", "-d", "{}", `127.0.0.1:${service.port}`, predictMethod);
    expect(run.exitCode).toBe(64 + 3);
    expect(run.stderr).toContain("Code: InvalidArgument");
    expect(run.stderr).toContain('"@type": "type.googleapis.com/google.rpc.BadRequest"');
    expect(run.stderr).toContain('"field": "symbol"');
    expect(run.stderr).toContain('"reason": "INVALID_INPUT"');
  });

  it("asks for health", async () => {
    await using service = await startTestService();
    const method = "grpc.health.v1.Health/Check";
    const { stdout } = await runTool("grpcurl", "-plaintext", `127.0.0.1:${service.port}`, method);
    expect(JSON.parse(stdout)).toEqual({ status: "SERVING" });
  });
});
