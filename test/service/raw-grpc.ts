/** gRPC by hand over `node:http2`, with nothing in between that would take time or memory of its own. */

import { once } from "node:events";
import type { ClientHttp2Session } from "node:http2";

/** A message as gRPC frames it, uncompressed. */
export function toEnvelope(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Sends one call of InferenceService; resolves with the length of what was answered, which is 0 for an error. */
export async function postRaw(session: ClientHttp2Session, method: string, body: Buffer): Promise<number> {
  const stream = session.request({
    ":method": "POST",
    ":path": `/arbitrex.ml.v1.InferenceService/${method}`,
    "content-type": "application/grpc",
    te: "trailers",
  });
  let bytes = 0;
  stream.on("data", (piece: Buffer) => {
    bytes += piece.length;
  });
  stream.end(body);
  await once(stream, "end");
  return bytes;
}
