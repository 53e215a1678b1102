import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { ConfigService } from "../../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import {
  InferenceService,
  PredictRequestSchema,
  PredictResponseSchema,
  PredictSymbolsRequestSchema,
  PredictSymbolsResponseSchema,
} from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ModelRegistryService } from "../../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { MonitoringService } from "../../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { createOpenApiDocument } from "../../../src/transport/openapi/document.ts";
import { methodExamples } from "../../../src/transport/openapi/request-examples.ts";
import { ReadContext } from "../../../src/transport/rest/json-read-context.ts";
import { JsonReader } from "../../../src/transport/rest/json-reader.ts";
import { JsonViolations } from "../../../src/transport/rest/json-violations.ts";
import { readRestRoutes } from "../../../src/transport/rest/rest-route.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const committed: JsonObject = JSON.parse(readFileSync(`${root}gen/openapi.json`, "utf8"));

/** The value at a path of keys. */
function at(json: JsonValue | undefined, ...keys: string[]): JsonValue | undefined {
  let value: JsonValue | undefined = json;
  for (const key of keys) value = typeof value === "object" && value !== null ? Object(value)[key] : undefined;
  return value;
}

const schema = (name: string) => at(committed, "components", "schemas", name);

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1", async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(committed));
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(validator.version).toBe("3.1");
    expect(() => validator.resolveRefs()).not.toThrow();
  });

  it("is the one the proto files make", () => {
    const fileSet = execFileSync(`${root}node_modules/.bin/buf`, ["build", "-o", "-#format=binpb"], {
      cwd: root,
      maxBuffer: 64 * 1024 * 1024,
    });
    const document = createOpenApiDocument({
      fileSet,
      packageName: "arbitrex.ml.v1",
      title: String(at(committed, "info", "title")),
      description: String(at(committed, "info", "description")),
      version: JSON.parse(readFileSync(`${root}package.json`, "utf8")).version,
    });
    expect(JSON.parse(JSON.stringify(document))).toEqual(committed);
  });

  it("has every route that is served, and no other", () => {
    const routes = readRestRoutes([InferenceService, ModelRegistryService, ConfigService, MonitoringService]);
    const served = routes.map((route) => `${route.httpMethod} ${route.template.text}`);
    const described = Object.entries(Object(at(committed, "paths"))).flatMap(([path, operations]) =>
      Object.keys(Object(operations)).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(served.sort());
    expect(described).toContain("GET /models/{model_name}/versions/{version}");
  });

  it("refers to nothing that is not there", () => {
    const references = [...JSON.stringify(committed).matchAll(/"#\/([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(references.length).toBeGreaterThan(100);
    expect(references.filter((reference) => at(committed, ...reference.split("/")) === undefined)).toEqual([]);
  });

  it("has the proto comments", () => {
    expect(at(committed, "paths", "/predict", "post", "summary")).toBe(
      "Predict decides for one symbol at its newest bar",
    );
    expect(at(schema("PredictRequest"), "properties", "symbol", "description")).toBe(
      "Instrument, e.g. EURUSD. Required, at most 64 characters.",
    );
    expect(at(schema("RegimePrediction.Label"), "description")).toContain("- RANGING: Sideways movement.");
    expect(at(schema("QseOutput.Metrics"), "properties", "z_score", "description")).toContain("Standard score");
  });

  it("shows wrapped lists and maps bare", () => {
    expect(schema("FeatureSeries")).toMatchObject({ type: "array", items: { type: ["number", "null"] } });
    expect(schema("FeatureSet")).toMatchObject({ type: "object", additionalProperties: { $ref: expect.any(String) } });
    expect(schema("AlertRuleSet")).toMatchObject({ type: "array" });
  });

  it("closes what is read strictly, and only that", () => {
    expect(schema("HaltTradingRequest")).toHaveProperty("additionalProperties", false);
    expect(schema("PredictRequest")).not.toHaveProperty("additionalProperties");
    expect(schema("QseOutput.Metrics")).not.toHaveProperty("additionalProperties");
    expect(schema("Config")).not.toHaveProperty("additionalProperties");
  });

  it("requires of answers what is always written", () => {
    expect(at(schema("GetHealthResponse"), "required")).toEqual([
      "status",
      "components",
      "config_hash",
      "uptime_seconds",
      "halts",
    ]);
    expect(schema("SymbolDecision")).not.toHaveProperty("required");
    expect(schema("PredictRequest")).not.toHaveProperty("required");
  });

  it("has the error of every failing answer", () => {
    for (const [path, operations] of Object.entries(Object(at(committed, "paths")))) {
      for (const operation of Object.values(Object(operations))) {
        const responses = Object.keys(Object(at(Object(operation), "responses")));
        expect(responses, path).toEqual(expect.arrayContaining(["200", "400", "429", "500", "503", "504"]));
      }
    }
    expect(at(committed, "components", "responses", "Error400", "content", "application/json", "schema")).toEqual({
      $ref: "#/components/schemas/Error",
    });
    expect(at(schema("Error"), "properties", "code", "enum")).toContain("invalid_argument");
  });

  it("tells where a field stands: path, query or body", () => {
    const parameters = at(committed, "paths", "/config", "put", "parameters");
    expect(parameters).toMatchObject([
      { name: "expected_config_hash", in: "query" },
      { name: "dry_run", in: "query", schema: { type: "boolean" } },
      { name: "dry_run_decisions", in: "query" },
      { name: "actor", in: "query" },
      { name: "reason", in: "query" },
    ]);
    const alias = at(committed, "paths", "/models/{model_name}/{version}/alias", "post");
    expect(at(alias, "parameters")).toMatchObject([
      { name: "model_name", in: "path", required: true },
      { name: "version" },
    ]);
    expect(
      Object.keys(Object(at(alias, "requestBody", "content", "application/json", "schema", "properties"))),
    ).toEqual(["alias", "remove", "actor"]);
  });

  it("says that GET /metrics has a text form", () => {
    expect(Object.keys(Object(at(committed, "paths", "/metrics", "get", "responses", "200", "content")))).toEqual([
      "application/json",
      "text/plain",
      "application/openmetrics-text",
    ]);
  });
});

it.each([
  ["PredictRequest", PredictRequestSchema, methodExamples["Predict"]?.request],
  ["PredictResponse", PredictResponseSchema, methodExamples["Predict"]?.answer],
  ["PredictSymbolsRequest", PredictSymbolsRequestSchema, methodExamples["PredictSymbols"]?.request],
  ["PredictSymbolsResponse", PredictSymbolsResponseSchema, methodExamples["PredictSymbols"]?.answer],
])("shows a proper %s as an example", (_name, desc, example) => {
  const context = new ReadContext(new JsonViolations(), false);
  new JsonReader().read(desc, example, context);
  expect(() => context.violations.throwIfAny()).not.toThrow();
});
