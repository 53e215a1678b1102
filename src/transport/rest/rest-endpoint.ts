/** What serves one REST route: the handler of its RPC, and how its messages are read and written. */

import { create, type DescMethod, isMessage, type Message } from "@bufbuild/protobuf";
import { InferenceService } from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { MonitoringService } from "../../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { HttpBodySchema } from "../../../gen/ts/google/api/httpbody_pb.ts";
import { type MessageLike, type ServiceBinding, type UnaryHandler, unaryHandler } from "../service-binding.ts";
import type { JsonWriter } from "./json-writer.ts";
import { jsonType, type RestAnswer } from "./rest-answer.ts";
import { type RestRoute, readRestRoutes } from "./rest-route.ts";

export interface RestEndpoint {
  readonly route: RestRoute;
  /** Undefined for an RPC that nobody implements. */
  readonly handler: UnaryHandler | undefined;
  readonly ignoresUnknownKeys: boolean;
  /** What answers in its place when the client would rather have one of these media types than JSON. */
  readonly alternative: { readonly mediaTypes: readonly string[]; readonly endpoint: RestEndpoint } | undefined;
}

/** Clients of the service that this one replaces send more in these bodies than anybody reads. */
const lenientMethods: ReadonlySet<DescMethod> = new Set([
  InferenceService.method.predict,
  InferenceService.method.predictSymbols,
]);

/** A scraper asks for text at the path where people and scripts get JSON. */
const textAlternatives: ReadonlyMap<
  DescMethod,
  { readonly mediaTypes: readonly string[]; readonly method: DescMethod }
> = new Map([
  [
    MonitoringService.method.getMetrics,
    {
      mediaTypes: ["text/plain", "application/openmetrics-text"],
      method: MonitoringService.method.getPrometheusMetrics,
    },
  ],
]);

export function createEndpoints(bindings: readonly ServiceBinding[]): readonly RestEndpoint[] {
  const handlers = new Map<DescMethod, UnaryHandler>();
  for (const binding of bindings) {
    for (const method of binding.service.methods) {
      const handler = unaryHandler(binding, method);
      if (handler !== undefined) handlers.set(method, handler);
    }
  }
  const plain = readRestRoutes(bindings.map((binding) => binding.service)).map(
    (route): RestEndpoint => ({
      route,
      handler: handlers.get(route.method),
      ignoresUnknownKeys: lenientMethods.has(route.method),
      alternative: undefined,
    }),
  );
  return plain.map((endpoint) => {
    const text = textAlternatives.get(endpoint.route.method);
    const substitute = text && plain.find((candidate) => candidate.route.method === text.method);
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
    return { status: 200, contentType: message.contentType || "application/octet-stream", body: message.data };
  }
  const { responseField } = route;
  const json =
    responseField === undefined
      ? writer.write(route.method.output, message)
      : writer.writeField(responseField, message);
  return { status: 200, contentType: jsonType, body: JSON.stringify(json) };
}
