import { hash } from "node:crypto";
import type { Config, HashedConfig } from "../domain/config.ts";
import { assertConfig } from "./config-validation.ts";
import { toSnakeCase } from "./key-names.ts";

type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

/** Digits of a configuration's hash. */
const hashDigits = 16;

/**
 * The canonical JSON of a configuration: snake_case keys in code-point order, no white space, numbers as
 * ECMAScript writes them (RFC 8785). Anybody can make it from the answer of `GET /config`.
 */
export function toCanonicalJson(config: Config): string {
  return writeCanonical(toSnakeKeys(config));
}

/**
 * Checks a configuration and gives it its hash.
 *
 * @throws InvalidInputError naming every key that is wrong.
 */
export function hashConfig(config: Config): HashedConfig {
  assertConfig(config);
  return { config, hash: hash("sha256", toCanonicalJson(config), "hex").slice(0, hashDigits) };
}

function toSnakeKeys(value: unknown): Json {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(toSnakeKeys);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [toSnakeCase(key), toSnakeKeys(each)]));
  }
  throw new TypeError(`a configuration holds no ${typeof value}`);
}

function writeCanonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(writeCanonical).join(",")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => `${JSON.stringify(key)}:${writeCanonical(each)}`);
  return `{${members.join(",")}}`;
}
