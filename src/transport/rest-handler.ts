/** What the listener hands on to REST: every request whose path is no RPC's. */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";

export type NodeRequest = IncomingMessage | Http2ServerRequest;
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** Answers one request, whatever happens; it reports the call through the chain itself. */
export type RestHandler = (request: NodeRequest, response: NodeResponse) => void;
