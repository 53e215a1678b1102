/** The one place where this service's JSON departs from canonical protobuf JSON in the shape of a message. */

import type { DescField, DescMessage } from "@bufbuild/protobuf";

/** A JSON object as `JSON.parse` makes it. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** A list or map field that stands for its whole message. */
export type BareField = DescField & { readonly fieldKind: "list" | "map" };

/**
 * The only field of a message that merely wraps a list or a map. Protobuf has no map of lists, so such messages exist
 * for the sake of protobuf alone; in JSON the list or map is written in their place.
 */
export function findBareField(desc: DescMessage): BareField | undefined {
  const [field, ...others] = desc.fields;
  if (field === undefined || others.length > 0 || desc.typeName.startsWith("google.protobuf.")) return undefined;
  return field.fieldKind === "list" || field.fieldKind === "map" ? field : undefined;
}

export function isJsonRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Sets a key that came from outside; `__proto__` becomes a key like any other. */
export function setKey(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}
