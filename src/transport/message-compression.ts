/**
 * How messages of the general path are compressed and unpacked. `@connectrpc/connect-node` has the same, but brings its clients along, and with
 * them all that Node has for clients.
 */

import { promisify } from "node:util";
import { brotliCompress, brotliDecompress, gunzip, gzip } from "node:zlib";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Compression } from "@connectrpc/connect/protocol";

type Unpack = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Buffer<ArrayBuffer>>;

export const gzipCompression: Compression = {
  name: "gzip",
  compress: promisify<Uint8Array, Buffer<ArrayBuffer>>(gzip),
  decompress: (bytes, readMaxBytes) => decompress(bytes, readMaxBytes, promisify(gunzip)),
};

export const brotliCompression: Compression = {
  name: "br",
  compress: promisify<Uint8Array, Buffer<ArrayBuffer>>(brotliCompress),
  decompress: (bytes, readMaxBytes) => decompress(bytes, readMaxBytes, promisify(brotliDecompress)),
};

async function decompress(bytes: Uint8Array, readMaxBytes: number, unpack: Unpack): Promise<Uint8Array<ArrayBuffer>> {
  // An empty message may be sent without a compressed stream around it.
  if (bytes.length === 0) return new Uint8Array(0);
  try {
    return await unpack(bytes, { maxOutputLength: readMaxBytes });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw refusal("decompression failed", Code.InvalidArgument, cause);
    const message = `message is larger than configured readMaxBytes ${readMaxBytes} after decompression`;
    throw refusal(message, Code.ResourceExhausted, cause);
  }
}

function refusal(message: string, code: Code, cause: unknown): ConnectError {
  return new ConnectError(message, code, undefined, undefined, cause);
}
