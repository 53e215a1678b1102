/** JSON scalars → protobuf scalars. A reader answers undefined after it has noted a violation. */

import { type DescEnum, ScalarType } from "@bufbuild/protobuf";
import type { JsonPath } from "./json-path.ts";
import type { JsonViolations } from "./json-violations.ts";

export type ScalarReader = (json: unknown, path: JsonPath | undefined, violations: JsonViolations) => unknown;

const numberPattern = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const integerPattern = /^-?\d{1,20}$/;
const base64Pattern = /^[A-Za-z0-9+/_-]*={0,2}$/;

export function createScalarReader(scalar: ScalarType): ScalarReader {
  switch (scalar) {
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return readDouble;
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return createIntegerReader(-(2 ** 31), 2 ** 31 - 1);
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return createIntegerReader(0, 2 ** 32 - 1);
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return createLongReader(-(2n ** 63n), 2n ** 63n - 1n);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return createLongReader(0n, 2n ** 64n - 1n);
    case ScalarType.BOOL:
      return readBool;
    case ScalarType.STRING:
      return readString;
    case ScalarType.BYTES:
      return readBytes;
    default:
      return scalar satisfies never;
  }
}

/** The number a JSON value stands for, or undefined. Numbers beyond the range of a double stand for none. */
export function toDouble(json: unknown): number | undefined {
  if (typeof json === "number") return Number.isFinite(json) ? json : undefined;
  if (typeof json !== "string") return undefined;
  if (json === "NaN") return Number.NaN;
  if (json === "Infinity") return Number.POSITIVE_INFINITY;
  if (json === "-Infinity") return Number.NEGATIVE_INFINITY;
  const value = numberPattern.test(json) ? Number(json) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

function readDouble(json: unknown, path: JsonPath | undefined, violations: JsonViolations): number | undefined {
  const value = toDouble(json);
  if (value === undefined) violations.addWrongType(path, "a number", json);
  return value;
}

function createIntegerReader(min: number, max: number): ScalarReader {
  return (json, path, violations) => {
    const value = toDouble(json);
    if (value !== undefined && Number.isInteger(value) && value >= min && value <= max) return value;
    violations.addWrongType(path, `an integer from ${min} to ${max}`, json);
    return undefined;
  };
}

function createLongReader(min: bigint, max: bigint): ScalarReader {
  return (json, path, violations) => {
    const value = toBigInt(json);
    if (value !== undefined && value >= min && value <= max) return value;
    const inexact = typeof json === "number" && Number.isInteger(json) ? " (beyond 2^53 write it as a string)" : "";
    violations.addWrongType(path, `an integer from ${min} to ${max}${inexact}`, json);
    return undefined;
  };
}

function toBigInt(json: unknown): bigint | undefined {
  if (typeof json === "number") return Number.isSafeInteger(json) ? BigInt(json) : undefined;
  return typeof json === "string" && integerPattern.test(json) ? BigInt(json) : undefined;
}

function readBool(json: unknown, path: JsonPath | undefined, violations: JsonViolations): boolean | undefined {
  if (typeof json === "boolean") return json;
  violations.addWrongType(path, "true or false", json);
  return undefined;
}

function readString(json: unknown, path: JsonPath | undefined, violations: JsonViolations): string | undefined {
  if (typeof json !== "string") {
    violations.addWrongType(path, "a string", json);
    return undefined;
  }
  if (json.isWellFormed()) return json;
  violations.add(path, "expected Unicode text, got an unpaired surrogate");
  return undefined;
}

function readBytes(json: unknown, path: JsonPath | undefined, violations: JsonViolations): Uint8Array | undefined {
  if (typeof json === "string" && base64Pattern.test(json)) {
    const digits = json.replace(/=+$/, "").length;
    if (digits % 4 !== 1 && (digits === json.length || json.length % 4 === 0)) return Buffer.from(json, "base64");
  }
  violations.addWrongType(path, "base64", json);
  return undefined;
}

/** Accepts the name of a value, in any case, or its number. */
export function createEnumReader(desc: DescEnum): ScalarReader {
  const numbers = new Map<string, number>();
  for (const value of desc.values) numbers.set(value.name, value.number).set(String(value.number), value.number);
  const expected = `one of ${desc.values.map((value) => value.name).join(", ")}`;
  return (json, path, violations) => {
    const key = typeof json === "number" ? String(json) : json;
    const number = typeof key === "string" ? (numbers.get(key) ?? numbers.get(key.toUpperCase())) : undefined;
    if (number === undefined) violations.addWrongType(path, expected, json);
    return number;
  };
}

/** Keys of a map are strings in JSON whatever their type; protobuf-es keeps them as property names. */
export function createMapKeyCheck(scalar: ScalarType): (key: string) => boolean {
  if (scalar === ScalarType.STRING) return (key) => key.isWellFormed();
  if (scalar === ScalarType.BOOL) return (key) => key === "true" || key === "false";
  return (key) => integerPattern.test(key);
}
