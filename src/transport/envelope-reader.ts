/** Messages in gRPC's envelopes, out of bytes that come in pieces of any size. */

import { Code } from "@connectrpc/connect";
import { prefixBytes, protocolError, tooLarge } from "./grpc-message.ts";
import { JoinedPieces } from "./joined-pieces.ts";

/**
 * Takes pieces and gives messages, without copying one that lies in one piece. What is kept between pieces is at most one
 * message and its envelope.
 */
export class EnvelopeReader {
  readonly #readMaxBytes: number;
  #bytes: Buffer = noBytes;
  #position = 0;
  /** The beginning of a message that is not complete yet. */
  readonly #begun = new JoinedPieces();
  /** Bytes that are needed before a look at them can tell more. */
  #neededBytes = prefixBytes;

  constructor(readMaxBytes: number) {
    this.#readMaxBytes = readMaxBytes;
  }

  /** Adds a piece. Messages taken from the ones before it are no longer good. */
  add(piece: Buffer): void {
    if (this.#position < this.#bytes.length) this.#begun.add(this.#bytes.subarray(this.#position));
    this.#bytes = noBytes;
    this.#position = 0;
    this.#begun.add(piece);
    if (this.#begun.length < this.#neededBytes) return;
    this.#bytes = this.#begun.take();
    this.#neededBytes = prefixBytes;
  }

  /** The next message, good until the next piece is added; undefined when the pieces so far hold no further one. */
  next(): Buffer | undefined {
    const bytes = this.#bytes;
    const start = this.#position + prefixBytes;
    if (start > bytes.length) return undefined;
    if (bytes[this.#position] !== 0) {
      throw protocolError(Code.Internal, "received compressed envelope, but do not know how to decompress");
    }
    const length = bytes.readUInt32BE(this.#position + 1);
    if (length > this.#readMaxBytes) throw tooLarge(this.#readMaxBytes);
    const end = start + length;
    if (end > bytes.length) {
      this.#neededBytes = prefixBytes + length;
      return undefined;
    }
    this.#position = end;
    return bytes.subarray(start, end);
  }

  /** Bytes of messages that have not been taken. */
  get heldBytes(): number {
    return this.#begun.length + this.#bytes.length - this.#position;
  }

  /** What is wrong with an end here: undefined after a whole message. */
  endError(): Error | undefined {
    if (this.#begun.length === 0 && this.#position === this.#bytes.length) return undefined;
    return protocolError(Code.InvalidArgument, "protocol error: incomplete envelope");
  }

  /** Lets go of what has come. */
  clear(): void {
    this.#bytes = noBytes;
    this.#position = 0;
    this.#begun.clear();
  }
}

const noBytes = Buffer.alloc(0);
