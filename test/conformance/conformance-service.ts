/** The service of the conformance suite: it answers as each request says, and shows what it was asked with. */

import { setTimeout } from "node:timers/promises";
import { create, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { type Any, anyPack } from "@bufbuild/protobuf/wkt";
import { ConnectError } from "@connectrpc/connect";
import type { CallContext } from "../../src/domain/call-context.ts";
import type { ServiceHandlers } from "../../src/handlers/service-handlers.ts";
import { Call, type CallMetadata } from "../../src/transport/chain/call.ts";
import {
  type BidiStreamRequest,
  BidiStreamRequestSchema,
  ClientStreamRequestSchema,
  type ConformancePayload_RequestInfo,
  ConformancePayload_RequestInfoSchema,
  type ConformanceService,
  type Error as ErrorDefinition,
  type Header,
  IdempotentUnaryRequestSchema,
  ServerStreamRequestSchema,
  type StreamResponseDefinition,
  UnaryRequestSchema,
  type UnaryResponseDefinition,
} from "./gen/connectrpc/conformance/v1/service_pb.ts";

type Handlers = ServiceHandlers<typeof ConformanceService>;

/** `unimplemented` is absent on purpose: that is its test. */
export const conformanceHandlers: Omit<Handlers, "unimplemented"> = {
  unary: (request, call) => answerOne(call, request.responseDefinition, [pack(UnaryRequestSchema, request)]),
  idempotentUnary: (request, call) =>
    answerOne(call, request.responseDefinition, [pack(IdempotentUnaryRequestSchema, request)]),
  async clientStream(requests, call) {
    const received: Any[] = [];
    let definition: UnaryResponseDefinition | undefined;
    for await (const request of requests) {
      if (received.length === 0) definition = request.responseDefinition;
      received.push(pack(ClientStreamRequestSchema, request));
    }
    return answerOne(call, definition, received);
  },
  async *serverStream(request, call) {
    const definition = request.responseDefinition;
    const responses = new Responses(call, definition);
    responses.receive(pack(ServerStreamRequestSchema, request));
    yield* responses.rest();
  },
  async *bidiStream(requests, call) {
    let responses: Responses | undefined;
    let isFullDuplex = false;
    for await (const request of requests) {
      if (responses === undefined) {
        responses = new Responses(call, request.responseDefinition);
        isFullDuplex = request.fullDuplex;
      }
      responses.receive(packBidi(request));
      if (!isFullDuplex) continue;
      if (responses.isDone) break;
      yield await responses.next();
    }
    if (responses !== undefined) yield* responses.rest();
  },
};

/** The responses of one stream, in order, each with what was received since the one before. */
class Responses {
  readonly #call: CallContext;
  readonly #definition: StreamResponseDefinition | undefined;
  #received: Any[] = [];
  #sent = 0;

  constructor(call: CallContext, definition: StreamResponseDefinition | undefined) {
    this.#call = call;
    this.#definition = definition;
    setMetadata(call, definition);
  }

  get isDone(): boolean {
    return this.#sent >= (this.#definition?.responseData.length ?? 0);
  }

  receive(request: Any): void {
    this.#received.push(request);
  }

  async next() {
    const data = this.#definition?.responseData[this.#sent] ?? new Uint8Array();
    await pause(this.#call, this.#definition?.responseDelayMs);
    const requests = this.#received;
    const requestInfo = this.#sent === 0 ? toRequestInfo(this.#call, requests) : toRequestsAlone(requests);
    this.#received = [];
    this.#sent++;
    return { payload: { data, ...(requestInfo === undefined ? {} : { requestInfo }) } };
  }

  /** What is left to send, then the error there may be. */
  async *rest() {
    while (!this.isDone) yield await this.next();
    const error = this.#definition?.error;
    if (error === undefined) return;
    throw toError(error, this.#sent === 0 ? toRequestInfo(this.#call, this.#received) : undefined);
  }
}

async function answerOne(call: CallContext, definition: UnaryResponseDefinition | undefined, requests: Any[]) {
  setMetadata(call, definition);
  const requestInfo = toRequestInfo(call, requests);
  const response = definition?.response;
  await pause(call, definition?.responseDelayMs);
  if (response?.case === "error") throw toError(response.value, requestInfo);
  return { payload: { requestInfo, ...(response?.case === "responseData" ? { data: response.value } : {}) } };
}

interface MetadataDefinition {
  readonly responseHeaders: readonly Header[];
  readonly responseTrailers: readonly Header[];
}

function setMetadata(call: CallContext, definition: MetadataDefinition | undefined): void {
  const { responseHeaders, responseTrailers } = metadataOf(call);
  append(responseHeaders, definition?.responseHeaders);
  append(responseTrailers, definition?.responseTrailers);
}

function append(to: Headers, headers: readonly Header[] | undefined): void {
  for (const { name, value } of headers ?? []) for (const item of value) to.append(name, item);
}

function toRequestInfo(call: CallContext, requests: Any[]): ConformancePayload_RequestInfo {
  const requestHeaders = [...metadataOf(call).requestHeaders].map(([name, value]) => ({ name, value: [value] }));
  const { deadlineMs, startedMs } = toCall(call);
  const timeoutMs = deadlineMs === undefined ? {} : { timeoutMs: BigInt(Math.round(deadlineMs - startedMs)) };
  return create(ConformancePayload_RequestInfoSchema, { requestHeaders, requests, ...timeoutMs });
}

function toRequestsAlone(requests: Any[]): ConformancePayload_RequestInfo | undefined {
  return requests.length === 0 ? undefined : create(ConformancePayload_RequestInfoSchema, { requests });
}

function toError(error: ErrorDefinition, requestInfo: ConformancePayload_RequestInfo | undefined): ConnectError {
  const details = error.details.map(({ typeUrl, value }) => ({
    type: typeUrl.slice(typeUrl.lastIndexOf("/") + 1),
    value,
  }));
  const failure = new ConnectError(error.message ?? "", Number(error.code));
  failure.details.push(...details);
  if (requestInfo !== undefined) {
    failure.details.push({ desc: ConformancePayload_RequestInfoSchema, value: requestInfo });
  }
  return failure;
}

async function pause(call: CallContext, delayMs = 0): Promise<void> {
  if (delayMs > 0) await setTimeout(delayMs, undefined, { signal: call.signal });
}

function metadataOf(call: CallContext): CallMetadata {
  const { metadata } = toCall(call);
  if (metadata === undefined) throw new Error("a call without headers");
  return metadata;
}

function toCall(call: CallContext): Call {
  if (!(call instanceof Call)) throw new TypeError("a call that is not the transport's");
  return call;
}

function packBidi(request: BidiStreamRequest): Any {
  return pack(BidiStreamRequestSchema, request);
}

function pack<D extends DescMessage>(schema: D, message: MessageShape<D>): Any {
  return anyPack(schema, message);
}
