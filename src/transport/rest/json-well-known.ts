/** Messages of google.protobuf whose JSON is not an object of their fields. */

import {
  type DescField,
  type DescMessage,
  fromJson,
  type JsonObject,
  type JsonValue,
  type Message,
  toJson,
} from "@bufbuild/protobuf";
import { DurationSchema, ListValueSchema, TimestampSchema, ValueSchema } from "@bufbuild/protobuf/wkt";
import type { JsonPath } from "./json-path.ts";
import { isJsonRecord } from "./json-shape.ts";
import type { JsonViolations } from "./json-violations.ts";

/** Deepest nesting accepted in free-form JSON; protobuf implementations stop at 100 messages as well. */
export const freeFormDepthMax = 64;

export type WellKnownReader = (
  json: unknown,
  path: JsonPath | undefined,
  violations: JsonViolations,
) => Message | JsonObject | undefined;

const expectedByType: Readonly<Record<string, string>> = {
  "google.protobuf.Timestamp": 'an RFC 3339 time such as "2026-01-31T09:30:00.123456Z"',
  "google.protobuf.Duration": 'a duration such as "1.5s"',
};

/** The reader of such a message as a value of `field`; undefined for every other message. */
export function findWellKnownReader(desc: DescMessage, field: DescField | undefined): WellKnownReader | undefined {
  switch (desc.typeName) {
    case "google.protobuf.Timestamp":
      return createTextReader(TimestampSchema);
    case "google.protobuf.Duration":
      return createTextReader(DurationSchema);
    case "google.protobuf.Value":
      return createFreeFormReader(ValueSchema);
    case "google.protobuf.ListValue":
      return createFreeFormReader(ListValueSchema);
    case "google.protobuf.Struct":
      // A field of this type holds the plain object, except within google.protobuf.Value.
      return field === undefined ? undefined : readStruct;
    default:
      return undefined;
  }
}

/** True for the messages whose JSON protobuf-es itself writes as this service wants it. */
export function hasOwnJson(desc: DescMessage): boolean {
  return findWellKnownReader(desc, undefined) !== undefined;
}

/** The JSON of a message for which `hasOwnJson` holds. */
export function writeWellKnown(desc: DescMessage, message: Message): JsonValue {
  return toJson(desc, message);
}

function createTextReader(desc: DescMessage): WellKnownReader {
  const expected = expectedByType[desc.typeName] ?? desc.typeName;
  return (json, path, violations) => {
    if (typeof json === "string") {
      const message = tryFromJson(desc, json);
      if (message !== undefined) return message;
    }
    violations.addWrongType(path, expected, json);
    return undefined;
  };
}

function createFreeFormReader(desc: DescMessage): WellKnownReader {
  return (json, path, violations) => {
    if (!isJsonValue(json) || isDeeperThan(json, freeFormDepthMax)) {
      violations.add(path, `nested deeper than ${freeFormDepthMax} levels`);
      return undefined;
    }
    const message = tryFromJson(desc, json);
    if (message === undefined) violations.addWrongType(path, "an array", json);
    return message;
  };
}

function readStruct(json: unknown, path: JsonPath | undefined, violations: JsonViolations): JsonObject | undefined {
  if (!isJsonObject(json)) {
    violations.addWrongType(path, "an object", json);
    return undefined;
  }
  if (isDeeperThan(json, freeFormDepthMax)) {
    violations.add(path, `nested deeper than ${freeFormDepthMax} levels`);
    return undefined;
  }
  return json;
}

function tryFromJson(desc: DescMessage, json: JsonValue): Message | undefined {
  try {
    return fromJson(desc, json);
  } catch (error) {
    // The cause is the caller's text, which the violation shows.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

// What JSON.parse made is JSON throughout; only the outermost kind is left to be told apart.
function isJsonValue(json: unknown): json is JsonValue {
  return json === null || ["string", "number", "boolean", "object"].includes(typeof json);
}

function isJsonObject(json: unknown): json is JsonObject {
  return isJsonRecord(json);
}

/** Walks with a stack of its own: the nesting it guards against would overflow the call stack. */
function isDeeperThan(json: unknown, depthMax: number): boolean {
  const pending: { readonly value: unknown; readonly depth: number }[] = [{ value: json, depth: 1 }];
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    if (typeof item.value !== "object" || item.value === null) continue;
    if (item.depth > depthMax) return true;
    for (const value of Object.values(item.value)) pending.push({ value, depth: item.depth + 1 });
  }
  return false;
}
