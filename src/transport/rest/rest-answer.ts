/** What goes back over HTTP. */

import { anyUnpack, durationMs } from "@bufbuild/protobuf/wkt";
import type { ConnectError } from "@connectrpc/connect";
import { RetryInfoSchema } from "../../../gen/ts/google/rpc/error_details_pb.ts";
import { StatusSchema } from "../../../gen/ts/google/rpc/status_pb.ts";
import { requestIdHeader } from "../chain/request-id.ts";
import { httpStatusOf, toRpcStatus } from "../chain/status.ts";
import type { NodeRequest, NodeResponse } from "../rest-handler.ts";
import type { JsonWriter } from "./json-writer.ts";
import { MethodNotAllowedError, UnsupportedMediaTypeError } from "./refusal.ts";
import { acceptedEncodings } from "./request-body.ts";

export interface RestAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array;
  /** Told of a body that is not sent, and so need not be there. @default the length of `body` */
  readonly bodyBytes?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that goes out as text. */
export interface TextAnswer extends RestAnswer {
  readonly body: string;
}

export const jsonType = "application/json";

const alwaysSent = ["cache-control", "no-store", "x-content-type-options", "nosniff"] as const;

/** Unread bytes of a refused body that are let through before the connection is given up. */
export const drainBytesMax = 16 * 1024 * 1024;

/** The error as JSON, with the status that Connect defines for its code unless HTTP itself has a better one. */
export function toErrorAnswer(failure: ConnectError, cause: unknown, writer: JsonWriter): TextAnswer {
  const status = toRpcStatus(failure);
  const headers: Record<string, string> = {};
  for (const detail of status.details) {
    const delay = anyUnpack(detail, RetryInfoSchema)?.retryDelay;
    if (delay !== undefined) headers["retry-after"] = String(Math.max(1, Math.ceil(durationMs(delay) / 1_000)));
  }
  let httpStatus = httpStatusOf(failure);
  if (cause instanceof MethodNotAllowedError) {
    httpStatus = 405;
    headers["allow"] = cause.allow.join(", ");
  } else if (cause instanceof UnsupportedMediaTypeError) {
    httpStatus = 415;
    headers["accept-encoding"] = acceptedEncodings;
  }
  const body = JSON.stringify(writer.write(StatusSchema, status));
  return { status: httpStatus, contentType: jsonType, body, headers };
}

/** Sends the answer, without its body where the request was a HEAD. */
export function sendAnswer(request: NodeRequest, response: NodeResponse, requestId: string, answer: RestAnswer): void {
  if (response.headersSent || response.destroyed) return;
  // A text goes out together with the headers in one write; bytes would be a second piece.
  const { body } = answer;
  const bytes = answer.bodyBytes ?? Buffer.byteLength(body);
  const fields = fieldsOf(answer, bytes, requestId);
  // HTTP/1.1 sends a list as it is, without the table that lets one header stand for another.
  if (answer.headers === undefined && !("stream" in response)) response.writeHead(answer.status, fields);
  else setHeaders(response, answer.status, fields);
  // 304 is the one status here that has no content.
  if (request.method === "HEAD" || answer.status === 304) response.end();
  else response.end(body, encodingOf(body, bytes));
  if (!request.readableEnded) drain(request);
}

/** Names and values of all headers in turn. */
export function fieldsOf({ contentType, headers }: RestAnswer, bodyBytes: number, requestId: string): string[] {
  const fields = ["content-type", contentType, "content-length", `${bodyBytes}`, ...alwaysSent];
  fields.push(requestIdHeader, requestId);
  if (headers !== undefined) for (const name in headers) fields.push(name, headers[name] ?? "");
  return fields;
}

/** As many bytes as characters: all ASCII, which needs no conversion. */
export function encodingOf(body: string | Uint8Array, bytes: number): "latin1" | "utf8" {
  return bytes === body.length ? "latin1" : "utf8";
}

function setHeaders(response: NodeResponse, status: number, fields: readonly string[]): void {
  response.statusCode = status;
  for (let at = 0; at < fields.length; at += 2) response.setHeader(fields[at] ?? "", fields[at + 1] ?? "");
}

/**
 * Lets the rest of a body that nobody reads run out, so that the client gets to see its answer; one that does not end
 * costs the client its connection.
 */
function drain(request: NodeRequest): void {
  let drainedBytes = 0;
  request.on("data", (chunk: Buffer) => {
    drainedBytes += chunk.length;
    if (drainedBytes > drainBytesMax) request.destroy();
  });
  request.resume();
}
