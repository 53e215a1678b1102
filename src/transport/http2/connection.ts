/** One HTTP/2 connection, as its server: reads frames, keeps its streams, writes frames. */

import type { Socket } from "node:net";
import { BodySender } from "./body-sender.ts";
import { ClientConduct } from "./client-conduct.ts";
import { ClosedStreams } from "./closed-streams.ts";
import { ConnectionEnding } from "./connection-ending.ts";
import {
  ConnectionError,
  defaultWindowBytes,
  errorCode,
  frameFlag,
  frameSizeError,
  frameType,
  protocolError,
  StreamError,
  uint31Max,
} from "./frame.ts";
import { FrameReader, type FrameSink } from "./frame-reader.ts";
import { FrameWriter, type WriteScratch } from "./frame-writer.ts";
import { type BlockPlace, HeaderBlock } from "./header-block.ts";
import { priorityBytes, readDependency, readHeadersFrame } from "./headers-frame.ts";
import { HpackDecoder, HpackError } from "./hpack-decoder.ts";
import { emptyTableUpdate, encodeFields } from "./hpack-encoder.ts";
import { Http2Stream, type StreamPort } from "./http2-stream.ts";
import { OpenStreams } from "./open-streams.ts";
import { ReceiveWindow } from "./receive-window.ts";
import { RequestHeadReader } from "./request-head.ts";
import { encodeSettings, headerTableBytesMax, type OwnSettings, readClientSettings } from "./settings.ts";

export interface ConnectionOptions extends OwnSettings {
  /** Bytes a client may send ahead on the connection. */
  readonly sessionWindowBytes: number;
  /** Megabytes of answers that may wait for the client beside the largest one, before it may open no more streams. */
  readonly sessionMemoryMbMax: number;
  readonly scratch: WriteScratch;
  readonly monotonicMs: () => number;
  /** Takes a stream whose headers have come, by setting its owner. */
  readonly onStream: (stream: Http2Stream) => void;
  /** The connection is over; its streams have been closed. */
  readonly onClosed: () => void;
  /** Told of what went wrong on our side; the connection has been closed. */
  readonly onFault: (error: unknown) => void;
}

/** Answers that wait in the socket because the client does not read them: what is more is held against it. */
const waitingBytesMax = 1_048_576;
const keepAlivePayload = Buffer.from("keepaliv", "latin1");
const noBytes = Buffer.alloc(0);
const emptyTable = Buffer.of(emptyTableUpdate);

export class Http2Connection implements FrameSink, StreamPort {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #reader = new FrameReader(this);
  readonly #writer: FrameWriter;
  readonly #bodies: BodySender;
  readonly #window: ReceiveWindow;
  readonly #heads: RequestHeadReader;
  readonly #block: HeaderBlock;
  readonly #streams = new OpenStreams();
  readonly #closed = new ClosedStreams();
  readonly #conduct: ClientConduct;
  readonly #ending: ConnectionEnding;
  #lastStreamId = 0;
  /** Does not grow any more once the client has been told (RFC 9113, 6.8). */
  #lastServedId = 0;
  #hasSettings = false;
  /** A client whose table is small must hear once, before the headers that follow, that ours is none. */
  #tableUpdate: "none" | "due" | "sent" = "none";
  /** The client has said something whole since it was pinged last. */
  #isAlive = true;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#writer = new FrameWriter(socket, options.scratch);
    this.#bodies = new BodySender(this.#writer);
    this.#window = new ReceiveWindow(Math.max(options.sessionWindowBytes, defaultWindowBytes));
    this.#heads = new RequestHeadReader(new HpackDecoder(headerTableBytesMax), options.headerBytesMax);
    this.#block = new HeaderBlock(4 * options.headerBytesMax);
    this.#conduct = new ClientConduct(options.monotonicMs, () => this.#bodies.takeEarned());
    this.#ending = new ConnectionEnding(socket, this.#writer);
  }

  start(): void {
    const socket = this.#socket;
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("drain", () => this.#bodies.pump());
    socket.on("end", () => socket.destroy());
    socket.on("close", () => this.#end());
    this.#writer.writeFrame(frameType.settings, 0, 0, encodeSettings(this.#options));
    const more = this.#options.sessionWindowBytes - defaultWindowBytes;
    if (more > 0) this.#writer.writeNumberFrame(frameType.windowUpdate, 0, more);
  }

  /**
   * Pings the client; one of which nothing has come since the last ping is gone. The answer itself may take long: it
   * waits behind what a slow client has still to read.
   */
  ping(): void {
    if (this.#ending.isOver) return;
    if (!this.#isAlive) {
      this.#socket.destroy();
      return;
    }
    this.#isAlive = false;
    this.#writer.writeFrame(frameType.ping, 0, 0, keepAlivePayload);
  }

  /** Tells the client to open no more streams here, and ends when the last one has. */
  startClosing(): void {
    this.#ending.startDraining();
  }

  // What the reader tells.

  onData(streamId: number, piece: Buffer, wireBytes: number, endsStream: boolean): void {
    if (this.#ending.isOver) return;
    if (!this.#hasSettings || this.#block.isBegun) throw protocolError("DATA out of place");
    if (!this.#window.take(wireBytes)) {
      throw new ConnectionError(errorCode.flowControlError, "more than the window allows");
    }
    const stream = this.#streams.get(streamId);
    if (piece.length === 0 && !(endsStream && stream !== undefined)) this.#conduct.countIdleFrame();
    if (stream === undefined || stream.isRemoteEnded) {
      this.creditConnection(wireBytes);
      this.#onLateData(streamId, stream);
      return;
    }
    try {
      stream.receive(piece, wireBytes);
      if (endsStream && !stream.isClosed) stream.receiveEnd();
    } catch (error) {
      if (!(error instanceof StreamError)) throw error;
      this.#reset(streamId, error.code);
    }
  }

  onFrame(type: number, flags: number, streamId: number, payload: Buffer): void {
    // What one read brought after the frame that ended the connection.
    if (this.#ending.isOver) return;
    this.#isAlive = true;
    if (!this.#hasSettings) {
      if (type !== frameType.settings || (flags & frameFlag.ack) !== 0) throw protocolError("no SETTINGS at first");
      this.#hasSettings = true;
    }
    if (this.#block.isBegun && type !== frameType.continuation) throw protocolError("a frame amid headers");
    switch (type) {
      case frameType.headers:
        this.#onHeaders(flags, streamId, payload);
        break;
      case frameType.continuation:
        this.#onContinuation(flags, streamId, payload);
        break;
      case frameType.windowUpdate:
        this.#onWindowUpdate(streamId, payload);
        break;
      case frameType.rstStream:
        this.#onReset(streamId, payload);
        break;
      case frameType.settings:
        this.#onSettings(flags, streamId, payload);
        break;
      case frameType.ping:
        this.#onPing(flags, streamId, payload);
        break;
      case frameType.goAway:
        this.#onGoAway(streamId, payload);
        break;
      case frameType.priority:
        this.#onPriority(streamId, payload);
        break;
      case frameType.pushPromise:
        throw protocolError("a client pushes nothing");
      default:
        // Of kinds that are not known nothing is to be thought (RFC 9113, 5.5).
        this.#conduct.countIdleFrame();
    }
  }

  // What streams ask for.

  sendHeaders(streamId: number, block: Buffer, endsStream: boolean): void {
    if (this.#tableUpdate === "due") {
      this.#tableUpdate = "sent";
      this.#writer.writeHeaders(streamId, Buffer.concat([emptyTable, block]), endsStream);
    } else this.#writer.writeHeaders(streamId, block, endsStream);
    this.#limitWaiting();
  }

  sendData(stream: Http2Stream, bytes: Buffer): number {
    return this.#bodies.send(stream, bytes);
  }

  sendEnd(streamId: number): void {
    this.#writer.writeFrame(frameType.data, frameFlag.endStream, streamId, noBytes);
  }

  sendReset(streamId: number, code: number): void {
    if (this.#ending.isOver) return;
    this.#closed.addResetByUs(streamId);
    this.#writer.writeNumberFrame(frameType.rstStream, streamId, code);
    this.#limitWaiting();
  }

  creditConnection(bytes: number): void {
    const increment = this.#window.giveBack(bytes);
    if (increment > 0 && !this.#ending.isOver) this.#writer.writeNumberFrame(frameType.windowUpdate, 0, increment);
  }

  creditStream(streamId: number, bytes: number): void {
    if (!this.#ending.isOver) this.#writer.writeNumberFrame(frameType.windowUpdate, streamId, bytes);
  }

  waitForRoom(stream: Http2Stream): void {
    this.#bodies.wait(stream);
  }

  onStreamClosed(stream: Http2Stream): void {
    this.#bodies.forget(stream);
    this.#streams.delete(stream.id);
    this.#closed.add(stream.id);
    if (stream.isLocalEnded && stream.isRemoteEnded) this.#conduct.countFinishedCall();
    if (this.#ending.isClosing && this.#streams.size === 0) this.#ending.finish();
  }

  // Frames, one kind after the other.

  #read(chunk: Buffer): void {
    if (this.#ending.isOver) return;
    this.#writer.hold();
    try {
      this.#reader.feed(chunk);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#writer.release();
    }
  }

  #onHeaders(flags: number, streamId: number, payload: Buffer): void {
    const { place, fragment } = readHeadersFrame(flags, streamId, payload);
    if ((flags & frameFlag.endHeaders) === 0) this.#block.begin(place, fragment);
    else this.#onBlock(place, fragment);
  }

  #onContinuation(flags: number, streamId: number, payload: Buffer): void {
    const begun = this.#block.add(streamId, payload);
    if ((flags & frameFlag.endHeaders) !== 0) this.#onBlock(begun, this.#block.take());
  }

  /** A complete header block. It is decoded whatever becomes of it, since the ones after it build on it. */
  #onBlock({ streamId, endsStream, dependsOnItself }: BlockPlace, block: Buffer): void {
    const stream = this.#streams.get(streamId);
    try {
      if (stream !== undefined) this.#onTrailers(stream, endsStream, block);
      else if (streamId > this.#lastStreamId) this.#openStream({ streamId, endsStream, dependsOnItself }, block);
      else this.#onLateHeaders(streamId, block);
    } catch (error) {
      if (error instanceof HpackError) throw new ConnectionError(errorCode.compressionError, error.message);
      if (!(error instanceof StreamError)) throw error;
      this.#reset(streamId, error.code);
    }
  }

  #openStream({ streamId, endsStream, dependsOnItself }: BlockPlace, block: Buffer): void {
    this.#lastStreamId = streamId;
    const head = this.#heads.readHead(block);
    // It was opened by a client that had been told not to; the client knows that it is not served.
    if (this.#ending.isClosing) {
      this.#closed.addResetByUs(streamId);
      return;
    }
    this.#lastServedId = streamId;
    if (this.#streams.size >= this.#options.concurrentStreamsMax) {
      throw new StreamError(streamId, errorCode.refusedStream, "too many streams at a time");
    }
    if (this.#bodies.waitingBytes > this.#options.sessionMemoryMbMax * 1_000_000) {
      throw new StreamError(streamId, errorCode.refusedStream, "too many answers wait to be read");
    }
    const { headers, contentLength } = head;
    if (dependsOnItself) throw new StreamError(streamId, errorCode.protocolError, "a stream that depends on itself");
    if (head.fault !== undefined) throw new StreamError(streamId, errorCode.protocolError, head.fault);
    // Before anybody acts on a request that is not what it says.
    if (endsStream && contentLength !== undefined && contentLength > 0) {
      throw new StreamError(streamId, errorCode.protocolError, "less than content-length says");
    }
    const stream = new Http2Stream(this, streamId, {
      headers,
      contentLength,
      sendWindowBytes: this.#bodies.initialWindow,
      receiveWindowBytes: this.#options.streamWindowBytes,
    });
    this.#streams.add(stream);
    if (head.isOversized) stream.respondAndEnd(oversizedAnswer);
    else this.#options.onStream(stream);
    if (endsStream && !stream.isClosed) stream.receiveEnd();
  }

  #onTrailers(stream: Http2Stream, endsStream: boolean, block: Buffer): void {
    const fault = this.#heads.readTrailers(block);
    if (stream.isRemoteEnded) throw new StreamError(stream.id, errorCode.streamClosed, "HEADERS after the end");
    if (!endsStream) throw new StreamError(stream.id, errorCode.protocolError, "trailers that end nothing");
    if (fault !== undefined) throw new StreamError(stream.id, errorCode.protocolError, fault);
    stream.receiveEnd();
  }

  #onLateHeaders(streamId: number, block: Buffer): void {
    this.#heads.readTrailers(block);
    if (this.#closed.wasResetByUs(streamId)) return;
    if (!this.#closed.has(streamId)) throw protocolError("a stream id lower than the last");
    throw new ConnectionError(errorCode.streamClosed, "HEADERS on a stream that is closed");
  }

  #onReset(streamId: number, payload: Buffer): void {
    if (payload.length !== 4) throw frameSizeError("RST_STREAM of a wrong length");
    this.#assertNotIdle(streamId, "RST_STREAM");
    const stream = this.#streams.get(streamId);
    // One that has its answer may say in this way that it sends no more (grpc-go does).
    if (stream === undefined || stream.isLocalEnded) this.#conduct.countIdleFrame();
    else this.#conduct.countReset();
    stream?.release();
  }

  #onWindowUpdate(streamId: number, payload: Buffer): void {
    if (payload.length !== 4) throw frameSizeError("WINDOW_UPDATE of a wrong length");
    const increment = payload.readUInt32BE(0) & uint31Max;
    this.#conduct.countIdleFrame();
    if (streamId === 0) {
      if (increment === 0) throw protocolError("WINDOW_UPDATE of nothing");
      if (!this.#bodies.enlarge(increment)) throw windowTooLarge();
    } else {
      this.#assertNotIdle(streamId, "WINDOW_UPDATE");
      const stream = this.#streams.get(streamId);
      if (stream === undefined) return;
      if (increment === 0) this.#reset(streamId, errorCode.protocolError);
      else if (stream.resizeSendWindow(increment)) this.#bodies.pumpOne(stream);
      else this.#reset(streamId, errorCode.flowControlError);
    }
  }

  #onSettings(flags: number, streamId: number, payload: Buffer): void {
    if (streamId !== 0) throw protocolError("SETTINGS on a stream");
    this.#conduct.countIdleFrame();
    if ((flags & frameFlag.ack) !== 0) {
      if (payload.length > 0) throw frameSizeError("SETTINGS acknowledged at length");
      return;
    }
    const { initialWindow, hasSmallTable } = readClientSettings(payload);
    if (hasSmallTable && this.#tableUpdate === "none") this.#tableUpdate = "due";
    if (initialWindow !== undefined) this.#resizeWindows(initialWindow);
    this.#writer.writeFrame(frameType.settings, frameFlag.ack, 0, noBytes);
    this.#limitWaiting();
    this.#bodies.pump();
  }

  #resizeWindows(initialWindow: number): void {
    const change = initialWindow - this.#bodies.initialWindow;
    this.#bodies.initialWindow = initialWindow;
    for (const stream of this.#streams.list()) if (!stream.resizeSendWindow(change)) throw windowTooLarge();
  }

  #onPing(flags: number, streamId: number, payload: Buffer): void {
    if (streamId !== 0) throw protocolError("PING on a stream");
    if (payload.length !== 8) throw frameSizeError("PING of a wrong length");
    this.#conduct.countIdleFrame();
    if ((flags & frameFlag.ack) === 0) {
      this.#writer.writeFrame(frameType.ping, frameFlag.ack, 0, payload);
      this.#limitWaiting();
    } else if (this.#ending.isDrainAnswer(payload)) this.#settleClosing();
  }

  #onGoAway(streamId: number, payload: Buffer): void {
    if (streamId !== 0) throw protocolError("GOAWAY on a stream");
    if (payload.length < 8) throw frameSizeError("GOAWAY of a wrong length");
    this.#conduct.countIdleFrame();
    this.#settleClosing();
  }

  /** Priorities are no longer part of HTTP/2, but clients may still send them (RFC 9113, 5.3.2). */
  #onPriority(streamId: number, payload: Buffer): void {
    if (streamId === 0) throw protocolError("PRIORITY of the connection");
    this.#conduct.countIdleFrame();
    if (payload.length !== priorityBytes) this.#reset(streamId, errorCode.frameSizeError);
    else if (readDependency(payload, 0) === streamId) this.#reset(streamId, errorCode.protocolError);
  }

  /** DATA on a stream that has none to come. Bytes that were on their way when we reset it are nobody's fault. */
  #onLateData(streamId: number, stream: Http2Stream | undefined): void {
    this.#assertNotIdle(streamId, "DATA");
    if (stream !== undefined || !this.#closed.wasResetByUs(streamId)) this.#reset(streamId, errorCode.streamClosed);
  }

  /** Resets a stream, open or not, for what its client did. */
  #reset(streamId: number, code: number): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) {
      // One that is idle must not be reset (RFC 9113, 6.4).
      if (this.#isIdle(streamId)) throw new ConnectionError(code, "a mistake about a stream that nobody has opened");
      this.#conduct.countIdleFrame();
      this.sendReset(streamId, code);
      return;
    }
    this.#conduct.countReset();
    stream.close(code);
  }

  #assertNotIdle(streamId: number, what: string): void {
    if (this.#isIdle(streamId)) throw protocolError(`${what} on a stream that nobody has opened`);
  }

  #isIdle(streamId: number): boolean {
    return streamId === 0 || streamId > this.#lastStreamId || streamId % 2 === 0;
  }

  /** A client that makes us answer, and does not read, fills our memory. */
  #limitWaiting(): void {
    if (this.#writer.waitingBytes > waitingBytesMax) this.#socket.destroy();
  }

  #settleClosing(): void {
    this.#ending.settle(this.#lastServedId);
    if (this.#ending.isClosing && this.#streams.size === 0) this.#ending.finish();
  }

  /** The client broke the protocol: it is told how, and nothing more is read. Everything else is our own fault. */
  #fail(error: unknown): void {
    if (!(error instanceof ConnectionError)) {
      this.#socket.destroy();
      this.#options.onFault(error);
      return;
    }
    if (this.#ending.isOver) return;
    this.#ending.fail(this.#lastServedId, error.code);
    this.#closeStreams();
  }

  #end(): void {
    this.#ending.abandon();
    this.#closeStreams();
    this.#options.onClosed();
  }

  #closeStreams(): void {
    for (const stream of this.#streams.list()) stream.release();
  }
}

function windowTooLarge(): ConnectionError {
  return new ConnectionError(errorCode.flowControlError, "a window beyond 2^31-1");
}

const oversizedAnswer = encodeFields([[":status", "431"]]);
