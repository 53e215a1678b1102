/** What the listener hands on to REST: every request whose path is no RPC's. */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2Request } from "./http2/http2-request.ts";
import type { Http2Response } from "./http2/http2-response.ts";

export type NodeRequest = IncomingMessage | Http2Request;
export type NodeResponse = ServerResponse | Http2Response;

/** Answers one request, whatever happens; it reports the call through the chain itself. */
export type RestHandler = (request: NodeRequest, response: NodeResponse) => void;
