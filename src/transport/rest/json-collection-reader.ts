/** JSON arrays and objects → lists and maps of whatever their elements are. */

import type { JsonPath } from "./json-path.ts";
import type { ReadContext, ValueReader } from "./json-read-context.ts";
import { toDouble } from "./json-scalar-reader.ts";
import { isJsonRecord, setKey } from "./json-shape.ts";

/**
 * The hot path: sixteen series of 120 numbers a request. An array of nothing but numbers is used as it is.
 */
export function readDoubles(
  json: unknown,
  path: JsonPath | undefined,
  context: ReadContext,
): readonly number[] | undefined {
  if (!Array.isArray(json)) {
    context.violations.addWrongType(path, "an array", json);
    return undefined;
  }
  const items: readonly unknown[] = json;
  return isFiniteNumbers(items) ? items : readMixedDoubles(items, path, context);
}

function isFiniteNumbers(items: readonly unknown[]): items is readonly number[] {
  for (const item of items) {
    // 1e999 is read as Infinity, and Infinity - Infinity is NaN.
    if (typeof item !== "number" || item - item !== 0) return false;
  }
  return true;
}

/** pandas writes null where a value is not a number; whoever reads that bar refuses it. */
function readMixedDoubles(items: readonly unknown[], path: JsonPath | undefined, context: ReadContext): number[] {
  return items.map((item, index) => {
    if (item === null) return Number.NaN;
    const value = toDouble(item);
    if (value === undefined)
      context.violations.addWrongType({ parent: path, kind: "index", step: index }, "a number", item);
    return value ?? Number.NaN;
  });
}

export function createListReader(readElement: ValueReader): ValueReader {
  return (json, path, context) => {
    if (!Array.isArray(json)) {
      context.violations.addWrongType(path, "an array", json);
      return undefined;
    }
    const items: readonly unknown[] = json;
    const values: unknown[] = [];
    for (const [index, item] of items.entries()) {
      const value = readElement(item, { parent: path, kind: "index", step: index }, context);
      if (value !== undefined) values.push(value);
    }
    return values;
  };
}

export function createMapReader(
  readValue: ValueReader,
  isKey: (key: string) => boolean,
  keepsNull: boolean,
): ValueReader {
  return (json, path, context) => {
    if (!isJsonRecord(json)) {
      context.violations.addWrongType(path, "an object", json);
      return undefined;
    }
    const entries: Record<string, unknown> = {};
    for (const key of Object.keys(json)) {
      const keyPath: JsonPath = { parent: path, kind: "key", step: key };
      const item = json[key];
      if (!isKey(key)) context.violations.add(keyPath, "not a key of this map");
      else if (item !== null || keepsNull) setKey(entries, key, readValue(item, keyPath, context));
    }
    return entries;
  };
}
