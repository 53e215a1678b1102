import {
  create,
  type DescEnum,
  type DescField,
  type DescFile,
  type DescMessage,
  ScalarType,
  toBinary,
} from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { file_arbitrex_ml_v1_common } from "../../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import { file_arbitrex_ml_v1_config } from "../../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { file_arbitrex_ml_v1_inference } from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { file_arbitrex_ml_v1_model_registry } from "../../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { file_arbitrex_ml_v1_monitoring } from "../../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { BadRequestSchema, file_google_rpc_error_details } from "../../../gen/ts/google/rpc/error_details_pb.ts";
import { file_google_rpc_status } from "../../../gen/ts/google/rpc/status_pb.ts";
import { InvalidInputError } from "../../../src/domain/errors.ts";
import { ReadContext } from "../../../src/transport/rest/json-read-context.ts";
import { JsonReader } from "../../../src/transport/rest/json-reader.ts";
import { findBareField } from "../../../src/transport/rest/json-shape.ts";
import { JsonViolations } from "../../../src/transport/rest/json-violations.ts";
import { JsonWriter } from "../../../src/transport/rest/json-writer.ts";
import { counts, everyKind, names } from "./every-kind.ts";

const files: readonly DescFile[] = [
  file_arbitrex_ml_v1_common,
  file_arbitrex_ml_v1_config,
  file_arbitrex_ml_v1_inference,
  file_arbitrex_ml_v1_model_registry,
  file_arbitrex_ml_v1_monitoring,
  file_google_rpc_error_details,
  file_google_rpc_status,
];

function withNested(desc: DescMessage): readonly DescMessage[] {
  return [desc, ...desc.nestedMessages.flatMap(withNested)];
}

const messages = [...files.flatMap((file) => file.messages).flatMap(withNested), everyKind, names, counts];

const text = fc.string({ unit: "binary", maxLength: 8 });
// JSON writes -0 as 0.
const double = fc.double().map((value) => (value === 0 ? 0 : value));
const nanos = fc.integer({ min: 0, max: 999_999_999 });
const jsonValue = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)));
const jsonObject = fc.dictionary(text, jsonValue, { maxKeys: 3 });

function anyScalar(scalar: ScalarType): fc.Arbitrary<unknown> {
  switch (scalar) {
    case ScalarType.DOUBLE:
      return double;
    case ScalarType.FLOAT:
      return fc.float().map((value) => (value === 0 ? 0 : value));
    case ScalarType.INT32:
      return fc.integer();
    case ScalarType.UINT32:
      return fc.nat(2 ** 32 - 1);
    case ScalarType.INT64:
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case ScalarType.UINT64:
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.BYTES:
      return fc.uint8Array({ maxLength: 8 });
    default:
      return text;
  }
}

function anyEnum(desc: DescEnum): fc.Arbitrary<number> {
  return fc.constantFrom(...desc.values.map((value) => value.number));
}

function anyWellKnown(desc: DescMessage): fc.Arbitrary<unknown> | undefined {
  switch (desc.typeName) {
    case "google.protobuf.Timestamp":
      return fc.record({ seconds: fc.bigInt({ min: -62135596800n, max: 253402300799n }), nanos });
    case "google.protobuf.Duration":
      return fc.record({ seconds: fc.bigInt({ min: 0n, max: 315576000000n }), nanos });
    case "google.protobuf.Any":
      return fc
        .array(fc.record({ field: text, description: text }), { maxLength: 2 })
        .map((fieldViolations) => anyPack(BadRequestSchema, create(BadRequestSchema, { fieldViolations })));
    case "google.protobuf.Struct":
      return jsonObject;
    case "google.protobuf.Value":
      return double.filter(Number.isFinite).map((value) => ({ kind: { case: "numberValue", value } }));
    case "google.protobuf.ListValue":
      return text.map((value) => ({ values: [create(elementOf(desc), { kind: { case: "stringValue", value } })] }));
    default:
      return undefined;
  }
}

function elementOf(listValue: DescMessage): DescMessage {
  const value = listValue.fields[0]?.message;
  if (value === undefined) throw new Error("google.protobuf.ListValue holds values");
  return value;
}

function anyElement(field: DescField, depth: number): fc.Arbitrary<unknown> {
  if (field.parent.typeName === "google.rpc.Status" && field.name === "code") return fc.integer({ min: 0, max: 16 });
  if (field.scalar !== undefined) return anyScalar(field.scalar);
  if (field.enum !== undefined) return anyEnum(field.enum);
  const { message } = field;
  if (message === undefined) throw new Error("a field is a scalar, an enum or a message");
  if (message.typeName === "google.protobuf.Int64Value") return anyScalar(ScalarType.INT64);
  return anyWellKnown(message) ?? anyMessage(message, depth + 1);
}

function anyKey(field: DescField & { fieldKind: "map" }): fc.Arbitrary<string> {
  if (field.mapKey === ScalarType.BOOL) return fc.constantFrom("true", "false");
  if (field.mapKey !== ScalarType.STRING) return fc.integer().map(String);
  // A wrapped map with its own name as the only key reads as its long form.
  return fc.oneof(text, fc.constantFrom("__proto__", "constructor")).filter((key) => key !== field.name);
}

function anyValue(field: DescField, depth: number): fc.Arbitrary<unknown> {
  const element = anyElement(field, depth);
  if (field.fieldKind === "list") return fc.array(element, { maxLength: 2 });
  return field.fieldKind === "map" ? fc.dictionary(anyKey(field), element, { maxKeys: 3 }) : element;
}

/** Fields of a message as `create()` takes them; a message within itself ends after a few levels. */
function anyMessage(desc: DescMessage, depth = 0): fc.Arbitrary<Record<string, unknown>> {
  const entries = desc.members.flatMap((member): [string, fc.Arbitrary<unknown>][] => {
    if (member.kind === "oneof") {
      const cases = member.fields.map((field) =>
        anyValue(field, depth).map((value) => ({ case: field.localName, value })),
      );
      return [[member.localName, fc.oneof(fc.constant(undefined), ...cases)]];
    }
    const recurs = member.message === desc && depth > 1;
    if (recurs) return [];
    return [[member.localName, fc.option(anyValue(member, depth), { nil: undefined })]];
  });
  return fc.record(Object.fromEntries(entries));
}

describe("the JSON of every message", () => {
  const reader = new JsonReader();
  const writer = new JsonWriter();

  it.each(messages.map((desc) => [desc.typeName, desc] as const))("keeps all of %s", (_name, desc) => {
    fc.assert(
      fc.property(anyMessage(desc), (fields) => {
        const message = create(desc, fields);
        const json = JSON.stringify(writer.write(desc, message));
        const context = new ReadContext(new JsonViolations(), false);
        const again = reader.read(desc, JSON.parse(json), context);
        context.violations.throwIfAny();
        expect(Buffer.from(toBinary(desc, again))).toEqual(Buffer.from(toBinary(desc, message)));
        expect(JSON.stringify(writer.write(desc, again))).toBe(json);
      }),
      { numRuns: 25 },
    );
  });

  it.each(messages.map((desc) => [desc.typeName, desc] as const))(
    "is read or refused, whatever it is: %s",
    (_name, desc) => {
      const key = fc.oneof(text, fc.constantFrom("__proto__", "toString", ...desc.fields.map((field) => field.name)));
      const anyJson = fc.letrec<{ json: unknown }>((tie) => ({
        json: fc.oneof({ depthSize: "small" }, jsonValue, fc.array(tie("json")), fc.dictionary(key, tie("json"))),
      })).json;
      fc.assert(
        fc.property(anyJson, (json) => {
          const context = new ReadContext(new JsonViolations(), false);
          const message = reader.read(desc, JSON.parse(JSON.stringify(json) ?? "null"), context);
          try {
            context.violations.throwIfAny();
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidInputError);
            return;
          }
          writer.write(desc, message);
          toBinary(desc, message);
        }),
        { numRuns: 10 },
      );
    },
  );

  it("is bare for the messages that wrap one list or map, and for no others", () => {
    const bare = messages.filter((desc) => findBareField(desc) !== undefined).map((desc) => desc.name);
    expect(bare).toEqual([
      "RegimeSet",
      "AlertRuleSet",
      "ListConfigVersionsResponse",
      "FeatureSeries",
      "FeatureSet",
      "PredictSymbolsResponse",
      "ListAlertRulesResponse",
      "RecordOutcomesRequest",
      "BadRequest",
      "PreconditionFailure",
      "Names",
      "Counts",
    ]);
  });
});
