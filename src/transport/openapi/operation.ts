/** One REST route as an OpenAPI operation. */

import type { DescField, DescMethod, JsonObject } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel as Idempotency } from "@bufbuild/protobuf/wkt";
import { findBareField } from "../rest/json-shape.ts";
import type { RestRoute } from "../rest/rest-route.ts";
import { findTextAlternative } from "../rest/route-exceptions.ts";
import type { ProtoComments } from "./proto-comments.ts";
import { methodExamples } from "./request-examples.ts";
import { errorSchemaName, type SchemaCatalog } from "./schema-catalog.ts";

/** What goes wrong, by the HTTP status that says so, and the code that is most often behind it. */
const failures = {
  400: {
    code: "invalid_argument",
    description:
      "INVALID_ARGUMENT, or FAILED_PRECONDITION: the request is wrong, or not possible now. The details name the fields.",
  },
  404: { code: "not_found", description: "NOT_FOUND: the path names something that does not exist." },
  409: {
    code: "already_exists",
    description: "ALREADY_EXISTS or ABORTED: the name is taken, or somebody else was first.",
  },
  415: { code: "invalid_argument", description: "The body is not application/json." },
  429: {
    code: "resource_exhausted",
    description:
      "RESOURCE_EXHAUSTED: the body is too large or too many calls are in flight. Retry-After says when to come back.",
  },
  500: {
    code: "internal",
    description: "INTERNAL: a fault of the service; the log has the cause under the request id.",
  },
  503: {
    code: "unavailable",
    description: "UNAVAILABLE: the service is shutting down or its audit log cannot be written.",
  },
  504: { code: "deadline_exceeded", description: "DEADLINE_EXCEEDED: there was no answer within connect-timeout-ms." },
} as const;

export function createErrorResponses(): JsonObject {
  const schema = { $ref: `#/components/schemas/${errorSchemaName}` };
  return Object.fromEntries(
    Object.entries(failures).map(([status, { code, description }]) => [
      `Error${status}`,
      {
        description,
        headers: { "x-request-id": { $ref: "#/components/headers/RequestId" } },
        content: { "application/json": { schema, example: { code, message: "what went wrong", details: [] } } },
      },
    ]),
  );
}

export function createOperation(route: RestRoute, catalog: SchemaCatalog, comments: ProtoComments): JsonObject {
  const { method } = route;
  const comment = comments.get(`${method.parent.typeName}.${method.name}`) ?? method.name;
  const parameters = listParameters(route, catalog);
  return {
    operationId: method.localName,
    tags: [method.parent.name],
    summary: toSummary(comment),
    description: comment,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === "none" ? {} : { requestBody: createRequestBody(route, catalog) }),
    responses: {
      "200": createAnswer(route, catalog),
      ...Object.fromEntries(
        listFailures(route).map((status) => [status, { $ref: `#/components/responses/Error${status}` }]),
      ),
    },
  };
}

/** The first sentence, on one line. */
function toSummary(comment: string): string {
  const text = comment.replaceAll("\n", " ");
  const end = text.search(/\.(?:\s|$)/);
  return end === -1 ? text : text.slice(0, end);
}

function listVariables(route: RestRoute): readonly string[] {
  return route.template.segments.flatMap((segment) => (segment.kind === "variable" ? [segment.field] : []));
}

function listParameters(route: RestRoute, catalog: SchemaCatalog): JsonObject[] {
  const inPath = listVariables(route);
  return route.method.input.fields.flatMap((field): JsonObject[] => {
    if (inPath.includes(field.name)) return [createParameter(field, "path", catalog)];
    return isQueryParameter(route, field) ? [createParameter(field, "query", catalog)] : [];
  });
}

function isQueryParameter(route: RestRoute, field: DescField): boolean {
  if (route.body === "message" || field === route.body || field.fieldKind === "map") return false;
  return field.message === undefined || field.message.typeName.startsWith("google.protobuf.");
}

function createParameter(field: DescField, place: "path" | "query", catalog: SchemaCatalog): JsonObject {
  const { description, ...schema } = catalog.ofField(field);
  return {
    name: field.name,
    in: place,
    ...(place === "path" ? { required: true } : {}),
    ...(description === undefined ? {} : { description }),
    schema,
  };
}

function createRequestBody(route: RestRoute, catalog: SchemaCatalog): JsonObject {
  const example = methodExamples[route.method.name]?.request;
  return {
    // A message without fields of its own has nothing to say.
    required: route.body !== "message" || route.method.input.fields.length > listVariables(route).length,
    content: {
      "application/json": {
        schema: typeof route.body === "string" ? createBodySchema(route, catalog) : catalog.ofField(route.body),
        ...(example === undefined ? {} : { example }),
      },
    },
  };
}

/** What the path says need not be said again in the body, so it is left out of the body's schema. */
function createBodySchema(route: RestRoute, catalog: SchemaCatalog): JsonObject {
  const { input } = route.method;
  const inPath = listVariables(route);
  if (inPath.length === 0 || findBareField(input) !== undefined) return catalog.ofMessage(input);
  const fields = input.fields.filter((field) => !inPath.includes(field.name));
  return {
    type: "object",
    properties: Object.fromEntries(fields.map((field) => [field.name, catalog.ofField(field)])),
  };
}

function createAnswer(route: RestRoute, catalog: SchemaCatalog): JsonObject {
  const { method, responseField } = route;
  const headers = { "x-request-id": { $ref: "#/components/headers/RequestId" } };
  const text = { schema: { type: "string" } };
  if (method.output.typeName === "google.api.HttpBody") {
    return { description: "OK", headers, content: { "text/plain": text } };
  }
  const example = methodExamples[method.name]?.answer;
  const schema = responseField === undefined ? catalog.ofMessage(method.output) : catalog.ofField(responseField);
  const alternatives = findTextAlternative(method)?.mediaTypes ?? [];
  return {
    description: "OK",
    headers,
    content: {
      "application/json": { schema, ...(example === undefined ? {} : { example }) },
      ...Object.fromEntries(alternatives.map((mediaType) => [mediaType, text])),
    },
  };
}

function listFailures(route: RestRoute): (keyof typeof failures)[] {
  return [
    400,
    ...(listVariables(route).length > 0 ? [404 as const] : []),
    ...(changesSomething(route.method) ? [409 as const] : []),
    ...(route.body === "none" ? [] : [415 as const]),
    429,
    500,
    503,
    504,
  ];
}

function changesSomething(method: DescMethod): boolean {
  return method.idempotency === Idempotency.IDEMPOTENCY_UNKNOWN;
}
