/** Unary calls of Connect in protobuf, uncompressed, of the methods that have a direct way. */

import type { DescMethod } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import type { Call } from "../chain/call.ts";
import { type CallChain, failureOf } from "../chain/call-chain.ts";
import { requestIdHeader } from "../chain/request-id.ts";
import { httpStatusOf } from "../chain/status.ts";
import { prefixBytes, throughMessages } from "../grpc-message.ts";
import { ReadSweep } from "../read-sweep.ts";
import { type DirectMethod, type MaybePromise, type ServiceBinding, unaryHandler } from "../service-binding.ts";
import { toConnectErrorText } from "../unknown-rpc.ts";
import { type Http1Answer, type Http1Route, isPlainBody, toCallStart } from "./http1-route.ts";
import type { RequestHead } from "./request-head.ts";

export interface ConnectRouteOptions {
  readonly bindings: readonly ServiceBinding[];
  readonly chain: CallChain;
  /** Largest message that is read. */
  readonly readMaxBytes: number;
  /** Time for the request to arrive. */
  readonly requestTimeoutMs: number;
}

const messageType = "application/proto";

export function createConnectRoutes(options: ConnectRouteOptions): ReadonlyMap<string, Http1Route> {
  const routes = new Map<string, Http1Route>();
  const sweep = new ReadSweep(options.requestTimeoutMs);
  for (const binding of options.bindings) {
    for (const method of binding.service.methods) {
      const direct = binding.direct.unary?.[method.localName];
      const handler = unaryHandler(binding, method);
      if (direct === undefined || direct.hasLargeAnswers === true || handler === undefined) continue;
      const general = throughMessages(method, handler);
      const path = `/${binding.service.typeName}/${method.name}`;
      routes.set(path, new ConnectRoute(options, sweep, { method, direct, general }));
    }
  }
  return routes;
}

/** A method and the two ways to answer it. */
interface Ways {
  readonly method: DescMethod;
  readonly direct: DirectMethod;
  readonly general: DirectMethod;
}

class ConnectRoute implements Http1Route {
  readonly sweep: ReadSweep;
  readonly #chain: CallChain;
  readonly #readMaxBytes: number;
  readonly #ways: Ways;

  constructor({ chain, readMaxBytes }: ConnectRouteOptions, sweep: ReadSweep, ways: Ways) {
    this.sweep = sweep;
    this.#chain = chain;
    this.#readMaxBytes = readMaxBytes;
    this.#ways = ways;
  }

  /** Answers here are small: no client would have them compressed, so what it accepts need not be looked at. */
  accepts(head: RequestHead): boolean {
    const version = head.headers.get("connect-protocol-version");
    return (
      head.headers.get("content-type") === messageType &&
      (version === undefined || version === "1") &&
      head.contentLength <= this.#readMaxBytes &&
      isPlainBody("connect", head)
    );
  }

  open(head: RequestHead, clientSignal: () => AbortSignal): Call {
    return this.#chain.open(toCallStart(this.#ways.method, "connect", head, clientSignal));
  }

  refusal(): Error | undefined {
    return this.#chain.refusal(this.#ways.method);
  }

  answer(call: Call, body: Buffer): MaybePromise<Http1Answer> {
    const { direct, general } = this.#ways;
    const request: unknown = direct.read(body);
    const frame =
      request === undefined
        ? this.#chain.invokeMethod(call, readMessage(general, body), general)
        : this.#chain.invokeMethod(call, request, direct);
    return frame instanceof Promise ? frame.then((bytes) => toAnswer(call, bytes)) : toAnswer(call, frame);
  }

  fail(call: Call, error: unknown): Http1Answer {
    const failure = failureOf(this.#chain, call, error);
    const body = toConnectErrorText(failure);
    const length = String(Buffer.byteLength(body));
    const fields = ["content-length", length, "content-type", "application/json", requestIdHeader, call.requestId];
    return { status: httpStatusOf(failure), fields, body, encoding: "utf8" };
  }
}

function toAnswer(call: Call, frame: Buffer): Http1Answer {
  const length = String(frame.length - prefixBytes);
  const fields = ["content-type", messageType, "content-length", length, requestIdHeader, call.requestId];
  // As text it goes out with the head in one write.
  return { status: 200, fields, body: frame.toString("latin1", prefixBytes), encoding: "latin1" };
}

/** What is malformed is called by the words of the runtime, which answers for it elsewhere. */
function readMessage(general: DirectMethod, body: Buffer): unknown {
  try {
    return general.read(body);
  } catch (error) {
    throw error instanceof ConnectError ? new ConnectError(`parse binary: ${error.rawMessage}`, error.code) : error;
  }
}
