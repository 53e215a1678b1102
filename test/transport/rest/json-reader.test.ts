import { create, type DescMessage, equals, type Message } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { AlertRuleSetSchema, ConfigSchema } from "../../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { PredictRequestSchema, PredictSymbolsRequestSchema } from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { RegisterModelRequestSchema } from "../../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { OutcomeSchema } from "../../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { StatusSchema } from "../../../gen/ts/google/rpc/status_pb.ts";
import { type FieldViolation, InvalidInputError } from "../../../src/domain/errors.ts";
import { ReadContext } from "../../../src/transport/rest/json-read-context.ts";
import { JsonReader, messageDepthMax } from "../../../src/transport/rest/json-reader.ts";
import { JsonViolations, violationsMax } from "../../../src/transport/rest/json-violations.ts";
import { freeFormDepthMax } from "../../../src/transport/rest/json-well-known.ts";
import { counts, everyKind, names } from "./every-kind.ts";

function read(desc: DescMessage, json: unknown, ignoresUnknownKeys = false): Message {
  const violations = new JsonViolations();
  const message = new JsonReader().read(desc, json, new ReadContext(violations, ignoresUnknownKeys));
  violations.throwIfAny();
  return message;
}

function violationsOf(desc: DescMessage, json: unknown): readonly FieldViolation[] {
  try {
    read(desc, json);
  } catch (error) {
    if (error instanceof InvalidInputError) return error.violations;
    throw error;
  }
  return [];
}

function nest(depth: number): unknown {
  let json: unknown = 1;
  for (let level = 0; level < depth; level++) json = [json];
  return json;
}

describe("JsonReader", () => {
  it.each<[json: unknown, member: string, value: unknown]>([
    [{ a_double: 1.5 }, "aDouble", 1.5],
    [{ aDouble: "1.5e3" }, "aDouble", 1500],
    [{ a_double: "NaN" }, "aDouble", Number.NaN],
    [{ a_double: "-Infinity" }, "aDouble", Number.NEGATIVE_INFINITY],
    [{ a_double: null }, "aDouble", 0],
    [{ an_int32: -2147483648 }, "anInt32", -2147483648],
    [{ an_int32: "12" }, "anInt32", 12],
    [{ a_uint32: 4294967295 }, "aUint32", 4294967295],
    [{ an_int64: 9007199254740991 }, "anInt64", 9007199254740991n],
    [{ an_int64: "-9223372036854775808" }, "anInt64", -9223372036854775808n],
    [{ a_uint64: "18446744073709551615" }, "aUint64", 18446744073709551615n],
    [{ a_bool: true }, "aBool", true],
    [{ a_string: "" }, "aString", ""],
    [{ some_bytes: "/+8=" }, "someBytes", Buffer.from([255, 239])],
    [{ some_bytes: "_-8" }, "someBytes", Buffer.from([255, 239])],
    [{ a_color: "DEEP_BLUE" }, "aColor", 7],
    [{ a_color: "red" }, "aColor", 1],
    [{ a_color: 7 }, "aColor", 7],
    [{ maybe: 0 }, "maybe", 0],
    [{ this_one: "x" }, "choice", { case: "thisOne", value: "x" }],
    [{ this_one: null, that_one: null }, "choice", { case: undefined }],
    [{ doubles: [1, null, "NaN", "2"] }, "doubles", [1, Number.NaN, Number.NaN, 2]],
    [{ longs: [1, "2"] }, "longs", [1n, 2n]],
    [{ colors: ["RED", 0] }, "colors", [1, 0]],
    [{ by_number: { "-1": 2 } }, "byNumber", { "-1": 2 }],
    [{ by_flag: { true: "x" } }, "byFlag", { true: "x" }],
    [{ struct: { any: ["thing", { goes: null }] } }, "struct", { any: ["thing", { goes: null }] }],
    [{ structs: [{ a: 1 }] }, "structs", [{ a: 1 }]],
    [{ wrapped: "5" }, "wrapped", 5n],
  ])("reads %j", (json, member, value) => {
    expect(read(everyKind, json)).toHaveProperty(member, value);
  });

  it.each<[json: unknown, member: string, inner: object]>([
    [{ nested: { a_bool: true } }, "nested", { aBool: true }],
    [{ that_one: ["x"] }, "choice", { case: "thatOne", value: { names: ["x"] } }],
    [{ names: ["a", "b"] }, "names", { names: ["a", "b"] }],
    [{ names: { names: ["a", "b"] } }, "names", { names: ["a", "b"] }],
    [{ names: {} }, "names", { names: [] }],
    [{ by_name: { x: ["a"], y: { names: ["b"] } } }, "byName", { x: { names: ["a"] }, y: { names: ["b"] } }],
    [{ at: "2026-01-31T09:30:00.123456Z" }, "at", { seconds: 1769851800n, nanos: 123456000 }],
    [{ at: "2026-01-31T10:30:00+01:00" }, "at", { seconds: 1769851800n, nanos: 0 }],
    [{ lasts: "1.5s" }, "lasts", { seconds: 1n, nanos: 500000000 }],
    [{ value: null }, "value", { kind: { case: "nullValue" } }],
    [{ value: [1] }, "value", { kind: { case: "listValue" } }],
    [{ list_value: ["x"] }, "listValue", { values: [{ kind: { value: "x" } }] }],
    [{ wrapped_many: ["x"] }, "wrappedMany", [{ value: "x" }]],
    [
      { any: { "@type": "type.googleapis.com/google.rpc.RetryInfo", retry_delay: "1s" } },
      "any",
      { typeUrl: "type.googleapis.com/google.rpc.RetryInfo" },
    ],
  ])("reads the message in %j", (json, member, inner) => {
    expect(read(everyKind, json)).toMatchObject({ [member]: inner });
  });

  it.each<[json: unknown, field: string, description: string]>([
    [[], "body", "expected an object, got an array"],
    ["x", "body", 'expected an object, got "x"'],
    [null, "body", "expected an object, got null"],
    [{ a_double: "abc" }, "a_double", 'expected a number, got "abc"'],
    [{ a_double: "" }, "a_double", 'expected a number, got ""'],
    [{ a_double: true }, "a_double", "expected a number, got true"],
    [{ a_double: JSON.parse("1e999") }, "a_double", "expected a number, got Infinity"],
    [{ aDouble: {} }, "aDouble", "expected a number, got an object"],
    [{ an_int32: 1.5 }, "an_int32", "expected an integer from -2147483648 to 2147483647, got 1.5"],
    [{ a_uint32: -1 }, "a_uint32", "expected an integer from 0 to 4294967295, got -1"],
    [
      { an_int64: 2 ** 53 },
      "an_int64",
      "expected an integer from -9223372036854775808 to 9223372036854775807 (beyond 2^53 write it as a string), got 9007199254740992",
    ],
    [
      { a_uint64: "18446744073709551616" },
      "a_uint64",
      'expected an integer from 0 to 18446744073709551615, got "18446744073709551616"',
    ],
    [{ a_bool: "true" }, "a_bool", 'expected true or false, got "true"'],
    [{ a_string: 1 }, "a_string", "expected a string, got 1"],
    [{ a_string: "\ud800" }, "a_string", "expected Unicode text, got an unpaired surrogate"],
    [{ some_bytes: "a" }, "some_bytes", 'expected base64, got "a"'],
    [{ some_bytes: "ab=" }, "some_bytes", 'expected base64, got "ab="'],
    [{ some_bytes: "a b c d " }, "some_bytes", 'expected base64, got "a b c d "'],
    [{ a_color: "GREEN" }, "a_color", 'expected one of UNKNOWN, RED, DEEP_BLUE, got "GREEN"'],
    [{ a_color: 2 }, "a_color", "expected one of UNKNOWN, RED, DEEP_BLUE, got 2"],
    [{ a_color: "constructor" }, "a_color", 'expected one of UNKNOWN, RED, DEEP_BLUE, got "constructor"'],
    [{ nested: { nested: { a_bool: 1 } } }, "nested.nested.a_bool", "expected true or false, got 1"],
    [{ many: [{}, { a_bool: 1 }] }, "many[1].a_bool", "expected true or false, got 1"],
    [{ many: [null] }, "many[0]", "expected an object, got null"],
    [{ many: {} }, "many", "expected an array, got an object"],
    [{ doubles: 1 }, "doubles", "expected an array, got 1"],
    [{ doubles: JSON.parse("[1, 1e999]") }, "doubles[1]", "expected a number, got Infinity"],
    [{ longs: [null] }, "longs[0]", "expected an integer from -9223372036854775808 to 9223372036854775807, got null"],
    [{ by_name: { 'a"b': ["x", 1] } }, 'by_name["a\\"b"].names[1]', "expected a string, got 1"],
    [{ by_name: [] }, "by_name", "expected an object, got an array"],
    [{ by_number: { x: 1 } }, 'by_number["x"]', "not a key of this map"],
    [{ by_flag: { yes: "x" } }, 'by_flag["yes"]', "not a key of this map"],
    [{ names: "x" }, "names", 'expected an array, got "x"'],
    [{ names: { name: [] } }, "names.name", "unknown key"],
    [{ unheard_of: 1 }, "unheard_of", "unknown key"],
    [{ nested: { constructor: 1 } }, "nested.constructor", "unknown key"],
    [JSON.parse('{"__proto__": {"a_bool": true}}'), "__proto__", "unknown key"],
    [{ an_int32: 1, anInt32: 1 }, "anInt32", "given twice"],
    [{ this_one: "x", that_one: [] }, "that_one", "only one of this_one, that_one may be given"],
    [{ at: "2026-01-31" }, "at", 'expected an RFC 3339 time such as "2026-01-31T09:30:00.123456Z", got "2026-01-31"'],
    [{ at: 5 }, "at", 'expected an RFC 3339 time such as "2026-01-31T09:30:00.123456Z", got 5'],
    [{ lasts: "1" }, "lasts", 'expected a duration such as "1.5s", got "1"'],
    [{ struct: [] }, "struct", "expected an object, got an array"],
    [{ struct: { deep: nest(freeFormDepthMax) } }, "struct", "nested deeper than 64 levels"],
    [{ value: nest(500) }, "value", "nested deeper than 64 levels"],
    [{ list_value: {} }, "list_value", "expected an array, got an object"],
    [
      { any: { "@type": "type.googleapis.com/test.Unheard" } },
      "any.@type",
      'expected a google.rpc type, got "type.googleapis.com/test.Unheard"',
    ],
    [{ any: {} }, "any.@type", "expected a google.rpc type, got undefined"],
  ])("refuses %j", (json, field, description) => {
    expect(violationsOf(everyKind, json)).toEqual([{ field, description }]);
  });

  it("accepts free-form JSON up to the limit of nesting", () => {
    expect(violationsOf(everyKind, { struct: { deep: nest(freeFormDepthMax - 1) } })).toEqual([]);
  });

  it("accepts messages up to the limit of nesting and refuses the next", () => {
    const nestMessages = (depth: number) => {
      let json: unknown = {};
      for (let level = 0; level < depth; level++) json = { nested: json };
      return json;
    };
    expect(violationsOf(everyKind, nestMessages(messageDepthMax))).toEqual([]);
    expect(violationsOf(everyKind, nestMessages(messageDepthMax + 1))).toHaveLength(1);
    expect(violationsOf(everyKind, { many: new Array(messageDepthMax + 1).fill({}) })).toEqual([]);
    expect(violationsOf(everyKind, nestMessages(50_000))).toMatchObject([
      { description: `nested deeper than ${messageDepthMax} messages` },
    ]);
  });

  it("refuses free-form JSON nested far beyond the call stack", () => {
    expect(violationsOf(everyKind, { struct: { deep: nest(200_000) } })).toMatchObject([{ field: "struct" }]);
  });

  it("reads null as absent", () => {
    expect(read(everyKind, { maybe: null, names: null, at: null })).toEqual(create(everyKind));
  });

  it("names every wrong field, up to a limit", () => {
    const many = violationsOf(everyKind, { doubles: new Array(violationsMax + 5).fill("x") });
    expect(many).toHaveLength(violationsMax + 1);
    expect(many[0]?.field).toBe("doubles[0]");
    expect(many.at(-1)).toEqual({ field: "body", description: "and 5 more" });
    expect(violationsOf(everyKind, { doubles: new Array(violationsMax).fill("x") })).toHaveLength(violationsMax);
  });

  it("shows no more of a caller's text than is needed to find it", () => {
    const [violation] = violationsOf(everyKind, { ["k".repeat(1_000)]: 1 });
    expect(violation?.field).toBe(`${"k".repeat(64)}…`);
    expect(violationsOf(everyKind, { a_double: "v".repeat(1_000) })[0]?.description.length).toBeLessThan(100);
  });

  it("reads a wrapped map from its bare and from its long form", () => {
    const expected = create(counts, { counts: { a: 1 } });
    expect(equals(counts, read(counts, { a: 1 }), expected)).toBe(true);
    expect(equals(counts, read(counts, { counts: { a: 1 } }), expected)).toBe(true);
    expect(read(counts, { counts: 5 })).toMatchObject({ counts: { counts: 5 } });
    expect(read(names, ["x"])).toMatchObject({ names: ["x"] });
  });
});

describe("JsonReader on requests of the API", () => {
  it("uses the array of a series as it was parsed", () => {
    const values = [1, 2, 3];
    const message = read(PredictRequestSchema, { symbol: "EURUSD", features: { atr: values } });
    expect(message).toMatchObject({ features: { atr: { $typeName: "arbitrex.ml.v1.FeatureSeries" } } });
    expect(Object(message).features.atr.values).toBe(values);
  });

  it("names the value of a series that is no number", () => {
    const atr: unknown[] = new Array(120).fill(0.5);
    atr[117] = "abc";
    const expected = [{ field: 'features["atr"].values[117]', description: 'expected a number, got "abc"' }];
    expect(violationsOf(PredictRequestSchema, { features: { atr } })).toEqual(expected);
    expect(violationsOf(PredictRequestSchema, { features: { atr: { values: atr } } })).toEqual(expected);
    expect(violationsOf(PredictSymbolsRequestSchema, { features: { EURUSD: { atr } } })).toMatchObject([
      { field: 'features["EURUSD"].features["atr"].values[117]' },
    ]);
  });

  it("reads null in a series as not a number, and a null series as absent", () => {
    const message = read(PredictRequestSchema, { features: { atr: [1, null], volatility: null } });
    expect(message).toHaveProperty("features.atr.values", [1, Number.NaN]);
    expect(message).not.toHaveProperty("features.volatility");
  });

  it("keeps a feature named like a member of every object", () => {
    const message = read(PredictRequestSchema, JSON.parse('{"features":{"__proto__":[1],"constructor":[2]}}'));
    const features: unknown = Object(message).features;
    expect(Object.keys(Object(features))).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(features)).toBe(Object.prototype);
  });

  it("passes over unknown keys at every level when told to", () => {
    const json = {
      symbol: "EURUSD",
      more: 1,
      qse_output: { more: [], validation: { signal_validity_flag: true, more: {} } },
    };
    expect(read(PredictRequestSchema, json, true)).toMatchObject({
      symbol: "EURUSD",
      qseOutput: { validation: { signalValidityFlag: true } },
    });
    expect(violationsOf(PredictRequestSchema, json).map((violation) => violation.field)).toEqual([
      "more",
      "qse_output.more",
      "qse_output.validation.more",
    ]);
  });

  it("reads a configuration with its wrapped lists", () => {
    expect(
      read(ConfigSchema, {
        signal_filter: { allowed_regimes: ["TRENDING"] },
        alert_rules: [{ name: "x", threshold: 1 }],
      }),
    ).toMatchObject({
      signalFilter: { allowedRegimes: { labels: [1] } },
      alertRules: { rules: [{ name: "x", threshold: 1 }] },
    });
    expect(violationsOf(ConfigSchema, { signal_filter: { entry_treshold: 0.6 } })).toEqual([
      { field: "signal_filter.entry_treshold", description: "unknown key" },
    ]);
    expect(violationsOf(AlertRuleSetSchema, [{ nam: "x" }])).toEqual([
      { field: "rules[0].nam", description: "unknown key" },
    ]);
  });

  it("takes metadata as it comes", () => {
    const metadata = JSON.parse('{"figures":{"auc":0.7,"__proto__":[null]},"golden":[[1,2],[3,4]]}');
    expect(read(RegisterModelRequestSchema, { metadata })).toHaveProperty("metadata", metadata);
  });

  it("takes one result of an outcome and no more", () => {
    expect(read(OutcomeSchema, { prediction_id: "x", success: false })).toMatchObject({
      result: { case: "success", value: false },
    });
    expect(violationsOf(OutcomeSchema, { success: true, realised_return: 0.1 })).toEqual([
      { field: "realised_return", description: "only one of realised_return, success may be given" },
    ]);
  });

  it.each([
    ["not_found", 5],
    ["ok", 0],
    [5, 5],
  ])("reads the status code %j", (code, number) => {
    expect(read(StatusSchema, { code })).toHaveProperty("code", number);
  });

  it.each(["NOT_FOUND", 99, 0.5, true])("refuses the status code %j", (code) => {
    expect(violationsOf(StatusSchema, { code })).toMatchObject([{ field: "code" }]);
  });
});
