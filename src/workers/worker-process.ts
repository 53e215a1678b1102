import { type ChildProcess, fork } from "node:child_process";
import type { Socket } from "node:net";
import { RowVocabulary } from "../monitor/rows/row-vocabulary.ts";
import { readLines } from "./log-lines.ts";
import { isToPrimary, type ToPrimary, type ToWorker, type WorkerFigures, type WorkerStart } from "./messages.ts";

/** Asks are numbered here. */
type Ask = Extract<ToWorker, { readonly ask: number }>;
type WithoutAsk<T> = T extends unknown ? Omit<T, "ask"> : never;

export interface WorkerListener {
  readonly onMessage: (message: ToPrimary) => void;
  /** Lines of the worker's log, whole ones. */
  readonly onLogLines: (lines: Uint8Array) => void;
  /** Once, with how it ended. */
  readonly onExit: (how: string) => void;
}

/**
 * A worker's log goes `through` the primary where lines of several processes would tear each other, as they do on a pipe. In a file that all
 * have open a write is whole, so it can be `shared`: passing lines on costs the primary as much as counting (1.5 µs an answer).
 */
export type WorkerOutput = "through" | "shared";

/** A worker's process as the primary holds it. */
export class WorkerProcess {
  readonly worker: number;
  readonly startedMs = performance.now();
  /** Connections that were handed over and are not closed yet. */
  connections = 0;
  /** When it was handed its last connection, counted in connections. */
  lastTurn = 0;
  /** What its facts are written with. */
  readonly vocabulary = new RowVocabulary();
  /** As it told last. */
  figures: WorkerFigures | undefined;
  /** Last record of its log when it became ready. */
  startSeq = 0;
  /** True from when it decides by the state in force and gets connections, until it ends. */
  isReady = false;
  readonly exited: Promise<void>;
  readonly #child: ChildProcess;
  readonly #asks = new Map<number, { readonly resolve: () => void; readonly reject: (error: Error) => void }>();
  #lastAsk = 0;
  #hasExited = false;

  /** @param output where its log goes: through this process, or to where this process writes its own */
  constructor(start: WorkerStart, output: WorkerOutput, listener: WorkerListener) {
    this.worker = start.worker;
    // The file next to this one, under the extension that this one runs with.
    const script = new URL(import.meta.url.replace(/worker-process\.(\w+)$/, "worker-main.$1"));
    const child = fork(script, [], {
      execPath: process.execPath,
      serialization: "advanced",
      stdio: ["ignore", output === "shared" ? "inherit" : "pipe", "inherit", "ipc"],
    });
    this.#child = child;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.exited = promise;
    const end = (how: string): void => {
      if (this.#hasExited) return;
      this.#hasExited = true;
      this.isReady = false;
      for (const { reject } of this.#asks.values()) reject(new Error(`it ended: ${how}`));
      this.#asks.clear();
      listener.onExit(how);
      resolve();
    };
    // What it said last may still be unread when it has exited.
    const disconnected = new Promise<void>((settle) => child.once("disconnect", settle));
    child.once("exit", (code, signal) => void disconnected.then(() => end(signal ?? `code ${code}`)));
    // It could not be started, or not be reached: then it ends, if it ever began.
    child.on("error", (error) => {
      if (child.pid === undefined) end(error.message);
      else this.kill();
    });
    child.on("message", (message) => {
      if (!isToPrimary(message)) return;
      if (message.kind === "done") this.#settle(message.ask, message.fault);
      else listener.onMessage(message);
    });
    if (child.stdout !== null) readLines(child.stdout, listener.onLogLines);
    this.send({ kind: "start", start });
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: ToWorker): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** Hands over a connection; false when the worker cannot take it any more. */
  hand(socket: Socket): boolean {
    if (!this.#child.connected) return false;
    this.connections++;
    this.#child.send({ kind: "connection" } satisfies ToWorker, socket, (error) => {
      if (error !== null) socket.destroy();
    });
    return true;
  }

  /**
   * Has the worker do something.
   *
   * @throws Error saying why it did not: its own fault, its end, or the time.
   */
  async ask(ask: WithoutAsk<Ask>, timeoutMs: number): Promise<void> {
    if (this.#hasExited) throw new Error("it has ended");
    const number = ++this.#lastAsk;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#asks.set(number, { resolve, reject });
    const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    this.send({ ...ask, ask: number });
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#asks.delete(number);
    }
  }

  /** Ends it as it stands; what it acknowledged is in its log. */
  kill(): void {
    this.isReady = false;
    this.#child.kill("SIGKILL");
  }

  #settle(ask: number, fault: string | undefined): void {
    const asked = this.#asks.get(ask);
    if (fault === undefined) asked?.resolve();
    else asked?.reject(new Error(fault));
  }
}
