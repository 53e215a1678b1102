import { type DestinationStream, destination, type Logger, pino, stdSerializers } from "pino";
import type { CallReport } from "./domain/call-context.ts";
import { traceIdOf } from "./domain/trace-context.ts";
import type { LogLevel } from "./environment.ts";

/** The diagnostic log. Lines are buffered, so that a call does not wait for the terminal; `flush` empties the buffer. */
export interface ServiceLog {
  readonly logger: Logger;
  /** Adds lines that another process of this service wrote. */
  write(lines: string): void;
  flush(): void;
}

/** Bytes that are collected before they are written: about a hundred access lines a write. */
const bufferBytes = 32_768;
/** Longest time a line stays in the buffer. */
const flushIntervalMs = 250;

/** @param stream @default standard output */
export function createServiceLog(level: LogLevel, stream?: DestinationStream): ServiceLog {
  const serializers = { err: describeError };
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers };
  if (stream !== undefined) {
    return { logger: pino(options, stream), write: (lines) => void stream.write(lines), flush: () => undefined };
  }
  const buffered = destination({
    fd: 1,
    sync: false,
    minLength: bufferBytes,
    // The writer refuses a buffer that is not smaller than one write.
    maxWrite: 2 * bufferBytes,
    periodicFlush: flushIntervalMs,
  });
  return {
    logger: pino(options, buffered),
    write: (lines) => void buffered.write(lines),
    flush: () => buffered.flushSync(),
  };
}

/** Not every property, as pino has it: errors of the protocols carry details that quote what was sent. */
function describeError(error: unknown) {
  if (!(error instanceof Error)) return error;
  const { type, message, stack } = stdSerializers.err(error);
  return { type, message, stack };
}

/** One line a call, on success and failure alike; the request itself is never logged. */
export function logCall(logger: Logger, report: CallReport): void {
  const fields = {
    request_id: report.requestId,
    protocol: report.protocol,
    method: report.method,
    code: report.code,
    duration_ms: report.durationMs,
    request_bytes: report.requestBytes,
    trace_id: report.traceparent === undefined ? undefined : traceIdOf(report.traceparent),
  };
  if (report.error === undefined) logger.info(fields, "call finished");
  else logger.error({ ...fields, err: report.error }, "call finished");
}
