/**
 * A lane for the common case of Connect: one unary call in protobuf over HTTP/1.1, uncompressed, of a method that has a direct way. It enters
 * the same call chain as everything else. Whatever it does not handle it leaves to the general path, before anything has been read.
 */

import type { ServerResponse } from "node:http";
import type { DescMethod } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { DeadlineExceededError } from "../domain/errors.ts";
import { traceparentHeader } from "../domain/trace-context.ts";
import type { Call } from "./chain/call.ts";
import type { CallChain } from "./chain/call-chain.ts";
import { requestIdHeader } from "./chain/request-id.ts";
import { canceledError } from "./chain/status.ts";
import type { RpcHandler } from "./connect-adapter.ts";
import { prefixBytes, throughMessages } from "./grpc-message.ts";
import { headerOf, writeResponse } from "./node-http.ts";
import { ReadSweep, type SweptRead } from "./read-sweep.ts";
import type { NodeRequest } from "./rest-handler.ts";
import { type DirectMethod, type ServiceBinding, unaryHandler } from "./service-binding.ts";
import { parseTimeoutMs, timeoutHeaderOf } from "./timeout-header.ts";
import { toErrorResponse } from "./unknown-rpc.ts";

export interface ConnectUnaryOptions {
  readonly bindings: readonly ServiceBinding[];
  readonly chain: CallChain;
  /** Largest message that is read. */
  readonly readMaxBytes: number;
  /** Time for the request to arrive. */
  readonly requestTimeoutMs: number;
}

interface Route {
  readonly method: DescMethod;
  readonly direct: DirectMethod;
  readonly general: DirectMethod;
}

interface Lane extends ConnectUnaryOptions {
  readonly sweep: ReadSweep;
}

const contentType = "application/proto";
const timeoutHeader = timeoutHeaderOf("connect");

export function createConnectUnaryLane(options: ConnectUnaryOptions): RpcHandler {
  const routes = new Map<string, Route>();
  for (const binding of options.bindings) {
    for (const method of binding.service.methods) {
      const direct = binding.direct.unary?.[method.localName];
      const handler = unaryHandler(binding, method);
      if (direct === undefined || handler === undefined) continue;
      const general = throughMessages(method, handler);
      routes.set(`/${binding.service.typeName}/${method.name}`, { method, direct, general });
    }
  }
  const lane: Lane = { ...options, sweep: new ReadSweep(options.requestTimeoutMs) };
  return (request, response) => {
    const route = routes.get(request.url ?? "");
    if (route === undefined || "stream" in response || !isPlainCall(request, options.readMaxBytes)) return false;
    new ConnectUnaryExchange(lane, route, request, response).start();
    return true;
  };
}

/** An answer of a direct method is small: no client would have it compressed, so what it accepts need not be looked at. */
function isPlainCall(request: NodeRequest, readMaxBytes: number): boolean {
  const { headers } = request;
  const version = headers["connect-protocol-version"];
  const timeout = headers[timeoutHeader];
  const length = Number(headers["content-length"]);
  return (
    request.method === "POST" &&
    headers["content-type"] === contentType &&
    (headers["content-encoding"] === undefined || headers["content-encoding"] === "identity") &&
    (version === undefined || version === "1") &&
    (timeout === undefined || timeoutMsOf(request) !== undefined) &&
    // Neither chunked nor empty nor too large.
    length > 0 &&
    length <= readMaxBytes
  );
}

class ConnectUnaryExchange implements SweptRead {
  readonly #lane: Lane;
  readonly #route: Route;
  readonly #request: NodeRequest;
  readonly #response: ServerResponse;
  readonly #call: Call;
  readonly #chunks: Buffer[] = [];
  #client: AbortController | undefined;
  #isRead = false;
  #isAnswered = false;
  dueMs = 0;

  constructor(lane: Lane, route: Route, request: NodeRequest, response: ServerResponse) {
    this.#lane = lane;
    this.#route = route;
    this.#request = request;
    this.#response = response;
    this.#call = lane.chain.open({
      method: route.method,
      protocol: "connect",
      requestId: headerOf(request, requestIdHeader),
      traceparent: headerOf(request, traceparentHeader),
      timeoutMs: timeoutMsOf(request),
      requestBytes: Number(request.headers["content-length"]),
      clientSignal: () => this.#clientSignal(),
    });
  }

  start(): void {
    const { chain, sweep } = this.#lane;
    this.#response.on("close", () => this.#onClose());
    // What still arrives of a refused body has to be read, for it stands before the next request of the connection.
    this.#request.on("data", (chunk: Buffer) => {
      if (!this.#isRead) this.#chunks.push(chunk);
    });
    const refusal = chain.refusal(this.#route.method);
    if (refusal !== undefined) {
      this.#refuse(refusal);
      return;
    }
    sweep.add(this);
    this.#request.on("end", () => this.#onEnd());
  }

  isExpired(): boolean {
    return this.#call.isExpired();
  }

  expire(): void {
    this.#refuse(new DeadlineExceededError());
  }

  /** No await on this line: a handler that answers at once is answered for at once. */
  #onEnd(): void {
    if (this.#isRead) return;
    this.#stopReading();
    const { chain } = this.#lane;
    const [first = noBytes] = this.#chunks;
    const body = this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    try {
      const direct: unknown = this.#route.direct.read(body);
      if (direct !== undefined) this.#answer(direct, this.#route.direct);
      else this.#answer(readMessage(this.#route.general, body), this.#route.general);
    } catch (error) {
      this.#sendError(chain.refuse(this.#call, error));
    }
  }

  #answer(request: unknown, method: DirectMethod): void {
    const answer = this.#lane.chain.invokeMethod(this.#call, request, method);
    if (!(answer instanceof Promise)) {
      this.#send(answer);
      return;
    }
    answer.then(
      (frame) => this.#send(frame),
      (error: unknown) => this.#sendError(this.#lane.chain.mapError(error)),
    );
  }

  #send(frame: Buffer): void {
    const response = this.#response;
    if (response.destroyed) return;
    this.#isAnswered = true;
    const headers = ["content-type", contentType, "content-length", `${frame.length - prefixBytes}`];
    headers.push(requestIdHeader, this.#call.requestId);
    // A list is sent as it is, and a text goes out with the headers in one piece; bytes would be a second one.
    response.writeHead(200, headers).end(frame.toString("latin1", prefixBytes), "latin1");
  }

  #sendError(error: ConnectError): void {
    const response = this.#response;
    if (response.destroyed) return;
    this.#isAnswered = true;
    const answer = toErrorResponse("connect", "", error);
    answer.header?.set(requestIdHeader, this.#call.requestId);
    writeResponse(answer, response).catch(() => response.destroy());
  }

  /** Ends a call whose request has not been read. */
  #refuse(error: unknown): void {
    if (this.#isRead) return;
    this.#stopReading();
    this.#sendError(this.#lane.chain.refuse(this.#call, error));
  }

  #stopReading(): void {
    this.#isRead = true;
    this.#lane.sweep.delete(this);
  }

  #onClose(): void {
    if (this.#isAnswered) return;
    if (!this.#isRead) this.#stopReading();
    this.#client?.abort(canceledError());
    this.#lane.chain.refuse(this.#call, canceledError());
  }

  #clientSignal(): AbortSignal {
    this.#client = new AbortController();
    if (this.#response.destroyed) this.#client.abort(canceledError());
    return this.#client.signal;
  }
}

/** What is malformed is called by the words of the runtime, which answers for it elsewhere. */
function readMessage(general: DirectMethod, body: Buffer): unknown {
  try {
    return general.read(body);
  } catch (error) {
    throw error instanceof ConnectError ? new ConnectError(`parse binary: ${error.rawMessage}`, error.code) : error;
  }
}

const noBytes = Buffer.alloc(0);

function timeoutMsOf(request: NodeRequest): number | undefined {
  const timeout = headerOf(request, timeoutHeader);
  return timeout === undefined ? undefined : parseTimeoutMs("connect", timeout);
}
