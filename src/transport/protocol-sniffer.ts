/** Which HTTP a new connection speaks, by its first bytes. */

import type { Socket } from "node:net";

/** What a plaintext HTTP/2 connection begins with; no HTTP/1.1 method does. */
const http2Start = Buffer.from("PRI");

export interface Sniffed {
  readonly onHttp1: (socket: Socket) => void;
  readonly onHttp2: (socket: Socket) => void;
}

/**
 * Waits for as many bytes as it takes, puts them back and hands the socket on. A socket that stays silent, or ends
 * before it said anything, is destroyed.
 */
export function sniffProtocol(socket: Socket, timeoutMs: number, { onHttp1, onHttp2 }: Sniffed): void {
  let seen: Buffer = Buffer.alloc(0);
  const timer = setTimeout(() => socket.destroy(), timeoutMs);
  const stop = () => {
    clearTimeout(timer);
    socket.off("data", onData);
    socket.off("end", onEnd);
    socket.off("close", stop);
  };
  const onEnd = () => {
    stop();
    socket.destroy();
  };
  const onData = (chunk: Buffer) => {
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    const length = Math.min(seen.length, http2Start.length);
    const isStart = seen.subarray(0, length).equals(http2Start.subarray(0, length));
    if (isStart && length < http2Start.length) return;
    stop();
    // Paused and resumed by hand: the new owner attaches its listeners in between and must not miss a byte.
    socket.pause();
    socket.unshift(seen);
    (isStart ? onHttp2 : onHttp1)(socket);
    process.nextTick(() => socket.resume());
  };
  socket.on("data", onData);
  socket.on("end", onEnd);
  socket.on("close", stop);
}
