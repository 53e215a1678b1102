import { hash } from "node:crypto";
import type { Config, HashedConfig } from "../domain/config.ts";
import { assertConfig } from "./config-validation.ts";
import { toSnakeCase } from "./key-names.ts";

/** Digits of a configuration's hash. */
const hashDigits = 16;

/**
 * The canonical JSON of a configuration: snake_case keys in code-point order, no white space, numbers as
 * ECMAScript writes them (RFC 8785). Anybody can make it from the answer of `GET /config`; in Python with
 * `json.dumps(config, sort_keys=True, separators=(",", ":"), ensure_ascii=False)`, which differs only for numbers
 * below 0.0001 (Python writes 1e-05 where RFC 8785 has 0.00001).
 */
export function toCanonicalJson(config: Config): string {
  return writeCanonical(toSnakeKeys(config));
}

/** First 16 hex digits of SHA-256 over a canonical JSON text. */
export function hashCanonicalJson(text: string): string {
  return hash("sha256", text, "hex").slice(0, hashDigits);
}

/**
 * Checks a configuration and gives it its hash.
 *
 * @throws InvalidInputError naming every key that is wrong.
 */
export function hashConfig(config: Config): HashedConfig {
  assertConfig(config);
  return { config, hash: hashCanonicalJson(toCanonicalJson(config)) };
}

/** The same value with every key in snake_case. */
export function toSnakeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toSnakeKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [toSnakeCase(key), toSnakeKeys(each)]));
}

/** Writes a JSON value in its canonical form. */
export function writeCanonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(writeCanonical).join(",")}]`;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return JSON.stringify(value);
  if (typeof value !== "object" || value === null) throw new TypeError(`a configuration holds no ${String(value)}`);
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => `${JSON.stringify(key)}:${writeCanonical(each)}`);
  return `{${members.join(",")}}`;
}
