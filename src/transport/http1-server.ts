/** HTTP/1.1 on sockets that somebody else accepted. */

import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { createServer, STATUS_CODES } from "./http-module.ts";
import type { NodeRequest, NodeResponse } from "./rest-handler.ts";
import type { TransportLimits } from "./transport-limits.ts";

export interface Http1Server {
  accept(socket: Socket): void;
  /** Every response from now on closes its connection; idle connections are closed at once. */
  startClosing(): void;
}

export function createHttp1Server(
  limits: TransportLimits,
  onRequest: (request: NodeRequest, response: NodeResponse) => void,
  onMalformed: () => void,
): Http1Server {
  const answering = new Map<Socket, ServerResponse>();
  let closing = false;
  const server = createServer({
    headersTimeout: Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs),
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    maxHeaderSize: limits.headerBytesMax,
    connectionsCheckingInterval: Math.min(limits.headersTimeoutMs, 5_000),
    noDelay: true,
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    answering.set(socket, response);
    response.on("close", () => {
      if (answering.get(socket) === response) answering.delete(socket);
      if (closing) server.closeIdleConnections();
    });
    if (closing) closeAfter(response);
    onRequest(request, response);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    // In the middle of a request it is that call's failure, and counted as such.
    const isAnswering = answering.has(socket);
    if (error.code !== "ECONNRESET" && !isAnswering) onMalformed();
    refuseMalformed(error, socket, isAnswering);
  });
  // Without this event, which listen() would emit, the server never checks headersTimeout and requestTimeout.
  server.emit("listening");
  return {
    accept: (socket) => void server.emit("connection", socket),
    startClosing() {
      closing = true;
      for (const response of answering.values()) closeAfter(response);
      endIdle(server);
    },
  };
}

function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("connection", "close");
}

/** Closes idle connections and stops the timer that checks the others' timeouts. */
function endIdle(server: Server): void {
  server.closeIdleConnections();
  server.close();
}

/** Answers what is not HTTP; in the middle of another answer there is nothing left to say. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket, isAnswering: boolean): void {
  if (isAnswering || !socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const status = malformedStatus[error.code ?? ""] ?? 400;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  // end() alone waits for a peer that may never close its side.
  socket.once("finish", () => socket.destroySoon());
}

const malformedStatus: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};
