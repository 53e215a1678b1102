import { fromJson, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import { type Config, ConfigSchema } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { type FieldViolation, InvalidInputError } from "../domain/errors.ts";
import { regimeLabels } from "../domain/regime.ts";
import { configKeys, findNearKeys, type ValueKind } from "./config-keys.ts";

const uint32Max = 2 ** 32 - 1;

/**
 * Makes a patch of `key=value` arguments. Only the type of a value is decided here; its range is the service's to judge.
 *
 * @throws InvalidInputError naming every argument that is wrong.
 */
export function parseAssignments(assignments: readonly string[]): Config {
  const violations: FieldViolation[] = [];
  const values = new Map<string, JsonValue>();
  for (const assignment of assignments) {
    const [key, value] = splitAssignment(assignment);
    const read = value === undefined ? "write key=value" : readAssigned(key, value, values);
    if (typeof read === "string") violations.push({ field: key, description: read });
    else values.set(key, read.value);
  }
  if (violations.length > 0) throw new InvalidInputError(violations);
  return fromJson(ConfigSchema, nestValues(values));
}

function splitAssignment(text: string): [key: string, value: string | undefined] {
  const at = text.indexOf("=");
  return at === -1 ? [text, undefined] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/** The value, or what is wrong. */
function readAssigned(key: string, text: string, taken: ReadonlyMap<string, JsonValue>): Read {
  const kind = configKeys.get(key);
  if (kind === undefined) return describeUnknownKey(key);
  return taken.has(key) ? "is given twice" : readValue(text, kind);
}

/** Says which keys there are like it. */
export function describeUnknownKey(key: string): string {
  if (key === "alert_rules" || key.startsWith("alert_rules.")) {
    return "alert rules are no single value; change them with PUT /config or UpdateConfig";
  }
  const near = findNearKeys(key);
  const ending = near.length === 0 ? "ml-layer config get lists the keys" : `did you mean ${near.join(" or ")}?`;
  return `no such configuration key; ${ending}`;
}

type Read = string | { readonly value: JsonValue };

function readValue(text: string, kind: ValueKind): Read {
  switch (kind) {
    case "number":
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text))
        ? { value: Number(text) }
        : `expected a number, got ${quote(text)}`;
    case "integer":
      return /^\d+$/.test(text) && Number(text) <= uint32Max
        ? { value: Number(text) }
        : `expected a whole number of at least 0, got ${quote(text)}`;
    case "boolean":
      return text === "true" || text === "false"
        ? { value: text === "true" }
        : `expected true or false, got ${quote(text)}`;
    case "string":
    case "choice":
      return { value: text };
    case "regimes":
      return readRegimes(text);
    default:
      return kind satisfies never;
  }
}

function readRegimes(text: string): Read {
  const labels = text.split(",").map((label) => label.trim().toUpperCase());
  const unknown = labels.find((label) => regimeLabels.every((each) => each !== label));
  if (unknown === undefined) return { value: { labels } };
  return `expected some of ${regimeLabels.join(",")} with commas between them, got ${quote(unknown)}`;
}

function quote(text: string): string {
  return text === "" ? "nothing" : text;
}

/** `a.b` becomes a member of a member. */
function nestValues(values: ReadonlyMap<string, JsonValue>): JsonObject {
  const sections = new Map<string, [string, JsonValue][]>();
  const root: [string, JsonValue][] = [];
  for (const [key, value] of values) {
    const [section = "", member] = key.split(".");
    if (member === undefined) root.push([key, value]);
    else sections.set(section, [...(sections.get(section) ?? []), [member, value]]);
  }
  return Object.fromEntries([
    ...root,
    ...[...sections].map(([section, members]): [string, JsonValue] => [section, Object.fromEntries(members)]),
  ]);
}
