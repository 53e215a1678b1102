/** A service and the functions that answer it, without their message types: what every protocol serves. */

import type { DescMessage, DescMethod, DescService, Message, MessageInitShape } from "@bufbuild/protobuf";
import type { CallContext } from "../domain/call-context.ts";
import type { Withheld, WithheldItem } from "../domain/pending.ts";

export type MaybePromise<T> = T | Promise<T>;

/**
 * A message, or the plain object it is created from. Which fields it must have is checked where the handler is
 * written (`handlers/service-handlers.ts`); here only its shape is left.
 */
export type MessageLike = MessageInitShape<DescMessage>;

// Methods, not function properties: parameters of methods are compared bivariantly, so that a handler of one
// message type can stand in a table of handlers of any message.
interface Signatures {
  unary(request: Message, call: CallContext): MaybePromise<MessageLike>;
  serverStreaming(request: Message, call: CallContext): AsyncIterable<MessageLike>;
  clientStreaming(requests: AsyncIterable<Message>, call: CallContext): MaybePromise<MessageLike>;
  bidiStreaming(requests: AsyncIterable<Message>, call: CallContext): AsyncIterable<MessageLike>;
}

/** Answers one message with one message. */
export type UnaryHandler = Signatures["unary"];
/** Answers a stream of messages with a stream of messages; the other streaming kinds are cases of this one. */
export type StreamHandler = Signatures["bidiStreaming"];

/** Implementations by `method.localName`; a method that is absent is answered with UNIMPLEMENTED. */
export type HandlerTable = Readonly<Record<string, Signatures[keyof Signatures] | undefined>>;

/**
 * A unary method that needs no messages: it reads its request from the bytes and writes its answer as bytes. It must
 * mean what the handler of the same method means.
 */
export interface DirectMethod<Q = unknown, A = unknown> {
  /** Answers may be large, so that where clients can have them compressed the general way answers. @default false */
  readonly hasLargeAnswers?: boolean;
  /** The request, good until the bytes change; undefined when it takes the general decoder to tell what these bytes are. */
  read(message: Buffer): Q | undefined;
  handle(request: Q, call: CallContext): MaybePromise<A> | Withheld<A>;
  /** The answer in gRPC's envelope. */
  write(answer: A): Buffer;
}

/** A unary method that REST serves without messages. It must mean what the handler of the same method means. */
export interface JsonMethod<Q = unknown, A = unknown> {
  /** The request, good until the bytes change; undefined when it takes the general reader to tell what this body says. */
  read(body: Buffer): Q | undefined;
  /** The request of a message, which the general reader has made. */
  toRequest(message: Message): Q;
  handle(request: Q, call: CallContext): MaybePromise<A> | Withheld<A>;
  /** The text that REST answers. */
  write(answer: A): string;
}

/** A bidirectional method that needs no messages. It must mean what the handler of the same method means. */
export interface DirectStreamMethod<A = unknown> {
  /** Most answers of one stream that may wait before the stream stops being read. */
  readonly pendingMax: number;
  open(call: CallContext): DirectStream<A>;
}

/** One stream of such a method. */
export interface DirectStream<A = unknown> {
  /** Answers one message, whose bytes may change afterwards. Throws when they are no message; a promise never rejects. */
  answer(message: Buffer): MaybePromise<A> | WithheldItem<A>;
  /** The answers in their order, each in gRPC's envelope. */
  write(answers: readonly A[]): Buffer;
  /** The stream is over: lets go of what it kept. */
  close(): void;
}

/** Shorter ways for some methods, by `method.localName`; a protocol may take them or not. */
export interface DirectMethods {
  readonly unary?: Readonly<Record<string, DirectMethod | undefined>>;
  readonly streams?: Readonly<Record<string, DirectStreamMethod | undefined>>;
  readonly json?: Readonly<Record<string, JsonMethod | undefined>>;
}

export interface ServiceBinding {
  readonly service: DescService;
  readonly direct: DirectMethods;
  /** By `method.localName`; read it with `unaryHandler` and `streamHandler`, which know what kind each one is. */
  readonly handlers: Readonly<Record<string, UnaryHandler | StreamHandler>>;
}

/** Binds handlers to their service; the composition root passes `ServiceHandlers<typeof Service>`. */
export function bindService(service: DescService, table: HandlerTable, direct: DirectMethods = {}): ServiceBinding {
  const handlers: Record<string, UnaryHandler | StreamHandler> = {};
  for (const method of service.methods) {
    const handler = table[method.localName];
    if (handler === undefined) continue;
    if (isServerStreaming(method, handler)) handlers[method.localName] = fromServerStreaming(handler);
    else if (isClientStreaming(method, handler)) handlers[method.localName] = fromClientStreaming(handler);
    else if (isUnary(method, handler) || isBidiStreaming(method, handler)) handlers[method.localName] = handler;
  }
  return Object.freeze({ service, handlers: Object.freeze(handlers), direct });
}

/** The handler of a unary method; undefined when it has none or is a streaming method. */
export function unaryHandler(binding: ServiceBinding, method: DescMethod): UnaryHandler | undefined {
  const handler = binding.handlers[method.localName];
  return handler !== undefined && isUnary(method, handler) ? handler : undefined;
}

/** The handler of a streaming method of any kind; undefined when it has none or is a unary method. */
export function streamHandler(binding: ServiceBinding, method: DescMethod): StreamHandler | undefined {
  const handler = binding.handlers[method.localName];
  return handler !== undefined && isStreaming(method, handler) ? handler : undefined;
}

function isUnary(method: DescMethod, _handler: unknown): _handler is Signatures["unary"] {
  return method.methodKind === "unary";
}

function isStreaming(method: DescMethod, _handler: unknown): _handler is StreamHandler {
  return method.methodKind !== "unary";
}

function isServerStreaming(method: DescMethod, _handler: unknown): _handler is Signatures["serverStreaming"] {
  return method.methodKind === "server_streaming";
}

function isClientStreaming(method: DescMethod, _handler: unknown): _handler is Signatures["clientStreaming"] {
  return method.methodKind === "client_streaming";
}

function isBidiStreaming(method: DescMethod, _handler: unknown): _handler is Signatures["bidiStreaming"] {
  return method.methodKind === "bidi_streaming";
}

function fromServerStreaming(handler: Signatures["serverStreaming"]): StreamHandler {
  return async function* serverStream(requests, call) {
    for await (const request of requests) {
      yield* handler(request, call);
      return;
    }
  };
}

function fromClientStreaming(handler: Signatures["clientStreaming"]): StreamHandler {
  return async function* clientStream(requests, call) {
    yield await handler(requests, call);
  };
}
