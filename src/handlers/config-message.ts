import type { MessageInitShape } from "@bufbuild/protobuf";
import { AlertSeverity_Level, RegimePrediction_Label } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import {
  AlertRule_Comparison,
  type AlertRuleSchema,
  type ConfigSchema,
} from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import type { AlertRule, Config } from "../domain/config.ts";

/** A configuration with every key written out. */
export function toConfigMessage(config: Config): MessageInitShape<typeof ConfigSchema> {
  const { allowedRegimes, ...signalFilter } = config.signalFilter;
  return {
    regime: config.regime,
    signalFilter: {
      ...signalFilter,
      allowedRegimes: { labels: allowedRegimes.map((label) => RegimePrediction_Label[label]) },
    },
    model: config.model,
    training: config.training,
    governance: config.governance,
    regimeTimeframe: config.regimeTimeframe,
    signalTimeframe: config.signalTimeframe,
    configVersion: config.configVersion,
    alertRules: { rules: config.alertRules.map(toAlertRuleMessage) },
  };
}

/** One alert rule. */
export function toAlertRuleMessage(rule: AlertRule): MessageInitShape<typeof AlertRuleSchema> {
  return {
    ...rule,
    comparison: AlertRule_Comparison[rule.comparison],
    severity: AlertSeverity_Level[rule.severity],
  };
}
