/** W3C trace context: which trace of the caller a call belongs to. */

/** The header, on every protocol. */
export const traceparentHeader = "traceparent";

export interface TraceParent {
  /** 32 hexadecimal digits */
  readonly traceId: string;
  /** 16 hexadecimal digits: the caller's span */
  readonly spanId: string;
  /** The caller records this trace. */
  readonly isSampled: boolean;
}

/** Version 00 in lower case, as the specification has it; an id of zeros is none. */
const pattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const traceIdStart = 3;
const traceIdEnd = 35;
const spanIdEnd = 52;

/** The trace id in a header that was received; undefined when it is not valid, and such a header counts for nothing. */
export function traceIdOf(traceparent: string): string | undefined {
  return pattern.test(traceparent) ? traceparent.slice(traceIdStart, traceIdEnd) : undefined;
}

/** All of a header that was received; undefined when it is not valid. */
export function parseTraceparent(traceparent: string): TraceParent | undefined {
  const traceId = traceIdOf(traceparent);
  if (traceId === undefined) return undefined;
  const flags = Number.parseInt(traceparent.slice(spanIdEnd + 1), 16);
  return { traceId, spanId: traceparent.slice(traceIdEnd + 1, spanIdEnd), isSampled: (flags & 1) === 1 };
}
