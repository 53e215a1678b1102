/** `buf curl`, a Go client of all three RPC protocols, with the schema from reflection. */

import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { startTestService } from "../support/start-service.ts";
import { runTool, type ToolRun } from "./external-tool.ts";
import { predictJson } from "./predict-json.ts";

const buf = fileURLToPath(new URL("../../node_modules/.bin/buf", import.meta.url));
const predictMethod = "arbitrex.ml.v1.InferenceService/Predict";

// Reflection is a stream of both sides, which needs HTTP/2; over HTTP/1.1 the schema comes from the proto files.
const dresses: readonly [name: string, args: readonly string[]][] = [
  ["gRPC", ["--protocol", "grpc", "--http2-prior-knowledge", "--reflect-protocol", "grpc-v1"]],
  ["gRPC, older reflection", ["--protocol", "grpc", "--http2-prior-knowledge", "--reflect-protocol", "grpc-v1alpha"]],
  ["gRPC-Web over HTTP/2", ["--protocol", "grpcweb", "--http2-prior-knowledge"]],
  ["Connect over HTTP/2", ["--protocol", "connect", "--http2-prior-knowledge"]],
  ["gRPC-Web over HTTP/1.1", ["--protocol", "grpcweb", "--schema", "."]],
  ["Connect over HTTP/1.1", ["--protocol", "connect", "--schema", "."]],
];

function curl(url: string, method: string, data: string, args: readonly string[]): Promise<ToolRun> {
  return runTool(buf, "curl", ...args, "--data", data, `${url}/${method}`);
}

describe.each(dresses)("buf curl, %s", (_name, args) => {
  it("takes a decision", async () => {
    await using service = await startTestService();
    const run = await curl(service.url, predictMethod, predictJson(), args);
    expect(run.stderr).toBe("");
    expect(JSON.parse(run.stdout)).toMatchObject({ symbol: "EURUSD", prediction: { allowTrade: true } });
  });

  it("reads what is wrong with a request", async () => {
    await using service = await startTestService();
    const run = await curl(service.url, predictMethod, "{}", args);
    expect(run.exitCode).not.toBe(0);
    const refusal = JSON.parse(run.stderr);
    expect(refusal).toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining("symbol: must not be"),
    });
    const types = refusal.details.map(({ type }: { readonly type: string }) => type);
    expect(types).toEqual(["google.rpc.ErrorInfo", "google.rpc.BadRequest"]);
  });
});

it("streams decisions over gRPC", async () => {
  await using service = await startTestService();
  const items = ["one", "two"].map((requestId) => `{"requestId":"${requestId}","window":${predictJson()}}`).join("\n");
  const args = ["--protocol", "grpc", "--http2-prior-knowledge"];
  const run = await curl(service.url, "arbitrex.ml.v1.InferenceService/BatchPredict", items, args);
  expect(run.stderr).toBe("");
  expect([...run.stdout.matchAll(/^ {2}"requestId": "(\w+)"/gm)].map(([, requestId]) => requestId)).toEqual([
    "one",
    "two",
  ]);
});
