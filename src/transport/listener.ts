/** One port for every protocol: accepts connections, finds out what they speak, hands each request to its adapter. */

import { once } from "node:events";
import { createServer as createNetServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { CallObserver } from "../domain/call-context.ts";
import { hasValidAuthority } from "./authority.ts";
import type { CallChain } from "./chain/call-chain.ts";
import { createConnectAdapter, type RpcHandler } from "./connect-adapter.ts";
import { createGrpcStreamLane } from "./grpc-stream.ts";
import { createGrpcUnaryLane } from "./grpc-unary.ts";
import { createConnectRoutes } from "./http1/connect-routes.ts";
import { createHttp1Lane } from "./http1/http1-lane.ts";
import type { Http1Route } from "./http1/http1-route.ts";
import { createHttp1Server } from "./http1-server.ts";
import { createHttp2Server } from "./http2-server.ts";
import { sniffProtocol } from "./protocol-sniffer.ts";
import type { NodeRequest, NodeResponse, RestHandler } from "./rest-handler.ts";
import type { ServiceBinding } from "./service-binding.ts";
import { resolveLimits, type TransportLimits } from "./transport-limits.ts";
import { UnfinishedRequests } from "./unfinished-requests.ts";

export interface ListenerOptions {
  readonly host: string;
  /** 0 chooses a free port. */
  readonly port: number;
  readonly bindings: readonly ServiceBinding[];
  readonly chain: CallChain;
  /** Answers every request that is no RPC's. */
  readonly rest: RestHandler;
  /** Told of requests that never became a call: no HTTP, no valid authority, no such method. */
  readonly observe: CallObserver;
  readonly newRequestId: () => string;
  /** Paths of REST that HTTP/1.1's lane answers in place of `rest`, as it would. @default none */
  readonly restRoutes?: ReadonlyMap<string, Http1Route>;
  readonly limits?: Partial<TransportLimits>;
  /** Services whose JSON messages may have unknown keys over Connect. @default InferenceService */
  readonly lenientServices?: ReadonlySet<string>;
  /** Serves TLS on the same port, HTTP/2 by ALPN. @default plaintext */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
  /** RPC handlers that are asked before the general one, e.g. a faster lane for unary gRPC. @default none */
  readonly lanes?: readonly RpcHandler[];
  /** Called when draining begins, before connections are told: the place to turn health checks. */
  readonly onDrain?: () => void;
  /** Told of exceptions that escaped an adapter; the connection has been closed. */
  readonly onFault?: (error: unknown) => void;
}

export interface ListenerStats {
  readonly connections: number;
  readonly http2Sessions: number;
  readonly requests: number;
}

export interface Listener {
  /** Rejects when the port cannot be had. */
  listen(): Promise<{ readonly host: string; readonly port: number }>;
  /** Serves a connection that another process accepted. */
  adopt(socket: Socket): void;
  /** Accepts nothing more, lets calls in flight finish for at most `timeoutMs`, then cuts the rest. Idempotent. */
  drain(timeoutMs: number): Promise<void>;
  stats(): ListenerStats;
}

/** Clients of the Python service send more keys to /predict than are read. */
const defaultLenientServices: ReadonlySet<string> = new Set(["arbitrex.ml.v1.InferenceService"]);

export function createListener(options: ListenerOptions): Listener {
  const limits = resolveLimits(options.limits);
  const sockets = new Set<Socket>();
  /** Those that have not said yet what they speak. */
  const silent = new Set<Socket>();
  let requests = 0;
  let onEmpty = () => {};
  const answer = createRouter(options, limits);
  const onRequest = (request: NodeRequest, response: NodeResponse) => {
    requests++;
    response.once("close", () => requests--);
    answer(request, response);
  };
  const unfinished = new UnfinishedRequests(limits.unfinishedBytesMax);
  const onFault = (error: unknown) => options.onFault?.(error);
  const http1 = createHttp1Server(limits, onRequest, () => observeRefusal(options));
  const http1Lane = createHttp1Lane({
    limits,
    routes: new Map([...createConnectRoutes({ ...options, ...limits }), ...(options.restRoutes ?? [])]),
    unfinished,
    handOver: http1.accept,
    onFault,
  });
  const unary = createGrpcUnaryLane({ ...options, ...limits, unfinished });
  const streams = createGrpcStreamLane({ ...options, ...limits, unfinished });
  const http2 = createHttp2Server(limits, onRequest, (stream) => unary.take(stream) || streams.take(stream), onFault);
  const server = createSocketServer(options, limits, (socket) => {
    sockets.add(socket);
    socket.once("close", () => {
      sockets.delete(socket);
      silent.delete(socket);
      if (sockets.size === 0) onEmpty();
    });
    silent.add(socket);
    const handTo = (accept: (socket: Socket) => void) => () => {
      silent.delete(socket);
      accept(socket);
    };
    const sniffed = { onHttp1: handTo((accepted) => http1Lane.accept(accepted)), onHttp2: handTo(http2.accept) };
    sniffProtocol(socket, limits.firstByteTimeoutMs, sniffed);
  });
  let drained: Promise<void> | undefined;
  return {
    listen: () => listenOn(server, options.host, options.port),
    adopt(socket) {
      if (drained !== undefined || sockets.size >= limits.connectionsMax) {
        socket.destroy();
        return;
      }
      // As of the sockets that the server accepts itself.
      socket.allowHalfOpen = true;
      server.emit("connection", socket);
    },
    drain(timeoutMs) {
      drained ??= drainAll(timeoutMs);
      return drained;
    },
    stats: () => ({
      connections: sockets.size,
      http2Sessions: http2.sessions(),
      requests: requests + http1Lane.open() + unary.open() + streams.open(),
    }),
  };

  async function drainAll(timeoutMs: number): Promise<void> {
    options.chain.startDraining();
    options.onDrain?.();
    server.close();
    http1Lane.startClosing();
    http1.startClosing();
    http2.startClosing();
    const cut = () => {
      for (const socket of sockets) socket.destroy();
    };
    for (const socket of silent) socket.destroy();
    const timer = setTimeout(cut, timeoutMs);
    await new Promise<void>((resolve) => {
      onEmpty = resolve;
      if (sockets.size === 0) resolve();
    });
    clearTimeout(timer);
  }
}

/** Accepts connections; the socket's error listener stays, since an error without one would end the process. */
function createSocketServer(
  options: ListenerOptions,
  limits: TransportLimits,
  onSocket: (socket: Socket) => void,
): Server {
  const accept = (socket: Socket) => {
    socket.on("error", () => socket.destroy());
    socket.setNoDelay(true);
    // A peer that vanished sends nothing any more, not even an error.
    socket.setKeepAlive(true, limits.pingIntervalMs);
    onSocket(socket);
  };
  // Half-open, so that a client that has sent its request and ended may still read its answer.
  const server =
    options.tls === undefined
      ? createNetServer({ allowHalfOpen: true }, accept)
      : createTlsServer(
          {
            ...options.tls,
            ALPNProtocols: ["h2", "http/1.1"],
            handshakeTimeout: limits.firstByteTimeoutMs,
            allowHalfOpen: true,
          },
          accept,
        ).on("tlsClientError", (_error, socket) => socket.destroy());
  server.maxConnections = limits.connectionsMax;
  return server;
}

function createRouter(
  options: ListenerOptions,
  limits: TransportLimits,
): (request: NodeRequest, response: NodeResponse) => void {
  const { bindings, chain, observe, newRequestId, rest } = options;
  const lenientServices = options.lenientServices ?? defaultLenientServices;
  const adapter = createConnectAdapter({ bindings, chain, observe, newRequestId, lenientServices, ...limits });
  const lanes = [...(options.lanes ?? []), adapter];
  return (request, response) => {
    try {
      if (!hasValidAuthority(request)) refuseAuthority(options, response);
      else if (!lanes.some((handle) => handle(request, response))) rest(request, response);
    } catch (error) {
      options.onFault?.(error);
      response.destroy();
    }
  };
}

function refuseAuthority(options: ListenerOptions, response: NodeResponse): void {
  observeRefusal(options);
  response.statusCode = 400;
  if (!("stream" in response)) response.setHeader("connection", "close");
  response.end();
}

/** Counts a request that had no method yet. */
function observeRefusal({ observe, newRequestId }: ListenerOptions): void {
  observe({
    protocol: "unknown",
    method: "unknown",
    code: "invalid_argument",
    durationMs: 0,
    requestId: newRequestId(),
  });
}

async function listenOn(server: Server, host: string, port: number): Promise<{ host: string; port: number }> {
  server.listen({ host, port });
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the listener has no address");
  return { host: address.address, port: address.port };
}
