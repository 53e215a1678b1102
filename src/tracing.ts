/**
 * Spans for an OpenTelemetry collector, one a call, made from the call's report when it is over. The one file that
 * knows OpenTelemetry; it is imported only when there is a collector.
 */

import { Code } from "@connectrpc/connect";
import {
  type Attributes,
  type Context,
  type HrTime,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AlwaysOnSampler, BatchSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";
import type { CallObserver, CallReport, Protocol } from "./domain/call-context.ts";
import { parseTraceparent, type TraceParent } from "./domain/trace-context.ts";
import { codeName } from "./transport/chain/status.ts";

export interface TracingOptions {
  /** Base address of the collector. */
  readonly endpoint: string;
  readonly serviceName: string;
  readonly serviceVersion: string;
  /** Wall-clock time in whole microseconds. */
  readonly nowMicros: () => number;
  /** Told when the collector stops taking spans: once, until it takes them again. */
  readonly onFailure: (error: unknown) => void;
}

export interface Tracing {
  readonly observe: CallObserver;
  /** Sends what is left, within a bounded time. Never rejects. */
  close(): Promise<void>;
}

/** Spans that wait for the collector; further ones are dropped, so that a slow collector costs no memory. */
const queueLengthMax = 8_192;
const batchLengthMax = 512;
/** Longest time a span waits for its batch to fill. */
const batchDelayMs = 1_000;
/** Longest time for one batch with its retries. */
const exportTimeoutMs = 3_000;
/** Longest time for what is left at the end; by then the exporter has said what it could not send. */
const closeTimeoutMs = 4_000;

export function startTracing(options: TracingOptions): Tracing {
  const exporter = new OTLPTraceExporter({
    url: `${options.endpoint.replace(/\/+$/, "")}/v1/traces`,
    timeoutMillis: exportTimeoutMs,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      "service.name": options.serviceName,
      "service.version": options.serviceVersion,
    }),
    sampler: new AlwaysOnSampler(),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: reportFailures(exporter, options.onFailure),
        maxQueueSize: queueLengthMax,
        maxExportBatchSize: batchLengthMax,
        scheduledDelayMillis: batchDelayMs,
        exportTimeoutMillis: closeTimeoutMs,
      }),
    ],
  });
  const tracer = provider.getTracer("arbitrex-ml-layer", options.serviceVersion);
  return {
    observe(report) {
      const parent = report.traceparent === undefined ? undefined : parseTraceparent(report.traceparent);
      // The caller decides about its trace; a trace that begins here is recorded.
      if (parent?.isSampled === false) return;
      const endMicros = options.nowMicros();
      const startTime = toHrTime(endMicros - Math.round(report.durationMs * 1_000));
      const span = tracer.startSpan(
        report.method,
        { kind: SpanKind.SERVER, startTime, attributes: describeCall(report) },
        parent === undefined ? ROOT_CONTEXT : toContext(parent),
      );
      if (failureCodes.has(report.code)) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(toHrTime(endMicros));
    },
    close: () => closeWithin(provider, options.onFailure),
  };
}

/** Failed exports are told of once an outage; their spans are gone. */
function reportFailures(exporter: SpanExporter, onFailure: (error: unknown) => void): SpanExporter {
  let isFailing = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const hasFailed = result.code !== 0;
        if (hasFailed && !isFailing) onFailure(result.error);
        isFailing = hasFailed;
        // Told as a success: the processor would pass a failure on to a handler of the whole process.
        done({ code: 0 });
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}

async function closeWithin(provider: TracerProvider, onFailure: (error: unknown) => void): Promise<void> {
  const { promise: isOver, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, closeTimeoutMs);
  await Promise.race([provider.shutdown().catch(onFailure), isOver]);
  clearTimeout(timer);
}

/** Numbers of the status names in reports. */
const statusNumbers = new Map(
  Object.values(Code).flatMap((code): [string, number][] => (typeof code === "number" ? [[codeName(code), code]] : [])),
).set("ok", 0);

/** Where the fault is the server's; for the others the convention leaves a server's span unset. */
const failureCodes: ReadonlySet<string> = new Set(
  [Code.Unknown, Code.DeadlineExceeded, Code.Unimplemented, Code.Internal, Code.Unavailable, Code.DataLoss].map(
    codeName,
  ),
);

const rpcSystems: Readonly<Record<Protocol | "unknown", string>> = {
  grpc: "grpc",
  "grpc-web": "grpc",
  connect: "connect_rpc",
  rest: "rest",
  unknown: "unknown",
};

function describeCall(report: CallReport): Attributes {
  const slash = report.method.indexOf("/");
  return {
    "rpc.system": rpcSystems[report.protocol],
    // Paths of documents and unknown methods name no service.
    ...(slash > 0 && { "rpc.service": report.method.slice(0, slash), "rpc.method": report.method.slice(slash + 1) }),
    "rpc.grpc.status_code": statusNumbers.get(report.code) ?? Code.Unknown,
    "arbitrex.request_id": report.requestId,
    "arbitrex.protocol": report.protocol,
  };
}

function toContext({ traceId, spanId }: TraceParent): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true });
}

/** Seconds and nanoseconds: a number would be taken for a time since the process began when it is small. */
function toHrTime(micros: number): HrTime {
  const seconds = Math.floor(micros / 1_000_000);
  return [seconds, (micros - seconds * 1_000_000) * 1_000];
}
