/** Frames of HTTP/2 as a client writes them, byte by byte, right or wrong (RFC 9113, sections 4 and 6). */

import { encodeFields } from "../../../src/transport/http2/hpack-encoder.ts";
import type { Field } from "./hpack-blocks.ts";

export const types = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const flags = { ack: 1, endStream: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

export const codes = {
  none: 0,
  protocol: 1,
  flowControl: 3,
  streamClosed: 5,
  frameSize: 6,
  refused: 7,
  cancel: 8,
  compression: 9,
  calm: 11,
} as const;

export const settingIds = { tableBytes: 1, push: 2, streams: 3, initialWindow: 4, frameBytes: 5 } as const;

export const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");
const noBytes = Buffer.alloc(0);

/** Any frame. The length in its header is that of the payload unless another one is given. */
export function frame(
  type: number,
  flag: number,
  streamId: number,
  payload: Buffer = noBytes,
  length = payload.length,
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(length, 0, 3);
  head[3] = type;
  head[4] = flag;
  head.writeUInt32BE(streamId, 5);
  return Buffer.concat([head, payload]);
}

export function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}

export function settings(...pairs: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(6 * pairs.length);
  pairs.forEach(([id, value], index) => {
    payload.writeUInt16BE(id, 6 * index);
    payload.writeUInt32BE(value, 6 * index + 2);
  });
  return frame(types.settings, 0, 0, payload);
}

export const settingsAck = frame(types.settings, flags.ack, 0);

export function ping(text = "ping-me!", flag = 0): Buffer {
  return frame(types.ping, flag, 0, Buffer.from(text, "latin1"));
}

export function windowUpdate(streamId: number, increment: number): Buffer {
  return frame(types.windowUpdate, 0, streamId, uint32(increment));
}

export function reset(streamId: number, code: number = codes.cancel): Buffer {
  return frame(types.reset, 0, streamId, uint32(code));
}

export function data(streamId: number, body: Buffer | string, flag = 0): Buffer {
  return frame(types.data, flag, streamId, Buffer.from(body));
}

/** DATA with so many bytes of padding after its body. */
export function paddedData(streamId: number, body: Buffer | string, padding: number, flag = 0): Buffer {
  const payload = Buffer.concat([Buffer.of(padding), Buffer.from(body), Buffer.alloc(padding)]);
  return frame(types.data, flag | flags.padded, streamId, payload);
}

/** HEADERS in one frame. */
export function headers(streamId: number, block: Buffer, flag = 0): Buffer {
  return frame(types.headers, flag | flags.endHeaders, streamId, block);
}

/** A block of literals, so that no other block depends on it. */
export function requestBlock(path: string, more: readonly Field[] = [], method = "GET"): Buffer {
  return encodeFields([
    [":method", method],
    [":scheme", "http"],
    [":path", path],
    [":authority", "localhost"],
    ...more,
  ]);
}

/** A whole request without a body. */
export function get(streamId: number, path: string, more: readonly Field[] = []): Buffer {
  return headers(streamId, requestBlock(path, more), flags.endStream);
}

/** A request whose body follows. */
export function post(streamId: number, path: string, more: readonly Field[] = []): Buffer {
  return headers(streamId, requestBlock(path, more, "POST"));
}
