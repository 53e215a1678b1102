/** HTTP/2 on sockets that somebody else accepted. */

import type { Socket } from "node:net";
import { Http2Connection } from "./http2/connection.ts";
import { WriteScratch } from "./http2/frame-writer.ts";
import { Http2Request } from "./http2/http2-request.ts";
import { Http2Response } from "./http2/http2-response.ts";
import type { Http2Stream } from "./http2/http2-stream.ts";
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
  takeStream: (stream: Http2Stream) => boolean,
  /** Told of exceptions that escaped whoever answers a stream; its connection has been closed. */
  onFault: (error: unknown) => void,
): Http2Server {
  const connections = new Set<Http2Connection>();
  const scratch = new WriteScratch();
  let closing = false;
  const onStream = (stream: Http2Stream) => {
    if (!takeStream(stream)) serveRequest(stream, onRequest);
  };
  return {
    accept(socket) {
      // A client that ends its side can acknowledge nothing any more; left half-open, its streams would stay for good.
      socket.allowHalfOpen = false;
      const connection = new Http2Connection(socket, {
        ...limits,
        scratch,
        monotonicMs: () => performance.now(),
        onStream,
        onFault,
        onClosed: () => {
          clearInterval(pings);
          connections.delete(connection);
        },
      });
      // One that vanished without a FIN would otherwise hold its streams until TCP gives up.
      const pings = setInterval(() => connection.ping(), limits.pingIntervalMs).unref();
      connections.add(connection);
      connection.start();
      if (closing) connection.startClosing();
    },
    startClosing() {
      closing = true;
      for (const connection of connections) connection.startClosing();
    },
    sessions: () => connections.size,
  };
}

/** Gives a stream the form in which requests of HTTP/1.1 come. */
function serveRequest(stream: Http2Stream, onRequest: (request: NodeRequest, response: NodeResponse) => void): void {
  const request = new Http2Request(stream);
  const response = new Http2Response(stream);
  stream.owner = {
    onData: (piece) => request.receive(piece),
    onEnd: () => request.receiveEnd(),
    onDrain: () => response.resume(),
    onClose: () => {
      request.release();
      // After what has been called has returned: this may be the end that is being written.
      process.nextTick(() => response.destroy());
    },
  };
  if (stream.headers.expect?.toLowerCase() === "100-continue") response.writeContinue();
  onRequest(request, response);
}
