/** A listener on a free port with small handlers behind it, and clients that are not ours. */

import type { ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import { connect as connectSocket, type Socket } from "node:net";
import {
  create,
  type DescMessage,
  type DescMethod,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { Client, credentials, type MethodDefinition } from "@grpc/grpc-js";
import { InferenceService } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ModelRegistryService } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import type { CallReport } from "../../src/domain/call-context.ts";
import { type CallChainOptions, createCallChain } from "../../src/transport/chain/call-chain.ts";
import { createHealth } from "../../src/transport/health.ts";
import { createListener, type ListenerOptions } from "../../src/transport/listener.ts";
import { createReflection } from "../../src/transport/reflection.ts";
import { bindService, type DirectMethods, type HandlerTable } from "../../src/transport/service-binding.ts";

export interface StubOptions {
  readonly inference?: HandlerTable;
  readonly registry?: HandlerTable;
  /** Direct ways of the inference service. */
  readonly direct?: DirectMethods;
  readonly chain?: Partial<CallChainOptions>;
  readonly listener?: Partial<ListenerOptions>;
}

export type StubServer = Awaited<ReturnType<typeof startStub>>;

/** Starts a listener; disposing of it drains it at once. */
export async function startStub(options: StubOptions = {}) {
  const reports: CallReport[] = [];
  const lateFailures: unknown[] = [];
  const faults: unknown[] = [];
  let ids = 0;
  const newRequestId = () => `made-${++ids}`;
  const observe = (report: CallReport) => void reports.push(report);
  const chain = createCallChain({
    observe,
    monotonicMs: () => performance.now(),
    newRequestId,
    isExempt: (method) => method.parent.typeName === "grpc.health.v1.Health",
    onLateFailure: (_call, error) => void lateFailures.push(error),
    ...options.chain,
  });
  const health = createHealth([InferenceService.typeName]);
  const served = [
    bindService(InferenceService, options.inference ?? {}, options.direct),
    bindService(ModelRegistryService, options.registry ?? {}),
    health.binding,
  ];
  const listener = createListener({
    host: "127.0.0.1",
    port: 0,
    bindings: [...served, ...createReflection(served)],
    chain,
    rest(_request, response) {
      response.statusCode = 404;
      response.end("rest");
    },
    observe,
    newRequestId,
    onDrain: () => health.shutdown(),
    onFault: (error) => void faults.push(error),
    ...options.listener,
  });
  const { port } = await listener.listen();
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    listener,
    chain,
    health,
    reports,
    lateFailures,
    faults,
    [Symbol.asyncDispose]: () => listener.drain(1),
  };
}

/** grpc-js's description of one of our methods. */
export function toGrpcMethod<I extends DescMessage, O extends DescMessage>(
  method: DescMethod & { input: I; output: O },
): MethodDefinition<MessageInitShape<I>, MessageShape<O>> {
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: method.methodKind === "client_streaming" || method.methodKind === "bidi_streaming",
    responseStream: method.methodKind === "server_streaming" || method.methodKind === "bidi_streaming",
    requestSerialize: (message) => Buffer.from(toBinary(method.input, create(method.input, message))),
    requestDeserialize: (bytes) => fromBinary(method.input, bytes),
    responseSerialize: (message) => Buffer.from(toBinary(method.output, message)),
    responseDeserialize: (bytes) => fromBinary(method.output, bytes),
  };
}

/** An independent gRPC client; disposing of it closes its connection. */
export function grpcClient(port: number): Client & Disposable {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  return Object.assign(client, { [Symbol.dispose]: () => client.close() });
}

/** A socket and everything it received. */
export function openSocket(port: number): { socket: Socket; received: () => string; closed: Promise<string> } {
  const socket = connectSocket({ port, host: "127.0.0.1", allowHalfOpen: true });
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
  });
  socket.on("error", () => socket.destroy());
  const closed = new Promise<string>((resolve) => {
    socket.once("end", () => socket.end());
    socket.once("close", () => resolve(text));
  });
  return { socket, received: () => text, closed };
}

/** `grpc-status` of a raw HTTP/2 stream, whether it comes in the headers or in the trailers. */
export function grpcStatusOf(stream: ClientHttp2Stream): Promise<string> {
  return new Promise((resolve) => {
    const onHeaders = (headers: IncomingHttpHeaders) => {
      const status = headers["grpc-status"];
      if (status !== undefined) resolve(String(status));
    };
    stream.once("response", onHeaders);
    stream.once("trailers", onHeaders);
    stream.resume();
  });
}

/** A promise and the function that fulfils it. */
export function gate<T = void>(): { readonly opened: Promise<T>; readonly open: (value: T) => void } {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { opened: promise, open: resolve };
}

/** Waits until the condition holds; the test's own timeout ends a wait in vain. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
