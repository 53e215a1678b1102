import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { AlertSeverity_Level, GateResult_Name } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import {
  type AlertRule,
  AlertRule_Comparison,
  type Config,
  ConfigSchema,
  type ConfigVersion,
  type DecisionFlip,
} from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { formatTime, toReportJson } from "./admin-command.ts";
import { layOutTable } from "./report/text-table.ts";

/** One key whose value differs. */
export interface KeyChange {
  readonly key: string;
  readonly before: string;
  readonly after: string;
}

/** Every key that is set, with its value as text; an alert rule is one key. */
export function flattenConfig(config: Config): Map<string, string> {
  const { alertRules, ...rest } = config;
  const json = toReportJson(ConfigSchema, { ...rest, $typeName: config.$typeName });
  const texts = new Map(isJsonObject(json) ? flattenMembers("", json) : []);
  for (const rule of alertRules?.rules ?? []) texts.set(`alert_rules.${rule.name}`, describeRule(rule));
  return texts;
}

/** Keys of either configuration whose values differ. */
export function compareConfigs(before: Config, after: Config): KeyChange[] {
  const [old, next] = [flattenConfig(before), flattenConfig(after)];
  return [...new Set([...old.keys(), ...next.keys()])]
    .map((key) => ({ key, before: old.get(key) ?? absent, after: next.get(key) ?? absent }))
    .filter((change) => change.before !== change.after);
}

/** What stands where one configuration has no such alert rule. */
const absent = "–";

export function tabulateChanges(changes: readonly KeyChange[]): string[] {
  const columns = [{ heading: "key" }, { heading: "old" }, { heading: "new" }];
  return layOutTable(
    columns,
    changes.map(({ key, before, after }) => [key, showText(before), showText(after)]),
  );
}

export function tabulateKeys(texts: ReadonlyMap<string, string>): string[] {
  const rows = [...texts].map(([key, text]) => [key, showText(text)]);
  return layOutTable([{ heading: "key" }, { heading: "value" }], rows);
}

export function tabulateHistory(versions: readonly ConfigVersion[]): string[] {
  const headings = ["config_hash", "since", "actor", "changed keys", "reason"];
  const rows = versions.map(({ configHash, timestamp, actor, changedKeys, reason }, index) => [
    `${configHash}${index === 0 ? " *" : ""}`,
    formatTime(timestamp),
    actor,
    changedKeys.join(", "),
    reason,
  ]);
  const table = layOutTable(
    headings.map((heading) => ({ heading })),
    rows,
  );
  return [...table, "* in force"];
}

/** Flips that a terminal shows. */
const flipsShownMax = 50;

export function tabulateFlips(flips: readonly DecisionFlip[], flipCount: number): string[] {
  const headings = ["prediction", "symbol", "was", "would be", "gates that change"];
  const rows = flips
    .slice(0, flipsShownMax)
    .map(({ predictionId, symbol, allowed, wouldAllow, gates }) => [
      predictionId,
      symbol,
      nameOutcome(allowed),
      nameOutcome(wouldAllow),
      gates.map(nameGate).join(", "),
    ]);
  const table = layOutTable(
    headings.map((heading) => ({ heading })),
    rows,
  );
  const left = flipCount - rows.length;
  return left > 0 ? [...table, `and ${left} more (--json lists up to 1000)`] : table;
}

function nameOutcome(allowed: boolean): string {
  return allowed ? "allowed" : "refused";
}

function nameGate(gate: GateResult_Name): string {
  return nameMember(GateResult_Name, gate);
}

function nameMember(names: Readonly<Record<string, number>>, wanted: number): string {
  const [name = String(wanted)] = Object.entries(names).find(([, number]) => number === wanted) ?? [];
  return name;
}

/** An empty text is a value too, and must be seen. */
function showText(text: string): string {
  return text === "" ? '""' : text;
}

function flattenMembers(prefix: string, members: JsonObject): [string, string][] {
  return Object.entries(members).flatMap(([name, value]) => {
    const key = `${prefix}${name}`;
    if (!isJsonObject(value)) return [[key, String(value)]];
    const { labels } = value;
    return Array.isArray(labels) ? [[key, labels.join(",")]] : flattenMembers(`${key}.`, value);
  });
}

function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describeRule(rule: AlertRule): string {
  const { metric, comparison, threshold, windowMinutes, severity, minSamples, forSeconds, enabled } = rule;
  const sign = comparison === AlertRule_Comparison.GREATER_THAN ? ">" : "<";
  const lasting = forSeconds > 0 ? ` for ${forSeconds} s` : "";
  const samples = minSamples === undefined ? "" : ` of at least ${minSamples}`;
  const condition = `${metric} ${sign} ${threshold} over ${windowMinutes} min${samples}${lasting}`;
  return `${nameMember(AlertSeverity_Level, severity)} when ${condition}${enabled === false ? ", disabled" : ""}`;
}
