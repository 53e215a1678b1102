import { labelled, type MetricFamily } from "../metric-family.ts";
import type { NotificationOutcome } from "./alertmanager-queue.ts";

/** Counts what became of notifications. */
export class NotificationRecorder {
  readonly #alerts: Record<NotificationOutcome, number> = { delivered: 0, failed: 0, refused: 0, dropped: 0 };

  record(outcome: NotificationOutcome, alerts: number): void {
    this.#alerts[outcome] += alerts;
  }

  get family(): MetricFamily {
    return {
      name: "ml_layer_alert_notifications_total",
      help: "Alerts sent to Alertmanagers, by what became of them; what failed is tried again, what was refused or dropped is lost.",
      type: "counter",
      read: () => labelled("outcome", Object.entries(this.#alerts)),
    };
  }
}
