/**
 * google.rpc.Status as REST shows it: the code by its name, and details in the JSON of google.protobuf.Any
 * (`@type` beside the fields).
 */

import { create, createRegistry, type DescMessage, type JsonObject, type Message } from "@bufbuild/protobuf";
import { type Any, anyPack, anyUnpack } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { file_google_rpc_error_details } from "../../../gen/ts/google/rpc/error_details_pb.ts";
import { codeName } from "../chain/status.ts";
import type { JsonPath } from "./json-path.ts";
import type { ReadContext } from "./json-read-context.ts";
import type { JsonReader, MessageFields } from "./json-reader.ts";
import { isJsonRecord } from "./json-shape.ts";
import type { JsonViolations } from "./json-violations.ts";

/** What an Any of this service may hold. */
const detailTypes = createRegistry(file_google_rpc_error_details);

const typeKey = "@type";
const okCode = 0;

const codesByName = new Map<string, number>([["ok", okCode]]);
for (const code of Object.values(Code)) {
  if (typeof code === "number") codesByName.set(codeName(code), code);
}
const namesByCode = new Map([...codesByName].map(([name, code]) => [code, name]));

/** The name of a gRPC status code, `not_found`; a number that is no code has none. */
export function findStatusName(code: number): string | undefined {
  return namesByCode.get(code);
}

/** Accepts the name of a code or its number. */
export function readStatusCode(
  json: unknown,
  path: JsonPath | undefined,
  violations: JsonViolations,
): number | undefined {
  const code = typeof json === "string" ? codesByName.get(json) : json;
  if (typeof code === "number" && namesByCode.has(code)) return code;
  violations.addWrongType(path, "a status code such as not_found", json);
  return undefined;
}

export function createAnyReader(
  reader: JsonReader,
): (json: unknown, path: JsonPath | undefined, context: ReadContext) => Any | undefined {
  return (json, path, context) => {
    if (!isJsonRecord(json)) {
      context.violations.addWrongType(path, "an object", json);
      return undefined;
    }
    const { [typeKey]: typeUrl, ...rest } = json;
    const desc = typeof typeUrl === "string" ? findType(typeUrl) : undefined;
    if (desc === undefined) {
      context.violations.addWrongType({ parent: path, kind: "field", step: typeKey }, "a google.rpc type", typeUrl);
      return undefined;
    }
    const fields: MessageFields = {};
    reader.readInto(fields, desc, rest, path, context);
    return anyPack(desc, create(desc, fields));
  };
}

/** The JSON of an Any; one of an unknown type shows its bytes. */
export function writeAny(any: Any, writeFields: (desc: DescMessage, message: Message) => JsonObject): JsonObject {
  const desc = findType(any.typeUrl);
  const message = desc === undefined ? undefined : anyUnpack(any, desc);
  if (desc === undefined || message === undefined) {
    return { [typeKey]: any.typeUrl, value: Buffer.from(any.value).toString("base64") };
  }
  return { [typeKey]: any.typeUrl, ...writeFields(desc, message) };
}

function findType(typeUrl: string): DescMessage | undefined {
  return detailTypes.getMessage(typeUrl.slice(typeUrl.lastIndexOf("/") + 1));
}
