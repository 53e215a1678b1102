/**
 * A lane for the common case: one unary gRPC call, uncompressed, over HTTP/2. It reads and writes the stream itself, without
 * the request and response objects and the web streams and headers of the general path, and enters the same call chain.
 * Whatever it does not handle it leaves to the general path, before anything has been read.
 */

import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { type DescMethod, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { DeadlineExceededError, OverloadedError } from "../domain/errors.ts";
import { traceparentHeader } from "../domain/trace-context.ts";
import { isValidAuthority } from "./authority.ts";
import type { Call, CallMetadata } from "./chain/call.ts";
import type { CallChain } from "./chain/call-chain.ts";
import { requestIdHeader } from "./chain/request-id.ts";
import { canceledError } from "./chain/status.ts";
import { toWebHeaders } from "./node-http.ts";
import { type ServiceBinding, type UnaryHandler, unaryHandler } from "./service-binding.ts";
import { parseTimeoutMs } from "./timeout-header.ts";

export interface GrpcUnaryOptions {
  readonly bindings: readonly ServiceBinding[];
  readonly chain: CallChain;
  /** Largest message that is read. */
  readonly readMaxBytes: number;
  /** Time for the request to arrive. */
  readonly requestTimeoutMs: number;
  /** Told of an answer that could not be written. */
  readonly onFault?: (error: unknown) => void;
}

/** Takes a stream when it is a call this lane handles; false leaves it, untouched, to others. */
export type StreamHandler = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => boolean;

interface Route {
  readonly method: DescMethod;
  readonly handler: UnaryHandler;
}

/** Flag and length before each message. */
const prefixBytes = 5;
/** What is refused as too large may be smaller when it is sent again, not sooner. */
const oversizedRetryAfterMs = 60_000;
/** Fields we do not know are the caller's business; keeping them would cost a copy. */
const readOptions = { readUnknownFields: false } as const;
const writeOptions = { writeUnknownFields: false } as const;

export function createGrpcUnaryLane(options: GrpcUnaryOptions): StreamHandler {
  const routes = new Map<string, Route>();
  for (const binding of options.bindings) {
    for (const method of binding.service.methods) {
      const handler = unaryHandler(binding, method);
      if (handler !== undefined) routes.set(`/${binding.service.typeName}/${method.name}`, { method, handler });
    }
  }
  return (stream, headers) => {
    const route = routes.get(headers[":path"] ?? "");
    if (route === undefined || !isPlainCall(headers)) return false;
    const timeout = headers["grpc-timeout"];
    const timeoutMs = typeof timeout === "string" ? parseTimeoutMs("grpc", timeout) : undefined;
    if (timeout !== undefined && timeoutMs === undefined) return false;
    new GrpcUnaryExchange(options, route, stream, headers, timeoutMs).start();
    return true;
  };
}

function isPlainCall(headers: IncomingHttpHeaders): boolean {
  const contentType = headers["content-type"];
  const encoding = headers["grpc-encoding"];
  return (
    headers[":method"] === "POST" &&
    (contentType === "application/grpc" || contentType === "application/grpc+proto") &&
    (encoding === undefined || encoding === "identity") &&
    headers["expect"] === undefined &&
    isValidAuthority(headers[":authority"] ?? headers["host"])
  );
}

class GrpcUnaryExchange {
  readonly #options: GrpcUnaryOptions;
  readonly #route: Route;
  readonly #stream: ServerHttp2Stream;
  readonly #contentType: string;
  readonly #call: Call;
  readonly #chunks: Buffer[] = [];
  #receivedBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #client: AbortController | undefined;
  #metadata: CallMetadata | undefined;
  #isRead = false;
  #isAnswered = false;
  #isClosed = false;

  constructor(
    options: GrpcUnaryOptions,
    route: Route,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    timeoutMs: number | undefined,
  ) {
    this.#options = options;
    this.#route = route;
    this.#stream = stream;
    this.#contentType = headers["content-type"] ?? "";
    const requestId = headers[requestIdHeader];
    const traceparent = headers[traceparentHeader];
    this.#call = options.chain.open({
      method: route.method,
      protocol: "grpc",
      requestId: typeof requestId === "string" ? requestId : undefined,
      traceparent: typeof traceparent === "string" ? traceparent : undefined,
      timeoutMs,
      requestBytes: toBytes(headers["content-length"]),
      clientSignal: () => this.#clientSignal(),
      metadata: () => this.#toMetadata(headers),
    });
  }

  start(): void {
    const { chain, requestTimeoutMs } = this.#options;
    const stream = this.#stream;
    // A reset arrives as an error as well; without a listener it would end the process. `close` tells of it.
    stream.on("error", ignore);
    stream.once("close", () => this.#onClose());
    const refusal = chain.refusal(this.#route.method);
    if (refusal !== undefined) {
      this.#refuse(refusal);
      return;
    }
    const leftMs = this.#call.deadlineMs === undefined ? requestTimeoutMs : this.#call.leftMs();
    this.#timer = setTimeout(() => this.#refuse(new DeadlineExceededError()), Math.min(leftMs, requestTimeoutMs));
    stream.on("data", (chunk: Buffer) => this.#onData(chunk));
    stream.once("end", () => this.#onEnd());
  }

  #onData(chunk: Buffer): void {
    if (this.#isRead) return;
    this.#receivedBytes += chunk.length;
    if (this.#receivedBytes <= this.#options.readMaxBytes + prefixBytes) this.#chunks.push(chunk);
    else this.#refuse(tooLarge(this.#options.readMaxBytes));
  }

  #onEnd(): void {
    if (this.#isRead) return;
    this.#stopReading();
    let request: Message;
    try {
      request = decode(this.#route.method, this.#chunks, this.#receivedBytes, this.#options.readMaxBytes);
    } catch (error) {
      this.#sendError(this.#options.chain.refuse(this.#call, error));
      return;
    }
    this.#answer(request);
  }

  /** No await on this line: a handler that answers at once is answered for at once. */
  #answer(request: Message): void {
    try {
      const result = this.#options.chain.invokeUnary(this.#call, request, this.#route.handler);
      if (result instanceof Promise) {
        result.then(
          (message) => this.#send(message),
          (error: unknown) => this.#sendError(error),
        );
      } else this.#send(result);
    } catch (error) {
      this.#sendError(error);
    }
  }

  #send(message: Message): void {
    if (this.#isClosed) return;
    let bytes: Uint8Array;
    try {
      bytes = toBinary(this.#route.method.output, message, writeOptions);
    } catch (error) {
      // Where a promise is answered nobody else would catch it, and one answer must not end the process.
      this.#options.onFault?.(error);
      this.#sendError(error);
      return;
    }
    this.#isAnswered = true;
    const frame = Buffer.allocUnsafe(prefixBytes + bytes.length);
    frame[0] = 0;
    frame.writeUInt32BE(bytes.length, 1);
    frame.set(bytes, prefixBytes);
    const stream = this.#stream;
    stream.once("wantTrailers", () => stream.sendTrailers(this.#trailers()));
    stream.respond(this.#headers(), { waitForTrailers: true });
    stream.end(frame);
  }

  #sendError(error: unknown): void {
    if (this.#isClosed) return;
    this.#isAnswered = true;
    const headers = this.#headers();
    const trailers = this.#metadata?.responseTrailers ?? new Headers();
    setTrailerStatus(trailers, this.#options.chain.mapError(error));
    copyHeaders(trailers, headers);
    this.#stream.respond(headers, { endStream: true });
  }

  #headers(): OutgoingHttpHeaders {
    const headers: OutgoingHttpHeaders = {
      ":status": 200,
      "content-type": this.#contentType,
      "grpc-accept-encoding": "gzip,br",
      [requestIdHeader]: this.#call.requestId,
    };
    if (this.#metadata !== undefined) copyHeaders(this.#metadata.responseHeaders, headers);
    return headers;
  }

  #trailers(): OutgoingHttpHeaders {
    if (this.#metadata === undefined) return okTrailers;
    const trailers: OutgoingHttpHeaders = {};
    copyHeaders(this.#metadata.responseTrailers, trailers);
    return Object.assign(trailers, okTrailers);
  }

  #toMetadata(received: IncomingHttpHeaders): CallMetadata {
    this.#metadata ??= {
      requestHeaders: toWebHeaders(received),
      responseHeaders: new Headers(),
      responseTrailers: new Headers(),
    };
    return this.#metadata;
  }

  /** Ends a call whose request has not been read. */
  #refuse(error: unknown): void {
    if (this.#isRead) return;
    this.#stopReading();
    this.#sendError(this.#options.chain.refuse(this.#call, error));
    // What still arrives is let go of, so that the stream can end.
    this.#stream.resume();
  }

  #stopReading(): void {
    this.#isRead = true;
    clearTimeout(this.#timer);
  }

  #onClose(): void {
    this.#isClosed = true;
    if (this.#isAnswered) return;
    if (!this.#isRead) this.#stopReading();
    this.#client?.abort(canceledError());
    this.#options.chain.refuse(this.#call, canceledError());
  }

  #clientSignal(): AbortSignal {
    this.#client = new AbortController();
    if (this.#isClosed) this.#client.abort(canceledError());
    return this.#client.signal;
  }
}

const okTrailers = { "grpc-status": "0" } as const;

function copyHeaders(from: Headers, to: OutgoingHttpHeaders): void {
  from.forEach((value, name) => {
    to[name] = value;
  });
}

function decode(method: DescMethod, chunks: readonly Buffer[], receivedBytes: number, readMaxBytes: number): Message {
  const [only] = chunks;
  const body = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, receivedBytes);
  if (body.length === 0)
    throw protocolError(Code.Unimplemented, "protocol error: missing input message for unary method");
  if (body.length < prefixBytes) throw protocolError(Code.InvalidArgument, "protocol error: incomplete envelope");
  if (body[0] !== 0) throw protocolError(Code.Internal, "received compressed message without a compression algorithm");
  const length = body.readUInt32BE(1);
  if (length > readMaxBytes) throw tooLarge(readMaxBytes);
  const end = prefixBytes + length;
  if (end > body.length) throw protocolError(Code.InvalidArgument, "protocol error: incomplete envelope");
  if (end < body.length)
    throw protocolError(Code.Unimplemented, "protocol error: received extra input message for unary method");
  try {
    return fromBinary(method.input, body.subarray(prefixBytes), readOptions);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw protocolError(Code.InvalidArgument, message);
  }
}

function protocolError(code: Code, message: string): ConnectError {
  return new ConnectError(message, code);
}

function tooLarge(readMaxBytes: number): OverloadedError {
  return new OverloadedError(
    `message is larger than configured readMaxBytes ${readMaxBytes}`,
    oversizedRetryAfterMs,
    "MESSAGE_TOO_LARGE",
  );
}

function toBytes(contentLength: string | undefined): number | undefined {
  const bytes = Number(contentLength);
  return contentLength !== undefined && Number.isSafeInteger(bytes) ? bytes : undefined;
}

function ignore(): void {}
