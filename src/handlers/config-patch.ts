import { AlertSeverity_Level, RegimePrediction_Label } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import {
  AlertRule_Comparison,
  type AlertRule as AlertRuleMessage,
  type Config as ConfigMessage,
  type SignalFilterConfig,
} from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { alertRuleDefaults } from "../config/config-schema.ts";
import type { AlertComparison, AlertLevel, AlertRule } from "../domain/config.ts";
import { InvalidInputError } from "../domain/errors.ts";
import { type KnownRegime, regimeLabels } from "../domain/regime.ts";

/** The keys a message gives; the ones it does not give are absent, so that a merge leaves them as they are. */
export function toConfigPatch(message: ConfigMessage | undefined): Record<string, unknown> {
  if (message === undefined) return {};
  const { regime, signalFilter, model, training, governance, alertRules, ...scalars } = message;
  const patch = new Map<string, unknown>(Object.entries(given(scalars)));
  const sections = { regime, model, training, governance };
  for (const [name, section] of Object.entries(sections)) if (section !== undefined) patch.set(name, given(section));
  if (signalFilter !== undefined) patch.set("signalFilter", readSignalFilter(signalFilter));
  if (alertRules !== undefined) patch.set("alertRules", alertRules.rules.map(toAlertRule));
  return Object.fromEntries(patch);
}

/** What is set in a message, without what the runtime keeps in it. */
function given(message: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(message).filter(([key, value]) => !key.startsWith("$") && value !== undefined),
  );
}

function readSignalFilter({ allowedRegimes, ...scalars }: SignalFilterConfig): Record<string, unknown> {
  return {
    ...given(scalars),
    ...(allowedRegimes !== undefined && { allowedRegimes: allowedRegimes.labels.map(toRegime) }),
  };
}

function toRegime(label: RegimePrediction_Label, index: number): KnownRegime {
  const found = regimeLabels.find((name) => RegimePrediction_Label[name] === label);
  if (found !== undefined) return found;
  throw new InvalidInputError([
    { field: `signal_filter.allowed_regimes[${index}]`, description: `expected one of ${regimeLabels.join(", ")}` },
  ]);
}

const alertComparisons: readonly AlertComparison[] = ["GREATER_THAN", "LESS_THAN"];
export const alertLevels: readonly AlertLevel[] = ["INFO", "WARNING", "CRITICAL"];

/** One alert rule; its ranges are checked with the configuration it becomes part of. */
export function toAlertRule(message: AlertRuleMessage, index: number): AlertRule {
  const comparison = alertComparisons.find((name) => AlertRule_Comparison[name] === message.comparison);
  const severity = alertLevels.find((name) => AlertSeverity_Level[name] === message.severity);
  const at = `alert_rules[${index}]`;
  if (comparison === undefined) throw refuse(`${at}.comparison`, alertComparisons);
  if (severity === undefined) throw refuse(`${at}.severity`, alertLevels);
  const { name, metric, threshold, windowMinutes, forSeconds } = message;
  const { minSamples = alertRuleDefaults.minSamples, enabled = alertRuleDefaults.enabled } = message;
  return { name, metric, comparison, threshold, windowMinutes, severity, minSamples, enabled, forSeconds };
}

function refuse(field: string, choices: readonly string[]): InvalidInputError {
  return new InvalidInputError([{ field, description: `expected one of ${choices.join(", ")}` }]);
}
