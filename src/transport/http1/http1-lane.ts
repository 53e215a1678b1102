/**
 * A lane in front of `node:http` for the requests that matter: one POST with a body of known length to a path that has a short way. Requests
 * are read from the socket in place and answered with one write, without the objects, streams and timers of `node:http`. The first
 * request of any other kind takes its connection, unread, to `node:http` for good, so that whatever is odd, hostile or malformed is read by
 * that parser alone.
 */

import type { Socket } from "node:net";
import type { TransportLimits } from "../transport-limits.ts";
import type { UnfinishedRequests } from "../unfinished-requests.ts";
import { AnswerWriter } from "./answer-writer.ts";
import { type ConnectionPort, Http1Connection } from "./http1-connection.ts";
import type { Http1Route } from "./http1-route.ts";

export interface Http1LaneOptions {
  readonly limits: TransportLimits;
  /** By path. */
  readonly routes: ReadonlyMap<string, Http1Route>;
  readonly unfinished: UnfinishedRequests;
  /** Serves everything that the lane does not. */
  readonly handOver: (socket: Socket) => void;
  readonly onFault: (error: unknown) => void;
}

export interface Http1Lane {
  accept(socket: Socket): void;
  /** Every answer from now on closes its connection; idle connections are closed at once. */
  startClosing(): void;
  /** Requests that have no answer yet. */
  open(): number;
}

/** Longest time between two looks at all connections; one that is to be closed may be found at the second of them. */
const sweepIntervalMsMax = 500;

export function createHttp1Lane(options: Http1LaneOptions): Http1Lane {
  return new Lane(options);
}

class Lane implements Http1Lane, ConnectionPort {
  readonly routes: ReadonlyMap<string, Http1Route>;
  readonly limits: TransportLimits;
  readonly unfinished: UnfinishedRequests;
  readonly writer: AnswerWriter;
  isClosing = false;
  readonly #options: Http1LaneOptions;
  readonly #connections = new Set<Http1Connection>();
  #timer: NodeJS.Timeout | undefined;
  #open = 0;

  constructor(options: Http1LaneOptions) {
    this.#options = options;
    this.routes = options.routes;
    this.limits = options.limits;
    this.unfinished = options.unfinished;
    this.writer = new AnswerWriter(options.limits.keepAliveTimeoutMs, Date.now);
  }

  accept(socket: Socket): void {
    const connection = new Http1Connection(socket, this);
    this.#connections.add(connection);
    // One timer for all of them: a timer for each would be started anew with every answer.
    const intervalMs = Math.min(sweepIntervalMsMax, this.limits.keepAliveTimeoutMs, this.limits.requestTimeoutMs);
    this.#timer ??= setInterval(() => this.#sweep(), intervalMs).unref();
    connection.start();
  }

  startClosing(): void {
    this.isClosing = true;
    for (const connection of this.#connections) connection.startClosing();
  }

  open(): number {
    return this.#open;
  }

  onExchangeOpened(): void {
    this.#open++;
  }

  onExchangeClosed(): void {
    this.#open--;
  }

  onReleased(connection: Http1Connection): void {
    this.#connections.delete(connection);
    if (this.#connections.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  handOver(socket: Socket): void {
    this.#options.handOver(socket);
    // After the new owner has attached its listeners, which must not miss a byte.
    process.nextTick(() => socket.resume());
  }

  onFault(error: unknown): void {
    this.#options.onFault(error);
  }

  #sweep(): void {
    const nowMs = performance.now();
    for (const connection of this.#connections) connection.sweep(nowMs);
  }
}
