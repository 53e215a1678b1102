/** gRPC, gRPC-Web and Connect on Node's HTTP/1.1 and HTTP/2, through the call chain. */

import { createRegistry, type DescMethod, type DescService, type Message, type Registry } from "@bufbuild/protobuf";
import { ConnectError, type ConnectRouter, createConnectRouter, type HandlerContext } from "@connectrpc/connect";
import type { UniversalHandler, UniversalServerResponse } from "@connectrpc/connect/protocol";
import { file_google_rpc_error_details } from "../../gen/ts/google/rpc/error_details_pb.ts";
import type { CallObserver, Protocol } from "../domain/call-context.ts";
import { InvalidInputError, NotImplementedError } from "../domain/errors.ts";
import { traceparentHeader } from "../domain/trace-context.ts";
import type { CallChain } from "./chain/call-chain.ts";
import { acceptRequestId, requestIdHeader } from "./chain/request-id.ts";
import { codeName } from "./chain/status.ts";
import { brotliCompression, gzipCompression } from "./message-compression.ts";
import { headerOf, pathOf, writeResponse } from "./node-http.ts";
import type { NodeRequest, NodeResponse } from "./rest-handler.ts";
import { RpcExchange, rpcExchangeKey } from "./rpc-exchange.ts";
import { type ServiceBinding, streamHandler, unaryHandler } from "./service-binding.ts";
import { grpcProtocolOf, toErrorResponse, toTextResponse } from "./unknown-rpc.ts";

export interface ConnectAdapterOptions {
  readonly bindings: readonly ServiceBinding[];
  readonly chain: CallChain;
  /** Told of requests to methods that do not exist; all others are told of by the chain. */
  readonly observe: CallObserver;
  readonly newRequestId: () => string;
  /** Largest message that is read. */
  readonly readMaxBytes: number;
  /** Largest message that is written. */
  readonly writeMaxBytes: number;
  /** Smallest message that is worth compressing for a client that accepts it. */
  readonly compressMinBytes: number;
  /** Time for the one request message of a call to arrive. */
  readonly requestTimeoutMs: number;
  /** Services whose JSON messages may have keys that we do not know. */
  readonly lenientServices: ReadonlySet<string>;
}

/** Takes a request if its path or content type is that of an RPC; false leaves it to others. */
export type RpcHandler = (request: NodeRequest, response: NodeResponse) => boolean;

/** Label of calls to what does not exist: the client's own words must not become metric labels. */
const unknownMethod = "unknown";

export function createConnectAdapter(options: ConnectAdapterOptions): RpcHandler {
  const routes = new Map(createRouter(options).handlers.map((handler) => [handler.requestPath, handler]));
  const services = new Set(options.bindings.map((binding) => binding.service.typeName));
  return (request, response) => {
    const path = pathOf(request);
    const route = routes.get(path);
    const grpc = grpcProtocolOf(headerOf(request, "content-type"));
    if (route !== undefined) {
      void serveCall(options, route, grpc ?? "connect", request, response);
      return true;
    }
    if (grpc === undefined && !services.has(path.slice(1, path.lastIndexOf("/")))) return false;
    void refuseUnknown(options, grpc ?? "connect", request, response);
    return true;
  };
}

function createRouter(options: ConnectAdapterOptions): ConnectRouter {
  const { readMaxBytes, writeMaxBytes, compressMinBytes } = options;
  const router = createConnectRouter({
    readMaxBytes,
    writeMaxBytes,
    compressMinBytes,
    acceptCompression: [gzipCompression, brotliCompression],
    requestGate: (context) => admit(options.chain, context),
  });
  const registry = createAnyTypes(options.bindings);
  for (const binding of options.bindings) {
    const ignoreUnknownFields = options.lenientServices.has(binding.service.typeName);
    const jsonOptions = { ignoreUnknownFields, registry };
    for (const method of binding.service.methods) addMethod(router, options.chain, binding, method, jsonOptions);
  }
  return router;
}

type MethodJsonOptions = { readonly ignoreUnknownFields: boolean; readonly registry: Registry };

/** What an Any may hold, as the details of an item's error do; JSON spells it out, so its writer must know the types. */
function createAnyTypes(bindings: readonly ServiceBinding[]): Registry {
  return createRegistry(file_google_rpc_error_details, ...bindings.map(({ service }) => service.file));
}

function addMethod(
  router: ConnectRouter,
  chain: CallChain,
  binding: ServiceBinding,
  method: DescMethod,
  jsonOptions: MethodJsonOptions,
): void {
  const unary = (request: Message, context: HandlerContext) => {
    const { call } = exchangeOf(context).withMessage();
    const handler = unaryHandler(binding, method);
    if (handler === undefined) throw chain.refuse(call, notImplemented(binding.service, method));
    return chain.invokeUnary(call, request, handler);
  };
  const stream = (requests: AsyncIterable<Message>, context: HandlerContext) => {
    const { call } = exchangeOf(context);
    const handler = streamHandler(binding, method);
    if (handler === undefined) throw chain.refuse(call, notImplemented(binding.service, method));
    return chain.invokeStream(call, requests, handler);
  };
  const serverStream = (request: Message, context: HandlerContext) => {
    exchangeOf(context).withMessage();
    return stream(only(request), context);
  };
  const clientStream = async (requests: AsyncIterable<Message>, context: HandlerContext) =>
    lastOf(stream(requests, context));
  if (isOfKind(method, "unary")) router.rpc(method, unary, { jsonOptions });
  else if (isOfKind(method, "server_streaming")) router.rpc(method, serverStream, { jsonOptions });
  else if (isOfKind(method, "client_streaming")) router.rpc(method, clientStream, { jsonOptions });
  else if (isOfKind(method, "bidi_streaming")) router.rpc(method, stream, { jsonOptions });
}

function isOfKind<K extends DescMethod["methodKind"]>(
  method: DescMethod,
  kind: K,
): method is DescMethod & { readonly methodKind: K } {
  return method.methodKind === kind;
}

/** Runs when a call's headers are there and before its body is read. */
function admit(chain: CallChain, context: HandlerContext): void {
  const { call } = exchangeOf(context).withContext(context);
  context.responseHeader.set(requestIdHeader, call.requestId);
  // The runtime aborts this signal with the error it is about to write, so this is where errors that never came
  // from the chain (malformed, too large) get their details and their report.
  context.signal.addEventListener("abort", () => {
    const reason: unknown = context.signal.reason;
    if (reason instanceof ConnectError) chain.refuse(call, chain.mapError(reason));
  });
  const refusal = chain.refusal(call.descriptor);
  if (refusal !== undefined) throw chain.refuse(call, refusal);
}

async function serveCall(
  options: ConnectAdapterOptions,
  route: UniversalHandler,
  protocol: Protocol,
  request: NodeRequest,
  response: NodeResponse,
): Promise<void> {
  const exchange = new RpcExchange(options.chain, route.method, protocol, request, response);
  try {
    exchange.limitRequestTime(options.requestTimeoutMs);
    const answer = await route(exchange.toUniversalRequest());
    await writeResponse(explainRefusal(options.chain, exchange, answer), response);
  } catch (error) {
    options.chain.refuse(exchange.call, error);
    response.destroy();
  } finally {
    exchange.end();
  }
}

/**
 * Wrong HTTP verb, content type or version: the runtime answers these with a bare status. Clients take their code from it, so
 * what is said beside it is text for a person; only one who speaks Connect, but over the wrong version, is told in its terms.
 */
function explainRefusal(
  chain: CallChain,
  exchange: RpcExchange,
  answer: UniversalServerResponse,
): UniversalServerResponse {
  const { call, request } = exchange;
  if (call.reported || answer.body !== undefined) return answer;
  const error =
    answer.status === 415
      ? new InvalidInputError([{ field: "content-type", description: "not one this method is served in" }])
      : new NotImplementedError(`${call.method} is not served by ${request.method} over HTTP/${request.httpVersion}`);
  const refusal = chain.refuse(call, error);
  const explained =
    answer.status === 505
      ? toErrorResponse("connect", "", refusal, answer.status)
      : toTextResponse(answer.status, refusal.rawMessage);
  for (const [name, value] of answer.header ?? []) explained.header?.set(name, value);
  explained.header?.set(requestIdHeader, call.requestId);
  return explained;
}

async function refuseUnknown(
  options: ConnectAdapterOptions,
  protocol: Protocol,
  request: NodeRequest,
  response: NodeResponse,
): Promise<void> {
  const requestId = acceptRequestId(headerOf(request, requestIdHeader)) ?? options.newRequestId();
  const error = options.chain.mapError(new NotImplementedError(`no such method: ${pathOf(request)}`));
  options.observe({
    protocol,
    method: unknownMethod,
    code: codeName(error.code),
    durationMs: 0,
    requestId,
    traceparent: headerOf(request, traceparentHeader),
  });
  const answer = toErrorResponse(protocol, headerOf(request, "content-type") ?? "", error);
  answer.header?.set(requestIdHeader, requestId);
  await writeResponse(answer, response).catch(() => response.destroy());
}

function exchangeOf(context: HandlerContext): RpcExchange {
  const exchange = context.values.get(rpcExchangeKey);
  if (exchange === undefined) throw new Error("a call without its exchange");
  return exchange;
}

function notImplemented(service: DescService, method: DescMethod): NotImplementedError {
  return new NotImplementedError(`${service.typeName}/${method.name} is not implemented`);
}

async function* only(message: Message): AsyncGenerator<Message> {
  yield message;
}

/** The one answer of a client-streaming method; taken only when the stream has ended well. */
async function lastOf(stream: AsyncIterable<Message>): Promise<Message> {
  let last: Message | undefined;
  for await (const message of stream) last = message;
  if (last === undefined) throw new Error("a client-streaming handler gave no answer");
  return last;
}
