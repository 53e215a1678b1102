import type { CallReport } from "../domain/call-context.ts";
import type { Clock } from "../domain/clock.ts";
import { defaultGovernance, type GovernanceConfig } from "../domain/config.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import type { Pending } from "../domain/pending.ts";
import type { AppendOptions } from "./audit/audit-log.ts";
import type { AuditBody } from "./audit/audit-record.ts";
import type { EncodedBody } from "./audit/encoded-body.ts";
import type { CountedDecision } from "./counted-decision.ts";
import type { DecisionSummary } from "./decision-figures.ts";
import { DecisionHistory } from "./decision-history.ts";
import { DecisionRecordWriter } from "./decision-record.ts";
import { readCounted } from "./decision-tape.ts";
import { DecisionWindows } from "./decision-windows.ts";
import { DriftBook } from "./drift/drift-book.ts";
import { OutcomeBook } from "./outcomes/outcome-book.ts";
import { PerformanceBook } from "./performance/performance-book.ts";
import type { RowReader } from "./rows/row-reader.ts";
import { ShadowRecord } from "./shadow-record.ts";
import { tellDuration } from "./waiting-time.ts";

/** Where records go before an answer may leave. */
export interface AuditSink {
  /**
   * @returns undefined once the record is as durable as it must be, else what that waits for.
   * @throws UnavailableError when the log cannot be written; what is returned may fail with it too.
   */
  add(record: AuditBody | EncodedBody, options?: AppendOptions): Pending | undefined;
  /** See {@link AuditLog.flush}. @default every record is written at once */
  flush?(): void;
}

/** Told of every decision; must not throw. */
export type DecisionListener = (decision: CountedDecision) => void;

export interface MonitorOptions {
  readonly clock: Clock;
  /** @default no audit log: the caller of the library keeps its own records */
  readonly audit?: AuditSink;
  /** @default none */
  readonly onDecision?: DecisionListener;
  /** What is watched, and over which windows; asked whenever it matters. @default defaultGovernance */
  readonly governance?: () => GovernanceConfig;
  /** Predictions whose outcomes can be told. @default predictionsIndexed */
  readonly predictionsMax?: number | undefined;
  /** Told how long each decision waited for the audit log; must not throw. @default nobody */
  readonly onAuditWait?: (durationMs: number) => void;
}

/** Told once of everything that happens; keeps figures, history and the audit log. */
export class Monitor {
  readonly #clock: Clock;
  readonly #audit: AuditSink | undefined;
  readonly #onDecision: DecisionListener | undefined;
  readonly #onAuditWait: ((durationMs: number) => void) | undefined;
  readonly #startedMs: number;
  readonly #records = new DecisionRecordWriter();
  readonly windows: DecisionWindows;
  readonly shadow = new ShadowRecord();
  readonly outcomes: OutcomeBook;
  readonly performance: PerformanceBook;
  readonly drift: DriftBook;
  #history = new DecisionHistory();

  constructor(options: MonitorOptions) {
    this.#clock = options.clock;
    this.#audit = options.audit;
    this.#onDecision = options.onDecision;
    this.#onAuditWait = options.onAuditWait;
    this.#startedMs = options.clock.monotonicMs();
    this.windows = new DecisionWindows(options.clock);
    const { governance = () => defaultGovernance } = options;
    this.performance = new PerformanceBook({
      windowLength: () => governance().performanceWindow,
      isEnabled: () => governance().monitorPerformance,
    });
    this.drift = new DriftBook({
      windowLength: () => governance().driftWindow,
      isEnabled: () => governance().enableDriftDetection,
    });
    this.outcomes = new OutcomeBook({
      ...options,
      onOutcome: (judged) => {
        this.performance.record(judged);
        this.drift.judge(judged);
      },
    });
  }

  /**
   * Records a decision before it is answered.
   *
   * @returns undefined when the answer may leave now, else a promise of that.
   * @throws UnavailableError when the audit log cannot be written; then nothing is counted.
   */
  record(event: DecisionEvent, options?: AppendOptions): Promise<void> | undefined {
    const pending = this.append(event, options);
    this.count(event);
    return pending?.done;
  }

  /** Writes what was recorded to be written later. Throws UnavailableError; then none of it may be answered. */
  flush(): void {
    this.#audit?.flush?.();
  }

  /** Counts a decision that is in an audit log already. */
  count(event: DecisionEvent): void {
    this.#history.add(event);
    this.#figure(event);
  }

  /** Counts a decision that another process took and wrote: the part that the reader has opened. */
  countPart(row: RowReader): void {
    this.#history.addPart(row);
    this.#figure(readCounted(row));
  }

  #figure(decision: CountedDecision): void {
    this.windows.record(decision);
    this.outcomes.expect(decision);
    this.drift.record(decision);
    this.#onDecision?.(decision);
  }

  /** Counts a finished call; the protocols tell it. */
  recordCall(report: CallReport): void {
    if (report.code !== "ok") this.windows.recordError(report.code);
  }

  /** Figures since the start or the last reset. */
  get stats(): DecisionSummary {
    return this.windows.summarizeAll();
  }

  get history(): DecisionHistory {
    return this.#history;
  }

  get uptimeSeconds(): number {
    return (this.#clock.monotonicMs() - this.#startedMs) / 1000;
  }

  /** Forgets figures and history; the audit log keeps everything, and outcomes are still taken. */
  reset(): void {
    this.windows.reset();
    this.performance.reset();
    this.drift.reset();
    this.#history = new DecisionHistory();
  }

  /** As `record`, but leaves the counting to the caller, who may do it while the record is on its way. */
  append(event: DecisionEvent, options?: AppendOptions): Pending | undefined {
    if (this.#audit === undefined) return undefined;
    const onAuditWait = this.#onAuditWait;
    if (onAuditWait === undefined) return this.#audit.add(this.#records.write(event), options);
    const startedMs = this.#clock.monotonicMs();
    const pending = this.#audit.add(this.#records.write(event), options);
    tellDuration(pending, startedMs, this.#clock, onAuditWait);
    return pending;
  }
}
