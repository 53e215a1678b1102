/** The OpenAPI document, made from the proto files: routes, messages and comments. */

import { createFileRegistry, type DescService, fromBinary, type JsonObject } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { type RestRoute, readRestRoutes } from "../rest/rest-route.ts";
import { ignoresUnknownKeys } from "../rest/route-exceptions.ts";
import { createErrorResponses, createOperation } from "./operation.ts";
import { readProtoComments } from "./proto-comments.ts";
import { listReachable, type MessageUse, SchemaCatalog } from "./schema-catalog.ts";

export interface DocumentSource {
  /** A serialised google.protobuf.FileDescriptorSet with source information. */
  readonly fileSet: Uint8Array;
  /** The package whose services are described, e.g. `arbitrex.ml.v1`. */
  readonly packageName: string;
  readonly title: string;
  readonly description: string;
  readonly version: string;
}

export function createOpenApiDocument(source: DocumentSource): JsonObject {
  const fileSet = fromBinary(FileDescriptorSetSchema, source.fileSet);
  const comments = readProtoComments(fileSet.file);
  const services = listServices(createFileRegistry(fileSet), source.packageName);
  const routes = readRestRoutes(services);
  const catalog = new SchemaCatalog(source.packageName, comments, findUse(routes));
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) {
    const path = paths[route.template.text] ?? {};
    path[route.httpMethod.toLowerCase()] = createOperation(route, catalog, comments);
    paths[route.template.text] = path;
  }
  const served = services.filter((service) => routes.some((route) => route.method.parent === service));
  return {
    openapi: "3.1.0",
    info: { title: source.title, version: source.version, description: source.description },
    servers: [{ url: "/" }],
    tags: served.map((service) => ({
      name: service.name,
      description: comments.get(service.typeName) ?? service.name,
    })),
    paths,
    components: {
      schemas: sortByName(catalog.schemas),
      responses: createErrorResponses(),
      headers: {
        RequestId: {
          description: "The caller's x-request-id, or one made by the service.",
          schema: { type: "string", maxLength: 128 },
        },
      },
    },
  };
}

function listServices(registry: ReturnType<typeof createFileRegistry>, packageName: string): readonly DescService[] {
  return [...registry.files]
    .filter((file) => file.proto.package === packageName)
    .flatMap((file) => file.services)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function findUse(routes: readonly RestRoute[]): MessageUse {
  const strict = new Set<string>();
  const lenient = new Set<string>();
  const answered = new Set<string>();
  for (const { method } of routes) {
    listReachable(method.input, ignoresUnknownKeys(method) ? lenient : strict);
    listReachable(method.output, answered);
  }
  return { strict, lenient, answered };
}

function sortByName(schemas: Readonly<Record<string, JsonObject>>): JsonObject {
  return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
}
