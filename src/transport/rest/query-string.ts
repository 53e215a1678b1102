/** Query parameters → the JSON object they stand for. */

import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import type { JsonViolations } from "./json-violations.ts";

/** Messages that are text in JSON. */
const textTypes = new Set(["google.protobuf.Timestamp", "google.protobuf.Duration"]);

/**
 * Reads `limit=10&since=…&a.b=1`. Names are those of fields, nested ones joined by dots, repeated fields given
 * several times. An unknown name is a violation: a misspelt filter must not widen a deletion.
 */
export function readQuery(
  desc: DescMessage,
  query: string,
  isReadable: (field: DescField) => boolean,
  violations: JsonViolations,
): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const [name, text] of new URLSearchParams(query)) {
    const fields = findFields(desc, name.split("."));
    const first = fields?.[0];
    if (fields === undefined || first === undefined || !isReadable(first)) {
      violations.add({ parent: undefined, kind: "field", step: name }, "unknown query parameter");
    } else if (!setNested(json, fields, toJsonText(fields, text))) {
      violations.add({ parent: undefined, kind: "field", step: name }, "given twice");
    }
  }
  return json;
}

/** JSON of one parameter. Numbers and enums are read from text anyway; flags are what clients write for them. */
export function toFlag(text: string): boolean | string {
  const lower = text.toLowerCase();
  if (lower === "true" || lower === "1") return true;
  return lower === "false" || lower === "0" ? false : text;
}

function toJsonText(fields: readonly DescField[], text: string): boolean | string {
  const field = fields.at(-1);
  const scalar =
    field?.message !== undefined && isWrapperDesc(field.message) ? field.message.fields[0].scalar : field?.scalar;
  return scalar === ScalarType.BOOL ? toFlag(text) : text;
}

function findFields(desc: DescMessage, names: readonly string[]): readonly DescField[] | undefined {
  const fields: DescField[] = [];
  let parent: DescMessage | undefined = desc;
  for (const name of names) {
    const field: DescField | undefined = parent?.fields.find((item) => item.name === name || item.jsonName === name);
    if (field === undefined || field.fieldKind === "map") return undefined;
    fields.push(field);
    parent = field.fieldKind === "message" && !isText(field.message) ? field.message : undefined;
  }
  const isWhole = parent !== undefined || (fields.at(-1)?.fieldKind === "list" && fields.at(-1)?.message !== undefined);
  return isWhole ? undefined : fields;
}

function isText(desc: DescMessage): boolean {
  return textTypes.has(desc.typeName) || isWrapperDesc(desc);
}

/** False when the parameter has a value already and may have one only. */
function setNested(json: Record<string, unknown>, fields: readonly DescField[], value: unknown): boolean {
  const [field, ...rest] = fields;
  if (field === undefined) return true;
  const known = json[field.name];
  if (rest.length > 0) {
    const nested: Record<string, unknown> = isRecord(known) ? known : {};
    json[field.name] = nested;
    return setNested(nested, rest, value);
  }
  if (field.fieldKind === "list") json[field.name] = Array.isArray(known) ? [...known, value] : [value];
  else if (known !== undefined) return false;
  else json[field.name] = value;
  return true;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
