/** What a route is asked, once its request is here: as a message, or straight from the JSON. */

import type { Message } from "@bufbuild/protobuf";
import type { Call } from "../chain/call.ts";
import type { CallChain } from "../chain/call-chain.ts";
import type { JsonMethod, MaybePromise } from "../service-binding.ts";
import type { JsonReader } from "./json-reader.ts";
import { parseBody } from "./request-body.ts";
import { readRequest } from "./request-reader.ts";
import type { RestEndpoint } from "./rest-endpoint.ts";

/** A request as it was received. */
export interface ReceivedRequest {
  readonly endpoint: RestEndpoint;
  readonly variables: ReadonlyMap<string, string>;
  /** Without its question mark. */
  readonly query: string;
  /** The unpacked body; undefined where the route has none. */
  readonly bytes: Buffer | undefined;
}

/** The message of a request. Throws InvalidInputError for what it should not have said. */
export function toMessage({ endpoint, variables, query, bytes }: ReceivedRequest, reader: JsonReader): Message {
  const parts = { variables, query, body: bytes && parseBody(bytes) };
  return readRequest(endpoint.route, parts, { reader, ignoresUnknownKeys: endpoint.ignoresUnknownKeys });
}

/** Answers a request by the shorter way, through a message where only that tells what the body says. No promise unless the handler makes one. */
export function invokeJson(
  chain: CallChain,
  call: Call,
  json: JsonMethod,
  received: ReceivedRequest,
  reader: JsonReader,
): MaybePromise<string> {
  const { bytes, query, variables } = received;
  const isBodyAlone = bytes !== undefined && query === "" && variables.size === 0;
  const direct: unknown = isBodyAlone ? json.read(bytes) : undefined;
  return chain.invokeMethod(call, direct ?? json.toRequest(toMessage(received, reader)), json);
}
