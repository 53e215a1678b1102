import type { AlertRule, Config } from "../domain/config.ts";
import { type FieldViolation, InvalidInputError } from "../domain/errors.ts";
import { type KnownRegime, regimeLabels } from "../domain/regime.ts";
import { type KeyRule, rootRules, sectionRules } from "./config-schema.ts";
import { toSnakeCase } from "./key-names.ts";

/** Most alert rules of a configuration. */
export const alertRulesMax = 200;

/**
 * Checks every key and every relation between keys.
 *
 * @throws InvalidInputError naming every key that is wrong, e.g. `signal_filter.entry_threshold`.
 */
export function assertConfig(config: Config): void {
  const violations: FieldViolation[] = [];
  for (const [section, rules] of Object.entries(sectionRules)) {
    const values = new Map<string, unknown>(Object.entries(config[section as keyof typeof sectionRules]));
    for (const [key, rule] of Object.entries(rules)) {
      check(`${toSnakeCase(section)}.${toSnakeCase(key)}`, values.get(key), rule, violations);
    }
  }
  for (const [key, rule] of Object.entries(rootRules)) {
    check(toSnakeCase(key), config[key as keyof typeof rootRules], rule, violations);
  }
  checkRelations(config, violations);
  checkRegimes(config.signalFilter.allowedRegimes, violations);
  checkAlertRules(config.alertRules, violations);
  if (violations.length > 0) throw new InvalidInputError(violations, "INVALID_CONFIG");
}

function check(field: string, value: unknown, rule: KeyRule, violations: FieldViolation[]): void {
  const description = describeFault(value, rule);
  if (description !== undefined) violations.push({ field, description });
}

function describeFault(value: unknown, rule: KeyRule): string | undefined {
  switch (rule.kind) {
    case "boolean":
      return typeof value === "boolean" ? undefined : `expected true or false, got ${String(value)}`;
    case "string":
      if (typeof value !== "string") return `expected a string, got ${String(value)}`;
      if (value.length > rule.lengthMax) return `${value.length} characters; at most ${rule.lengthMax}`;
      return rule.pattern === undefined || rule.pattern.test(value) ? undefined : (rule.hint ?? "has the wrong form");
    case "integer":
      if (typeof value !== "number" || !Number.isInteger(value)) return `expected a whole number, got ${String(value)}`;
      return value >= rule.min && value <= rule.max ? undefined : `${value} is outside [${rule.min}, ${rule.max}]`;
    case "number":
      return describeNumberFault(value, rule);
    default:
      return rule satisfies never;
  }
}

function describeNumberFault(value: unknown, rule: KeyRule & { kind: "number" }): string | undefined {
  if (typeof value !== "number" || !Number.isFinite(value)) return `expected a finite number, got ${String(value)}`;
  const minOpen = rule.open === "min" || rule.open === "both";
  const maxOpen = rule.open === "max" || rule.open === "both";
  const inside = (minOpen ? value > rule.min : value >= rule.min) && (maxOpen ? value < rule.max : value <= rule.max);
  return inside ? undefined : `${value} is outside ${minOpen ? "(" : "["}${rule.min}, ${rule.max}${maxOpen ? ")" : "]"}`;
}

function checkRelations({ regime, signalFilter }: Config, violations: FieldViolation[]): void {
  const relations: readonly [boolean, string, string][] = [
    [
      signalFilter.exitThreshold < signalFilter.entryThreshold,
      "signal_filter.exit_threshold",
      `${signalFilter.exitThreshold} is not below entry_threshold ${signalFilter.entryThreshold}`,
    ],
    [
      signalFilter.lowConfidenceThreshold < signalFilter.highConfidenceThreshold,
      "signal_filter.low_confidence_threshold",
      `${signalFilter.lowConfidenceThreshold} is not below high_confidence_threshold ${signalFilter.highConfidenceThreshold}`,
    ],
    [
      regime.rangingMaxVolatilityPct < regime.stressedMinVolatilityPct,
      "regime.ranging_max_volatility_pct",
      `${regime.rangingMaxVolatilityPct} is not below stressed_min_volatility_pct ${regime.stressedMinVolatilityPct}`,
    ],
  ];
  for (const [holds, field, description] of relations) if (!holds) violations.push({ field, description });
}

function checkRegimes(regimes: readonly KnownRegime[], violations: FieldViolation[]): void {
  const field = "signal_filter.allowed_regimes";
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

function checkAlertRules(rules: readonly AlertRule[], violations: FieldViolation[]): void {
  if (rules.length > alertRulesMax) {
    violations.push({ field: "alert_rules", description: `${rules.length} rules; at most ${alertRulesMax}` });
  }
  const names = new Set<string>();
  for (const [index, rule] of rules.entries()) {
    const at = `alert_rules[${index}]`;
    if (!/^[a-z][a-z0-9_]{0,63}$/.test(rule.name)) {
      violations.push({ field: `${at}.name`, description: "must be snake_case, 1 to 64 characters" });
    } else if (names.has(rule.name)) violations.push({ field: `${at}.name`, description: `${rule.name} is taken` });
    names.add(rule.name);
    check(`${at}.threshold`, rule.threshold, { kind: "number", min: -1e12, max: 1e12 }, violations);
    check(`${at}.window_minutes`, rule.windowMinutes, { kind: "number", min: 0, max: 1440, open: "min" }, violations);
    check(`${at}.min_samples`, rule.minSamples, { kind: "integer", min: 1, max: 1_000_000 }, violations);
  }
}
