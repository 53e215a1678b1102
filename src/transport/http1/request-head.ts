/**
 * The head of a request in a shape that can be read in one way only: `POST`, HTTP/1.1, plain header lines, a length. Everything
 * else is no business of the lane; `node:http` reads it, or refuses it.
 */

import { isValidAuthority } from "../authority.ts";

export interface RequestHead {
  readonly path: string;
  /** By names in lower case; none stands twice. */
  readonly headers: ReadonlyMap<string, string>;
  /** Bytes of the body, above zero. */
  readonly contentLength: number;
  /** Bytes of the head, the empty line at its end included. */
  readonly bytes: number;
}

/** `node:http` drops the headers beyond two thousand. */
const headersMax = 64;

const headEnd = "\r\n\r\n";
const requestLine = /POST ([!-~]+) HTTP\/1\.1\r\n/y;
/** A name, and a value that neither begins nor ends with a blank. */
const headerLine = /([!#$%&'*+\-.^_`|~0-9A-Za-z]+): ?([!-~](?:[\t -~]*[!-~])?)\r\n/y;
const plainLength = /^[1-9][0-9]{0,9}$/;

/** They change what follows the head, or what becomes of the connection. */
const foreignNames: readonly string[] = [
  "expect",
  "http2-settings",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/**
 * The head that begins at `start`; undefined when it is not complete, larger than `bytesMax` or of any other shape.
 * Whatever is found here, `node:http` finds as well.
 */
export function readRequestHead(bytes: Buffer, start: number, bytesMax: number): RequestHead | undefined {
  const end = bytes.subarray(start, start + bytesMax).indexOf(headEnd, 0, "latin1");
  if (end === -1) return undefined;
  // With the line end of the last header, without the empty line.
  const text = bytes.toString("latin1", start, start + end + 2);
  requestLine.lastIndex = 0;
  const path = requestLine.exec(text)?.[1];
  if (path === undefined) return undefined;
  const headers = readHeaders(text, requestLine.lastIndex);
  const length = headers?.get("content-length");
  if (headers === undefined || length === undefined || !plainLength.test(length) || !isPlain(headers)) return undefined;
  return { path, headers, contentLength: Number(length), bytes: end + headEnd.length };
}

/** All header lines from there to the end; undefined when one of them is odd or stands twice. */
function readHeaders(text: string, start: number): ReadonlyMap<string, string> | undefined {
  const headers = new Map<string, string>();
  headerLine.lastIndex = start;
  for (let at = start; at < text.length; at = headerLine.lastIndex) {
    const [, name, value] = headerLine.exec(text) ?? [];
    if (name === undefined || value === undefined || headers.size === headersMax) return undefined;
    const lower = name.toLowerCase();
    if (headers.has(lower)) return undefined;
    headers.set(lower, value);
  }
  return headers;
}

/** One host that is a valid one, and nothing but a connection that stays. */
function isPlain(headers: ReadonlyMap<string, string>): boolean {
  const connection = headers.get("connection");
  return (
    isValidAuthority(headers.get("host")) &&
    (connection === undefined || connection.toLowerCase() === "keep-alive") &&
    !foreignNames.some((name) => headers.has(name))
  );
}
