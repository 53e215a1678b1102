/** A proxy between a client and the service that can refuse, hold and cut, and remembers what it was asked. */

import { once } from "node:events";
import {
  type ClientHttp2Session,
  connect,
  constants,
  createSecureServer,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";

/** One call as it came, attempts counted one by one. */
export interface FrontCall {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly timeout: string | undefined;
  /** The request's frames so far. */
  readonly body: () => Buffer;
}

export interface Front extends AsyncDisposable {
  readonly port: number;
  readonly calls: readonly FrontCall[];
  /** Answers the next calls of a method with a gRPC status. */
  refuse(method: string, code: number, times: number): void;
  /** Forwards nothing more of what clients send, until told otherwise. */
  hold(isHeld: boolean): void;
  /** Closes every connection without a word, as a machine that dies. */
  cut(): void;
}

export interface FrontOptions {
  readonly targetPort: number;
  /** With `ca` it talks only to clients whose certificate that one signed. @default plaintext */
  readonly tls?: { readonly key: string; readonly cert: string; readonly ca?: string };
}

export async function startFront({ targetPort, tls }: FrontOptions): Promise<Front> {
  const server = tls === undefined ? createServer() : createSecureServer({ ...tls, requestCert: tls.ca !== undefined });
  const sessions = new Set<ServerHttp2Session>();
  const calls: FrontCall[] = [];
  const held = new Set<() => void>();
  let isHolding = false;
  let refusal = { method: "", code: 0, times: 0 };
  let upstream: ClientHttp2Session | undefined;

  const openUpstream = (): ClientHttp2Session => {
    if (upstream === undefined || upstream.closed || upstream.destroyed) {
      upstream = connect(`http://127.0.0.1:${targetPort}`);
      upstream.on("error", () => undefined);
    }
    return upstream;
  };
  const whenFree = (forward: () => void): void => {
    if (isHolding) held.add(forward);
    else forward();
  };

  // Of clients that are refused.
  server.on("sessionError", () => undefined);
  server.on("session", (session: ServerHttp2Session) => {
    sessions.add(session);
    session.on("error", () => undefined);
    session.once("close", () => sessions.delete(session));
  });
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on("error", () => undefined);
    const chunks: Buffer[] = [];
    const path = String(headers[":path"]);
    calls.push({
      path,
      authorization: headers.authorization,
      timeout: headers["grpc-timeout"]?.toString(),
      body: () => Buffer.concat(chunks),
    });
    if (refusal.times > 0 && path.endsWith(`/${refusal.method}`)) {
      refusal.times--;
      const { code } = refusal;
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.once("end", () => refuseStream(stream, code));
      return;
    }
    forwardStream(stream, headers, { openUpstream, whenFree, remember: (chunk) => chunks.push(chunk) });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    for (const session of sessions) session.destroy();
  };
  return {
    port,
    calls,
    refuse(method, code, times) {
      refusal = { method, code, times };
    },
    hold(isHeld) {
      isHolding = isHeld;
      if (isHeld) return;
      for (const forward of held) forward();
      held.clear();
    },
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      upstream?.destroy();
      server.close();
    },
  };
}

function refuseStream(stream: ServerHttp2Stream, code: number): void {
  // The client may have gone meanwhile.
  if (stream.destroyed || stream.closed) return;
  const status = { "grpc-status": String(code), "grpc-message": "refused on the way" };
  stream.respond({ ":status": 200, "content-type": "application/grpc", ...status }, { endStream: true });
}

interface Forwarding {
  readonly openUpstream: () => ClientHttp2Session;
  readonly whenFree: (forward: () => void) => void;
  readonly remember: (chunk: Buffer) => void;
}

function forwardStream(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  { openUpstream, whenFree, remember }: Forwarding,
): void {
  const answer = openUpstream().request(headers);
  let trailers: IncomingHttpHeaders = {};
  const abandon = (code: number) => {
    if (!stream.closed) stream.close(code);
  };
  // A service that cannot be reached is UNAVAILABLE, as every proxy says.
  answer.on("error", () => (stream.headersSent ? abandon(constants.NGHTTP2_INTERNAL_ERROR) : refuseStream(stream, 14)));
  answer.on("response", (response, flags) => {
    if (stream.destroyed || stream.closed) return;
    const isWhole = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    stream.respond(response, { endStream: isWhole, waitForTrailers: !isWhole });
  });
  answer.on("trailers", (received) => {
    trailers = received;
  });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  answer.on("data", (chunk: Buffer) => stream.write(chunk));
  answer.on("end", () => stream.end());
  stream.on("data", (chunk: Buffer) => {
    remember(chunk);
    whenFree(() => answer.write(chunk));
  });
  stream.on("end", () => whenFree(() => answer.end()));
  stream.on("close", () => {
    if (!answer.closed) answer.close(constants.NGHTTP2_CANCEL);
  });
}
