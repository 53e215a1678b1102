/** JSON → protobuf messages, led by descriptors; every message type is looked at once and its plan kept. */

import { create, type DescField, type DescMessage, type Message, ScalarType } from "@bufbuild/protobuf";
import { AnySchema, isWrapperDesc, ValueSchema } from "@bufbuild/protobuf/wkt";
import { StatusSchema } from "../../../gen/ts/google/rpc/status_pb.ts";
import { createListReader, createMapReader, readDoubles } from "./json-collection-reader.ts";
import type { JsonPath } from "./json-path.ts";
import type { ReadContext, ValueReader } from "./json-read-context.ts";
import { createEnumReader, createMapKeyCheck, createScalarReader, type ScalarReader } from "./json-scalar-reader.ts";
import { type BareField, findBareField, isJsonRecord, type JsonRecord } from "./json-shape.ts";
import { createAnyReader, readStatusCode } from "./json-status.ts";
import { findWellKnownReader } from "./json-well-known.ts";

/** Deepest nesting of messages; protobuf implementations stop there as well. */
export const messageDepthMax = 100;

/** Fields of a message by `localName`, as `create()` takes them. */
export type MessageFields = Record<string, unknown>;

interface FieldPlan {
  readonly field: DescField;
  readonly read: ValueReader;
}

interface MessagePlan {
  readonly bare: BareField | undefined;
  readonly fields: ReadonlyMap<string, FieldPlan>;
}

export class JsonReader {
  readonly #plans = new Map<DescMessage, MessagePlan>();
  readonly #readAny: ValueReader = createAnyReader(this);

  /** Reads a whole message. What is wrong goes to `context.violations`, and the message is then of no use. */
  read(desc: DescMessage, json: unknown, context: ReadContext): Message {
    const fields: MessageFields = {};
    this.readInto(fields, desc, json, undefined, context);
    return create(desc, fields);
  }

  /** Adds what `json` says about a message to the fields known already. */
  readInto(
    fields: MessageFields,
    desc: DescMessage,
    json: unknown,
    path: JsonPath | undefined,
    context: ReadContext,
  ): void {
    const plan = this.#planOf(desc);
    const { bare } = plan;
    if (bare !== undefined && isBareForm(bare, json)) {
      this.readField(fields, bare, json, { parent: path, kind: "field", step: bare.name }, context);
    } else if (isJsonRecord(json)) {
      readKeys(plan, fields, json, path, context);
    } else {
      context.violations.addWrongType(path, bare?.fieldKind === "list" ? "an array" : "an object", json);
    }
  }

  /** Reads the value of one field of a message. */
  readField(
    fields: MessageFields,
    field: DescField,
    json: unknown,
    path: JsonPath | undefined,
    context: ReadContext,
  ): void {
    const plan = this.#planOf(field.parent).fields.get(field.name);
    if (plan !== undefined) setField(plan, fields, json, path, context);
  }

  #planOf(desc: DescMessage): MessagePlan {
    const known = this.#plans.get(desc);
    if (known !== undefined) return known;
    const fields = new Map<string, FieldPlan>();
    // Stored before its fields are planned, so that a message may contain itself.
    this.#plans.set(desc, { bare: findBareField(desc), fields });
    for (const field of desc.fields) {
      const plan: FieldPlan = { field, read: this.#planField(field) };
      fields.set(field.name, plan).set(field.jsonName, plan);
    }
    return this.#planOf(desc);
  }

  #planField(field: DescField): ValueReader {
    switch (field.fieldKind) {
      case "scalar":
        if (field.parent.typeName === StatusSchema.typeName && field.name === "code")
          return withViolations(readStatusCode);
        return withViolations(createScalarReader(field.scalar));
      case "enum":
        return withViolations(createEnumReader(field.enum));
      case "message":
        return this.#planMessage(field.message, field);
      case "list":
        return this.#planList(field);
      case "map":
        return this.#planMap(field);
      default:
        return field satisfies never;
    }
  }

  #planElement(field: DescField & { fieldKind: "list" | "map" }): ValueReader {
    if (field.scalar !== undefined) return withViolations(createScalarReader(field.scalar));
    if (field.enum !== undefined) return withViolations(createEnumReader(field.enum));
    return this.#planMessage(field.message, field);
  }

  #planMessage(desc: DescMessage, field: DescField): ValueReader {
    const wellKnown = findWellKnownReader(desc, field);
    if (wellKnown !== undefined) return withViolations(wellKnown);
    if (isWrapperDesc(desc)) {
      const readScalar = withViolations(createScalarReader(desc.fields[0].scalar));
      // protobuf-es keeps the bare value in a singular field and the message everywhere else.
      if (field.fieldKind === "message" && field.oneof === undefined) return readScalar;
      return (json, path, context) => create(desc, { value: readScalar(json, path, context) });
    }
    if (desc.typeName === AnySchema.typeName) return this.#readAny;
    return (json, path, context) => {
      if (context.depth >= messageDepthMax) {
        context.violations.add(path, `nested deeper than ${messageDepthMax} messages`);
        return undefined;
      }
      const fields: MessageFields = {};
      context.depth += 1;
      this.readInto(fields, desc, json, path, context);
      context.depth -= 1;
      return create(desc, fields);
    };
  }

  #planList(field: DescField & { fieldKind: "list" }): ValueReader {
    if (field.scalar === ScalarType.DOUBLE || field.scalar === ScalarType.FLOAT) return readDoubles;
    return createListReader(this.#planElement(field));
  }

  #planMap(field: DescField & { fieldKind: "map" }): ValueReader {
    return createMapReader(this.#planElement(field), createMapKeyCheck(field.mapKey), acceptsNull(field));
  }
}

/**
 * Whether JSON is the list or map itself. An object is the long form of a wrapped map when its only key is the
 * field's name and an object stands there; the elements of the map would be written as something else (a series is
 * an array) in all messages of this service but answers.
 */
function isBareForm(bare: BareField, json: unknown): boolean {
  if (bare.fieldKind === "list") return Array.isArray(json);
  if (!isJsonRecord(json)) return false;
  const [key, ...others] = Object.keys(json);
  const isLongForm = key !== undefined && others.length === 0 && (key === bare.name || key === bare.jsonName);
  return !(isLongForm && isJsonRecord(json[key]));
}

function readKeys(
  plan: MessagePlan,
  fields: MessageFields,
  json: JsonRecord,
  path: JsonPath | undefined,
  context: ReadContext,
): void {
  for (const key of Object.keys(json)) {
    const field = plan.fields.get(key);
    if (field !== undefined) {
      setField(field, fields, json[key], { parent: path, kind: "field", step: key }, context);
    } else if (!context.ignoresUnknownKeys) {
      context.violations.add({ parent: path, kind: "field", step: key }, "unknown key");
    }
  }
}

function setField(
  plan: FieldPlan,
  fields: MessageFields,
  json: unknown,
  path: JsonPath | undefined,
  context: ReadContext,
): void {
  const { field } = plan;
  if (json === undefined || (json === null && !acceptsNull(field))) return;
  const { oneof } = field;
  const memberName = oneof?.localName ?? field.localName;
  if (Object.hasOwn(fields, memberName)) {
    const names = oneof?.fields.map((member) => member.name).join(", ");
    context.violations.add(path, names === undefined ? "given twice" : `only one of ${names} may be given`);
    return;
  }
  const value = plan.read(json, path, context);
  if (value === undefined) return;
  fields[memberName] = oneof === undefined ? value : { case: field.localName, value };
}

/** google.protobuf.Value has a null of its own; everywhere else null says that nothing is there. */
function acceptsNull(field: DescField): boolean {
  return field.message?.typeName === ValueSchema.typeName;
}

function withViolations(read: ScalarReader): ValueReader {
  return (json, path, context) => read(json, path, context.violations);
}
