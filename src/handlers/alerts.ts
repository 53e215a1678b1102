import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { AlertSeverity_Level } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import { AlertRule_Comparison, AlertRuleSchema } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import {
  Alert_State,
  type AlertSchema,
  type MonitoringService,
  type UpdateAlertRuleRequest,
} from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import type { ConfigPatch } from "../config/config-merge.ts";
import type { ConfigChange, UpdateOptions } from "../config/config-store.ts";
import type { Clock } from "../domain/clock.ts";
import type { AlertLevel, AlertRule, HashedConfig } from "../domain/config.ts";
import { AlreadyExistsError, ConflictError, InvalidInputError, NotFoundError } from "../domain/errors.ts";
import { type Alert, describeAlert } from "../monitor/alerts/alert.ts";
import type { Alerting } from "../monitor/alerts/alerting.ts";
import { toAlertRuleMessage } from "./config-message.ts";
import { alertLevels, toAlertRule } from "./config-patch.ts";
import type { ServiceHandlers } from "./service-handlers.ts";
import { toTimestamp } from "./timestamp-message.ts";

export interface AlertOptions {
  readonly clock: Clock;
  readonly alerts: Pick<Alerting, "list" | "clear">;
  readonly currentConfig: () => HashedConfig;
  readonly updateConfig: (patch: ConfigPatch, options: UpdateOptions) => Promise<ConfigChange>;
}

/** How often an edit is made again because the configuration changed meanwhile. */
const attemptsMax = 10;

type AlertMethod =
  | "listAlerts"
  | "clearAlerts"
  | "listAlertRules"
  | "createAlertRule"
  | "updateAlertRule"
  | "deleteAlertRule";

/** Answers the part of MonitoringService that is about alerts. Rules are configuration: a change of them is one of it. */
export function createAlertHandlers(
  options: AlertOptions,
): Pick<ServiceHandlers<typeof MonitoringService>, AlertMethod> {
  const { alerts, clock, currentConfig } = options;
  return {
    listAlerts({ severity }) {
      const listed = alerts.list(readSeverity(severity)).map(toAlertMessage);
      return { timestamp: toTimestamp(clock.nowMicros()), count: listed.length, alerts: listed };
    },
    clearAlerts: ({ severity }) => ({ status: "success", cleared: alerts.clear(readSeverity(severity)) }),
    listAlertRules: () => ({ rules: currentConfig().config.alertRules.map(toAlertRuleMessage) }),
    async createAlertRule({ rule }) {
      if (rule === undefined) throw new InvalidInputError([{ field: "rule", description: "is missing" }]);
      const { name } = rule;
      const change = await changeRules(options, `alert rule ${name} created`, (rules) => {
        if (rules.some((each) => each.name === name)) throw new AlreadyExistsError("alert_rule", name);
        return [...rules, toAlertRule(rule, rules.length)];
      });
      return showRule(change, name);
    },
    async updateAlertRule(request) {
      const { name } = request;
      const change = await changeRules(options, `alert rule ${name} changed`, (rules) => {
        const { rule, index } = findRule(rules, name);
        return rules.with(index, mergeRule(rule, request, index));
      });
      return showRule(change, name);
    },
    async deleteAlertRule({ name }) {
      const change = await changeRules(options, `alert rule ${name} deleted`, (rules) =>
        rules.toSpliced(findRule(rules, name).index, 1),
      );
      return { status: "success", configHash: change.newHash };
    },
  };
}

/** Edits the rules in force, again on those of somebody who was faster. */
async function changeRules(
  { currentConfig, updateConfig }: AlertOptions,
  reason: string,
  edit: (rules: readonly AlertRule[]) => AlertRule[],
): Promise<ConfigChange> {
  for (let attempt = 1; ; attempt++) {
    const { config, hash } = currentConfig();
    try {
      return await updateConfig({ alertRules: edit(config.alertRules) }, { expectedHash: hash, reason });
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt === attemptsMax) throw error;
    }
  }
}

function findRule(rules: readonly AlertRule[], name: string): { rule: AlertRule; index: number } {
  const index = rules.findIndex((each) => each.name === name);
  const rule = rules[index];
  if (rule === undefined) throw new NotFoundError("alert_rule", name);
  return { rule, index };
}

function mergeRule(rule: AlertRule, request: UpdateAlertRuleRequest, index: number): AlertRule {
  const merged = create(AlertRuleSchema, {
    name: rule.name,
    metric: request.metric ?? rule.metric,
    comparison: request.comparison ?? AlertRule_Comparison[rule.comparison],
    threshold: request.threshold ?? rule.threshold,
    windowMinutes: request.windowMinutes ?? rule.windowMinutes,
    severity: request.severity ?? AlertSeverity_Level[rule.severity],
    minSamples: request.minSamples ?? rule.minSamples,
    enabled: request.enabled ?? rule.enabled,
    forSeconds: request.forSeconds ?? rule.forSeconds,
  });
  return toAlertRule(merged, index);
}

function showRule({ next, newHash }: ConfigChange, name: string) {
  return { rule: toAlertRuleMessage(findRule(next.config.alertRules, name).rule), configHash: newHash };
}

/** Which alerts are meant; `undefined` for all. */
function readSeverity(severity: AlertSeverity_Level): AlertLevel | undefined {
  if (severity === AlertSeverity_Level.UNKNOWN) return undefined;
  const found = alertLevels.find((level) => AlertSeverity_Level[level] === severity);
  if (found !== undefined) return found;
  throw new InvalidInputError([{ field: "severity", description: `expected one of ${alertLevels.join(", ")}` }]);
}

function toAlertMessage(alert: Alert): MessageInitShape<typeof AlertSchema> {
  const { rule, state, value, startedAtMicros, resolvedAtMicros } = alert;
  return {
    rule: rule.name,
    metric: rule.metric,
    severity: AlertSeverity_Level[rule.severity],
    state: Alert_State[state],
    value,
    threshold: rule.threshold,
    message: describeAlert(alert),
    startedAt: toTimestamp(startedAtMicros),
    ...(resolvedAtMicros !== undefined && { resolvedAt: toTimestamp(resolvedAtMicros) }),
  };
}
