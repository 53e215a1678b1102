/** Puts frames together and writes them to sockets. */

import type { Socket } from "node:net";
import { frameFlag, frameHeaderBytes, framePayloadMax, frameType } from "./frame.ts";

/** Longer payloads are written from where they lie. */
const copiedBytesMax = 8_192;
const scratchBytes = 32_768;

/** Memory in which the writers of many connections put their frames together, one at a time. */
export class WriteScratch {
  bytes = Buffer.allocUnsafeSlow(scratchBytes);
  used = 0;
  user: FrameWriter | undefined;
}

/**
 * The sending half of one connection. What is sent in one turn of the event loop goes out in one write: answers that come
 * out of one read, or of one sync of the audit log, together.
 */
export class FrameWriter {
  readonly #socket: Socket;
  readonly #scratch: WriteScratch;
  /** Set while somebody will flush in any case. */
  #isHeld = false;
  #isFlushDue = false;

  constructor(socket: Socket, scratch: WriteScratch) {
    this.#socket = socket;
    this.#scratch = scratch;
  }

  /** Bytes that the socket holds because the client does not read them. */
  get waitingBytes(): number {
    return this.#socket.writableLength;
  }

  get isBlocked(): boolean {
    return this.#socket.writableNeedDrain;
  }

  /** Frames that are written from now on wait for `release`. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.flush();
  }

  writeFrame(type: number, flags: number, streamId: number, payload: Buffer): void {
    const { length } = payload;
    const isCopied = length <= copiedBytesMax;
    const start = this.#reserve(frameHeaderBytes + (isCopied ? length : 0));
    const { bytes } = this.#scratch;
    writeFrameHeader(bytes, start, { type, flags, streamId, length });
    if (isCopied) {
      bytes.set(payload, start + frameHeaderBytes);
      return;
    }
    this.flush();
    this.#socket.write(payload);
  }

  /** Headers or trailers, in as many frames as it takes. */
  writeHeaders(streamId: number, block: Buffer, endsStream: boolean): void {
    const endStream = endsStream ? frameFlag.endStream : 0;
    if (block.length <= framePayloadMax) {
      this.writeFrame(frameType.headers, endStream | frameFlag.endHeaders, streamId, block);
      return;
    }
    for (let start = 0; start < block.length; start += framePayloadMax) {
      const fragment = block.subarray(start, start + framePayloadMax);
      const endHeaders = start + framePayloadMax >= block.length ? frameFlag.endHeaders : 0;
      if (start === 0) this.writeFrame(frameType.headers, endStream | endHeaders, streamId, fragment);
      else this.writeFrame(frameType.continuation, endHeaders, streamId, fragment);
    }
  }

  /** A frame whose payload is one number of four bytes. */
  writeNumberFrame(type: number, streamId: number, value: number): void {
    const start = this.#reserve(frameHeaderBytes + 4);
    const { bytes } = this.#scratch;
    writeFrameHeader(bytes, start, { type, flags: 0, streamId, length: 4 });
    bytes.writeUInt32BE(value, start + frameHeaderBytes);
  }

  flush(): void {
    this.#isFlushDue = false;
    const scratch = this.#scratch;
    if (scratch.user !== this) return;
    scratch.user = undefined;
    const frames = scratch.bytes.subarray(0, scratch.used);
    scratch.used = 0;
    if (frames.length === 0 || this.#socket.destroyed) return;
    const socket = this.#socket;
    if (socket.writableLength > 0) {
      // The socket keeps it for later.
      socket.write(Buffer.from(frames));
      return;
    }
    socket.write(frames);
    // Not taken whole by the system, or by TLS: the memory is the socket's until then.
    if (socket.writableLength > 0) scratch.bytes = Buffer.allocUnsafeSlow(scratchBytes);
  }

  /** Room for so many bytes, in which nobody else writes before they are filled. */
  #reserve(count: number): number {
    const scratch = this.#scratch;
    if (scratch.user !== this) {
      scratch.user?.flush();
      scratch.user = this;
    } else if (scratch.used + count > scratchBytes) {
      this.flush();
      scratch.user = this;
    }
    if (!this.#isHeld && !this.#isFlushDue) {
      this.#isFlushDue = true;
      queueMicrotask(() => this.flush());
    }
    const start = scratch.used;
    scratch.used += count;
    return start;
  }
}

function writeFrameHeader(
  bytes: Buffer,
  start: number,
  {
    type,
    flags,
    streamId,
    length,
  }: { readonly type: number; readonly flags: number; readonly streamId: number; readonly length: number },
): void {
  bytes[start] = length >>> 16;
  bytes[start + 1] = length >>> 8;
  bytes[start + 2] = length;
  bytes[start + 3] = type;
  bytes[start + 4] = flags;
  bytes.writeUInt32BE(streamId, start + 5);
}
