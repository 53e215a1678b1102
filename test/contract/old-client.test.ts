/**
 * Clients of former releases: their generated code is made anew from the API as it was frozen at each release, and knows nothing
 * of what came later.
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  createFileRegistry,
  type DescMethod,
  type DescMethodBiDiStreaming,
  type DescMethodUnary,
  type FileRegistry,
  fromBinary,
  fromJson,
  fromJsonString,
  type JsonValue,
  toJson,
  toJsonString,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InferenceService } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { predictJson } from "../external/predict-json.ts";
import { startTestService, type TestService } from "../support/start-service.ts";

const folder = new URL("../fixtures/api/", import.meta.url);
const releases = readdirSync(folder).filter((name) => name.endsWith(".binpb"));
const apiPackage = "arbitrex.ml.v1";

/** What the details of an error say to a client that knows their types. */
const fullWindow = expect.objectContaining({ violations: [expect.objectContaining({ type: "FULL_WINDOW" })] });

it("knows at least one former release", () => {
  expect(releases).not.toEqual([]);
});

it("can freeze the API as it is now", () => {
  const target = mkdtempSync(join(tmpdir(), "ml-layer-api-"));
  try {
    const script = fileURLToPath(new URL("../../scripts/freeze-api.ts", import.meta.url));
    const written = execFileSync(process.execPath, [script, target], { encoding: "utf8" }).trim();
    const frozen = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(written)));
    expect(frozen.getService(InferenceService.typeName)?.methods.map(({ name }) => name)).toEqual(
      InferenceService.methods.map(({ name }) => name),
    );
  } finally {
    rmSync(target, { recursive: true });
  }
});

describe.each(releases)("a client generated from %s", (release) => {
  const old = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(new URL(release, folder))));
  let service: TestService;
  let transport: Transport;

  beforeAll(async () => {
    service = await startTestService();
    transport = createGrpcTransport({ baseUrl: service.url });
  });
  afterAll(() => service[Symbol.asyncDispose]());

  it("finds every method that it knows", async () => {
    const unary = [...old]
      .flatMap((type) => (type.kind === "service" && type.typeName.startsWith(apiPackage) ? type.methods : []))
      .filter(isUnary);
    expect(unary.length).toBeGreaterThan(30);
    for (const method of unary) {
      const outcome = await ask(transport, method, {}).then(
        () => "ok",
        (error: unknown) => Code[ConnectError.from(error).code],
      );
      expect([method.name, outcome]).not.toContain("Unimplemented");
      expect([method.name, outcome]).not.toContain("Internal");
    }
  });

  it("is given decisions over gRPC and gRPC-Web", async () => {
    const predict = findUnary(old, "InferenceService", "Predict");
    for (const each of [transport, createGrpcWebTransport({ baseUrl: service.url, httpVersion: "1.1" })]) {
      expect(await ask(each, predict, JSON.parse(predictJson()))).toMatchObject({
        symbol: "EURUSD",
        prediction: {
          allowTrade: true,
          regime: { regimeLabel: "TRENDING" },
          gates: [{ name: "TRADING_ENABLED" }, { name: "QSE_VALID" }, {}, {}, {}],
        },
        configHash: service.configHash,
      });
    }
  });

  it("understands JSON, what it does not know put aside", async () => {
    const { input, output } = findUnary(old, "InferenceService", "Predict");
    const response = await fetch(`${service.url}/${apiPackage}.InferenceService/Predict`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: toJsonString(input, fromJson(input, JSON.parse(predictJson()))),
    });
    const answer = fromJsonString(output, await response.text(), { ignoreUnknownFields: true });
    expect(toJson(output, answer)).toMatchObject({ symbol: "EURUSD", prediction: { allowTrade: true } });
  });

  it("is given decisions bar by bar", async () => {
    const window = JSON.parse(predictJson());
    const newest = Object.entries<{ values: number[] }>(window.features).map(([name, { values }]) => [
      name,
      { values: values.slice(-1) },
    ]);
    const append = { ...window, features: Object.fromEntries(newest) };
    const items: JsonValue[] = [
      { requestId: "1", window },
      { requestId: "2", append },
      { requestId: "3", append: { ...append, symbol: "GBPUSD" } },
    ];
    expect(await stream(transport, old, items)).toMatchObject([
      { requestId: "1", response: { barIndex: 119, prediction: { allowTrade: true } } },
      { requestId: "2", response: { barIndex: 120, prediction: { allowTrade: true } } },
      { requestId: "3", error: { code: Code.FailedPrecondition, details: expect.arrayContaining([fullWindow]) } },
    ]);
  });

  it("is told which field is wrong", async () => {
    const predict = findUnary(old, "InferenceService", "Predict");
    const error = await ask(transport, predict, {}).catch((reason: unknown) => ConnectError.from(reason));
    if (!(error instanceof ConnectError)) throw new Error("an empty request was answered");
    const [badRequest] = error.findDetails(old);
    expect(error.code).toBe(Code.InvalidArgument);
    expect(error.details.map((detail) => ("type" in detail ? detail.type : ""))).toContain("google.rpc.BadRequest");
    expect(badRequest).toBeDefined();
  });

  it("administers", async () => {
    const update = findUnary(old, "ConfigService", "UpdateConfig");
    const change = { config: { signalFilter: { entryThreshold: 0.6 } }, reason: "an old client" };
    expect(await ask(transport, update, change)).toMatchObject({ status: "success" });
    const read = findUnary(old, "ConfigService", "GetConfig");
    expect(await ask(transport, read, {})).toMatchObject({ config: { signalFilter: { entryThreshold: 0.6 } } });
    const list = findUnary(old, "ModelRegistryService", "ListModels");
    expect(await ask(transport, list, {})).toMatchObject({
      models: expect.arrayContaining([expect.objectContaining({ modelName: "signal_filter", serving: true })]),
    });
  });
});

function findMethod(registry: FileRegistry, service: string, name: string): DescMethod {
  const method = registry.getService(`${apiPackage}.${service}`)?.methods.find((each) => each.name === name);
  if (method === undefined) throw new Error(`no ${service}/${name}`);
  return method;
}

function findUnary(registry: FileRegistry, service: string, name: string): DescMethodUnary {
  const method = findMethod(registry, service, name);
  if (!isUnary(method)) throw new Error(`${name} is not unary`);
  return method;
}

function isUnary(method: DescMethod): method is DescMethodUnary {
  return method.methodKind === "unary";
}

async function ask(transport: Transport, method: DescMethodUnary, request: JsonValue): Promise<JsonValue> {
  const message = fromJson(method.input, request);
  const { message: answer } = await transport.unary(method, undefined, undefined, undefined, message);
  return toJson(method.output, answer);
}

async function stream(
  transport: Transport,
  registry: FileRegistry,
  items: readonly JsonValue[],
): Promise<readonly JsonValue[]> {
  const method = findMethod(registry, "InferenceService", "BatchPredict");
  if (!isBidirectional(method)) throw new Error("BatchPredict is no stream of both sides");
  async function* requests() {
    for (const item of items) yield fromJson(method.input, item);
  }
  const response = await transport.stream(method, undefined, undefined, undefined, requests());
  const answers: JsonValue[] = [];
  for await (const answer of response.message) answers.push(toJson(method.output, answer, { registry }));
  return answers;
}

function isBidirectional(method: DescMethod): method is DescMethodBiDiStreaming {
  return method.methodKind === "bidi_streaming";
}
