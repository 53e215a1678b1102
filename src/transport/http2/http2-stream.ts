/** One request and its answer on an HTTP/2 connection: what has come, what may be sent, how it ends. */

import type { IncomingHttpHeaders } from "node:http";
import { JoinedPieces } from "../joined-pieces.ts";
import { errorCode, StreamError, uint31Max } from "./frame.ts";
import { ReceiveWindow } from "./receive-window.ts";

/** Whoever answers a stream. Called synchronously, as bytes come. */
export interface StreamOwner {
  /** A piece of the body; none while the stream is paused. */
  onData(piece: Buffer): void;
  /** The client has sent everything. */
  onEnd(): void;
  /** All that waited has gone out after `write` returned false. */
  onDrain(): void;
  /** Told once, last: both sides are done, or one of them has given up, or the connection is gone. */
  onClose(): void;
}

/** What a stream needs of its connection. */
export interface StreamPort {
  sendHeaders(streamId: number, block: Buffer, endsStream: boolean): void;
  /** Sends as much as the windows and the socket allow; returns how much that was. */
  sendData(stream: Http2Stream, bytes: Buffer): number;
  sendEnd(streamId: number): void;
  sendReset(streamId: number, code: number): void;
  /** Bytes of the body are out of the way: on the connection, and on the stream. */
  creditConnection(bytes: number): void;
  creditStream(streamId: number, bytes: number): void;
  /** Calls `pump` when there is room again. */
  waitForRoom(stream: Http2Stream): void;
  onStreamClosed(stream: Http2Stream): void;
}

export interface StreamStart {
  readonly headers: IncomingHttpHeaders;
  readonly contentLength: number | undefined;
  /** Bytes that we may send, and that we let the client send. */
  readonly sendWindowBytes: number;
  readonly receiveWindowBytes: number;
}

/**
 * Time for a client to take in an answer that came before its request was complete. A reset sent together with the
 * trailers overtakes them (seen with Node 24 as the client).
 */
const earlyAnswerGraceMs = 1_000;

export class Http2Stream {
  readonly id: number;
  readonly headers: IncomingHttpHeaders;
  owner: StreamOwner = nobody;
  /** Bytes that we may still send; below zero after the client has made its windows smaller. */
  sendWindow: number;
  headersSent = false;
  /** The client has sent everything, whether or not it has been delivered. */
  isRemoteEnded = false;
  /** We have sent everything. */
  isLocalEnded = false;
  isClosed = false;
  readonly #port: StreamPort;
  readonly #contentLength: number | undefined;
  readonly #window: ReceiveWindow;
  #receivedBytes = 0;
  #isPaused = false;
  /**
   * What came while the stream was paused. It is copied together: of pieces as they came, each might keep the whole of what
   * the socket read alive, so that a client could fill our memory with a byte in each read.
   */
  #held: JoinedPieces | undefined;
  #isEndDue = false;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** Set when `end` has been called and not everything has gone out: the block of the trailers, if there are any. */
  #ending: { readonly trailers: Buffer | undefined } | undefined;
  #graceTimer: NodeJS.Timeout | undefined;

  constructor(port: StreamPort, id: number, start: StreamStart) {
    this.#port = port;
    this.id = id;
    this.headers = start.headers;
    this.#contentLength = start.contentLength;
    this.sendWindow = start.sendWindowBytes;
    this.#window = new ReceiveWindow(start.receiveWindowBytes);
  }

  /** Bytes that wait for the client. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** True while something can still be sent. */
  get isWritable(): boolean {
    return !this.isClosed && !this.isLocalEnded && this.#ending === undefined;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Sends the headers of the answer, as an HPACK block; a final answer has them once. */
  respond(block: Buffer): void {
    if (!this.isWritable) return;
    this.headersSent = true;
    this.#port.sendHeaders(this.id, block, false);
  }

  /** Sends an answer that is nothing but headers. */
  respondAndEnd(block: Buffer): void {
    if (!this.isWritable) return;
    this.headersSent = true;
    this.#port.sendHeaders(this.id, block, true);
    this.#endLocal();
  }

  /** Sends an interim answer (1xx). */
  inform(block: Buffer): void {
    if (this.isWritable && !this.headersSent) this.#port.sendHeaders(this.id, block, false);
  }

  /** Sends bytes, which must not change afterwards. False when some wait; `onDrain` tells when they are gone. */
  write(bytes: Buffer): boolean {
    if (!this.isWritable || bytes.length === 0) return true;
    if (this.#pending.length === 0) {
      const sent = this.#port.sendData(this, bytes);
      if (sent === bytes.length) return true;
      this.#wait(sent === 0 ? bytes : bytes.subarray(sent));
      this.#port.waitForRoom(this);
    } else this.#wait(bytes);
    return false;
  }

  /** Ends the answer, with trailers if a block is given, once all that waits is sent. */
  end(trailers?: Buffer): void {
    if (!this.isWritable) return;
    if (this.#pending.length > 0) {
      this.#ending = { trailers };
      return;
    }
    this.#finish(trailers);
  }

  /** Gives the stream up. Does nothing to one that is closed. */
  close(code: number): void {
    if (this.isClosed) return;
    this.#port.sendReset(this.id, code);
    this.release();
  }

  /** Holds back what comes; the client may send one window of it. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    if (this.#heldBytes > 0) this.#deliver(this.#held?.take() ?? noBytes);
    if (this.#isEndDue && !this.#isPaused) this.#tellEnd();
  }

  /** The connection has read a piece of the body. */
  receive(piece: Buffer, wireBytes: number): void {
    const fault = this.#count(piece, wireBytes);
    if (fault !== undefined) {
      this.#port.creditConnection(wireBytes);
      throw fault;
    }
    if (wireBytes > piece.length) this.#credit(wireBytes - piece.length);
    if (piece.length === 0) return;
    if (!this.#isPaused) this.#deliver(piece);
    else {
      this.#held ??= new JoinedPieces();
      this.#held.add(piece);
    }
  }

  /** The connection has read the end of the request. */
  receiveEnd(): void {
    if (this.#contentLength !== undefined && this.#receivedBytes !== this.#contentLength) {
      throw this.#error(errorCode.protocolError, "less than content-length says");
    }
    this.isRemoteEnded = true;
    if (this.#isPaused) this.#isEndDue = true;
    else this.#tellEnd();
  }

  /** There is room again. True when nothing waits any more. */
  pump(): boolean {
    while (this.#pending.length > 0) {
      const [first = noBytes] = this.#pending;
      const sent = this.#port.sendData(this, first);
      this.#pendingBytes -= sent;
      if (sent < first.length) {
        if (sent > 0) this.#pending[0] = first.subarray(sent);
        return false;
      }
      this.#pending.shift();
    }
    const ending = this.#ending;
    this.#ending = undefined;
    if (ending !== undefined) this.#finish(ending.trailers);
    else this.owner.onDrain();
    return true;
  }

  /** The client's window has changed by so much. False when it is larger than any may be. */
  resizeSendWindow(bytes: number): boolean {
    if (this.sendWindow + bytes > uint31Max) return false;
    this.sendWindow += bytes;
    return true;
  }

  /** Lets go of everything and tells the owner, without a word to the client. */
  release(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    clearTimeout(this.#graceTimer);
    if (this.#heldBytes > 0) this.#port.creditConnection(this.#heldBytes);
    this.#held = undefined;
    this.#isEndDue = false;
    this.#pending = noPieces;
    this.#pendingBytes = 0;
    this.#port.onStreamClosed(this);
    this.owner.onClose();
  }

  /** What is wrong with a piece, if anything is. */
  #count(piece: Buffer, wireBytes: number): StreamError | undefined {
    if (!this.#window.take(wireBytes)) return this.#error(errorCode.flowControlError, "more than the window allows");
    this.#receivedBytes += piece.length;
    if (this.#contentLength === undefined || this.#receivedBytes <= this.#contentLength) return undefined;
    return this.#error(errorCode.protocolError, "more than content-length says");
  }

  get #heldBytes(): number {
    return this.#held?.length ?? 0;
  }

  #wait(bytes: Buffer): void {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
  }

  #deliver(piece: Buffer): void {
    this.owner.onData(piece);
    this.#credit(piece.length);
  }

  /** Lets the client send more, unless its request is complete: then only the connection's share is of interest. */
  #credit(bytes: number): void {
    this.#port.creditConnection(bytes);
    if (this.isRemoteEnded || this.isClosed) return;
    const increment = this.#window.giveBack(bytes);
    if (increment > 0) this.#port.creditStream(this.id, increment);
  }

  #tellEnd(): void {
    this.#isEndDue = false;
    this.owner.onEnd();
    if (this.isLocalEnded) this.release();
  }

  #finish(trailers: Buffer | undefined): void {
    if (trailers === undefined) this.#port.sendEnd(this.id);
    else this.#port.sendHeaders(this.id, trailers, true);
    this.#endLocal();
  }

  #endLocal(): void {
    this.isLocalEnded = true;
    if (this.isRemoteEnded && !this.#isEndDue) {
      this.release();
      return;
    }
    // The rest of a request may keep coming for as long as its client likes (RFC 9113, 8.1), or may have come and never be read.
    this.#graceTimer = setTimeout(() => {
      if (this.isRemoteEnded) this.release();
      else this.close(errorCode.noError);
    }, earlyAnswerGraceMs);
  }

  #error(code: number, message: string): StreamError {
    return new StreamError(this.id, code, message);
  }
}

const noBytes = Buffer.alloc(0);
const noPieces: Buffer[] = [];

/** Of a stream whose owner has not been found, or has lost interest. */
const nobody: StreamOwner = { onData() {}, onEnd() {}, onDrain() {}, onClose() {} };
