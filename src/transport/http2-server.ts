/** HTTP/2 on sockets that somebody else accepted. */

import {
  createServer,
  Http2ServerRequest,
  Http2ServerResponse,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { Socket } from "node:net";
import { closeWhenAnswered } from "./early-answer.ts";
import type { NodeRequest, NodeResponse } from "./rest-handler.ts";
import type { TransportLimits } from "./transport-limits.ts";

export interface Http2Server {
  accept(socket: Socket): void;
  /** Tells every client to open no more streams here, and closes each connection when its last stream ends. */
  startClosing(): void;
  sessions(): number;
}

export function createHttp2Server(
  limits: TransportLimits,
  onRequest: (request: NodeRequest, response: NodeResponse) => void,
  /** Asked first, with the bare stream; true when it takes it and all that becomes of it. */
  takeStream: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => boolean,
): Http2Server {
  const sessions = new Set<ServerHttp2Session>();
  let closing = false;
  const server = createServer({
    maxSessionMemory: limits.sessionMemoryMbMax,
    settings: {
      maxConcurrentStreams: limits.concurrentStreamsMax,
      initialWindowSize: limits.streamWindowBytes,
      maxHeaderListSize: limits.headerBytesMax,
      enablePush: false,
    },
  });
  // A listener for `request` would make Node build request and response objects for every stream.
  server.on("stream", (stream, headers, _flags, rawHeaders) => {
    if (takeStream(stream, headers)) return;
    closeWhenAnswered(stream);
    const request = new Http2ServerRequest(stream, headers, {}, rawHeaders);
    const response = new Http2ServerResponse(stream);
    if (headers.expect?.toLowerCase() === "100-continue") response.writeContinue();
    onRequest(request, response);
  });
  server.on("session", (session) => {
    sessions.add(session);
    session.setLocalWindowSize(limits.sessionWindowBytes);
    const stopPinging = keepAlive(session, limits.pingIntervalMs);
    session.once("close", () => {
      stopPinging();
      sessions.delete(session);
    });
    if (closing) session.close();
  });
  // A broken session closes its socket, which the listener counts; without a listener the error would be thrown.
  server.on("sessionError", (_error, session) => session.destroy());
  return {
    accept(socket) {
      // A client that ends its side can acknowledge nothing any more; left half-open, its streams would stay for good.
      socket.allowHalfOpen = false;
      server.emit("connection", socket);
    },
    startClosing() {
      closing = true;
      for (const session of sessions) session.close();
    },
    sessions: () => sessions.size,
  };
}

/** Pings the peer; one that vanished without a FIN would otherwise hold its streams until TCP gives up. */
function keepAlive(session: ServerHttp2Session, intervalMs: number): () => void {
  let isAnswered = true;
  const timer = setInterval(() => {
    if (!isAnswered) {
      session.destroy();
      return;
    }
    isAnswered = false;
    session.ping((error) => {
      isAnswered = error === null;
    });
  }, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
