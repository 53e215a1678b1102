/** Node's HTTP/1.1. */

import { getBuiltinModule } from "node:process";

/**
 * Not imported: an import of `node:http` reads everything that it exports, its `WebSocket` as well, and so loads Node's HTTP clients and HTTP/2. That is
 * 13 MB of memory and 25 ms of every start for what no decision needs.
 */
export const { createServer, STATUS_CODES, validateHeaderValue } = getBuiltinModule("node:http");
