import { type Command, Option } from "commander";
import { ListAlertRulesResponseSchema } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { defaultConfig } from "../config/config-schema.ts";
import type { AlertRule } from "../domain/config.ts";
import { toAlertRule } from "../handlers/config-patch.ts";
import { renderPrometheusRules } from "../monitor/alerts/prometheus-rules.ts";
import { addExamples, addServiceOptions, runAdminCommand, type ServiceOptions, toReportJson } from "./admin-command.ts";
import { layOutTable } from "./report/text-table.ts";

interface RulesOptions extends ServiceOptions {
  readonly prometheus?: boolean;
  readonly defaults?: boolean;
}

/** Adds `ml-layer alerts rules`. */
export function registerAlerts(program: Command): void {
  const alerts = program.command("alerts").description("look at the alert rules");
  const rules = alerts
    .command("rules")
    .description("list the rules in force, for people or as a Prometheus rules file")
    .addOption(new Option("--prometheus", "write a Prometheus rules file").conflicts("json"))
    .addOption(
      new Option("--defaults", "the rules of a fresh installation; asks no service").conflicts(["address", "json"]),
    )
    .action(showRules);
  addExamples(
    addServiceOptions(rules),
    "alerts rules",
    "alerts rules --prometheus > rules.yml",
    "alerts rules --prometheus --defaults > rules.yml",
  );
}

async function showRules(options: RulesOptions): Promise<void> {
  const toLines = (rules: readonly AlertRule[]): string[] =>
    options.prometheus === true ? renderPrometheusRules(rules).trimEnd().split("\n") : listRules(rules);
  if (options.defaults === true) {
    process.stdout.write(`${toLines(defaultConfig.alertRules).join("\n")}\n`);
    return;
  }
  await runAdminCommand(options, async ({ monitoring }) => {
    const answer = await monitoring.listAlertRules({});
    return { json: toReportJson(ListAlertRulesResponseSchema, answer), lines: toLines(answer.rules.map(toAlertRule)) };
  });
}

function listRules(rules: readonly AlertRule[]): string[] {
  if (rules.length === 0) return ["no alert rules"];
  const columns = [
    { heading: "rule" },
    { heading: "severity" },
    { heading: "fires when" },
    { heading: "window", align: "right" as const },
    { heading: "samples", align: "right" as const },
    { heading: "for", align: "right" as const },
    { heading: "enabled" },
  ];
  const rows = rules.map((rule) => [
    rule.name,
    rule.severity.toLowerCase(),
    `${rule.metric} ${rule.comparison === "GREATER_THAN" ? ">" : "<"} ${rule.threshold}`,
    `${rule.windowMinutes} min`,
    String(rule.minSamples),
    `${rule.forSeconds} s`,
    rule.enabled ? "yes" : "no",
  ]);
  return layOutTable(columns, rows);
}
