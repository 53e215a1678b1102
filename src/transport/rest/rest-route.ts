/** The REST routes, read from the `google.api.http` options of the services: there is no other list of them. */

import { type DescField, type DescMethod, type DescService, getOption, hasOption } from "@bufbuild/protobuf";
import { http as httpOption } from "../../../gen/ts/google/api/annotations_pb.ts";
import type { HttpRule } from "../../../gen/ts/google/api/http_pb.ts";
import { type PathTemplate, parsePathTemplate } from "./path-template.ts";

export type HttpMethod = "GET" | "PUT" | "POST" | "DELETE" | "PATCH";

export interface RestRoute {
  readonly httpMethod: HttpMethod;
  readonly template: PathTemplate;
  readonly method: DescMethod;
  /** What the HTTP body fills: the whole message, one field, or nothing. */
  readonly body: "message" | "none" | DescField;
  /** The field that makes up the answer; undefined for the whole message. */
  readonly responseField: DescField | undefined;
}

const httpMethodByCase = {
  get: "GET",
  put: "PUT",
  post: "POST",
  delete: "DELETE",
  patch: "PATCH",
} as const satisfies Record<string, HttpMethod>;

/** Every route of the services, in the order of the proto files, additional bindings after their main one. */
export function readRestRoutes(services: Iterable<DescService>): readonly RestRoute[] {
  const routes: RestRoute[] = [];
  for (const service of services) {
    for (const method of service.methods) {
      if (!hasOption(method, httpOption)) continue;
      const rule = getOption(method, httpOption);
      for (const binding of [rule, ...rule.additionalBindings]) routes.push(readRoute(method, binding));
    }
  }
  return routes;
}

function readRoute(method: DescMethod, rule: HttpRule): RestRoute {
  if (method.methodKind !== "unary") throw new Error(`${method.toString()}: only unary methods have REST routes`);
  const { pattern } = rule;
  if (pattern.case === undefined) throw new Error(`${method.toString()}: google.api.http has no path`);
  const template = parsePathTemplate(pattern.value);
  for (const segment of template.segments) {
    if (segment.kind === "variable") requireScalarField(method, segment.field);
  }
  return {
    httpMethod: httpMethodByCase[pattern.case],
    template,
    method,
    body: rule.body === "*" ? "message" : rule.body === "" ? "none" : requireField(method, "input", rule.body),
    responseField: rule.responseBody === "" ? undefined : requireField(method, "output", rule.responseBody),
  };
}

function requireField(method: DescMethod, side: "input" | "output", name: string): DescField {
  const field = method[side].fields.find((candidate) => candidate.name === name);
  if (field === undefined) {
    throw new Error(
      `${method.toString()}: google.api.http names "${name}", which ${method[side].typeName} does not have`,
    );
  }
  return field;
}

function requireScalarField(method: DescMethod, name: string): void {
  const field = requireField(method, "input", name);
  if (field.fieldKind !== "scalar" && field.fieldKind !== "enum") {
    throw new Error(`${method.toString()}: path variable "${name}" must be a scalar field`);
  }
}
