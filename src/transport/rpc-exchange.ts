/** One RPC request and its response on the wire, and the call that they carry. */

import { setImmediate } from "node:timers/promises";
import type { DescMethod } from "@bufbuild/protobuf";
import { createContextKey, createContextValues, type HandlerContext } from "@connectrpc/connect";
import type { UniversalServerRequest } from "@connectrpc/connect/protocol";
import type { Protocol } from "../domain/call-context.ts";
import { DeadlineExceededError } from "../domain/errors.ts";
import { traceparentHeader } from "../domain/trace-context.ts";
import type { Call, CallMetadata } from "./chain/call.ts";
import type { CallChain } from "./chain/call-chain.ts";
import { Interruptible } from "./chain/interruptible.ts";
import { requestIdHeader } from "./chain/request-id.ts";
import { canceledError } from "./chain/status.ts";
import { headerOf, readBody, toWebHeaders } from "./node-http.ts";
import type { NodeRequest, NodeResponse } from "./rest-handler.ts";
import { parseTimeoutMs, timeoutHeaderOf } from "./timeout-header.ts";

/** Where the runtime's context holds the exchange. */
export const rpcExchangeKey = createContextKey<RpcExchange | undefined>(undefined, {
  description: "RPC request and response on the wire",
});

export class RpcExchange {
  readonly call: Call;
  readonly request: NodeRequest;
  readonly #chain: CallChain;
  readonly #response: NodeResponse;
  readonly #client = new AbortController();
  readonly #body: Interruptible<Uint8Array>;
  readonly #timeoutHeader: string;
  readonly #timeoutMs: number | undefined;
  readonly #onClose = () => this.#client.abort(canceledError());
  #requestTimer: NodeJS.Timeout | undefined;
  #metadata: CallMetadata | undefined;

  constructor(chain: CallChain, method: DescMethod, protocol: Protocol, request: NodeRequest, response: NodeResponse) {
    this.#chain = chain;
    this.request = request;
    this.#response = response;
    this.#body = new Interruptible(readBody(request));
    this.#timeoutHeader = timeoutHeaderOf(protocol);
    const timeout = headerOf(request, this.#timeoutHeader);
    this.#timeoutMs = timeout === undefined ? undefined : parseTimeoutMs(protocol, timeout);
    const length = Number(headerOf(request, "content-length"));
    this.call = chain.open({
      method,
      protocol,
      requestId: headerOf(request, requestIdHeader),
      traceparent: headerOf(request, traceparentHeader),
      timeoutMs: this.#timeoutMs,
      requestBytes: Number.isSafeInteger(length) ? length : undefined,
      clientSignal: () => this.#client.signal,
      metadata: () => this.#metadata,
    });
    response.once("close", this.#onClose);
  }

  /**
   * Ends a request whose one message does not arrive in time. Streams have no such limit: their messages come when
   * there is something to say.
   */
  limitRequestTime(requestTimeoutMs: number): void {
    if (this.#isStreaming()) return;
    const timeMs = Math.min(requestTimeoutMs, this.#timeoutMs ?? requestTimeoutMs);
    this.#requestTimer = setTimeout(() => {
      this.#body.interrupt(this.#chain.mapError(new DeadlineExceededError())).catch(this.#onClose);
    }, timeMs);
  }

  /** The headers and trailers of the runtime become those of the call. */
  withContext({ requestHeader, responseHeader, responseTrailer }: HandlerContext): this {
    this.#metadata = {
      requestHeaders: requestHeader,
      responseHeaders: responseHeader,
      responseTrailers: responseTrailer,
    };
    return this;
  }

  /** The request's message is complete. */
  withMessage(): this {
    clearTimeout(this.#requestTimer);
    return this;
  }

  /** The answer is written, or nobody wants it. */
  end(): void {
    clearTimeout(this.#requestTimer);
    this.#response.off("close", this.#onClose);
    // What is left of a refused body stands before the next request of an HTTP/1.1 connection.
    // The listener is needed: resume() alone is undone while an iterator that was left early lets go of the body.
    if (!("stream" in this.request)) this.request.on("data", ignore).resume();
  }

  toUniversalRequest(): UniversalServerRequest {
    const { request } = this;
    return {
      httpVersion: request.httpVersion,
      method: request.method ?? "",
      // Only the query is read. The authority is left out on purpose: it is the client's to choose.
      url: `http://localhost${request.url}`,
      // A timeout that was understood is the chain's business; the runtime sees it only to refuse a malformed one.
      header: toWebHeaders(request.headers, this.#timeoutMs === undefined ? undefined : this.#timeoutHeader),
      body: this.#readChunks(),
      signal: this.#client.signal,
      contextValues: createContextValues().set(rpcExchangeKey, this),
    };
  }

  /** True when the client may send any number of messages. */
  #isStreaming(): boolean {
    const { methodKind } = this.call.descriptor;
    return methodKind === "client_streaming" || methodKind === "bidi_streaming";
  }

  async *#readChunks(): AsyncGenerator<Uint8Array> {
    try {
      yield* this.#body;
    } catch (error) {
      if (this.request.errored === null && !this.request.aborted) throw error;
      throw canceledError();
    }
    if (!("stream" in this.request) || !this.#isStreaming()) return;
    // A Node client that cancels ends its stream and resets it right after; half an upload must not pass for a whole.
    await setImmediate();
    if (this.request.stream.isClosed) throw canceledError();
  }
}

function ignore(): void {}
