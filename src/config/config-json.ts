import type { Config } from "../domain/config.ts";
import type { FieldViolation } from "../domain/errors.ts";
import { freezeConfig } from "./config-merge.ts";
import { assertConfig, joinPath } from "./config-validation.ts";
import { fromSnakeCase, toSnakeCase } from "./key-names.ts";

/**
 * Keys that a later release added, e.g. `governance.drift_window`. Only these may be absent from what an earlier
 * release wrote; any other absent key is damage.
 */
export const keysAddedLater: readonly string[] = ["governance.out_of_distribution_threshold"];

/** Where the values of absent keys come from. */
export interface ParseConfigOptions {
  readonly defaults: Config;
  /** @default keysAddedLater */
  readonly addedKeys?: readonly string[];
}

/**
 * Makes a configuration of its JSON form (snake_case keys), checking everything.
 *
 * @throws InvalidInputError naming every key that is unknown, absent or wrong.
 */
export function parseConfig(json: unknown, { defaults, addedKeys = keysAddedLater }: ParseConfigOptions): Config {
  const violations: FieldViolation[] = [];
  const config = addMissing(toConfigKeys("", json, violations), defaults, addedKeys);
  assertConfig(config, violations);
  return freezeConfig(config);
}

function toConfigKeys(at: string, value: unknown, violations: FieldViolation[]): unknown {
  if (Array.isArray(value)) return value.map((each, index) => toConfigKeys(`${at}[${index}]`, each, violations));
  if (typeof value !== "object" || value === null) return value;
  const members: [string, unknown][] = [];
  for (const [key, each] of Object.entries(value)) {
    const path = joinPath(at, key);
    const name = fromSnakeCase(key);
    if (name === undefined) violations.push({ field: path, description: "no such configuration key" });
    else members.push([name, toConfigKeys(path, each, violations)]);
  }
  return Object.fromEntries(members);
}

function addMissing(value: unknown, defaults: object, addedKeys: readonly string[], at = ""): unknown {
  if (typeof value !== "object" || value === null) return value;
  const members = new Map<string, unknown>(Object.entries(value));
  for (const [key, otherwise] of Object.entries(defaults)) {
    const path = joinPath(at, toSnakeCase(key));
    const present = members.get(key);
    if (present === undefined) {
      if (addedKeys.includes(path)) members.set(key, structuredClone(otherwise));
    } else if (typeof otherwise === "object" && otherwise !== null && !Array.isArray(otherwise)) {
      members.set(key, addMissing(present, otherwise, addedKeys, path));
    }
  }
  return Object.fromEntries(members);
}

/** The keys among `addedKeys` that the JSON form of a configuration lacks. */
export function findAbsentKeys(json: unknown, addedKeys: readonly string[]): string[] {
  return addedKeys.filter((path) => {
    let value = json;
    for (const key of path.split(".")) {
      if (typeof value !== "object" || value === null) return true;
      value = new Map<string, unknown>(Object.entries(value)).get(key);
    }
    return value === undefined;
  });
}
