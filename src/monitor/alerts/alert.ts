import type { AlertRule } from "../../domain/config.ts";

export type AlertState = "PENDING" | "FIRING" | "RESOLVED";

/** One time that a rule's condition was true. */
export interface Alert {
  /** The rule as it was at the latest evaluation. */
  readonly rule: AlertRule;
  readonly state: AlertState;
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
export function describeAlert({ rule, value }: Alert): string {
  const side = rule.comparison === "GREATER_THAN" ? "above" : "below";
  const shown = Number(value.toPrecision(6));
  return `${rule.metric} is ${shown} over the last ${rule.windowMinutes} min; the rule fires ${side} ${rule.threshold}`;
}
