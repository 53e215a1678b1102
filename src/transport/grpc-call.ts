/** What every call of the gRPC lanes has in common: which streams are such calls, and with what headers and trailers they are answered. */

import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { DescMethod } from "@bufbuild/protobuf";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { traceparentHeader } from "../domain/trace-context.ts";
import { isValidAuthority } from "./authority.ts";
import type { Call, CallMetadata } from "./chain/call.ts";
import type { CallChain } from "./chain/call-chain.ts";
import { requestIdHeader } from "./chain/request-id.ts";
import { toWebHeaders } from "./node-http.ts";
import { parseTimeoutMs } from "./timeout-header.ts";

/** Takes streams that are calls of its kind. */
export interface GrpcLane {
  /** False leaves the stream, untouched, to others. */
  take(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): boolean;
  /** Streams taken and not closed yet. */
  open(): number;
}

/** True for gRPC without compression, in protobuf. Everything else is left to the general path. */
export function isPlainGrpc(headers: IncomingHttpHeaders): boolean {
  const contentType = headers["content-type"];
  const encoding = headers["grpc-encoding"];
  const timeout = headers["grpc-timeout"];
  return (
    headers[":method"] === "POST" &&
    (contentType === "application/grpc" || contentType === "application/grpc+proto") &&
    (encoding === undefined || encoding === "identity") &&
    headers["expect"] === undefined &&
    (timeout === undefined || timeoutMsOf(headers) !== undefined) &&
    isValidAuthority(headers[":authority"] ?? headers["host"])
  );
}

/** False when nothing can be sent any more, even if nobody has been told yet. */
export function isWritable(stream: ServerHttp2Stream): boolean {
  return !stream.closed && !stream.destroyed;
}

/** A call with what stands before and after its messages. */
export class GrpcCall {
  readonly call: Call;
  readonly #chain: CallChain;
  readonly #received: IncomingHttpHeaders;
  #metadata: CallMetadata | undefined;

  constructor(chain: CallChain, method: DescMethod, received: IncomingHttpHeaders, clientSignal: () => AbortSignal) {
    this.#chain = chain;
    this.#received = received;
    this.call = chain.open({
      method,
      protocol: "grpc",
      requestId: singleOf(received[requestIdHeader]),
      traceparent: singleOf(received[traceparentHeader]),
      timeoutMs: timeoutMsOf(received),
      requestBytes: toBytes(received["content-length"]),
      clientSignal,
      metadata: () => this.#makeMetadata(),
    });
  }

  headers(): OutgoingHttpHeaders {
    const headers: OutgoingHttpHeaders = {
      ":status": 200,
      "content-type": this.#received["content-type"],
      "grpc-accept-encoding": "gzip,br",
      [requestIdHeader]: this.call.requestId,
    };
    if (this.#metadata !== undefined) copyHeaders(this.#metadata.responseHeaders, headers);
    return headers;
  }

  okTrailers(): OutgoingHttpHeaders {
    if (this.#metadata === undefined) return okStatus;
    const trailers: OutgoingHttpHeaders = {};
    copyHeaders(this.#metadata.responseTrailers, trailers);
    return Object.assign(trailers, okStatus);
  }

  errorTrailers(error: unknown): OutgoingHttpHeaders {
    const trailers: OutgoingHttpHeaders = {};
    const status = this.#metadata?.responseTrailers ?? new Headers();
    setTrailerStatus(status, this.#chain.mapError(error));
    copyHeaders(status, trailers);
    return trailers;
  }

  #makeMetadata(): CallMetadata {
    this.#metadata ??= {
      requestHeaders: toWebHeaders(this.#received),
      responseHeaders: new Headers(),
      responseTrailers: new Headers(),
    };
    return this.#metadata;
  }
}

const okStatus = { "grpc-status": "0" } as const;

function copyHeaders(from: Headers, to: OutgoingHttpHeaders): void {
  from.forEach((value, name) => {
    to[name] = value;
  });
}

function timeoutMsOf(headers: IncomingHttpHeaders): number | undefined {
  const timeout = headers["grpc-timeout"];
  return typeof timeout === "string" ? parseTimeoutMs("grpc", timeout) : undefined;
}

function singleOf(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function toBytes(contentLength: string | undefined): number | undefined {
  if (contentLength === undefined) return undefined;
  const bytes = Number(contentLength);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
