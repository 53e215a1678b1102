/** Cuts what a connection receives into frames. */

import { JoinedPieces } from "../joined-pieces.ts";
import { frameFlag, frameHeaderBytes, framePayloadMax, frameSizeError, frameType, protocolError } from "./frame.ts";

/** What a client sends first of all (RFC 9113, 3.4). */
const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** Told of frames as they are read. Whatever it throws goes to whoever feeds the reader. */
export interface FrameSink {
  /**
   * Bytes of a DATA frame's body, as they come.
   * @param wireBytes what counts against flow control, padding included
   * @param endsStream true with the last bytes of a frame that ends its stream
   */
  onData(streamId: number, piece: Buffer, wireBytes: number, endsStream: boolean): void;
  /** Any other frame, whole. The payload is good until the call returns. */
  onFrame(type: number, flags: number, streamId: number, payload: Buffer): void;
}

export class FrameReader {
  readonly #sink: FrameSink;
  /** The beginning of something that is not complete. */
  readonly #begun = new JoinedPieces();
  /** Bytes that are needed before a look at them can tell more. */
  #neededBytes = preface.length;
  #hasPreface = false;
  // The DATA frame that is being read, if any byte of it is still to come.
  #dataStreamId = 0;
  #dataFlags = 0;
  #bodyLeft = 0;
  #paddingLeft = 0;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** Throws a ConnectionError for bytes that are no frames, after which nothing more may be fed. */
  feed(chunk: Buffer): void {
    let bytes = chunk;
    if (this.#begun.length > 0 || chunk.length < this.#neededBytes) {
      this.#begun.add(chunk);
      if (this.#begun.length < this.#neededBytes) return;
      bytes = this.#begun.take();
    }
    let position = this.#hasPreface ? 0 : this.#readPreface(bytes);
    for (;;) {
      const next =
        this.#bodyLeft + this.#paddingLeft > 0 ? this.#readBody(bytes, position) : this.#readFrame(bytes, position);
      if (next === position) break;
      position = next;
    }
    if (position < bytes.length) this.#begun.add(position === 0 ? bytes : bytes.subarray(position));
  }

  #readPreface(bytes: Buffer): number {
    if (preface.compare(bytes, 0, preface.length) !== 0) throw protocolError("no HTTP/2 connection preface");
    this.#hasPreface = true;
    return preface.length;
  }

  /** Reads one frame, or as much of a DATA frame as is there. Returns where the next one begins, or `start` when bytes are missing. */
  #readFrame(bytes: Buffer, start: number): number {
    const left = bytes.length - start;
    if (left < frameHeaderBytes) return this.#need(frameHeaderBytes, start);
    const length = bytes.readUIntBE(start, 3);
    if (length > framePayloadMax) throw frameSizeError(`a frame of ${length} bytes`);
    const type = bytes[start + 3] ?? 0;
    const flags = bytes[start + 4] ?? 0;
    const streamId = bytes.readUInt32BE(start + 5) & 0x7fff_ffff;
    const payloadStart = start + frameHeaderBytes;
    if (type === frameType.data) return this.#startData(bytes, start, { length, flags, streamId });
    if (left < frameHeaderBytes + length) return this.#need(frameHeaderBytes + length, start);
    this.#neededBytes = frameHeaderBytes;
    this.#sink.onFrame(type, flags, streamId, bytes.subarray(payloadStart, payloadStart + length));
    return payloadStart + length;
  }

  #startData(
    bytes: Buffer,
    start: number,
    { length, flags, streamId }: { readonly length: number; readonly flags: number; readonly streamId: number },
  ): number {
    let position = start + frameHeaderBytes;
    let bodyBytes = length;
    let padding = 0;
    if ((flags & frameFlag.padded) !== 0) {
      if (length === 0) throw frameSizeError("padding without its length");
      if (position === bytes.length) return this.#need(frameHeaderBytes + 1, start);
      padding = bytes[position++] ?? 0;
      bodyBytes -= 1 + padding;
      if (bodyBytes < 0) throw protocolError("padding longer than its frame");
    }
    this.#neededBytes = 1;
    this.#dataStreamId = streamId;
    this.#dataFlags = flags;
    this.#bodyLeft = bodyBytes;
    this.#paddingLeft = padding;
    // The length of the padding counts as well. A frame without a body has nothing that would tell of it later.
    const lengthByte = position - start - frameHeaderBytes;
    const isWhole = bodyBytes + padding === 0;
    if (isWhole) this.#neededBytes = frameHeaderBytes;
    if (isWhole || lengthByte > 0) this.#sink.onData(streamId, noBytes, lengthByte, isWhole && this.#endsStream());
    return position;
  }

  #readBody(bytes: Buffer, start: number): number {
    const body = Math.min(this.#bodyLeft, bytes.length - start);
    const padding = Math.min(this.#paddingLeft, bytes.length - start - body);
    if (body + padding === 0) return start;
    this.#bodyLeft -= body;
    this.#paddingLeft -= padding;
    const isWhole = this.#bodyLeft + this.#paddingLeft === 0;
    if (isWhole) this.#neededBytes = frameHeaderBytes;
    const piece = bytes.subarray(start, start + body);
    this.#sink.onData(this.#dataStreamId, piece, body + padding, isWhole && this.#endsStream());
    return start + body + padding;
  }

  #endsStream(): boolean {
    return (this.#dataFlags & frameFlag.endStream) !== 0;
  }

  #need(count: number, position: number): number {
    this.#neededBytes = count;
    return position;
  }
}

const noBytes = Buffer.alloc(0);
