import { type Command, Option } from "commander";
import type { GovernanceConfig as GovernanceMessage } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { ListAlertRulesResponseSchema } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { defaultConfig } from "../config/config-schema.ts";
import type { AlertRule, GovernanceConfig } from "../domain/config.ts";
import { toAlertRule } from "../handlers/config-patch.ts";
import { type GovernanceRule, listGovernanceRules } from "../monitor/alerts/governance-rules.ts";
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
  const toLines = (rules: readonly AlertRule[], governance: GovernanceConfig): string[] => {
    const watched = listGovernanceRules(governance);
    if (options.prometheus !== true) return listRules(rules, watched);
    return renderPrometheusRules(rules, watched).trimEnd().split("\n");
  };
  if (options.defaults === true) {
    process.stdout.write(`${toLines(defaultConfig.alertRules, defaultConfig.governance).join("\n")}\n`);
    return;
  }
  await runAdminCommand(options, async ({ monitoring, config }) => {
    const [answer, inForce] = await Promise.all([monitoring.listAlertRules({}), config.getConfig({})]);
    const lines = toLines(answer.rules.map(toAlertRule), readGovernance(inForce.config?.governance));
    return { json: toReportJson(ListAlertRulesResponseSchema, answer), lines };
  });
}

/** A service answers every key; the defaults stand for those that it does not know yet. */
function readGovernance(given: GovernanceMessage | undefined): GovernanceConfig {
  const { governance } = defaultConfig;
  return {
    ...governance,
    monitorPerformance: given?.monitorPerformance ?? governance.monitorPerformance,
    performanceWindow: given?.performanceWindow ?? governance.performanceWindow,
    performanceAlertThreshold: given?.performanceAlertThreshold ?? governance.performanceAlertThreshold,
    enableDriftDetection: given?.enableDriftDetection ?? governance.enableDriftDetection,
    driftWindow: given?.driftWindow ?? governance.driftWindow,
    driftThreshold: given?.driftThreshold ?? governance.driftThreshold,
  };
}

function listRules(rules: readonly AlertRule[], watched: readonly GovernanceRule[]): string[] {
  if (rules.length + watched.length === 0) return ["no alert rules"];
  const columns = [
    { heading: "rule" },
    { heading: "severity" },
    { heading: "fires when" },
    { heading: "window", align: "right" as const },
    { heading: "samples", align: "right" as const },
    { heading: "for", align: "right" as const },
    { heading: "enabled" },
  ];
  const all = [
    ...rules.map((rule) => ({ rule, window: `${rule.windowMinutes} min` })),
    ...watched.map(({ rule, span }) => ({
      rule,
      window: span.replace("the last ", "").replace("the outcomes since the test began", "outcomes"),
    })),
  ];
  const rows = all.map(({ rule, window }) => [
    rule.name,
    rule.severity.toLowerCase(),
    `${rule.metric} ${rule.comparison === "GREATER_THAN" ? ">" : "<"} ${rule.threshold}`,
    window,
    String(rule.minSamples),
    `${rule.forSeconds} s`,
    rule.enabled ? "yes" : "no",
  ]);
  return layOutTable(columns, rows);
}
