/** SETTINGS, ours and the client's (RFC 9113, 6.5). */

import { ConnectionError, errorCode, frameSizeError, protocolError, uint31Max } from "./frame.ts";

const settingId = {
  headerTableSize: 0x1,
  enablePush: 0x2,
  maxConcurrentStreams: 0x3,
  initialWindowSize: 0x4,
  maxFrameSize: 0x5,
  maxHeaderListSize: 0x6,
} as const;

const settingBytes = 6;
/** A client has six settings to make. */
const settingsMax = 64;

/** What each side's decoder of headers remembers before any setting (RFC 9113, 6.5.2). */
const headerTableBytesInitial = 4_096;

/** What our decoder of headers may be made to remember. */
export const headerTableBytesMax = 4_096;

export interface OwnSettings {
  readonly concurrentStreamsMax: number;
  readonly streamWindowBytes: number;
  readonly headerBytesMax: number;
}

export function encodeSettings(settings: OwnSettings): Buffer {
  return encodePairs([
    [settingId.maxConcurrentStreams, settings.concurrentStreamsMax],
    [settingId.initialWindowSize, settings.streamWindowBytes],
    [settingId.maxHeaderListSize, settings.headerBytesMax],
  ]);
}

/** What concerns us of a client's settings: our frames are of the size that everybody must take, and nothing is pushed. */
export interface ClientSettings {
  readonly initialWindow: number | undefined;
  /** The client's decoder remembers less than it did by default, if only for a moment. */
  readonly hasSmallTable: boolean;
}

/** Throws a ConnectionError for values that must not be. */
export function readClientSettings(payload: Buffer): ClientSettings {
  if (payload.length % settingBytes !== 0) throw frameSizeError("SETTINGS of an odd length");
  if (payload.length > settingsMax * settingBytes) {
    throw new ConnectionError(errorCode.enhanceYourCalm, "more settings than there are");
  }
  let initialWindow: number | undefined;
  let hasSmallTable = false;
  for (let start = 0; start < payload.length; start += settingBytes) {
    const value = payload.readUInt32BE(start + 2);
    switch (payload.readUInt16BE(start)) {
      case settingId.headerTableSize:
        if (value < headerTableBytesInitial) hasSmallTable = true;
        break;
      case settingId.enablePush:
        if (value > 1) throw protocolError("ENABLE_PUSH is neither 0 nor 1");
        break;
      case settingId.initialWindowSize:
        if (value > uint31Max) throw new ConnectionError(errorCode.flowControlError, "a window beyond 2^31-1");
        initialWindow = value;
        break;
      case settingId.maxFrameSize:
        if (value < 16_384 || value > 16_777_215) throw protocolError("MAX_FRAME_SIZE out of its range");
        break;
    }
  }
  return { initialWindow, hasSmallTable };
}

function encodePairs(pairs: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(pairs.length * settingBytes);
  pairs.forEach(([id, value], index) => {
    payload.writeUInt16BE(id, index * settingBytes);
    payload.writeUInt32BE(value, index * settingBytes + 2);
  });
  return payload;
}
