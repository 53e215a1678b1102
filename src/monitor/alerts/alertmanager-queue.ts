import type { Alert } from "./alert.ts";
import type { Timers } from "./timers.ts";

/** Alerts that wait for one receiver. */
export const queuedAlertsMax = 1_000;
/** Alerts of one request. */
export const batchAlertsMax = 100;
/** Time a receiver has to answer. */
export const postTimeoutMs = 10_000;
/** Waits between attempts double from the first to the longest. */
const firstRetryMs = 500;
const longestRetryMs = 30_000;
/** Time that is left for what is queued when the service stops. */
export const closeTimeoutMs = 2_000;

/** Sends a body and answers the HTTP status; rejects when there is none. */
export type PostJson = (url: string, body: string, signal: AbortSignal) => Promise<number>;

/** What became of notifications. `dropped`: the queue was full; `refused`: the receiver will never take them. */
export type NotificationOutcome = "delivered" | "dropped" | "refused" | "failed";

export interface AlertmanagerQueueOptions {
  /** Base address of the receiver. */
  readonly url: string;
  readonly post: PostJson;
  readonly timers: Timers;
  /** In [0, 1). */
  readonly random: () => number;
  readonly toBody: (alerts: readonly Alert[]) => string;
  /** Told of every attempt and every loss; must not throw. `failed` will be tried again. */
  readonly onOutcome: (outcome: NotificationOutcome, alerts: number, url: string, cause?: unknown) => void;
  /** @default queuedAlertsMax */
  readonly lengthMax?: number;
}

/**
 * Takes notifications to one receiver: in order, again and again until it has them. A receiver that is away
 * costs a bounded queue: a newer notification of an alert takes the place of the one before it, and past the bound the oldest goes.
 */
export class AlertmanagerQueue {
  readonly #options: AlertmanagerQueueOptions;
  readonly #endpoint: string;
  readonly #queued = new Map<string, Alert>();
  #sending: Promise<void> | undefined;
  readonly #abort = new AbortController();
  #wake: (() => void) | undefined;
  #isClosing = false;

  constructor(options: AlertmanagerQueueOptions) {
    this.#options = options;
    this.#endpoint = `${options.url.replace(/\/+$/, "")}/api/v2/alerts`;
  }

  add(alert: Alert): void {
    const key = `${alert.rule.name} ${alert.rule.severity} ${alert.startedAtMicros}`;
    // Deleted first, so that it queues up behind what was said of others since.
    this.#queued.delete(key);
    this.#queued.set(key, alert);
    if (this.#queued.size > (this.#options.lengthMax ?? queuedAlertsMax)) this.#dropOldest();
    this.#sending ??= this.#send();
  }

  get length(): number {
    return this.#queued.size;
  }

  /** Makes a last attempt at what is queued, for {@link closeTimeoutMs} at most. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#wake?.();
    const cancel = this.#options.timers.after(closeTimeoutMs, () => this.#abort.abort());
    await this.#sending;
    cancel();
  }

  async #send(): Promise<void> {
    let failures = 0;
    while (this.#queued.size > 0) {
      const batch = [...this.#queued].slice(0, batchAlertsMax);
      const isTaken = await this.#attempt(batch.map(([, alert]) => alert));
      if (isTaken) {
        // What was superseded meanwhile has yet to be sent.
        for (const [key, alert] of batch) if (this.#queued.get(key) === alert) this.#queued.delete(key);
        failures = 0;
      } else if (this.#isClosing) {
        this.#options.onOutcome("dropped", this.#queued.size, this.#options.url);
        this.#queued.clear();
      } else await this.#pause(failures++);
    }
    // In the same turn that saw the queue empty: what is added from here on starts anew.
    this.#sending = undefined;
  }

  /** @returns Whether the receiver is done with them. */
  async #attempt(alerts: readonly Alert[]): Promise<boolean> {
    const { post, timers, toBody, onOutcome, url } = this.#options;
    const timeout = new AbortController();
    const cancel = timers.after(postTimeoutMs, () => timeout.abort(new Error(`no answer in ${postTimeoutMs} ms`)));
    try {
      const status = await post(this.#endpoint, toBody(alerts), AbortSignal.any([this.#abort.signal, timeout.signal]));
      const outcome = judgeStatus(status);
      onOutcome(outcome, alerts.length, url, outcome === "delivered" ? undefined : new Error(`status ${status}`));
      return outcome !== "failed";
    } catch (error) {
      onOutcome("failed", alerts.length, url, error);
      return false;
    } finally {
      cancel();
    }
  }

  /** Half of each wait is chance, so that replicas do not come back to a receiver all at once. */
  async #pause(failures: number): Promise<void> {
    const { timers, random } = this.#options;
    const longestMs = Math.min(longestRetryMs, firstRetryMs * 2 ** failures);
    const delayMs = longestMs * (0.5 + random() / 2);
    await new Promise<void>((resolve) => {
      const cancel = timers.after(delayMs, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
    this.#wake = undefined;
  }

  #dropOldest(): void {
    for (const oldest of this.#queued.keys()) {
      this.#queued.delete(oldest);
      break;
    }
    this.#options.onOutcome("dropped", 1, this.#options.url);
  }
}

/** 408 and 429 pass; any other 4xx says that this body will never be taken. */
function judgeStatus(status: number): "delivered" | "refused" | "failed" {
  if (status >= 200 && status < 300) return "delivered";
  return status >= 400 && status < 500 && status !== 408 && status !== 429 ? "refused" : "failed";
}
