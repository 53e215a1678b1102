/** Answers to RPC requests that never reach a method, in the form their protocol understands. */

import type { ConnectError } from "@connectrpc/connect";
import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { errorToJson } from "@connectrpc/connect/protocol-connect";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import type { Protocol } from "../domain/call-context.ts";
import { httpStatusOf } from "./chain/status.ts";

/**
 * The RPC protocol of a content type; undefined for everything that is none of gRPC's. Connect's own content types
 * are those of REST, so that only the path tells the two apart.
 */
export function grpcProtocolOf(contentType: string | undefined): "grpc" | "grpc-web" | undefined {
  if (contentType === undefined || !contentType.startsWith("application/grpc")) return undefined;
  return contentType.startsWith("application/grpc-web") ? "grpc-web" : "grpc";
}

/** An error without a call: status in the headers for gRPC, in a JSON body for Connect. */
export function toErrorResponse(
  protocol: Protocol,
  contentType: string,
  error: ConnectError,
  status = httpStatusOf(error),
): UniversalServerResponse {
  if (protocol === "grpc" || protocol === "grpc-web") {
    const header = setTrailerStatus(new Headers({ "content-type": contentType }), error);
    return { status: 200, header };
  }
  return toBodyResponse(status, "application/json", toConnectErrorText(error));
}

/** The body of an answer with which a unary call of Connect failed. */
export function toConnectErrorText(error: ConnectError): string {
  return JSON.stringify(errorToJson(error, undefined));
}

/** A status with a sentence for whoever looks; no RPC client reads it. */
export function toTextResponse(status: number, text: string): UniversalServerResponse {
  return toBodyResponse(status, "text/plain; charset=utf-8", `${text}\n`);
}

function toBodyResponse(status: number, contentType: string, text: string): UniversalServerResponse {
  const body = new TextEncoder().encode(text);
  const header = new Headers({ "content-type": contentType, "content-length": String(body.byteLength) });
  return { status, header, body: only(body) };
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
