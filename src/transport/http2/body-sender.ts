/** Sends the bodies of a connection's streams as far as the client's windows and its socket allow. */

import { defaultWindowBytes, framePayloadMax, frameType, uint31Max } from "./frame.ts";
import type { FrameWriter } from "./frame-writer.ts";
import type { Http2Stream } from "./http2-stream.ts";

/** For each DATA frame a client may update both windows, and measure with a ping how long it took. */
const earnedPerFrame = 3;

export class BodySender {
  readonly #writer: FrameWriter;
  /** Those with bytes that wait for room, in the order in which they get it. */
  readonly #waiting = new Set<Http2Stream>();
  #window = defaultWindowBytes;
  /** Frames that the client may send for what it has received. */
  #framesEarned = 0;
  /** Window that a new stream begins with. */
  initialWindow = defaultWindowBytes;

  constructor(writer: FrameWriter) {
    this.#writer = writer;
  }

  /**
   * Bytes of answers that wait for the client, but for the largest answer: a proxy that takes one long export slowly must
   * not lose the calls of everybody else.
   */
  get waitingBytes(): number {
    if (this.#waiting.size < 2) return 0;
    let [bytes, largest] = [0, 0];
    for (const { pendingBytes } of this.#waiting) {
      bytes += pendingBytes;
      largest = Math.max(largest, pendingBytes);
    }
    return bytes - largest;
  }

  /** Sends as much as there is room for; returns how much that was. */
  send(stream: Http2Stream, bytes: Buffer): number {
    let sent = 0;
    while (sent < bytes.length && !this.#writer.isBlocked) {
      const room = Math.min(bytes.length - sent, stream.sendWindow, this.#window, framePayloadMax);
      if (room <= 0) break;
      const isWhole = room === bytes.length;
      this.#writer.writeFrame(frameType.data, 0, stream.id, isWhole ? bytes : bytes.subarray(sent, sent + room));
      this.#framesEarned += earnedPerFrame;
      stream.sendWindow -= room;
      this.#window -= room;
      sent += room;
    }
    return sent;
  }

  /** False when the window would be larger than any may be. */
  enlarge(increment: number): boolean {
    if (this.#window + increment > uint31Max) return false;
    const wasEmpty = this.#window <= 0;
    this.#window += increment;
    // Those who wait otherwise wait for something else. A client can have many of them, and send this again and again.
    if (wasEmpty) this.pump();
    return true;
  }

  /** False for a frame that is not owed to anything we have sent. */
  takeEarned(): boolean {
    if (this.#framesEarned === 0) return false;
    this.#framesEarned--;
    return true;
  }

  wait(stream: Http2Stream): void {
    this.#waiting.add(stream);
  }

  forget(stream: Http2Stream): void {
    this.#waiting.delete(stream);
  }

  /** Room has come: everyone who waits gets some of it in turn. */
  pump(): void {
    if (this.#waiting.size === 0) return;
    for (const stream of [...this.#waiting]) {
      if (this.#writer.isBlocked || this.#window <= 0) return;
      this.pumpOne(stream);
    }
  }

  /** Room has come for one stream. */
  pumpOne(stream: Http2Stream): void {
    if (this.#writer.isBlocked || this.#window <= 0 || stream.sendWindow <= 0) return;
    // To the end of the line, or one that never has enough would leave nothing for the others.
    if (this.#waiting.delete(stream) && !stream.pump()) this.#waiting.add(stream);
  }
}
