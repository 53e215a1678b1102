/** What serves one REST route: the handler of its RPC, and how its messages are read and written. */

import { create, type DescMethod, isMessage, type Message } from "@bufbuild/protobuf";
import { HttpBodySchema } from "../../../gen/ts/google/api/httpbody_pb.ts";
import { validateHeaderValue } from "../http-module.ts";
import {
  type JsonMethod,
  type MessageLike,
  type ServiceBinding,
  type UnaryHandler,
  unaryHandler,
} from "../service-binding.ts";
import type { JsonWriter } from "./json-writer.ts";
import { jsonType, type RestAnswer } from "./rest-answer.ts";
import { type RestRoute, readRestRoutes } from "./rest-route.ts";
import { findTextAlternative, ignoresUnknownKeys } from "./route-exceptions.ts";

export interface RestEndpoint {
  readonly route: RestRoute;
  /** Undefined for an RPC that nobody implements. */
  readonly handler: UnaryHandler | undefined;
  /** The shorter way to the same answer, where there is one. */
  readonly json: JsonMethod | undefined;
  readonly ignoresUnknownKeys: boolean;
  /** What answers in its place when the client would rather have one of these media types than JSON. */
  readonly alternative: { readonly mediaTypes: readonly string[]; readonly endpoint: RestEndpoint } | undefined;
}

export function createEndpoints(bindings: readonly ServiceBinding[]): readonly RestEndpoint[] {
  const handlers = new Map<DescMethod, UnaryHandler>();
  const json = new Map<DescMethod, JsonMethod>();
  for (const binding of bindings) {
    for (const method of binding.service.methods) {
      const handler = unaryHandler(binding, method);
      if (handler !== undefined) handlers.set(method, handler);
      const direct = binding.direct.json?.[method.localName];
      if (direct !== undefined) json.set(method, direct);
    }
  }
  const plain = readRestRoutes(bindings.map((binding) => binding.service)).map(
    (route): RestEndpoint => ({
      route,
      handler: handlers.get(route.method),
      json: route.responseField === undefined ? json.get(route.method) : undefined,
      ignoresUnknownKeys: ignoresUnknownKeys(route.method),
      alternative: undefined,
    }),
  );
  return plain.map((endpoint) => {
    const text = findTextAlternative(endpoint.route.method);
    const substitute = plain.find((candidate) => candidate.route.method.toString() === text?.method.toString());
    if (text === undefined || substitute === undefined) return endpoint;
    return { ...endpoint, alternative: { mediaTypes: text.mediaTypes, endpoint: substitute } };
  });
}

/**
 * Wraps a handler so that its answer is written within the call: the time it takes is part of the call's duration, and
 * an answer that cannot be written is a failure of the call.
 */
export function answerWithin(
  route: RestRoute,
  handler: UnaryHandler,
  writer: JsonWriter,
  onAnswer: (answer: RestAnswer) => void,
): UnaryHandler {
  const finish = (result: MessageLike): Message => {
    const message = create(route.method.output, result);
    onAnswer(toAnswer(route, message, writer));
    return message;
  };
  return (request, call) => {
    const result = handler(request, call);
    return result instanceof Promise ? result.then(finish) : finish(result);
  };
}

function toAnswer(route: RestRoute, message: Message, writer: JsonWriter): RestAnswer {
  if (isMessage(message, HttpBodySchema)) {
    const contentType = message.contentType || "application/octet-stream";
    validateHeaderValue("content-type", contentType);
    return { status: 200, contentType, body: message.data };
  }
  const { responseField } = route;
  const json =
    responseField === undefined
      ? writer.write(route.method.output, message)
      : writer.writeField(responseField, message);
  return { status: 200, contentType: jsonType, body: JSON.stringify(json) };
}
