import { create, type DescMessage } from "@bufbuild/protobuf";
import { anyPack, durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { AlertRuleSetSchema, GetConfigResponseSchema } from "../../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import {
  FeatureSetSchema,
  PredictResponseSchema,
  PredictSymbolsResponseSchema,
} from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ListModelsResponseSchema } from "../../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { GetMetricsResponseSchema } from "../../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { BadRequestSchema, RetryInfoSchema } from "../../../gen/ts/google/rpc/error_details_pb.ts";
import { StatusSchema } from "../../../gen/ts/google/rpc/status_pb.ts";
import { JsonWriter } from "../../../src/transport/rest/json-writer.ts";
import { everyKind, names } from "./every-kind.ts";

function write<D extends DescMessage>(desc: D, fields: Parameters<typeof create<D>>[1]): unknown {
  return JSON.parse(JSON.stringify(new JsonWriter().write(desc, create(desc, fields))));
}

describe("JsonWriter", () => {
  it("writes out every zero value, empty list and empty map, and leaves out what is absent", () => {
    expect(write(everyKind, {})).toEqual({
      a_double: 0,
      a_float: 0,
      an_int32: 0,
      a_uint32: 0,
      an_int64: 0,
      a_uint64: 0,
      a_bool: false,
      a_string: "",
      some_bytes: "",
      a_color: "UNKNOWN",
      doubles: [],
      longs: [],
      many: [],
      colors: [],
      by_name: {},
      by_number: {},
      wrapped_many: [],
      by_flag: {},
      structs: [],
    });
  });

  it.each<[fields: Record<string, unknown>, json: Record<string, unknown>]>([
    [{ aDouble: Number.NaN }, { a_double: "NaN" }],
    [{ aDouble: Number.NEGATIVE_INFINITY }, { a_double: "-Infinity" }],
    [{ anInt64: 9007199254740991n }, { an_int64: 9007199254740991 }],
    [{ anInt64: 9007199254740992n }, { an_int64: "9007199254740992" }],
    [{ aUint64: 18446744073709551615n }, { a_uint64: "18446744073709551615" }],
    [{ aColor: 7 }, { a_color: "DEEP_BLUE" }],
    [{ aColor: 99 }, { a_color: 99 }],
    [{ someBytes: new Uint8Array([255, 239]) }, { some_bytes: "/+8=" }],
    [{ maybe: 0 }, { maybe: 0 }],
    [{ choice: { case: "thisOne", value: "" } }, { this_one: "" }],
    [{ choice: { case: "thatOne", value: create(names, { names: ["x"] }) } }, { that_one: ["x"] }],
    [{ names: create(names) }, { names: [] }],
    [{ byName: { a: { names: ["x"] } } }, { by_name: { a: ["x"] } }],
    [{ at: { seconds: 1769851800n, nanos: 123456000 } }, { at: "2026-01-31T09:30:00.123456Z" }],
    [{ at: { seconds: 1769851800n, nanos: 0 } }, { at: "2026-01-31T09:30:00Z" }],
    [{ lasts: durationFromMs(1500) }, { lasts: "1.500s" }],
    [{ struct: { any: [null, { x: 1 }] } }, { struct: { any: [null, { x: 1 }] } }],
    [{ wrapped: 0n }, { wrapped: 0 }],
    [{ wrappedMany: [{ value: "x" }] }, { wrapped_many: ["x"] }],
    [{ value: { kind: { case: "nullValue", value: 0 } } }, { value: null }],
    [
      { any: { typeUrl: "type.googleapis.com/x.Y", value: new Uint8Array([1]) } },
      { any: { "@type": "type.googleapis.com/x.Y", value: "AQ==" } },
    ],
  ])("writes %o", (fields, json) => {
    expect(write(everyKind, fields)).toMatchObject(json);
  });

  it("writes a message that wraps one list or map as that list or map", () => {
    expect(write(FeatureSetSchema, { features: { atr: { values: [1, 2] }, empty: {} } })).toEqual({
      atr: [1, 2],
      empty: [],
    });
    expect(write(AlertRuleSetSchema, {})).toEqual([]);
    expect(write(PredictSymbolsResponseSchema, {})).toEqual({});
  });

  it("keeps a map key named like a member of every object", () => {
    const results = JSON.parse('{"__proto__":{}}');
    const json = new JsonWriter().write(
      PredictSymbolsResponseSchema,
      create(PredictSymbolsResponseSchema, { results }),
    );
    expect(JSON.stringify(json)).toBe('{"__proto__":{"missing_inputs":[]}}');
  });

  it("writes a status with its code's name and typed details", () => {
    const violation = { field: "a", description: "b" };
    const details = [
      anyPack(BadRequestSchema, create(BadRequestSchema, { fieldViolations: [violation] })),
      anyPack(RetryInfoSchema, create(RetryInfoSchema, { retryDelay: durationFromMs(100) })),
    ];
    expect(write(StatusSchema, { code: 3, message: "no", details })).toEqual({
      code: "invalid_argument",
      message: "no",
      details: [
        { "@type": "type.googleapis.com/google.rpc.BadRequest", field_violations: [violation] },
        { "@type": "type.googleapis.com/google.rpc.RetryInfo", retry_delay: "0.100s" },
      ],
    });
  });

  it("writes the error of a symbol in its place and nothing else", () => {
    expect(
      write(PredictSymbolsResponseSchema, { results: { EURUSD: { error: { code: 5, message: "none" } } } }),
    ).toEqual({
      EURUSD: { error: { code: "not_found", message: "none", details: [] } },
    });
  });

  it("refuses to write a message that does not fit its descriptor", () => {
    const message = Object.assign(create(everyKind), { aBool: 1 });
    expect(() => new JsonWriter().write(everyKind, message)).toThrow(TypeError);
  });

  it("writes the one field of an answer that a route asks for", () => {
    const writer = new JsonWriter();
    const models = ListModelsResponseSchema.fields.find((field) => field.name === "models");
    const timestamp = ListModelsResponseSchema.field.timestamp;
    if (models === undefined) throw new Error("no such field");
    expect(writer.writeField(models, create(ListModelsResponseSchema))).toEqual([]);
    expect(writer.writeField(timestamp, create(ListModelsResponseSchema))).toBeNull();
  });
});

describe("JsonWriter on answers of the API", () => {
  it("writes a decision as existing clients read it", () => {
    const json = write(PredictResponseSchema, {
      symbol: "EURUSD",
      timestamp: timestampFromMs(0),
      prediction: {
        regime: { regimeLabel: 1, recentLabels: [1, 2, 1] },
        signal: { confidenceLevel: 2, topFeatures: { momentum_score: 0.09 } },
        gates: [{ name: 2 }],
      },
    });
    expect(json).toMatchObject({
      symbol: "EURUSD",
      timeframe: "",
      bar_index: 0,
      timestamp: "1970-01-01T00:00:00Z",
      prediction: {
        regime: { regime_label: "TRENDING", regime_stable: false, recent_labels: ["TRENDING", "RANGING", "TRENDING"] },
        signal: { confidence_level: "MEDIUM", should_enter: false, top_features: { momentum_score: 0.09 } },
        allow_trade: false,
        decision_reasons: [],
        gates: [{ name: "QSE_VALID", passed: false, value: 0, threshold: 0, margin: 0, message: "" }],
      },
      missing_inputs: [],
    });
    expect(json).not.toHaveProperty("regime_model");
  });

  it("writes a configuration with its lists bare", () => {
    expect(
      write(GetConfigResponseSchema, {
        config: { signalFilter: { entryThreshold: 0.55, allowedRegimes: { labels: [1] } }, alertRules: {} },
        configHash: "00ff",
      }),
    ).toEqual({
      config: { signal_filter: { entry_threshold: 0.55, allowed_regimes: ["TRENDING"] }, alert_rules: [] },
      config_hash: "00ff",
    });
  });

  it("writes counts as numbers", () => {
    expect(
      write(GetMetricsResponseSchema, { metrics: { totalPredictions: 3n, regimeDistribution: { TRENDING: 2n } } }),
    ).toMatchObject({ metrics: { total_predictions: 3, regime_distribution: { TRENDING: 2 }, allow_rate: 0 } });
  });
});
