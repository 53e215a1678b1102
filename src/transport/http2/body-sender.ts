/** Sends the bodies of a connection's streams as far as the client's windows and its socket allow. */

import { defaultWindowBytes, framePayloadMax, frameType, uint31Max } from "./frame.ts";
import type { FrameWriter } from "./frame-writer.ts";
import type { Http2Stream } from "./http2-stream.ts";

export class BodySender {
  readonly #writer: FrameWriter;
  /** Those with bytes that wait for room, in the order in which they get it. */
  readonly #waiting = new Set<Http2Stream>();
  #window = defaultWindowBytes;
  /** Window that a new stream begins with. */
  initialWindow = defaultWindowBytes;

  constructor(writer: FrameWriter) {
    this.#writer = writer;
  }

  get isAnyoneWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** Sends as much as there is room for; returns how much that was. */
  send(stream: Http2Stream, bytes: Buffer): number {
    let sent = 0;
    while (sent < bytes.length && !this.#writer.isBlocked) {
      const room = Math.min(bytes.length - sent, stream.sendWindow, this.#window, framePayloadMax);
      if (room <= 0) break;
      const isWhole = room === bytes.length;
      this.#writer.writeFrame(frameType.data, 0, stream.id, isWhole ? bytes : bytes.subarray(sent, sent + room));
      stream.sendWindow -= room;
      this.#window -= room;
      sent += room;
    }
    return sent;
  }

  /** False when the window would be larger than any may be. */
  enlarge(increment: number): boolean {
    if (this.#window + increment > uint31Max) return false;
    this.#window += increment;
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
      // To the end of the line, or one that never has enough would leave nothing for the others.
      this.#waiting.delete(stream);
      if (!stream.isClosed && !stream.pump()) this.#waiting.add(stream);
    }
  }
}
