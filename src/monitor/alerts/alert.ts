import type { AlertRule } from "../../domain/config.ts";

export type AlertState = "PENDING" | "FIRING" | "RESOLVED";

/** One time that a rule's condition was true. */
export interface Alert {
  /** The rule as it was at the latest evaluation. */
  readonly rule: AlertRule;
  readonly state: AlertState;
  /** What the metric is of, e.g. "the last 60 min". */
  readonly span: string;
  /** The metric at the latest evaluation that had enough samples. */
  readonly value: number;
  /** When an evaluation first found the condition true, microseconds since 1970. */
  readonly startedAtMicros: number;
  /** When it began to fire. */
  readonly firedAtMicros: number | undefined;
  readonly resolvedAtMicros: number | undefined;
}

/** A step of an alert's life; INACTIVE is where there is none. */
export interface AlertTransition {
  readonly from: "INACTIVE" | AlertState;
  readonly to: "INACTIVE" | AlertState;
  readonly alert: Alert;
}

/** The alert in words; true of every state. */
export function describeAlert({ rule, value, span }: Pick<Alert, "rule" | "value" | "span">): string {
  const side = rule.comparison === "GREATER_THAN" ? "above" : "below";
  const shown = Number(value.toPrecision(6));
  return `${rule.metric} is ${shown} over ${span}; the rule fires ${side} ${rule.threshold}`;
}
