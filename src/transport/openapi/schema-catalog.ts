/** JSON schemas of the messages, as REST reads and writes them. */

import { type DescEnum, type DescField, type DescMessage, type JsonObject, ScalarType } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { findBareField } from "../rest/json-shape.ts";
import { findStatusName } from "../rest/json-status.ts";
import type { ProtoComments } from "./proto-comments.ts";

/** How messages are used, which decides how strict their schemas are. */
export interface MessageUse {
  /** Read with unknown keys refused. */
  readonly strict: ReadonlySet<string>;
  /** Read with unknown keys passed over. */
  readonly lenient: ReadonlySet<string>;
  /** Written. */
  readonly answered: ReadonlySet<string>;
}

export const errorSchemaName = "Error";

const statusType = "google.rpc.Status";
const lastStatusCode = 16;

const wellKnownSchemas: Readonly<Record<string, JsonObject>> = {
  "google.protobuf.Timestamp": { type: "string", format: "date-time" },
  "google.protobuf.Duration": { type: "string", pattern: "^-?\\d+(\\.\\d{1,9})?s$" },
  "google.protobuf.Struct": { type: "object", additionalProperties: true },
  "google.protobuf.Value": {},
  "google.protobuf.ListValue": { type: "array", items: {} },
  "google.protobuf.Any": {
    type: "object",
    required: ["@type"],
    properties: { "@type": { type: "string" } },
    additionalProperties: true,
  },
};

export class SchemaCatalog {
  /** Every schema asked for, by its name under `components.schemas`. */
  readonly schemas: Record<string, JsonObject> = {};
  readonly #packageName: string;
  readonly #comments: ProtoComments;
  readonly #use: MessageUse;

  constructor(packageName: string, comments: ProtoComments, use: MessageUse) {
    this.#packageName = packageName;
    this.#comments = comments;
    this.#use = use;
  }

  /** The schema of one field's value, with its description. */
  ofField(field: DescField): JsonObject {
    return {
      ...this.#ofValue(field),
      ...this.#describe(`${field.parent.typeName}.${field.name}`),
      ...describeCode(field),
    };
  }

  /** A reference to a message's schema, or the schema itself where it is a matter of one line. */
  ofMessage(desc: DescMessage): JsonObject {
    const wellKnown = wellKnownSchemas[desc.typeName];
    if (wellKnown !== undefined) return wellKnown;
    if (isWrapperDesc(desc)) return toScalarSchema(desc.fields[0].scalar);
    return this.#refer(this.#nameOf(desc), () => this.#defineMessage(desc));
  }

  #refer(name: string, define: () => JsonObject): JsonObject {
    if (this.schemas[name] === undefined) {
      // In its place before it is complete: a message may contain itself.
      const schema: JsonObject = {};
      this.schemas[name] = schema;
      Object.assign(schema, define());
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  #nameOf(desc: DescMessage | DescEnum): string {
    if (desc.typeName === statusType) return errorSchemaName;
    const prefix = `${this.#packageName}.`;
    return desc.typeName.startsWith(prefix) ? desc.typeName.slice(prefix.length) : desc.typeName;
  }

  #describe(name: string): { description?: string } {
    const description = this.#comments.get(name);
    return description === undefined ? {} : { description };
  }

  #ofValue(field: DescField): JsonObject {
    if (field.fieldKind === "list") return { type: "array", items: this.#ofElement(field) };
    if (field.fieldKind === "map") return { type: "object", additionalProperties: this.#ofElement(field) };
    return this.#ofElement(field);
  }

  #ofElement(field: DescField): JsonObject {
    if (field.enum !== undefined) return this.#ofEnum(field.enum);
    if (field.message !== undefined) return this.ofMessage(field.message);
    if (isStatusCode(field)) return statusCodeSchema();
    // null stands for a value that is not a number, as pandas writes it.
    const isSeries = field.fieldKind === "list" && field.scalar === ScalarType.DOUBLE;
    return isSeries ? { type: ["number", "null"], format: "double" } : toScalarSchema(field.scalar);
  }

  #ofEnum(desc: DescEnum): JsonObject {
    return this.#refer(this.#nameOf(desc), () => {
      const values = desc.values.map((value) => {
        const comment = this.#comments.get(`${desc.typeName}.${value.name}`);
        return comment === undefined ? `- ${value.name}` : `- ${value.name}: ${comment}`;
      });
      const description = [this.#comments.get(desc.typeName) ?? desc.name, "", ...values].join("\n");
      return { type: "string", enum: desc.values.map((value) => value.name), description };
    });
  }

  #defineMessage(desc: DescMessage): JsonObject {
    const bare = findBareField(desc);
    if (bare !== undefined) return { ...this.#ofValue(bare), ...this.#describe(desc.typeName) };
    const { strict, lenient, answered } = this.#use;
    const isRead = strict.has(desc.typeName) || lenient.has(desc.typeName);
    const isClosed = strict.has(desc.typeName) && !lenient.has(desc.typeName) && !answered.has(desc.typeName);
    const required = answered.has(desc.typeName) && !isRead ? listAlwaysWritten(desc) : [];
    const exclusions = desc.oneofs.flatMap((oneof) => listPairs(oneof.fields.map((field) => field.name)));
    return {
      type: "object",
      ...this.#describe(desc.typeName),
      properties: Object.fromEntries(desc.fields.map((field) => [field.name, this.ofField(field)])),
      ...(required.length === 0 ? {} : { required }),
      ...(isClosed ? { additionalProperties: false } : {}),
      ...(exclusions.length === 0 ? {} : { allOf: exclusions.map((pair) => ({ not: { required: pair } })) }),
    };
  }
}

/** The names of a message and of every message within it. */
export function listReachable(desc: DescMessage, found: Set<string> = new Set()): Set<string> {
  if (found.has(desc.typeName)) return found;
  found.add(desc.typeName);
  for (const field of desc.fields) {
    if (field.message !== undefined) listReachable(field.message, found);
  }
  return found;
}

/** Zero values and empty lists are written out; beside an error, empty lists are not. */
function listAlwaysWritten(desc: DescMessage): string[] {
  const hasError = desc.fields.some((field) => field.fieldKind === "message" && field.message.typeName === statusType);
  const isMany = (field: DescField) => field.fieldKind === "list" || field.fieldKind === "map";
  const isPlain = (field: DescField) => field.fieldKind !== "message" && field.oneof === undefined;
  return desc.fields
    .filter((field) => (isMany(field) ? !hasError : isPlain(field) && !field.proto.proto3Optional))
    .map((field) => field.name);
}

function listPairs(names: readonly string[]): string[][] {
  return names.flatMap((name, index) => names.slice(index + 1).map((other) => [name, other]));
}

/** The proto file speaks of the number, which REST does not show. */
function describeCode(field: DescField): { description?: string } {
  return isStatusCode(field) ? { description: "Name of the gRPC status code." } : {};
}

function isStatusCode(field: DescField): boolean {
  return field.parent.typeName === statusType && field.name === "code";
}

function statusCodeSchema(): JsonObject {
  const names = Array.from({ length: lastStatusCode + 1 }, (_, code) => findStatusName(code) ?? "");
  return { type: "string", enum: names.filter((name) => name !== "" && name !== "ok") };
}

function toScalarSchema(scalar: ScalarType | undefined): JsonObject {
  switch (scalar) {
    case ScalarType.DOUBLE:
      return { type: "number", format: "double" };
    case ScalarType.FLOAT:
      return { type: "number", format: "float" };
    case ScalarType.BOOL:
      return { type: "boolean" };
    case ScalarType.STRING:
      return { type: "string" };
    case ScalarType.BYTES:
      return { type: "string", contentEncoding: "base64" };
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return { type: "integer", minimum: 0, maximum: 2 ** 32 - 1 };
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return { type: "integer", format: "int32" };
    default:
      return { type: "integer", format: "int64" };
  }
}
