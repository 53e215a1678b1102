import type { Config } from "../domain/config.ts";
import { type FieldViolation, InvalidInputError } from "../domain/errors.ts";
import { regimeLabels } from "../domain/regime.ts";
import { alertRuleRules, rootRules, sectionRules } from "./config-schema.ts";
import { toSnakeCase } from "./key-names.ts";
import { describeFault, describeValue, type KeyRule } from "./key-rule.ts";

/** Most alert rules of a configuration. */
export const alertRulesMax = 200;

type Members = ReadonlyMap<string, unknown>;

/**
 * Checks every key and every relation between keys. Takes nothing for granted, so that what comes out of a file or a
 * request is a configuration once it has been here.
 *
 * @param found What the caller found wrong already, to be reported in the same error.
 * @throws InvalidInputError naming every key that is wrong, e.g. `signal_filter.entry_threshold`.
 */
export function assertConfig(config: unknown, found: readonly FieldViolation[] = []): asserts config is Config {
  const violations = [...found];
  const root = readMembers(
    "",
    config,
    [...Object.keys(sectionRules), ...Object.keys(rootRules), "alertRules"],
    violations,
  );
  if (root !== undefined) checkRoot(root, violations);
  if (violations.length > 0) throw new InvalidInputError(violations, "INVALID_CONFIG");
}

/**
 * Refuses what only a library without a server may do: a service that trades keeps its audit log.
 *
 * @throws InvalidInputError
 */
export function assertServingConfig(config: Config): void {
  if (config.governance.enablePredictionLogging) return;
  throw new InvalidInputError(
    [
      {
        field: "governance.enable_prediction_logging",
        description: "must be true while the service decides: every decision belongs in the audit log",
      },
    ],
    "AUDIT_LOG_REQUIRED",
  );
}

function checkRoot(root: Members, violations: FieldViolation[]): void {
  for (const [key, rule] of Object.entries(rootRules)) check(toSnakeCase(key), root.get(key), rule, violations);
  const sections = new Map<string, Members>();
  for (const [section, rules] of Object.entries(sectionRules)) {
    const at = toSnakeCase(section);
    const known = section === "signalFilter" ? [...Object.keys(rules), "allowedRegimes"] : Object.keys(rules);
    const values = readMembers(at, root.get(section), known, violations);
    if (values === undefined) continue;
    sections.set(section, values);
    for (const [key, rule] of Object.entries(rules))
      check(`${at}.${toSnakeCase(key)}`, values.get(key), rule, violations);
  }
  checkRelations(sections, violations);
  const signalFilter = sections.get("signalFilter");
  if (signalFilter !== undefined) checkRegimes(signalFilter.get("allowedRegimes"), violations);
  checkAlertRules(root.get("alertRules"), violations);
}

/** The own members of an object, or `undefined` when it is none. Names every key that is not known. */
function readMembers(
  at: string,
  value: unknown,
  known: readonly string[],
  violations: FieldViolation[],
): Members | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    violations.push({
      field: at === "" ? "config" : at,
      description: `expected an object, got ${describeValue(value)}`,
    });
    return undefined;
  }
  const members = new Map<string, unknown>(Object.entries(value));
  for (const key of members.keys()) {
    if (!known.includes(key)) {
      violations.push({ field: joinPath(at, toSnakeCase(key)), description: "no such configuration key" });
    }
  }
  return members;
}

/** `signal_filter` and `entry_threshold` → `signal_filter.entry_threshold` */
export function joinPath(at: string, key: string): string {
  return at === "" ? key : `${at}.${key}`;
}

function check(field: string, value: unknown, rule: KeyRule, violations: FieldViolation[]): void {
  const description = describeFault(value, rule);
  if (description !== undefined) violations.push({ field, description });
}

/** The lesser key of each pair stands first and must stay below the other. */
const orderedKeys = [
  ["signalFilter", "exitThreshold", "entryThreshold"],
  ["signalFilter", "lowConfidenceThreshold", "highConfidenceThreshold"],
  ["regime", "rangingMaxVolatilityPct", "stressedMinVolatilityPct"],
] as const;

function checkRelations(sections: ReadonlyMap<string, Members>, violations: FieldViolation[]): void {
  for (const [section, lesserKey, greaterKey] of orderedKeys) {
    const lesser = sections.get(section)?.get(lesserKey);
    const greater = sections.get(section)?.get(greaterKey);
    // What is no number has been reported as such.
    if (!isNumber(lesser) || !isNumber(greater)) continue;
    if (lesser < greater) continue;
    violations.push({
      field: `${toSnakeCase(section)}.${toSnakeCase(lesserKey)}`,
      description: `${lesser} is not below ${toSnakeCase(greaterKey)} ${greater}`,
    });
  }
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function checkRegimes(regimes: unknown, violations: FieldViolation[]): void {
  const field = "signal_filter.allowed_regimes";
  if (!Array.isArray(regimes)) {
    violations.push({ field, description: `expected a list, got ${describeValue(regimes)}` });
    return;
  }
  if (regimes.length === 0) {
    violations.push({ field, description: "must name at least one regime; to stop all trading, halt it" });
  }
  for (const [index, regime] of regimes.entries()) {
    if (!regimeLabels.includes(regime)) {
      violations.push({ field: `${field}[${index}]`, description: `expected one of ${regimeLabels.join(", ")}` });
    } else if (regimes.indexOf(regime) !== index) {
      violations.push({ field: `${field}[${index}]`, description: `${regime} is named twice` });
    }
  }
}

function checkAlertRules(alertRules: unknown, violations: FieldViolation[]): void {
  if (!Array.isArray(alertRules)) {
    violations.push({ field: "alert_rules", description: `expected a list, got ${describeValue(alertRules)}` });
    return;
  }
  if (alertRules.length > alertRulesMax) {
    violations.push({ field: "alert_rules", description: `${alertRules.length} rules; at most ${alertRulesMax}` });
    return;
  }
  const names = new Set<unknown>();
  for (const [index, alertRule] of alertRules.entries()) {
    const at = `alert_rules[${index}]`;
    const values = readMembers(at, alertRule, Object.keys(alertRuleRules), violations);
    if (values === undefined) continue;
    for (const [key, rule] of Object.entries(alertRuleRules)) {
      check(`${at}.${toSnakeCase(key)}`, values.get(key), rule, violations);
    }
    const name = values.get("name");
    if (names.has(name)) violations.push({ field: `${at}.name`, description: `${describeValue(name)} is taken` });
    names.add(name);
  }
}
