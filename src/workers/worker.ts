import type { Socket } from "node:net";
import { Follower } from "../control/follower.ts";
import { type Clock, createSystemClock } from "../domain/clock.ts";
import type { DecisionEvent } from "../domain/decision-event.ts";
import type { Pending } from "../domain/pending.ts";
import type { AppendOptions, AuditLog } from "../monitor/audit/audit-log.ts";
import { workerLogName } from "../monitor/audit/audit-logs.ts";
import { DecisionRecordWriter } from "../monitor/decision-record.ts";
import { tellDuration } from "../monitor/waiting-time.ts";
import { closeServiceAudit, openServiceAudit, recordStart } from "../service-audit.ts";
import { bindInference } from "../service-bindings.ts";
import { createServiceListener, type ServiceListener } from "../service-listener.ts";
import { createCallLog, createServiceLog, isLogFile, type ServiceLog } from "../service-log.ts";
import { openTracing } from "../service-tracing.ts";
import { createForwardedServices } from "./forwarded-services.ts";
import type { ToPrimary, ToWorker, WorkerFigures, WorkerStart } from "./messages.ts";
import { Outbox } from "./outbox.ts";
import { PrimaryLink } from "./primary-link.ts";

export type SendToPrimary = (message: ToPrimary, onSent?: () => void) => void;

/** Longest time calls in flight have to finish at shutdown. */
const drainTimeoutMs = 10_000;

/** Time between two looks at what the process consumes: one costs as much as ten decisions, and messages go by the hundred. */
const consumptionIntervalMs = 1_000;

/**
 * One of several processes that decide: listener, chain, engine and an audit log of its own. What it decides by comes from the primary, what
 * happens in it goes there.
 */
export class Worker {
  readonly #send: SendToPrimary;
  readonly #start: WorkerStart;
  readonly #clock: Clock;
  readonly #log: ServiceLog;
  readonly #outbox: Outbox;
  readonly #records = new DecisionRecordWriter();
  readonly #link: PrimaryLink;
  readonly #follower: Follower;
  /** Closed in reverse. */
  readonly #closers: (() => Promise<void>)[] = [];
  #audit: AuditLog | undefined;
  #served: ServiceListener | undefined;
  #isDraining = false;
  #consumption = readConsumption(0);

  private constructor(start: WorkerStart, send: SendToPrimary) {
    const { environment, worker } = start;
    this.#start = start;
    this.#send = send;
    this.#clock = createSystemClock();
    const log = createServiceLog(environment.logLevel);
    this.#log = {
      ...log,
      logger: log.logger.child({ worker }),
      // A log that goes through the primary has no reader without it, and the writer would try for ever.
      drain: async () => {
        if (process.connected || isLogFile()) await log.drain();
      },
    };
    this.#outbox = new Outbox({
      send: (message, onSent) => send(message, onSent),
      figures: (dropped) => this.#figures(dropped),
    });
    this.#link = new PrimaryLink(send);
    const { facts } = this.#outbox;
    this.#follower = new Follower({
      modelsDirectory: environment.modelsDirectory,
      clock: this.#clock,
      onComparison: (comparison) => facts.onComparison(comparison),
      onOmission: (reason) => facts.onOmission(reason),
      onFault: (message, error) => this.#log.logger.error({ err: error }, message),
      stageObserver: {
        monotonicMs: this.#clock.monotonicMs,
        observe: (stage, model, durationMs) => facts.onStage(stage, model, durationMs),
      },
    });
    this.#follower.putHalts(start.halts);
  }

  /** @throws MlError with what to do when a folder or the log is damaged. */
  static async start(start: WorkerStart, send: SendToPrimary): Promise<Worker> {
    const worker = new Worker(start, send);
    await worker.#open();
    return worker;
  }

  async #open(): Promise<void> {
    const { environment, worker, change, state, challengers } = this.#start;
    const clock = this.#clock;
    await this.#follower.prepare(change, state);
    this.#follower.commit(change);
    this.#closers.push(() => this.#follower.close());
    const log = workerLogName(worker);
    const audit = await openServiceAudit({
      environment,
      overrides: undefined,
      name: log,
      clock,
      log: this.#log,
      onSync: (durationMs, records) => this.#outbox.facts.onSync(durationMs, records),
      onFailure: () => {
        this.#served?.health.setServing(false);
        this.#outbox.tell();
      },
    });
    this.#audit = audit;
    this.#closers.unshift(() => closeServiceAudit(audit, clock, this.#log));
    this.#served = await this.#listen(audit);
    await recordStart(audit, clock, this.#follower.inForce, environment.auditDurability, { worker });
    void this.#follower.follow(challengers);
    this.#served.health.setServing(true);
    this.#send({ kind: "ready", change, log, position: positionOf(audit) });
  }

  async #listen(audit: AuditLog): Promise<ServiceListener> {
    const { environment, limits, inFlightMax } = this.#start;
    const clock = this.#clock;
    const log = this.#log;
    const tracing = await openTracing(environment, clock, log);
    if (tracing !== undefined) this.#closers.push(() => tracing.close());
    const { facts } = this.#outbox;
    const logCall = createCallLog(log);
    const served = createServiceListener({
      // The primary listens.
      host: environment.host,
      port: 0,
      services: [
        bindInference({
          decider: this.#follower,
          record: (event, options) => this.#record(audit, event, options),
          flushRecords: () => audit.flush(),
          clock,
          log,
        }),
        ...createForwardedServices({
          link: this.#link,
          tell: () => this.#outbox.tell(),
          notReady: () => this.#notReady(),
        }),
      ],
      clock,
      log,
      observe: (report) => {
        facts.onCall(report);
        this.#outbox.noteFact();
        logCall(report);
        tracing?.observe(report);
      },
      onDrain: () => {
        this.#isDraining = true;
      },
      limits,
      inFlightMax,
    });
    this.#closers.push(() => served.listener.drain(drainTimeoutMs));
    return served;
  }

  /** As a monitor does: into the audit log before the answer leaves, then counted, in the primary. */
  #record(audit: AuditLog, event: DecisionEvent, options?: AppendOptions): Pending | undefined {
    const { facts } = this.#outbox;
    const startedMs = this.#clock.monotonicMs();
    const pending = audit.add(this.#records.write(event), options);
    facts.onDecision(event);
    tellDuration(pending, startedMs, this.#clock, (durationMs) => facts.onAuditWait(durationMs));
    this.#outbox.noteFact();
    return pending;
  }

  receive(message: Exclude<ToWorker, { kind: "start" }>, socket: Socket | undefined): void {
    switch (message.kind) {
      case "prepare":
        this.#do(message.ask, () => this.#follower.prepare(message.change, message.state));
        break;
      case "commit":
        this.#do(message.ask, () => this.#follower.commit(message.change));
        break;
      case "discard":
        this.#follower.discard(message.change);
        break;
      case "halts":
        this.#do(message.ask, () => this.#follower.putHalts(message.halts));
        break;
      case "follow":
        void this.#follower.follow(message.challengers);
        break;
      case "tell":
        this.#do(message.ask, () => this.#outbox.tell());
        break;
      case "connection":
        this.#adopt(socket);
        break;
      case "answer":
      case "failure":
      case "more":
        this.#link.receive(message);
        break;
      case "drain":
        void this.#finish();
        break;
      default:
        message satisfies never;
    }
  }

  /** The primary is gone, so nothing here may be in force any more: cuts every call and keeps what was acknowledged. */
  async abandon(): Promise<void> {
    await this.#served?.listener.drain(0);
    await this.#audit?.close();
  }

  /** Answers an ask when it is done. At once where it can be, so that what follows meets it done. */
  #do(ask: number, task: () => Promise<void> | void): void {
    const fail = (error: unknown): void => {
      this.#log.logger.error({ err: error }, "the primary's wish could not be fulfilled");
      this.#send({ kind: "done", ask, fault: error instanceof Error ? error.message : String(error) });
    };
    try {
      const done = task();
      if (done === undefined) this.#send({ kind: "done", ask });
      else done.then(() => this.#send({ kind: "done", ask }), fail);
    } catch (error) {
      fail(error);
    }
  }

  #adopt(socket: Socket | undefined): void {
    // Closed by its client on the way here.
    if (socket === undefined || this.#served === undefined) {
      socket?.destroy();
      this.#send({ kind: "closed" });
      return;
    }
    socket.once("close", () => this.#send({ kind: "closed" }));
    this.#served.listener.adopt(socket);
  }

  async #finish(): Promise<void> {
    const log = workerLogName(this.#start.worker);
    for (const close of this.#closers.splice(0).reverse()) await close();
    this.#outbox.tell();
    const position = this.#audit === undefined ? { seq: 0, hash: "" } : positionOf(this.#audit);
    this.#send({ kind: "finished", log, position }, () => process.exit(0));
  }

  #notReady(): string | undefined {
    if (this.#isDraining) return "the service is draining";
    if (this.#audit?.healthy !== true) return `the audit log of worker ${this.#start.worker} cannot be written`;
    return undefined;
  }

  #figures(dropped: number): WorkerFigures {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#consumption.readMs >= consumptionIntervalMs) this.#consumption = readConsumption(nowMs);
    const { cpuSeconds, residentBytes } = this.#consumption;
    const transport = this.#served?.listener.stats() ?? { connections: 0, http2Sessions: 0, requests: 0 };
    const audit = this.#audit?.stats();
    return {
      ...transport,
      inFlight: this.#served?.chain.inFlight() ?? 0,
      cpuSeconds,
      residentBytes,
      dropped,
      audit: {
        healthy: audit?.healthy ?? true,
        queueDepth: audit?.queueDepth ?? 0,
        syncRunningMs: audit?.syncRunningMs ?? 0,
        failures: audit?.failures ?? 0,
        refused: audit?.refused ?? 0,
        fileBytes: audit?.fileBytes ?? 0,
        lastSeq: audit?.lastSeq ?? 0,
        lastHash: audit?.lastHash ?? "",
      },
    };
  }
}

function readConsumption(readMs: number) {
  const { user, system } = process.cpuUsage();
  return { readMs, cpuSeconds: (user + system) / 1e6, residentBytes: process.memoryUsage.rss() };
}

function positionOf(audit: AuditLog) {
  const { lastSeq: seq, lastHash: hash } = audit.stats();
  return { seq, hash };
}
