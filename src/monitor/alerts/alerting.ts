import type { Clock } from "../../domain/clock.ts";
import type { Alert, AlertTransition } from "./alert.ts";
import { AlertBook, type AlertBookOptions } from "./alert-book.ts";
import { type AlertSource, toAlertmanagerAlert } from "./alertmanager-message.ts";
import { AlertmanagerQueue, type NotificationOutcome, type PostJson } from "./alertmanager-queue.ts";
import type { Timers } from "./timers.ts";

/** Time between evaluations. */
export const evaluationIntervalMs = 5_000;
/** Alertmanager forgets what it does not hear of again; Prometheus repeats at this interval by default. */
export const resendIntervalMs = 60_000;
/** An alert is taken for resolved when so many repetitions have been missed; Prometheus has the same. */
const resendsMissedMax = 4;

export interface AlertingOptions
  extends Pick<AlertBookOptions, "clock" | "rules" | "watches" | "readWindow" | "resolvedMax"> {
  readonly timers: Timers;
  /** Base addresses of the Alertmanagers. */
  readonly webhookUrls: readonly string[];
  readonly post: PostJson;
  /** In [0, 1). */
  readonly random: () => number;
  /** Asked when something is sent: a service knows its port only once it listens. */
  readonly source: () => AlertSource;
  /** Told of every transition once; must not throw. */
  readonly onTransition: (transition: AlertTransition) => void;
  /** Told what became of notifications; must not throw. */
  readonly onNotification: (outcome: NotificationOutcome, alerts: number, url: string, cause?: unknown) => void;
  /** Told when an evaluation failed; the next one is tried all the same. */
  readonly onFault: (message: string, error: unknown) => void;
}

/** The alerts of a running service: evaluated by the clock, told to whom they concern. */
export interface Alerting extends Pick<AlertBook, "list" | "firing" | "clear"> {
  /** Ends evaluation; makes a last attempt at notifications that wait. */
  close(): Promise<void>;
}

export function startAlerting(options: AlertingOptions): Alerting {
  const { timers, onTransition, onFault } = options;
  const queues = options.webhookUrls.map((url) => createQueue(url, options));
  const notify = (alert: Alert): void => {
    for (const queue of queues) queue.add(alert);
  };
  const book = new AlertBook({
    ...options,
    onTransition(transition) {
      onTransition(transition);
      if (transition.to === "FIRING" || transition.to === "RESOLVED") notify(transition.alert);
    },
  });
  const evaluate = (): void => {
    try {
      book.evaluate();
    } catch (error) {
      // Decisions must go on whatever is wrong with what watches them.
      onFault("alert evaluation failed", error);
    }
  };
  const resend = (): void => {
    for (const alert of book.list()) if (alert.state === "FIRING") notify(alert);
  };
  const stops = [timers.every(evaluationIntervalMs, evaluate), timers.every(resendIntervalMs, resend)];
  return {
    list: (severity) => book.list(severity),
    firing: () => book.firing(),
    clear: (severity) => book.clear(severity),
    async close() {
      for (const stop of stops) stop();
      await Promise.all(queues.map((queue) => queue.close()));
    },
  };
}

function createQueue(url: string, options: AlertingOptions): AlertmanagerQueue {
  const { clock, source, onNotification } = options;
  return new AlertmanagerQueue({
    url,
    post: options.post,
    timers: options.timers,
    random: options.random,
    toBody: (alerts) => JSON.stringify(alerts.map((alert) => toAlertmanagerAlert(alert, source(), staleAt(clock)))),
    onOutcome: onNotification,
  });
}

function staleAt(clock: Clock): number {
  return clock.nowMicros() + resendsMissedMax * resendIntervalMs * 1_000;
}
