/** The signatures a service's handlers must have, taken from its descriptor. */

import type {
  DescMethodBiDiStreaming,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import type { GenService, GenServiceMethods } from "@bufbuild/protobuf/codegenv2";
import type { CallContext } from "../domain/call-context.ts";

type MaybePromise<T> = T | Promise<T>;

/** The handler of one method. A unary handler that need not wait answers without a promise. */
export type MethodHandler<M> =
  M extends DescMethodUnary<infer I, infer O>
    ? (request: MessageShape<I>, call: CallContext) => MaybePromise<MessageInitShape<O>>
    : M extends DescMethodServerStreaming<infer I, infer O>
      ? (request: MessageShape<I>, call: CallContext) => AsyncIterable<MessageInitShape<O>>
      : M extends DescMethodClientStreaming<infer I, infer O>
        ? (requests: AsyncIterable<MessageShape<I>>, call: CallContext) => MaybePromise<MessageInitShape<O>>
        : M extends DescMethodBiDiStreaming<infer I, infer O>
          ? (requests: AsyncIterable<MessageShape<I>>, call: CallContext) => AsyncIterable<MessageInitShape<O>>
          : never;

/** Handlers of every method of a service: `const handlers: ServiceHandlers<typeof InferenceService> = {...}`. */
export type ServiceHandlers<S extends GenService<GenServiceMethods>> = {
  readonly [P in keyof S["method"]]: MethodHandler<S["method"][P]>;
};
