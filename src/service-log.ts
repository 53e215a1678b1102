import { fstatSync } from "node:fs";
import { type DestinationStream, destination, type Logger, pino, stdSerializers } from "pino";
import type { CallReport } from "./domain/call-context.ts";
import { traceIdOf } from "./domain/trace-context.ts";
import type { LogLevel } from "./environment.ts";
import { LineCollector } from "./line-collector.ts";

/** The diagnostic log. Lines are buffered, so that a call does not wait for the terminal. */
export interface ServiceLog {
  readonly logger: Logger;
  /** Adds whole lines, each with its line end: those that another process of this service wrote, as bytes, and those written by hand. */
  write(lines: string | Uint8Array): void;
  /** Resolves when the buffer is empty, or nobody reads. */
  drain(): Promise<void>;
}

/** @param stream @default standard output */
export function createServiceLog(level: LogLevel, stream?: DestinationStream): ServiceLog {
  const serializers = { err: describeError };
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers };
  if (stream !== undefined) {
    const write = (lines: string | Uint8Array) => void stream.write(Buffer.from(lines).toString());
    return { logger: pino(options, stream), write, drain: () => Promise.resolve() };
  }
  const collector = new LineCollector(destination({ fd: 1, sync: false, contentMode: "buffer" }));
  // What ends the process without stopping the service must not take its last lines along.
  process.once("exit", () => collector.flushSync());
  return {
    logger: pino(options, collector),
    write: (lines) => collector.write(lines),
    drain: () => collector.drain(),
  };
}

/** Whether standard output, which the log goes to, is a file on a disk. */
export function isLogFile(): boolean {
  return fstatSync(1).isFile();
}

/** Not every property, as pino has it: errors of the protocols carry details that quote what was sent. */
function describeError(error: unknown) {
  if (!(error instanceof Error)) return error;
  const { type, message, stack } = stdSerializers.err(error);
  return { type, message, stack };
}

/** Tells of finished calls: one line a call, on success and failure alike; the request itself is never logged. */
export function createCallLog({ logger, write }: ServiceLog): (report: CallReport) => void {
  const bindings = JSON.stringify(logger.bindings()).slice(1, -1);
  const bound = bindings === "" ? "" : `,${bindings}`;
  return (report) => {
    if (report.error !== undefined) logger.error({ ...toFields(report), err: report.error }, finished);
    else if (logger.isLevelEnabled("info")) write(formatLine(report, bound));
  };
}

const finished = "call finished";

function toFields(report: CallReport) {
  return {
    request_id: report.requestId,
    protocol: report.protocol,
    method: report.method,
    code: report.code,
    duration_ms: toMicroseconds(report.durationMs),
    request_bytes: report.requestBytes,
    trace_id: traceIdOfReport(report),
  };
}

/** The line that the logger with these bindings would write, which is several times as long about it: it cannot know the fields beforehand. */
function formatLine(report: CallReport, bound: string): string {
  const traceId = traceIdOfReport(report);
  return (
    `{"level":${infoLevel},"time":"${new Date().toISOString()}"${bound},"request_id":${JSON.stringify(report.requestId)}` +
    `,"protocol":"${report.protocol}","method":${JSON.stringify(report.method)},"code":"${report.code}"` +
    `,"duration_ms":${toMicroseconds(report.durationMs)}${report.requestBytes === undefined ? "" : `,"request_bytes":${report.requestBytes}`}` +
    `${traceId === undefined ? "" : `,"trace_id":"${traceId}"`},"msg":"${finished}"}\n`
  );
}

/** To the microsecond: more says nothing, and V8 keeps the text of every number that it has not met lately. */
function toMicroseconds(durationMs: number): number {
  return Math.round(durationMs * 1000) / 1000;
}

const infoLevel = pino.levels.values["info"];

function traceIdOfReport({ traceparent }: CallReport): string | undefined {
  return traceparent === undefined ? undefined : traceIdOf(traceparent);
}
