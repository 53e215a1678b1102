/** REST: HTTP requests with JSON, on the routes of the proto files, into the same chain and handlers as every RPC. */

import { Code } from "@connectrpc/connect";
import type { CallObserver, CallReport } from "../../domain/call-context.ts";
import { InvalidInputError, type MlError, NotImplementedError } from "../../domain/errors.ts";
import { traceparentHeader } from "../../domain/trace-context.ts";
import type { Call } from "../chain/call.ts";
import { type CallChain, failureOf } from "../chain/call-chain.ts";
import { acceptRequestId, requestIdHeader } from "../chain/request-id.ts";
import { codeName, toConnectError } from "../chain/status.ts";
import { headerOf, isGone, pathOf } from "../node-http.ts";
import type { NodeRequest, NodeResponse, RestHandler } from "../rest-handler.ts";
import type { ServiceBinding } from "../service-binding.ts";
import { parseTimeoutMs, timeoutHeaderOf } from "../timeout-header.ts";
import { prefersOver } from "./accept-header.ts";
import { invokeJson, toMessage } from "./json-call.ts";
import { JsonReader } from "./json-reader.ts";
import { JsonWriter } from "./json-writer.ts";
import { parsePathTemplate, splitPath } from "./path-template.ts";
import { MethodNotAllowedError, unknownPathError } from "./refusal.ts";
import { checkBodyHeaders, defaultBodyLimits, readBody } from "./request-body.ts";
import { jsonType, type RestAnswer, sendAnswer, toErrorAnswer } from "./rest-answer.ts";
import { answerWithin, createEndpoints, type RestEndpoint } from "./rest-endpoint.ts";
import { type RouteMatch, RouteTrie } from "./route-trie.ts";
import type { StaticDocument } from "./static-document.ts";

export interface RestHandlerOptions {
  readonly bindings: readonly ServiceBinding[];
  readonly chain: CallChain;
  /** Told of the requests that reach no RPC: unknown paths, wrong methods, static documents. */
  readonly observe: CallObserver;
  /** A clock that never goes back, in milliseconds. */
  readonly monotonicMs: () => number;
  /** Makes the id of a request whose caller gave none. */
  readonly newRequestId: () => string;
  /** Largest request body, as sent and unpacked. @default 4 MiB */
  readonly bodyBytesMax?: number;
  /** Longest time for a request body to arrive. @default 30 000 */
  readonly bodyTimeoutMs?: number;
  /** Documents served beside the RPCs. @default none */
  readonly documents?: readonly StaticDocument[];
}

type Target =
  /** `page` is what clients get that would rather have its type than JSON. */
  { readonly endpoint: RestEndpoint; readonly page?: StaticDocument } | { readonly served: StaticDocument };

/** Stands for a path in reports: the paths that strangers try have no end. */
const unroutedMethod = "unknown";

export function createRestHandler(options: RestHandlerOptions): RestHandler {
  const adapter = new RestAdapter(options);
  return (request, response) => adapter.handle(request, response);
}

class RestAdapter {
  readonly #options: RestHandlerOptions;
  readonly #bodyBytesMax: number;
  readonly #bodyTimeoutMs: number;
  readonly #reader = new JsonReader();
  readonly #writer = new JsonWriter();
  readonly #routes = new RouteTrie<Target>();

  constructor(options: RestHandlerOptions) {
    this.#options = options;
    this.#bodyBytesMax = options.bodyBytesMax ?? defaultBodyLimits.bytesMax;
    this.#bodyTimeoutMs = options.bodyTimeoutMs ?? defaultBodyLimits.timeoutMs;
    const documents = new Map((options.documents ?? []).map((document) => [document.path, document]));
    for (const endpoint of createEndpoints(options.bindings)) {
      const { httpMethod, template } = endpoint.route;
      const page = httpMethod === "GET" ? documents.get(template.text) : undefined;
      this.#routes.add(httpMethod, template, { endpoint, ...(page !== undefined && { page }) });
      if (page !== undefined) documents.delete(template.text);
    }
    for (const [path, served] of documents) this.#routes.add("GET", parsePathTemplate(path), { served });
  }

  handle(request: NodeRequest, response: NodeResponse): void {
    // No listener for errors: Node emits those of a broken connection on a request only where somebody listens.
    const path = pathOf(request);
    const match = this.#match(request.method ?? "", path);
    if (match.kind === "unknown_path") {
      this.#refuseUnrouted(request, response, unknownPathError(path));
    } else if (match.kind === "wrong_method") {
      this.#refuseUnrouted(request, response, new MethodNotAllowedError(request.method ?? "", match.allow));
    } else if ("served" in match.value) {
      // Every failure is answered within, here and below.
      void this.#serveDocument(request, response, match.value.served);
    } else {
      const { endpoint, page } = match.value;
      if (page !== undefined && prefersOver(headerOf(request, "accept"), [mediaTypeOf(page)], jsonType)) {
        void this.#serveDocument(request, response, page);
        return;
      }
      const variesByAccept = page !== undefined || endpoint.alternative !== undefined;
      void this.#serveCall(request, response, { endpoint, variesByAccept }, match.variables);
    }
  }

  #match(httpMethod: string, path: string): RouteMatch<Target> {
    const segments = splitPath(path);
    return segments === undefined ? { kind: "unknown_path" } : this.#routes.match(httpMethod, segments);
  }

  async #serveCall(
    request: NodeRequest,
    response: NodeResponse,
    asked: { readonly endpoint: RestEndpoint; readonly variesByAccept: boolean },
    variables: ReadonlyMap<string, string>,
  ): Promise<void> {
    const endpoint = chooseEndpoint(asked.endpoint, headerOf(request, "accept"));
    const call = this.#openCall(request, response, endpoint);
    let answer: RestAnswer;
    try {
      answer = await this.#answerCall(request, endpoint, variables, call);
    } catch (error) {
      answer = toErrorAnswer(failureOf(this.#options.chain, call, error), error, this.#writer);
    }
    const headers = asked.variesByAccept ? { ...answer.headers, vary: "accept" } : answer.headers;
    sendAnswer(request, response, call.requestId, { ...answer, ...(headers === undefined ? {} : { headers }) });
  }

  #openCall(request: NodeRequest, response: NodeResponse, endpoint: RestEndpoint): Call {
    const timeout = headerOf(request, timeoutHeaderOf("rest"));
    const length = Number(headerOf(request, "content-length") ?? Number.NaN);
    return this.#options.chain.open({
      method: endpoint.route.method,
      protocol: "rest",
      requestId: headerOf(request, requestIdHeader),
      traceparent: headerOf(request, traceparentHeader),
      timeoutMs: timeout === undefined ? undefined : parseTimeoutMs("rest", timeout),
      requestBytes: Number.isSafeInteger(length) ? length : undefined,
      clientSignal: () => watchClient(response),
    });
  }

  async #answerCall(
    request: NodeRequest,
    endpoint: RestEndpoint,
    variables: ReadonlyMap<string, string>,
    call: Call,
  ): Promise<RestAnswer> {
    const { chain } = this.#options;
    const { route, handler, json } = endpoint;
    const refusal = chain.refusal(route.method);
    if (refusal !== undefined) throw refusal;
    requireTimeout(request);
    const bytes = route.body === "none" ? undefined : await this.#readBody(request, call);
    if (handler === undefined) throw new NotImplementedError(`${call.method} is not implemented`);
    const received = { endpoint, variables, query: queryOf(request), bytes };
    if (json !== undefined) {
      const body = await invokeJson(chain, call, json, received, this.#reader);
      return { status: 200, contentType: jsonType, body };
    }
    const message = toMessage(received, this.#reader);
    let answer: RestAnswer | undefined;
    await chain.invokeUnary(
      call,
      message,
      answerWithin(route, handler, this.#writer, (written) => {
        answer = written;
      }),
    );
    if (answer === undefined) throw new Error("a call succeeded without an answer");
    return answer;
  }

  #readBody(request: NodeRequest, call: Call): Promise<Buffer> {
    checkBodyHeaders(request.headers, this.#bodyBytesMax);
    const leftMs =
      call.deadlineMs === undefined ? Number.POSITIVE_INFINITY : call.deadlineMs - this.#options.monotonicMs();
    const timeoutMs = Math.max(0, Math.min(this.#bodyTimeoutMs, leftMs));
    return readBody(request, { bytesMax: this.#bodyBytesMax, timeoutMs });
  }

  #refuseUnrouted(request: NodeRequest, response: NodeResponse, error: MlError): void {
    const startedMs = this.#options.monotonicMs();
    const requestId = this.#requestIdOf(request);
    const failure = toConnectError(error);
    sendAnswer(request, response, requestId, toErrorAnswer(failure, error, this.#writer));
    this.#reportUnrouted(request, { method: unroutedMethod, code: codeName(failure.code), startedMs, requestId });
  }

  async #serveDocument(request: NodeRequest, response: NodeResponse, document: StaticDocument): Promise<void> {
    const startedMs = this.#options.monotonicMs();
    const requestId = this.#requestIdOf(request);
    let answer: RestAnswer;
    let outcome: Pick<CallReport, "code" | "error">;
    try {
      answer = await toDocumentAnswer(request, response, document);
      outcome = { code: isGone(response) ? codeName(Code.Canceled) : "ok" };
    } catch (error) {
      const failure = toConnectError(error);
      answer = toErrorAnswer(failure, error, this.#writer);
      outcome = { code: codeName(failure.code), error };
    }
    sendAnswer(request, response, requestId, answer);
    this.#reportUnrouted(request, { method: document.path, ...outcome, startedMs, requestId });
  }

  #requestIdOf(request: NodeRequest): string {
    return acceptRequestId(headerOf(request, requestIdHeader)) ?? this.#options.newRequestId();
  }

  #reportUnrouted(
    request: NodeRequest,
    {
      startedMs,
      ...answered
    }: Pick<CallReport, "method" | "code" | "requestId" | "error"> & { readonly startedMs: number },
  ): void {
    const durationMs = this.#options.monotonicMs() - startedMs;
    const traceparent = headerOf(request, traceparentHeader);
    this.#options.observe({ protocol: "rest", ...answered, durationMs, traceparent });
  }
}

/** Reads the document only where its bytes are sent. */
async function toDocumentAnswer(
  request: NodeRequest,
  response: NodeResponse,
  { contentType, content, headers }: StaticDocument,
): Promise<RestAnswer> {
  const { etag, bytes: bodyBytes } = content;
  const isKnown = headerOf(request, "if-none-match") === etag;
  const body = isKnown || request.method === "HEAD" ? "" : await content.lend(response);
  return { status: isKnown ? 304 : 200, contentType, body, bodyBytes, headers: { ...headers, etag } };
}

/** The type without its parameters. */
function mediaTypeOf({ contentType }: StaticDocument): string {
  const [type = ""] = contentType.split(";");
  return type.trim();
}

function chooseEndpoint(asked: RestEndpoint, accept: string | undefined): RestEndpoint {
  const { alternative } = asked;
  if (alternative === undefined || !prefersOver(accept, alternative.mediaTypes, jsonType)) return asked;
  return alternative.endpoint;
}

function requireTimeout(request: NodeRequest): void {
  const name = timeoutHeaderOf("rest");
  const value = headerOf(request, name);
  if (value === undefined || parseTimeoutMs("rest", value) !== undefined) return;
  throw new InvalidInputError([{ field: name, description: "expected milliseconds, at most 10 digits" }]);
}

function queryOf(request: NodeRequest): string {
  const url = request.url ?? "";
  const start = url.indexOf("?");
  return start === -1 ? "" : url.slice(start + 1);
}

/** Fires when the connection or stream closes before the answer was sent. */
function watchClient(response: NodeResponse): AbortSignal {
  const controller = new AbortController();
  const abort = () => {
    if (!response.writableEnded) controller.abort();
  };
  if (response.destroyed || ("stream" in response && response.stream.isClosed)) abort();
  else response.once("close", abort);
  return controller.signal;
}
