/** One HTTP request → the request message of its route. */

import { create, type DescField, type Message, ScalarType } from "@bufbuild/protobuf";
import { ReadContext } from "./json-read-context.ts";
import type { JsonReader, MessageFields } from "./json-reader.ts";
import { isJsonRecord, type JsonRecord } from "./json-shape.ts";
import { JsonViolations } from "./json-violations.ts";
import { readQuery, toFlag } from "./query-string.ts";
import type { RestRoute } from "./rest-route.ts";

/** The three places where a request says something. */
export interface RequestParts {
  readonly variables: ReadonlyMap<string, string>;
  /** Without its question mark. */
  readonly query: string;
  /** The parsed body; undefined when there is none. */
  readonly body: unknown;
}

export interface RequestReaderOptions {
  readonly reader: JsonReader;
  /** Unknown keys of the body are passed over. */
  readonly ignoresUnknownKeys: boolean;
}

/** Path first, then body, then query, each for the fields the one before has not given. */
export function readRequest(route: RestRoute, parts: RequestParts, options: RequestReaderOptions): Message {
  const desc = route.method.input;
  const violations = new JsonViolations();
  const strict = new ReadContext(violations, false);
  const bodyContext = new ReadContext(violations, options.ignoresUnknownKeys);
  const fields: MessageFields = {};
  const inPath = readVariables(route, parts.variables, fields, options.reader, strict);
  if (parts.body !== undefined && route.body !== "none") {
    if (route.body === "message") {
      const body = inPath.length === 0 ? parts.body : dropRepeated(parts.body, inPath, parts.variables, violations);
      options.reader.readInto(fields, desc, body, undefined, bodyContext);
    } else {
      options.reader.readField(fields, route.body, parts.body, undefined, bodyContext);
    }
  }
  if (parts.query !== "") {
    const isReadable = (field: DescField) => isInQuery(route, field);
    options.reader.readInto(fields, desc, readQuery(desc, parts.query, isReadable, violations), undefined, strict);
  }
  violations.throwIfAny();
  return create(desc, fields);
}

/** Where the body is the whole message, a field stands in the body or nowhere. */
function isInQuery(route: RestRoute, field: DescField): boolean {
  return route.body !== "message" && field !== route.body;
}

function readVariables(
  route: RestRoute,
  variables: ReadonlyMap<string, string>,
  fields: MessageFields,
  reader: JsonReader,
  context: ReadContext,
): readonly DescField[] {
  if (variables.size === 0) return [];
  const inPath = route.method.input.fields.filter((field) => variables.has(field.name));
  for (const field of inPath) {
    const text = variables.get(field.name) ?? "";
    const json = field.scalar === ScalarType.BOOL ? toFlag(text) : text;
    reader.readField(fields, field, json, { parent: undefined, kind: "field", step: field.name }, context);
  }
  return inPath;
}

/** A body may say again what the path says, as clients do that send back what they were given. */
function dropRepeated(
  body: unknown,
  inPath: readonly DescField[],
  variables: ReadonlyMap<string, string>,
  violations: JsonViolations,
): unknown {
  if (!isJsonRecord(body)) return body;
  const { ...rest }: JsonRecord = body;
  const kept: Record<string, unknown> = rest;
  for (const field of inPath) {
    for (const key of new Set([field.name, field.jsonName])) {
      const value = kept[key];
      if (value === undefined) continue;
      delete kept[key];
      // Of an object `String()` would call what the caller wrote.
      const repeats = value === null || (typeof value !== "object" && String(value) === variables.get(field.name));
      if (repeats) continue;
      violations.add({ parent: undefined, kind: "field", step: key }, "contradicts the path");
    }
  }
  return kept;
}
