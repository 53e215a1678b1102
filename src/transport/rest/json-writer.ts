/** Protobuf messages → JSON, led by descriptors; every message type is looked at once and its plan kept. */

import {
  type DescEnum,
  type DescField,
  type DescMessage,
  isMessage,
  type JsonObject,
  type JsonValue,
  type Message,
  ScalarType,
} from "@bufbuild/protobuf";
import { AnySchema, isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { StatusSchema } from "../../../gen/ts/google/rpc/status_pb.ts";
import { findBareField, isJsonRecord, type JsonRecord, setKey } from "./json-shape.ts";
import { findStatusName, writeAny } from "./json-status.ts";
import { hasOwnJson, writeWellKnown } from "./json-well-known.ts";

type ValueWriter = (value: unknown) => JsonValue;

interface FieldPlan {
  readonly name: string;
  readonly localName: string;
  readonly oneofName: string | undefined;
  readonly holdsMany: boolean;
  readonly holdsError: boolean;
  readonly write: ValueWriter;
}

interface MessagePlan {
  readonly fields: readonly FieldPlan[];
  readonly bare: FieldPlan | undefined;
  readonly errorField: FieldPlan | undefined;
}

export class JsonWriter {
  readonly #plans = new Map<DescMessage, MessagePlan>();

  /** The JSON of a message: fields by their proto names, zero values written out, absent fields left out. */
  write(desc: DescMessage, message: Message): JsonValue {
    if (hasOwnJson(desc)) return writeWellKnown(desc, message);
    if (isMessage(message, AnySchema)) return writeAny(message, (type, detail) => this.#writeFields(type, detail));
    const { bare } = this.#planOf(desc);
    if (bare !== undefined) return bare.write(readMember(message, bare));
    return this.#writeFields(desc, message);
  }

  /** The JSON of one field of a message; an absent field is null. */
  writeField(field: DescField, message: Message): JsonValue {
    const plan = this.#planOf(field.parent).fields.find((candidate) => candidate.name === field.name);
    const value = plan === undefined ? undefined : readMember(message, plan);
    return plan === undefined || value === undefined ? null : plan.write(value);
  }

  #writeFields(desc: DescMessage, message: Message): JsonObject {
    const { fields, errorField } = this.#planOf(desc);
    // Where an error stands in place of an answer, empty lists beside it would read as one.
    const omitsEmpty = errorField !== undefined && readMember(message, errorField) !== undefined;
    const json: JsonObject = {};
    for (const field of fields) {
      const value = readMember(message, field);
      if (value === undefined || (omitsEmpty && field.holdsMany && isEmpty(value))) continue;
      json[field.name] = field.write(value);
    }
    return json;
  }

  #planOf(desc: DescMessage): MessagePlan {
    const known = this.#plans.get(desc);
    if (known !== undefined) return known;
    const bareField = findBareField(desc);
    const fields = desc.fields.map((field) => this.#planField(field));
    const plan: MessagePlan = {
      fields,
      bare: bareField === undefined ? undefined : fields[0],
      errorField: fields.find((field) => field.holdsError),
    };
    this.#plans.set(desc, plan);
    return plan;
  }

  #planField(field: DescField): FieldPlan {
    return {
      name: field.name,
      localName: field.localName,
      oneofName: field.oneof?.localName,
      holdsMany: field.fieldKind === "list" || field.fieldKind === "map",
      holdsError: field.fieldKind === "message" && field.message.typeName === StatusSchema.typeName,
      write: this.#planValue(field),
    };
  }

  #planValue(field: DescField): ValueWriter {
    const writeOne = this.#planElement(field);
    if (field.fieldKind === "list") return (value) => requireList(value).map(writeOne);
    if (field.fieldKind !== "map") return writeOne;
    return (value) => {
      const json: JsonObject = {};
      for (const [key, item] of Object.entries(requireRecord(value))) setKey(json, key, writeOne(item));
      return json;
    };
  }

  #planElement(field: DescField): ValueWriter {
    if (field.parent.typeName === StatusSchema.typeName && field.name === "code") return writeStatusCode;
    if (field.scalar !== undefined) return findScalarWriter(field.scalar);
    if (field.enum !== undefined) return createEnumWriter(field.enum);
    const desc = field.message;
    if (desc === undefined) throw new Error("a field is a scalar, an enum or a message");
    if (isWrapperDesc(desc)) return createWrapperWriter(findScalarWriter(desc.fields[0].scalar));
    return (value) => {
      if (isMessage(value)) return this.write(desc, value);
      // The plain object that protobuf-es keeps in a field of google.protobuf.Struct.
      return isJsonObject(value) ? value : refuseValue(value, desc.typeName);
    };
  }
}

function readMember(message: Message, field: FieldPlan): unknown {
  const members: Readonly<Record<string, unknown>> = message;
  if (field.oneofName === undefined) return members[field.localName];
  const oneof = requireRecord(members[field.oneofName]);
  return oneof["case"] === field.localName ? oneof["value"] : undefined;
}

function findScalarWriter(scalar: ScalarType): ValueWriter {
  switch (scalar) {
    case ScalarType.BOOL:
    case ScalarType.STRING:
      return writePlain;
    case ScalarType.BYTES:
      return (value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString("base64") : refuseValue(value, "bytes");
    default:
      return writeNumber;
  }
}

/** JSON has no NaN and no numbers that every reader holds exactly beyond 2^53: those become strings. */
function writeNumber(value: unknown): JsonValue {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "bigint") return refuseValue(value, "a number");
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function writePlain(value: unknown): JsonValue {
  return typeof value === "string" || typeof value === "boolean" ? value : refuseValue(value, "text or a flag");
}

function writeStatusCode(value: unknown): JsonValue {
  if (typeof value !== "number") return refuseValue(value, "a status code");
  return findStatusName(value) ?? value;
}

function createEnumWriter(desc: DescEnum): ValueWriter {
  const names = new Map(desc.values.map((value) => [value.number, value.name]));
  return (value) => (typeof value === "number" ? (names.get(value) ?? value) : refuseValue(value, desc.typeName));
}

/** protobuf-es keeps the bare value in a singular field and the message in lists, maps and oneofs. */
function createWrapperWriter(write: ValueWriter): ValueWriter {
  return (value) => (isMessage(value) ? write(requireRecord(value)["value"]) : write(value));
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : Object.keys(requireRecord(value)).length === 0;
}

function requireList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : refuseValue(value, "a list");
}

function requireRecord(value: unknown): JsonRecord {
  return isJsonRecord(value) ? value : refuseValue(value, "an object");
}

function isJsonObject(value: unknown): value is JsonObject {
  return isJsonRecord(value);
}

/** A message that does not fit its own descriptor is a mistake of whoever made it. */
function refuseValue(value: unknown, expected: string): never {
  throw new TypeError(`cannot write ${typeof value} where ${expected} belongs`);
}
