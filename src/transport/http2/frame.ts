/** Frames of HTTP/2 (RFC 9113, sections 4, 6 and 7): their numbers on the wire, and the two kinds of failure. */

export const frameHeaderBytes = 9;
/** Largest payload of a frame, received or sent: what every peer must take, and all that ours may send. */
export const framePayloadMax = 16_384;
/** Largest window, increment and stream id. */
export const uint31Max = 0x7fff_ffff;
export const defaultWindowBytes = 65_535;

export const frameType = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const frameFlag = { ack: 0x1, endStream: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;

export const errorCode = {
  noError: 0x0,
  protocolError: 0x1,
  internalError: 0x2,
  flowControlError: 0x3,
  streamClosed: 0x5,
  frameSizeError: 0x6,
  refusedStream: 0x7,
  cancel: 0x8,
  compressionError: 0x9,
  enhanceYourCalm: 0xb,
} as const;

/** The peer broke the protocol in a way that leaves nothing to build on: the connection ends with this code. */
export class ConnectionError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = "ConnectionError";
    this.code = code;
  }
}

/** What is wrong concerns one stream, which is reset with this code. */
export class StreamError extends Error {
  readonly streamId: number;
  readonly code: number;

  constructor(streamId: number, code: number, message: string) {
    super(message);
    this.name = "StreamError";
    this.streamId = streamId;
    this.code = code;
  }
}

export function protocolError(message: string): ConnectionError {
  return new ConnectionError(errorCode.protocolError, message);
}

export function frameSizeError(message: string): ConnectionError {
  return new ConnectionError(errorCode.frameSizeError, message);
}
