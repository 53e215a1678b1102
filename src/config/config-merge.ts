import type { Config } from "../domain/config.ts";
import type { FieldViolation } from "../domain/errors.ts";
import { toSnakeKeys, writeCanonical } from "./config-hash.ts";
import { assertConfig, joinPath } from "./config-validation.ts";
import { toSnakeCase } from "./key-names.ts";

/** Sections are merged key by key; a list replaces the one before it. What is absent or `undefined` stays as it is. */
type Patch<T> = T extends readonly unknown[] | string | number | boolean
  ? T
  : { readonly [K in keyof T]?: Patch<T[K]> | undefined };

/** The keys to change. */
export type ConfigPatch = Patch<Config>;

/**
 * Applies a patch and checks the outcome, so that a merged configuration which was not checked never exists.
 *
 * @returns A frozen configuration of its own; it shares no list with the patch.
 * @throws InvalidInputError naming every key that is unknown or wrong.
 */
export function mergeConfig(base: Config, patch: ConfigPatch): Config {
  const violations: FieldViolation[] = [];
  const merged = mergeMembers("", base, patch, violations);
  assertConfig(merged, violations);
  return freezeConfig(merged);
}

/** Keys whose values differ, e.g. `signal_filter.entry_threshold` or `alert_rules`, sorted. */
export function changedKeys(before: Config, after: Config): string[] {
  const old = flatten(before);
  return [...flatten(after)]
    .filter(([key, text]) => old.get(key) !== text)
    .map(([key]) => key)
    .sort();
}

/** Makes a checked configuration unchangeable, all the way down. */
export function freezeConfig(config: Config): Config {
  freezeDeep(config);
  return config;
}

function mergeMembers(at: string, base: object, patch: object, violations: FieldViolation[]): object {
  const merged = new Map<string, unknown>(Object.entries(base).map(([key, value]) => [key, copy(value)]));
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    const path = joinPath(at, toSnakeCase(key));
    if (!merged.has(key)) {
      violations.push({ field: path, description: "no such configuration key" });
      continue;
    }
    const before = merged.get(key);
    merged.set(
      key,
      isSection(before) && isSection(value) ? mergeMembers(path, before, value, violations) : copy(value),
    );
  }
  return Object.fromEntries(merged);
}

function isSection(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (isSection(value)) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copy(each)]));
  // JSON in Python tells -0 from 0 and ours does not, so the hash of a configuration must not depend on it.
  return value === 0 ? 0 : value;
}

function freezeDeep(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const each of Object.values(value)) freezeDeep(each);
  Object.freeze(value);
}

function flatten(config: Config): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(config)) {
    if (!isSection(value)) {
      texts.set(toSnakeCase(key), writeCanonical(toSnakeKeys(value)));
      continue;
    }
    for (const [member, each] of Object.entries(value)) {
      texts.set(`${toSnakeCase(key)}.${toSnakeCase(member)}`, writeCanonical(toSnakeKeys(each)));
    }
  }
  return texts;
}
