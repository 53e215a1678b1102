/** REST's calls with a JSON body of the methods that have a shorter way, on the paths without variables. */

import type { Call } from "../chain/call.ts";
import { type CallChain, failureOf } from "../chain/call-chain.ts";
import { ReadSweep } from "../read-sweep.ts";
import { invokeJson } from "../rest/json-call.ts";
import { JsonReader } from "../rest/json-reader.ts";
import { JsonWriter } from "../rest/json-writer.ts";
import { defaultBodyLimits, isJsonType } from "../rest/request-body.ts";
import { encodingOf, fieldsOf, jsonType, type TextAnswer, toErrorAnswer } from "../rest/rest-answer.ts";
import { createEndpoints, type RestEndpoint } from "../rest/rest-endpoint.ts";
import type { JsonMethod, MaybePromise, ServiceBinding } from "../service-binding.ts";
import { type Http1Answer, type Http1Route, isPlainBody, toCallStart } from "./http1-route.ts";
import type { RequestHead } from "./request-head.ts";

export interface RestRouteOptions {
  readonly bindings: readonly ServiceBinding[];
  readonly chain: CallChain;
  /** Largest request body. @default 4 MiB */
  readonly bodyBytesMax?: number | undefined;
  /** Longest time for a request body to arrive; never more than 30 s. @default 30 000 */
  readonly bodyTimeoutMs?: number | undefined;
}

/** On the paths that are served, by the same endpoints as the REST adapter's. */
export function createRestRoutes(options: RestRouteOptions): ReadonlyMap<string, Http1Route> {
  const routes = new Map<string, Http1Route>();
  const { timeoutMs, bytesMax } = defaultBodyLimits;
  const shared = {
    chain: options.chain,
    bodyBytesMax: options.bodyBytesMax ?? bytesMax,
    reader: new JsonReader(),
    writer: new JsonWriter(),
    sweep: new ReadSweep(Math.min(options.bodyTimeoutMs ?? timeoutMs, timeoutMs)),
  };
  for (const endpoint of createEndpoints(options.bindings)) {
    const { json, handler, alternative, route } = endpoint;
    const { template } = route;
    if (json === undefined || handler === undefined || alternative !== undefined) continue;
    if (route.httpMethod !== "POST" || route.body !== "message") continue;
    if (template.segments.some(({ kind }) => kind === "variable")) continue;
    routes.set(template.text, new RestRoute(shared, endpoint, json));
  }
  return routes;
}

interface SharedParts {
  readonly chain: CallChain;
  readonly bodyBytesMax: number;
  readonly reader: JsonReader;
  readonly writer: JsonWriter;
  readonly sweep: ReadSweep;
}

const noVariables: ReadonlyMap<string, string> = new Map();

class RestRoute implements Http1Route {
  readonly sweep: ReadSweep;
  readonly #parts: SharedParts;
  readonly #endpoint: RestEndpoint;
  readonly #json: JsonMethod;

  constructor(parts: SharedParts, endpoint: RestEndpoint, json: JsonMethod) {
    this.sweep = parts.sweep;
    this.#parts = parts;
    this.#endpoint = endpoint;
    this.#json = json;
  }

  accepts(head: RequestHead): boolean {
    const type = head.headers.get("content-type");
    return (
      (type === undefined || isJsonType(type)) &&
      head.contentLength <= this.#parts.bodyBytesMax &&
      isPlainBody("rest", head)
    );
  }

  open(head: RequestHead, clientSignal: () => AbortSignal): Call {
    return this.#parts.chain.open(toCallStart(this.#endpoint.route.method, "rest", head, clientSignal));
  }

  refusal(): Error | undefined {
    return this.#parts.chain.refusal(this.#endpoint.route.method);
  }

  answer(call: Call, bytes: Buffer): MaybePromise<Http1Answer> {
    const { chain, reader } = this.#parts;
    const received = { endpoint: this.#endpoint, variables: noVariables, query: "", bytes };
    const text = invokeJson(chain, call, this.#json, received, reader);
    return text instanceof Promise ? text.then((json) => toOkAnswer(call, json)) : toOkAnswer(call, text);
  }

  fail(call: Call, error: unknown): Http1Answer {
    const { chain, writer } = this.#parts;
    return toAnswer(call, toErrorAnswer(failureOf(chain, call, error), error, writer));
  }
}

function toOkAnswer(call: Call, body: string): Http1Answer {
  return toAnswer(call, { status: 200, contentType: jsonType, body });
}

function toAnswer({ requestId }: Call, answer: TextAnswer): Http1Answer {
  const { status, body } = answer;
  const length = Buffer.byteLength(body);
  return { status, fields: fieldsOf(answer, length, requestId), body, encoding: encodingOf(body, length) };
}
