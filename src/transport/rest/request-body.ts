/** The body of a request: checked for its type, read within limits, unpacked, parsed. */

import type { IncomingHttpHeaders } from "node:http";
import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";
import { Code, ConnectError } from "@connectrpc/connect";
import { DeadlineExceededError } from "../../domain/errors.ts";
import { canceledError } from "../chain/status.ts";
import type { NodeRequest } from "../rest-handler.ts";
import { malformedBodyError, UnsupportedMediaTypeError } from "./refusal.ts";

export interface BodyLimits {
  /** Largest body, as sent and unpacked. */
  readonly bytesMax: number;
  /** Longest time until the whole body is here. */
  readonly timeoutMs: number;
}

/** Enough for the largest window that is read; and time for it on a slow line. */
export const defaultBodyLimits: BodyLimits = Object.freeze({ bytesMax: 4 * 1024 * 1024, timeoutMs: 30_000 });

const unpackers = { gzip: promisify(gunzip), deflate: promisify(inflate) };
export const acceptedEncodings = "gzip, deflate, identity";

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Refuses from the headers alone what cannot be read, so that nothing of it is. */
export function checkBodyHeaders(headers: IncomingHttpHeaders, bytesMax: number): void {
  const length = headers["content-length"];
  if (length === "0") return;
  const type = headers["content-type"];
  if (type !== undefined && !isJsonType(type)) {
    throw new UnsupportedMediaTypeError("content-type", "application/json", type);
  }
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && findUnpacker(encoding) === undefined && encoding.toLowerCase() !== "identity") {
    throw new UnsupportedMediaTypeError("content-encoding", acceptedEncodings, encoding);
  }
  if (Number(length) > bytesMax) throw oversizedError(bytesMax);
}

/** The whole body, unpacked. */
export async function readBody(request: NodeRequest, limits: BodyLimits): Promise<Buffer> {
  const received = await readBytes(request, limits);
  const encoding = request.headers["content-encoding"];
  return encoding === undefined ? received : unpack(received, encoding, limits.bytesMax);
}

/** JSON in UTF-8, by a content type. */
export function isJsonType(contentType: string): boolean {
  const [type = "", ...parameters] = contentType.split(";").map((part) => part.trim().toLowerCase());
  if (type !== "application/json") return false;
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.slice("charset=".length);
  return charset === undefined || /^"?utf-?8"?$/.test(charset);
}

function findUnpacker(
  encoding: string,
): ((bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>) | undefined {
  switch (encoding.toLowerCase()) {
    case "gzip":
    case "x-gzip":
      return unpackers.gzip;
    case "deflate":
      return unpackers.deflate;
    default:
      return undefined;
  }
}

function readBytes(request: NodeRequest, limits: BodyLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let isComplete = false;
    const fail = (error: Error) => {
      clearTimeout(timer);
      request.off("data", onData).off("end", onEnd).off("aborted", onGone).off("close", onGone).off("error", onGone);
      reject(error);
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > limits.bytesMax) fail(oversizedError(limits.bytesMax));
      else chunks.push(chunk);
    };
    // A complete request emits nothing more that matters: its listeners go with it, and taking each off costs more than leaving it.
    const onEnd = () => {
      isComplete = true;
      clearTimeout(timer);
      resolve(join(chunks));
      chunks.length = 0;
    };
    // HTTP/2 ends the body of a stream that its client has reset as if it were complete, but says "aborted" first.
    const onGone = () => {
      if (!isComplete) fail(canceledError());
    };
    const timer = setTimeout(() => fail(new DeadlineExceededError()), limits.timeoutMs);
    request.on("data", onData).on("end", onEnd).on("aborted", onGone).on("close", onGone).on("error", onGone);
  });
}

/** A body that arrived in one piece is used where it lies. */
function join(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
}

async function unpack(bytes: Buffer, encoding: string, bytesMax: number): Promise<Buffer> {
  const unpackBytes = findUnpacker(encoding);
  if (unpackBytes === undefined || bytes.length === 0) return bytes;
  try {
    return await unpackBytes(bytes, { maxOutputLength: bytesMax });
  } catch (error) {
    if (error instanceof RangeError) throw oversizedError(bytesMax);
    throw malformedBodyError(`cannot be unpacked as ${encoding}`);
  }
}

/** The parsed body; undefined when it is empty. */
export function parseBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError) throw malformedBodyError(`malformed JSON: ${error.message}`);
    if (error instanceof TypeError) throw malformedBodyError("malformed JSON: not UTF-8");
    throw error;
  }
}

/** The code of the runtimes of the other protocols; the chain adds the details it adds for them. */
function oversizedError(bytesMax: number): ConnectError {
  return new ConnectError(`the request body is larger than ${bytesMax} bytes`, Code.ResourceExhausted);
}
