import type { Socket } from "node:net";
import type { Halt } from "../config/halt.ts";
import type { Challengers, DecidingState, Followers, PreparedChange } from "../control/followers.ts";
import { UnavailableError } from "../domain/errors.ts";
import type { ChainPosition } from "../monitor/audit/audit-record.ts";
import type { RowVocabulary } from "../monitor/rows/row-vocabulary.ts";
import type { ServiceLog } from "../service-log.ts";
import type { CallServer } from "./call-server.ts";
import type { ToPrimary, ToWorker, WorkerStart } from "./messages.ts";
import { restartDelayMs } from "./restart-delay.ts";
import type { WorkerFacts } from "./worker-facts.ts";
import { type WorkerOutput, WorkerProcess } from "./worker-process.ts";

export interface WorkerPoolOptions {
  readonly workers: number;
  /** What every worker begins with, whatever it decides by. */
  readonly start: Pick<WorkerStart, "environment" | "limits" | "inFlightMax">;
  readonly log: ServiceLog;
  readonly output: WorkerOutput;
  /** Told of facts, those of a kind in the order in which a worker met them. */
  readonly onFacts: (facts: WorkerFacts, vocabulary: RowVocabulary) => void;
  /** Told where a worker's log stands when it begins and when it ends. */
  readonly onPosition: (event: "started" | "stopped", worker: number, log: string, position: ChainPosition) => void;
  /** Told, when a worker's log is open again after its end, from which record on decisions may not have been told of. */
  readonly onUntold: (log: string, fromSeq: number) => void;
  /** Answers the calls of one worker. */
  readonly createCallServer: (send: (message: ToWorker) => void) => CallServer;
}

/** Longest time a worker may take to build an engine aside: the largest model and its check take a second or two. */
const prepareTimeoutMs = 20_000;
/** Longest time a worker may go on with what is not in force any more; loading a model blocks it for as much as a second. */
const ackTimeoutMs = 5_000;
/** Longest wait for what a worker has to tell; its figures are then as it told them last. */
const tellTimeoutMs = 1_000;
/** Over the time that a worker gives its calls. */
const drainTimeoutMs = 15_000;
/** Connections that wait for a worker. */
const waitingMax = 1_024;

interface Slot {
  readonly worker: number;
  process: WorkerProcess | undefined;
  calls: CallServer | undefined;
  /** Ends in a row that came soon after the start. */
  failures: number;
  restarts: number;
  /** First record of its log that an earlier process of it may not have told of. */
  untoldFromSeq: number | undefined;
  timer: NodeJS.Timeout | undefined;
}

/**
 * The workers: starts them, starts another for one that ends, hands each connection to the one that has the fewest, and changes what they
 * decide by in two steps, so that all of them do or none.
 */
export class WorkerPool implements Followers {
  readonly #options: WorkerPoolOptions;
  readonly #slots: readonly Slot[];
  readonly #waiting = new Set<Socket>();
  #state: DecidingState | undefined;
  #challengers: Challengers = {};
  #halts: readonly Halt[] = [];
  /** Number of the state in force; each prepared change has the next. */
  #change = 1;
  #lastChange = 1;
  /** Resolves when the change under way is made or given up; whoever becomes ready meanwhile waits for it. */
  #changing: Promise<void> | undefined;
  #turn = 0;
  #isStarted = false;
  #isDraining = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#slots = Array.from({ length: options.workers }, (_, index) => ({
      worker: index + 1,
      process: undefined,
      calls: undefined,
      failures: 0,
      restarts: 0,
      untoldFromSeq: undefined,
      timer: undefined,
    }));
  }

  /**
   * Starts all workers; resolves when all are ready. Connections wait until then: a service that cannot start has answered nothing.
   *
   * @param halts in force since before the start
   *
   * @throws UnavailableError saying why one cannot start; then none is left.
   */
  async start(state: DecidingState, halts: readonly Halt[]): Promise<void> {
    this.#state = state;
    this.#halts = halts;
    try {
      await Promise.all(this.#slots.map((slot) => this.#startFirst(slot)));
      this.#isStarted = true;
      this.#dispatchWaiting();
    } catch (error) {
      this.#isDraining = true;
      for (const { process } of this.#slots) process?.kill();
      await Promise.all(this.#slots.map(({ process }) => process?.exited));
      throw error;
    }
  }

  /** Hands a connection to the worker that has the fewest; without one it waits for the first that is ready. */
  dispatch(socket: Socket): void {
    const ready = this.#isStarted ? this.#ready() : [];
    const healthy = ready.filter(({ figures }) => figures?.audit.healthy !== false);
    // Where none is healthy, one that says so is better than silence.
    const [chosen] = (healthy.length > 0 ? healthy : ready).sort(
      // Of equals the one whose turn was longest ago: callers that open a connection a call reach all of them.
      (one, other) => one.connections - other.connections || one.lastTurn - other.lastTurn,
    );
    if (chosen !== undefined) chosen.lastTurn = ++this.#turn;
    if (chosen?.hand(socket) === true) return;
    if (this.#isDraining || this.#waiting.size >= waitingMax) {
      socket.destroy();
      return;
    }
    this.#waiting.add(socket);
    socket.once("close", () => this.#waiting.delete(socket));
  }

  async prepare(state: DecidingState): Promise<PreparedChange> {
    const change = ++this.#lastChange;
    const { promise, resolve: finish } = Promise.withResolvers<void>();
    this.#changing = promise;
    const asked = this.#ready();
    const outcomes = await Promise.allSettled(
      asked.map((each) => each.ask({ kind: "prepare", change, state }, prepareTimeoutMs)),
    );
    const discard = (): void => {
      for (const each of asked) each.send({ kind: "discard", change });
      this.#changing = undefined;
      finish();
    };
    const failed = outcomes.findIndex(({ status }) => status === "rejected");
    const failure = outcomes[failed];
    if (failure?.status === "rejected") {
      discard();
      const which = `worker ${asked[failed]?.worker}`;
      const cause: unknown = failure.reason;
      throw new UnavailableError(
        `${which} cannot take the change over, so nothing has changed: ${cause instanceof Error ? cause.message : cause}`,
        "WORKER_NOT_PREPARED",
        undefined,
        { cause },
      );
    }
    return {
      commit: async () => {
        this.#state = state;
        this.#change = change;
        await Promise.all(asked.map((each) => this.#insist(each, { kind: "commit", change })));
        this.#changing = undefined;
        finish();
      },
      discard,
    };
  }

  async putHalts(halts: readonly Halt[]): Promise<void> {
    this.#halts = halts;
    await Promise.all(this.#live().map((each) => this.#putHalts(each)));
  }

  /** One that is not ready yet decides nothing, and is told before it gets its first connection. */
  #putHalts(each: WorkerProcess): Promise<void> | undefined {
    const message = { kind: "halts", halts: this.#halts } as const;
    if (each.isReady) return this.#insist(each, message);
    each.send({ ...message, ask: 0 });
    return undefined;
  }

  follow(challengers: Challengers): void {
    this.#challengers = challengers;
    for (const each of this.#live()) each.send({ kind: "follow", challengers });
  }

  /** Resolves when every worker has told what happened up to now, or has had its time. */
  async collect(): Promise<void> {
    await Promise.allSettled(this.#ready().map((each) => each.ask({ kind: "tell" }, tellTimeoutMs)));
  }

  /** Every worker, running or not. */
  list(): readonly {
    readonly worker: number;
    readonly restarts: number;
    readonly process: WorkerProcess | undefined;
  }[] {
    return this.#slots;
  }

  /** Lets the calls in flight finish and ends all workers; then everything they had to tell has been told. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    for (const socket of this.#waiting) socket.destroy();
    await Promise.all(this.#slots.map((slot) => this.#drainSlot(slot)));
  }

  async #drainSlot(slot: Slot): Promise<void> {
    clearTimeout(slot.timer);
    const { process } = slot;
    if (process === undefined) return;
    const timer = setTimeout(() => process.kill(), drainTimeoutMs);
    if (process.isReady) process.send({ kind: "drain" });
    else process.kill();
    await process.exited;
    clearTimeout(timer);
  }

  #ready(): WorkerProcess[] {
    return this.#live().filter(({ isReady }) => isReady);
  }

  #live(): WorkerProcess[] {
    return this.#slots.flatMap(({ process }) => process ?? []);
  }

  /** A worker that does not take over what is in force is ended: better none than one that decides on something else. */
  async #insist(each: WorkerProcess, ask: Parameters<WorkerProcess["ask"]>[0]): Promise<void> {
    try {
      await each.ask(ask, ackTimeoutMs);
    } catch (error) {
      this.#options.log.logger.error(
        { worker: each.worker, ask: ask.kind, err: error },
        "worker ended for not following",
      );
      each.kill();
      await each.exited;
    }
  }

  #startFirst(slot: Slot): Promise<void> {
    return new Promise((resolve, reject) => {
      const refuse = (why: string): void =>
        reject(new UnavailableError(`worker ${slot.worker} does not start: ${why}`, "WORKER_NOT_STARTED"));
      this.#spawn(slot, resolve, refuse);
    });
  }

  #spawn(slot: Slot, onReady: () => void, onRefusal?: (why: string) => void): void {
    const state = this.#state;
    if (state === undefined) throw new Error("workers need something to decide by");
    const start: WorkerStart = {
      ...this.#options.start,
      worker: slot.worker,
      change: this.#change,
      state,
      halts: this.#halts,
      challengers: this.#challengers,
    };
    let refusal: string | undefined;
    let hasBeenReady = false;
    const process = new WorkerProcess(start, this.#options.output, {
      onMessage: (message) => {
        if (message.kind === "failed") refusal = message.message;
        else
          this.#receive(slot, process, message, () => {
            hasBeenReady = process.isReady;
            if (hasBeenReady) onReady();
          });
      },
      onLogLines: (lines) => this.#options.log.write(lines),
      onExit: (how) => {
        calls.abandon();
        slot.process = undefined;
        slot.calls = undefined;
        // One that ends before it is ready has taken no decision; what is left of its predecessor stays to be read.
        if (hasBeenReady) slot.untoldFromSeq = (process.figures?.audit.lastSeq ?? process.startSeq) + 1;
        if (onRefusal === undefined || hasBeenReady) this.#restart(slot, process, refusal ?? how);
        else onRefusal(refusal ?? `it ended with ${how}`);
      },
    });
    const calls = this.#options.createCallServer((message) => process.send(message));
    slot.process = process;
    slot.calls = calls;
  }

  #receive(slot: Slot, process: WorkerProcess, message: ToPrimary, onReady: () => void): void {
    switch (message.kind) {
      case "ready":
        process.startSeq = message.position.seq;
        this.#options.onPosition("started", slot.worker, message.log, message.position);
        if (slot.untoldFromSeq !== undefined) this.#options.onUntold(message.log, slot.untoldFromSeq);
        slot.untoldFromSeq = undefined;
        void this.#admit(process, message.change).then(onReady);
        break;
      case "facts":
        process.figures = message.figures;
        this.#options.onFacts(message.facts, process.vocabulary);
        break;
      case "closed":
        process.connections--;
        break;
      case "call":
      case "part":
      case "end":
      case "cancel":
        slot.calls?.receive(message);
        break;
      case "finished":
        process.isReady = false;
        this.#options.onPosition("stopped", slot.worker, message.log, message.position);
        break;
      case "done":
      case "failed":
        break;
      default:
        message satisfies never;
    }
  }

  /** Lets a worker decide when it does so by the state in force; one that was overtaken by a change goes over to that first. */
  async #admit(process: WorkerProcess, change: number): Promise<void> {
    let current = change;
    for (;;) {
      await this.#changing;
      if (this.#changing !== undefined) continue;
      if (current === this.#change || this.#state === undefined) break;
      current = this.#change;
      try {
        await process.ask({ kind: "prepare", change: current, state: this.#state }, prepareTimeoutMs);
        await process.ask({ kind: "commit", change: current }, ackTimeoutMs);
      } catch (error) {
        this.#options.log.logger.error(
          { worker: process.worker, err: error },
          "worker cannot take over what is in force",
        );
        process.kill();
        return;
      }
    }
    // It may have ended while a change went on.
    if (process.hasExited) return;
    process.isReady = true;
    this.#options.log.logger.info({ worker: process.worker, pid: process.pid }, "worker ready");
    if (this.#isStarted) this.#dispatchWaiting();
  }

  #dispatchWaiting(): void {
    // A copy, since one that cannot be handed over waits again.
    for (const socket of [...this.#waiting]) {
      this.#waiting.delete(socket);
      this.dispatch(socket);
    }
  }

  #restart(slot: Slot, process: WorkerProcess, how: string): void {
    if (this.#isDraining) return;
    const livedMs = performance.now() - process.startedMs;
    const [failures, delayMs] = restartDelayMs(slot.failures, livedMs);
    slot.failures = failures;
    slot.restarts++;
    const fields = { worker: slot.worker, how, lived_ms: Math.round(livedMs), restart_in_ms: delayMs };
    this.#options.log.logger.error(fields, "worker ended");
    slot.timer = setTimeout(() => this.#spawn(slot, () => undefined), delayMs);
  }
}
