import type { CallReport } from "../domain/call-context.ts";
import type { Clock } from "../domain/clock.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import type { AuditBody } from "./audit/audit-record.ts";
import { DecisionHistory } from "./decision-history.ts";
import { toDecisionRecord } from "./decision-record.ts";
import { DecisionStats } from "./decision-stats.ts";
import { LabelCounts } from "./label-counts.ts";
import { ShadowRecord } from "./shadow-record.ts";

/** Where records go before an answer may leave. */
export interface AuditSink {
  /**
   * @returns undefined once the record is as durable as it must be, else a promise of that.
   * @throws UnavailableError when the log cannot be written; the promise may reject with it too.
   */
  append(record: AuditBody): Promise<void> | undefined;
}

/** Told of every decision; must not throw. */
export type DecisionListener = (event: DecisionEvent) => void;

export interface MonitorOptions {
  readonly clock: Clock;
  /** @default no audit log: the caller of the library keeps its own records */
  readonly audit?: AuditSink;
  /** @default none */
  readonly onDecision?: DecisionListener;
}

/** Told once of everything that happens; keeps figures, history and the audit log. */
export class Monitor {
  readonly #clock: Clock;
  readonly #audit: AuditSink | undefined;
  readonly #onDecision: DecisionListener | undefined;
  readonly #startedMs: number;
  readonly errors = new LabelCounts(32);
  readonly shadow = new ShadowRecord();
  #stats = new DecisionStats();
  #history = new DecisionHistory();
  #sinceMs: number;

  constructor(options: MonitorOptions) {
    this.#clock = options.clock;
    this.#audit = options.audit;
    this.#onDecision = options.onDecision;
    this.#startedMs = options.clock.monotonicMs();
    this.#sinceMs = this.#startedMs;
  }

  /**
   * Records a decision before it is answered.
   *
   * @returns undefined when the answer may leave now, else a promise of that.
   * @throws UnavailableError when the audit log cannot be written; then nothing is counted.
   */
  record(event: DecisionEvent): Promise<void> | undefined {
    const written = this.#audit?.append(toDecisionRecord(event));
    this.#stats.record(event);
    this.#history.add(event);
    this.#onDecision?.(event);
    return written;
  }

  /** Counts a finished call; the protocols tell it. */
  recordCall(report: CallReport): void {
    if (report.code !== "ok") this.errors.add(report.code);
  }

  get stats(): DecisionStats {
    return this.#stats;
  }

  get history(): DecisionHistory {
    return this.#history;
  }

  get uptimeSeconds(): number {
    return (this.#clock.monotonicMs() - this.#startedMs) / 1000;
  }

  /** Decisions an hour since the start or the last reset; 0 in the first second, when a rate means nothing. */
  get decisionsPerHour(): number {
    const seconds = (this.#clock.monotonicMs() - this.#sinceMs) / 1000;
    return seconds < 1 ? 0 : (this.#stats.total * 3600) / seconds;
  }

  /** Forgets figures and history; the audit log keeps everything. */
  reset(): void {
    this.#stats = new DecisionStats();
    this.#history = new DecisionHistory();
    this.#sinceMs = this.#clock.monotonicMs();
  }
}
