/** Node's requests and responses as the protocol runtime wants them, over HTTP/1.1 and HTTP/2 alike. */

import type { IncomingHttpHeaders } from "node:http";
import type { Readable, Writable } from "node:stream";
import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import type { NodeRequest, NodeResponse } from "./rest-handler.ts";

/** One value of a request header. */
export function headerOf(request: NodeRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The path without the query. */
export function pathOf(request: NodeRequest): string {
  const url = request.url ?? "";
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}

/** All request headers but HTTP/2's pseudo-headers and the one named. */
export function toWebHeaders(received: IncomingHttpHeaders, without?: string): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(received)) {
    if (value === undefined || name === without || name.startsWith(":")) continue;
    if (Array.isArray(value)) for (const item of value) headers.append(name, item);
    else headers.append(name, value);
  }
  return headers;
}

/**
 * The request's body. Leaving the iteration early leaves the request alone: destroying it would reset an HTTP/2
 * stream whose answer is still to be sent.
 */
export function readBody(request: Readable): AsyncIterator<Uint8Array> {
  return request.iterator({ destroyOnReturn: false });
}

/**
 * Writes a response, waiting for the client when it reads slowly. Stops reading from the body, and lets it release
 * what it holds, as soon as the client is gone: an HTTP/2 response emits neither "drain" nor "error" then.
 */
export async function writeResponse(source: UniversalServerResponse, response: NodeResponse): Promise<void> {
  const body = source.body?.[Symbol.asyncIterator]();
  try {
    let chunk = await body?.next();
    // The headers are final only when the first chunk is there.
    if (isGone(response)) return;
    response.statusCode = source.status;
    for (const [name, value] of source.header ?? []) response.setHeader(name, value);
    // Node leaves trailers out of a response whose headers go out together with its end.
    if (source.trailer !== undefined) response.flushHeaders();
    while (chunk !== undefined && chunk.done !== true) {
      await write(response, chunk.value);
      if (isGone(response)) return;
      chunk = await body?.next();
    }
    if (isGone(response)) return;
    if (source.trailer !== undefined) response.addTrailers(Object.fromEntries(source.trailer));
    response.end();
  } finally {
    await body?.return?.();
  }
}

function write(response: Writable, data: Uint8Array): Promise<void> {
  if (response.write(data)) return Promise.resolve();
  return new Promise((resolve) => {
    const onReady = () => {
      response.off("drain", onReady);
      response.off("close", onReady);
      resolve();
    };
    response.once("drain", onReady);
    response.once("close", onReady);
    if (response.destroyed) onReady();
  });
}

/** Whether the client has gone before its answer was complete. */
export function isGone(response: NodeResponse): boolean {
  return response.destroyed || ("stream" in response && response.stream.isClosed);
}
