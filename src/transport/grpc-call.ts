/** What every call of the gRPC lanes has in common: which streams are such calls, and with what headers and trailers they are answered. */

import type { IncomingHttpHeaders } from "node:http";
import type { DescMethod } from "@bufbuild/protobuf";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { traceparentHeader } from "../domain/trace-context.ts";
import { isValidAuthority } from "./authority.ts";
import type { Call, CallMetadata } from "./chain/call.ts";
import type { CallChain } from "./chain/call-chain.ts";
import { requestIdHeader } from "./chain/request-id.ts";
import { encodeFields, fieldBytesMax, writeField } from "./http2/hpack-encoder.ts";
import type { Http2Stream } from "./http2/http2-stream.ts";
import { toWebHeaders } from "./node-http.ts";
import { parseTimeoutMs } from "./timeout-header.ts";

/** Takes streams that are calls of its kind. */
export interface GrpcLane {
  /** False leaves the stream, untouched, to others. */
  take(stream: Http2Stream): boolean;
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
    (contentType === plainType || contentType === protoType) &&
    (encoding === undefined || encoding === "identity") &&
    headers["expect"] === undefined &&
    (timeout === undefined || timeoutMsOf(headers) !== undefined) &&
    isValidAuthority(singleOf(headers[":authority"]) ?? headers.host)
  );
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

  /** What stands before the answers, as an HPACK block. */
  headers(): Buffer {
    const { requestId } = this.call;
    const start = this.#received["content-type"] === protoType ? protoHeaders : plainHeaders;
    const block = Buffer.allocUnsafe(start.length + fieldBytesMax(requestIdHeader, requestId));
    block.set(start);
    const own = block.subarray(0, writeField(block, start.length, requestIdHeader, requestId));
    return this.#metadata === undefined ? own : Buffer.concat([own, encodeFields(this.#metadata.responseHeaders)]);
  }

  /** What stands after them, when all went well. */
  okTrailers(): Buffer {
    if (this.#metadata === undefined) return okStatus;
    return Buffer.concat([encodeFields(this.#metadata.responseTrailers), okStatus]);
  }

  errorTrailers(error: unknown): Buffer {
    const status = this.#metadata?.responseTrailers ?? new Headers();
    setTrailerStatus(status, this.#chain.mapError(error));
    return encodeFields(status);
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

const plainType = "application/grpc";
const protoType = "application/grpc+proto";
const plainHeaders = encodeStart(plainType);
const protoHeaders = encodeStart(protoType);
const okStatus = encodeFields([["grpc-status", "0"]]);

function encodeStart(contentType: string): Buffer {
  return encodeFields([
    [":status", "200"],
    ["content-type", contentType],
    ["grpc-accept-encoding", "gzip,br"],
  ]);
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
