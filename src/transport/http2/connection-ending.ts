/** How a connection ends: what its client is told, in which order, and when the socket goes. */

import type { Socket } from "node:net";
import { errorCode, frameType, uint31Max } from "./frame.ts";
import type { FrameWriter } from "./frame-writer.ts";

/** Time for a client to read why its connection ends. */
const farewellMs = 1_000;
const drainPayload = Buffer.from("draining", "latin1");

/**
 * `open` → `draining`: told to open no more streams; those on their way are served. → `closing`: the last of them is
 * known, and what comes later is not served. → `over`: everything is written. Any state may be left out.
 */
export class ConnectionEnding {
  readonly #socket: Socket;
  readonly #writer: FrameWriter;
  #state: "open" | "draining" | "closing" | "over" = "open";

  constructor(socket: Socket, writer: FrameWriter) {
    this.#socket = socket;
    this.#writer = writer;
  }

  get isClosing(): boolean {
    return this.#state === "closing";
  }

  get isOver(): boolean {
    return this.#state === "over";
  }

  /** Which streams the client had opened before it knew is settled when it has answered a ping (RFC 9113, 6.8). */
  startDraining(): void {
    if (this.#state !== "open") return;
    this.#state = "draining";
    this.#writeGoAway(uint31Max, errorCode.noError);
    this.#writer.writeFrame(frameType.ping, 0, 0, drainPayload);
  }

  /** True for the answer to that ping. */
  isDrainAnswer(payload: Buffer): boolean {
    return this.#state === "draining" && payload.equals(drainPayload);
  }

  /** Tells the client which stream is the last that is served. */
  settle(lastServedId: number): void {
    if (this.#state !== "open" && this.#state !== "draining") return;
    this.#state = "closing";
    this.#writeGoAway(lastServedId, errorCode.noError);
  }

  /** Tells the client what it did wrong, and hangs up. */
  fail(lastServedId: number, code: number): void {
    if (this.#state === "over") return;
    this.#writeGoAway(lastServedId, code);
    this.finish();
    this.#awaitHangUp();
  }

  /** Sends what is written and hangs up. The last answers may take a slow client as long as it takes. */
  finish(): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#writer.flush();
    this.#socket.end(() => this.#awaitHangUp());
  }

  /** The socket is gone. */
  abandon(): void {
    this.#state = "over";
  }

  /** A client that does not hang up itself has had time to read. */
  #awaitHangUp(): void {
    const socket = this.#socket;
    if (socket.destroyed) return;
    const timer = setTimeout(() => socket.destroy(), farewellMs);
    socket.once("close", () => clearTimeout(timer));
  }

  #writeGoAway(lastStreamId: number, code: number): void {
    const payload = Buffer.alloc(8);
    payload.writeUInt32BE(lastStreamId, 0);
    payload.writeUInt32BE(code, 4);
    this.#writer.writeFrame(frameType.goAway, 0, 0, payload);
  }
}
