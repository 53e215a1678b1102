/** One connection of HTTP/1.1 while every request on it is one that the lane takes. */

import type { Socket } from "node:net";
import { JoinedPieces } from "../joined-pieces.ts";
import type { TransportLimits } from "../transport-limits.ts";
import { tooManyUnfinished, type UnfinishedRequests } from "../unfinished-requests.ts";
import type { AnswerWriter } from "./answer-writer.ts";
import { type AnswerPort, Http1Exchange } from "./http1-exchange.ts";
import type { Http1Answer, Http1Route } from "./http1-route.ts";
import { RequestFinder } from "./request-finder.ts";

/** What the connections of a lane share. */
export interface ConnectionPort {
  readonly routes: ReadonlyMap<string, Http1Route>;
  readonly limits: TransportLimits;
  readonly unfinished: UnfinishedRequests;
  readonly writer: AnswerWriter;
  /** Every answer from now on is the last of its connection. */
  readonly isClosing: boolean;
  onExchangeOpened(): void;
  onExchangeClosed(): void;
  /** The connection is over, or no longer the lane's. */
  onReleased(connection: Http1Connection): void;
  /** Takes a socket, paused, with everything that has not been read. */
  handOver(socket: Socket): void;
  /** Told of what went wrong on our side; the connection has been closed. */
  onFault(error: unknown): void;
}

/**
 * `idle`: before a request. `reading`: a call is open, its body incomplete. `answering`: its body is complete. `skipping`: it
 * has been answered, and the rest of its body stands before the next request. `over`: nothing is read any more.
 */
type State = "idle" | "reading" | "answering" | "skipping" | "over";

export class Http1Connection implements AnswerPort {
  readonly #socket: Socket;
  readonly #port: ConnectionPort;
  readonly #requests: RequestFinder;
  readonly #body = new JoinedPieces();
  #state: State = "idle";
  #exchange: Http1Exchange | undefined;
  /** Bytes of the body that have not come yet. */
  #bodyLeft = 0;
  /** What came too early waits in the socket, which reads no further. */
  #isHeld = false;
  #hasClientEnded = false;
  /** When the time of a state that has one is over; 0 until the first sweep after it began. */
  #dueMs = 0;

  constructor(socket: Socket, port: ConnectionPort) {
    this.#socket = socket;
    this.#port = port;
    this.#requests = new RequestFinder(port.routes, port.limits.headerBytesMax);
  }

  start(): void {
    this.#socket.on("data", this.#onData).on("drain", this.#onDrain).on("end", this.#onEnd).on("close", this.#onClose);
  }

  /** Closes a connection on which nothing happens; any other ends with its next answer. */
  startClosing(): void {
    if (this.#state === "idle") this.#finish();
  }

  /** Ends what has taken too long: an idle connection, the rest of a request that nobody wants. */
  sweep(nowMs: number): void {
    if (this.#state !== "idle" && this.#state !== "skipping") return;
    const { keepAliveTimeoutMs, requestTimeoutMs } = this.#port.limits;
    if (this.#dueMs === 0) this.#dueMs = nowMs + (this.#state === "idle" ? keepAliveTimeoutMs : requestTimeoutMs);
    else if (nowMs >= this.#dueMs) this.#socket.destroy();
  }

  send(answer: Http1Answer): void {
    this.#closeExchange();
    const socket = this.#socket;
    const isLast = this.#port.isClosing || this.#hasClientEnded;
    socket.write(this.#port.writer.write(answer, isLast), answer.encoding);
    if (isLast) {
      this.#finish();
      return;
    }
    this.#state = this.#bodyLeft > 0 ? "skipping" : "idle";
    this.#dueMs = 0;
    if (!socket.writableNeedDrain) this.#release();
  }

  readonly #onData = (chunk: Buffer): void => {
    try {
      let at = 0;
      while (at < chunk.length) at = this.#read(chunk, at);
      if (this.#state === "reading") this.#exchange?.limitReading();
    } catch (error) {
      this.#socket.destroy();
      this.#port.onFault(error);
    }
  };

  readonly #onDrain = (): void => {
    if (this.#state !== "answering") this.#release();
  };

  readonly #onEnd = (): void => {
    this.#hasClientEnded = true;
    // Half a request is none, and what it holds is given back now; one that is complete still gets its answer.
    if (this.#state === "reading") this.#socket.destroy();
    else if (this.#state !== "answering") this.#socket.end();
  };

  readonly #onClose = (): void => {
    this.#state = "over";
    const exchange = this.#exchange;
    this.#closeExchange();
    exchange?.abandon();
    this.#port.onReleased(this);
  };

  /** Reads what stands at `start`; returns where that ends. */
  #read(chunk: Buffer, start: number): number {
    switch (this.#state) {
      case "idle":
        return this.#socket.writableNeedDrain ? this.#hold(chunk, start) : this.#begin(chunk, start);
      case "reading":
        return this.#receive(chunk, start);
      case "answering":
        return this.#hold(chunk, start);
      case "skipping":
        return this.#skip(chunk, start);
      case "over":
        return chunk.length;
      default:
        return this.#state satisfies never;
    }
  }

  #begin(chunk: Buffer, start: number): number {
    const found = this.#requests.find(chunk, start);
    if (found === undefined) return this.#handOver(chunk, start);
    const exchange = new Http1Exchange(found, this);
    this.#exchange = exchange;
    this.#port.onExchangeOpened();
    this.#bodyLeft = found.head.contentLength;
    this.#state = "reading";
    const refusal = found.route.refusal();
    if (refusal !== undefined) exchange.refuse(refusal);
    return start + found.head.bytes;
  }

  #receive(chunk: Buffer, start: number): number {
    const end = Math.min(chunk.length, start + this.#bodyLeft);
    const piece = start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end);
    this.#bodyLeft -= piece.length;
    if (this.#bodyLeft > 0) {
      if (this.#port.unfinished.take(piece.length)) this.#body.add(piece);
      else this.#exchange?.refuse(tooManyUnfinished());
      return end;
    }
    this.#state = "answering";
    this.#exchange?.answer(this.#body.length === 0 ? piece : this.#takeBody(piece));
    return end;
  }

  #skip(chunk: Buffer, start: number): number {
    const end = Math.min(chunk.length, start + this.#bodyLeft);
    this.#bodyLeft -= end - start;
    if (this.#bodyLeft > 0) return end;
    this.#state = "idle";
    this.#dueMs = 0;
    if (this.#port.isClosing) this.#finish();
    return end;
  }

  /**
   * Puts back what cannot be read now. It waits in the socket, not here: one that holds bytes does not say that its client
   * has ended, and it can be handed over with them.
   */
  #hold(chunk: Buffer, start: number): number {
    this.#isHeld = true;
    this.#socket.pause();
    this.#socket.unshift(start === 0 ? chunk : chunk.subarray(start));
    return chunk.length;
  }

  #release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#socket.resume();
  }

  /** To `node:http`, with everything from `start` on, for good. */
  #handOver(chunk: Buffer, start: number): number {
    this.#hold(chunk, start);
    this.#state = "over";
    const socket = this.#socket;
    socket.off("data", this.#onData).off("drain", this.#onDrain).off("end", this.#onEnd).off("close", this.#onClose);
    this.#port.onReleased(this);
    this.#port.handOver(socket);
    return chunk.length;
  }

  /** Hangs up when everything is written. */
  #finish(): void {
    this.#state = "over";
    this.#socket.destroySoon();
  }

  #takeBody(last: Buffer): Buffer {
    this.#port.unfinished.giveBack(this.#body.length);
    this.#body.add(last);
    return this.#body.take();
  }

  #closeExchange(): void {
    if (this.#exchange === undefined) return;
    this.#exchange = undefined;
    this.#port.unfinished.giveBack(this.#body.length);
    this.#body.clear();
    this.#port.onExchangeClosed();
  }
}
