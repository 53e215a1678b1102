import { AlertSeverity_Level } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import { type Alert, Alert_State } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { enumName } from "./enum-name.ts";
import { formatMoment } from "./figure-text.ts";

export interface AlertRow {
  readonly rule: string;
  readonly severity: string;
  readonly state: string;
  readonly isFiring: boolean;
  readonly message: string;
  readonly figures: string;
  readonly since: string;
}

const stateOrder: readonly Alert_State[] = [Alert_State.FIRING, Alert_State.PENDING, Alert_State.RESOLVED];

/** What fires first, the most urgent of it first. */
export function toAlertRows(alerts: readonly Alert[]): readonly AlertRow[] {
  return [...alerts]
    .sort((a, b) => stateOrder.indexOf(a.state) - stateOrder.indexOf(b.state) || b.severity - a.severity)
    .map((alert) => ({
      rule: alert.rule,
      severity: enumName(AlertSeverity_Level, alert.severity),
      state: enumName(Alert_State, alert.state),
      isFiring: alert.state === Alert_State.FIRING,
      message: alert.message,
      figures: `${alert.metric} ${formatFigure(alert.value)}, threshold ${formatFigure(alert.threshold)}`,
      since: formatMoment(alert.state === Alert_State.RESOLVED ? alert.resolvedAt : alert.startedAt),
    }));
}

export function countFiring(alerts: readonly Alert[]): number {
  return alerts.filter(({ state }) => state === Alert_State.FIRING).length;
}

function formatFigure(value: number): string {
  return String(Number(value.toPrecision(4)));
}
