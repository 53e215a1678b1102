import { formatMicros } from "../../domain/timestamp.ts";
import { type Alert, describeAlert } from "./alert.ts";

/** Who raises the alerts. */
export interface AlertSource {
  /** Tells replicas apart: without it the resolution of one would end the alert of another. */
  readonly instance: string;
  /** Where the rules can be looked at. */
  readonly generatorUrl: string;
}

/** One alert as Alertmanager's `POST /api/v2/alerts` takes it (`postableAlert` of its OpenAPI document). */
export interface AlertmanagerAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** RFC 3339 */
  readonly startsAt: string;
  /** RFC 3339; of an alert that fires, when to take it for resolved if nothing more is heard of it. */
  readonly endsAt: string;
  readonly generatorURL: string;
}

/** Writes an alert that fires or is resolved. */
export function toAlertmanagerAlert(alert: Alert, source: AlertSource, staleAtMicros: number): AlertmanagerAlert {
  const { rule } = alert;
  return {
    labels: {
      alertname: rule.name,
      severity: rule.severity.toLowerCase(),
      service: "ml-layer",
      instance: source.instance,
    },
    annotations: {
      summary: describeAlert(alert),
      metric: rule.metric,
      value: String(alert.value),
      threshold: String(rule.threshold),
    },
    startsAt: formatMicros(alert.firedAtMicros ?? alert.startedAtMicros),
    endsAt: formatMicros(alert.resolvedAtMicros ?? staleAtMicros),
    generatorURL: source.generatorUrl,
  };
}
