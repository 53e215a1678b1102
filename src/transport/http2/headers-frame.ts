/** The payload of a HEADERS frame (RFC 9113, 6.2). */

import { frameFlag, frameSizeError, protocolError, uint31Max } from "./frame.ts";
import type { BlockPlace } from "./header-block.ts";

export interface HeadersFrame {
  readonly place: BlockPlace;
  /** The block, or the first part of it. */
  readonly fragment: Buffer;
}

/** Takes padding and priority off. Throws a ConnectionError. */
export function readHeadersFrame(flags: number, streamId: number, payload: Buffer): HeadersFrame {
  if (streamId % 2 === 0) throw protocolError("HEADERS on a stream that no client opens");
  let start = 0;
  let end = payload.length;
  if ((flags & frameFlag.padded) !== 0) {
    if (payload.length === 0) throw frameSizeError("padding without its length");
    end -= payload[0] ?? 0;
    start = 1;
  }
  let dependsOnItself = false;
  if ((flags & frameFlag.priority) !== 0) {
    if (payload.length < start + priorityBytes) throw frameSizeError("HEADERS too short for a priority");
    dependsOnItself = readDependency(payload, start) === streamId;
    start += priorityBytes;
  }
  if (start > end) throw protocolError("padding longer than its frame");
  const endsStream = (flags & frameFlag.endStream) !== 0;
  return { place: { streamId, endsStream, dependsOnItself }, fragment: payload.subarray(start, end) };
}

/** Length of a priority, in HEADERS or alone. */
export const priorityBytes = 5;

/** The stream that another one depends on. */
export function readDependency(payload: Buffer, start: number): number {
  return payload.readUInt32BE(start) & uint31Max;
}
