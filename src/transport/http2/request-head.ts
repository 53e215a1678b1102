/** The headers of a request out of an HPACK block, held to the rules of HTTP/2 (RFC 9113, section 8). */

import type { IncomingHttpHeaders } from "node:http";
import type { HpackDecoder } from "./hpack-decoder.ts";

export interface RequestHead {
  readonly headers: IncomingHttpHeaders;
  readonly contentLength: number | undefined;
  /** Why the request is malformed; undefined when it is not. */
  readonly fault: string | undefined;
  /** The fields together are larger than allowed; `headers` is then incomplete. */
  readonly isOversized: boolean;
}

/** What RFC 7541 adds to name and value of a field when it is counted. */
const fieldOverheadBytes = 32;
/** Equal blocks in a row are common: a client that calls the same method again sends the same indices. */
const rememberedBlocks = 4;

const nameForm = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** Nor may a value begin or end with a blank (RFC 9113, 8.2.1). */
const forbiddenInValue = /[\0\r\n]|^[ \t]|[ \t]$/;
const digits = /^\d{1,15}$/;
const pseudoNames: ReadonlySet<string> = new Set([":method", ":scheme", ":authority", ":path"]);
/** They speak of a connection of HTTP/1.1; here they are a trick or a mistake. */
const connectionNames: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);
/** Of these a second value is dropped, as Node does; the values of all others are joined. */
const singleNames: ReadonlySet<string> = new Set([
  "authorization",
  "content-length",
  "content-type",
  "host",
  "user-agent",
]);

/** Reads the header blocks of one connection. */
export class RequestHeadReader {
  readonly #decoder: HpackDecoder;
  readonly #fieldBytesMax: number;
  readonly #remembered: { readonly block: Buffer; readonly generation: number; readonly head: RequestHead }[] = [];
  readonly #onField = (name: string, value: string) => this.#add(name, value);
  #headers: Record<string, string> = {};
  #fieldBytes = 0;
  #fault: string | undefined;
  #hasRegular = false;

  /** @param fieldBytesMax largest sum of all fields of a request */
  constructor(decoder: HpackDecoder, fieldBytesMax: number) {
    this.#decoder = decoder;
    this.#fieldBytesMax = fieldBytesMax;
  }

  /** Throws an HpackError. Heads of equal blocks are one object and must not be changed. */
  readHead(block: Buffer): RequestHead {
    const before = this.#decoder.generation;
    for (const { block: known, generation, head } of this.#remembered) {
      if (generation === before && known.equals(block)) return head;
    }
    this.#begin();
    this.#decoder.decode(block, this.#onField);
    const head = this.#finishHead();
    // A block that changes the table means something else the next time.
    if (this.#decoder.generation === before) this.#remember(block, before, head);
    return head;
  }

  /** Reads trailers, of which nothing is kept but the fault they may have. Throws an HpackError. */
  readTrailers(block: Buffer): string | undefined {
    this.#begin();
    this.#hasRegular = true;
    this.#decoder.decode(block, this.#onField);
    return this.#fault;
  }

  #remember(block: Buffer, generation: number, head: RequestHead): void {
    if (this.#remembered.length === rememberedBlocks) this.#remembered.shift();
    this.#remembered.push({ block: Buffer.from(block), generation, head });
  }

  #begin(): void {
    this.#headers = { __proto__: null } as unknown as Record<string, string>;
    this.#fieldBytes = 0;
    this.#fault = undefined;
    this.#hasRegular = false;
  }

  #add(name: string, value: string): void {
    this.#fieldBytes += name.length + value.length + fieldOverheadBytes;
    if (this.#fieldBytes > this.#fieldBytesMax) return;
    const fault = name.startsWith(":") ? this.#pseudoFault(name) : regularFault(name, value);
    if (fault !== undefined || forbiddenInValue.test(value)) {
      this.#fault ??= fault ?? `${name} has a character that no value may have`;
      return;
    }
    if (!name.startsWith(":")) this.#hasRegular = true;
    const known = this.#headers[name];
    if (known === undefined) this.#headers[name] = value;
    else if (name === "content-length" && known !== value) this.#fault ??= "content-length stands twice";
    else if (!singleNames.has(name)) this.#headers[name] = `${known}${name === "cookie" ? "; " : ", "}${value}`;
  }

  #pseudoFault(name: string): string | undefined {
    if (!pseudoNames.has(name)) return "an unknown pseudo-header";
    if (this.#hasRegular) return `${name} after other fields`;
    if (this.#headers[name] !== undefined) return `${name} stands twice`;
    return undefined;
  }

  #finishHead(): RequestHead {
    const headers = this.#headers;
    const isOversized = this.#fieldBytes > this.#fieldBytesMax;
    const length = headers["content-length"];
    if (!isOversized) this.#fault ??= missingFault(headers);
    if (length !== undefined && !digits.test(length)) this.#fault ??= "content-length is no length";
    return {
      headers,
      contentLength: length === undefined ? undefined : Number(length),
      fault: this.#fault,
      isOversized,
    };
  }
}

function regularFault(name: string, value: string): string | undefined {
  if (!nameForm.test(name)) return "a name that none may have";
  if (connectionNames.has(name)) return `${name} has no place in HTTP/2`;
  if (name === "te" && value.toLowerCase() !== "trailers") return "te may only say trailers";
  return undefined;
}

function missingFault(headers: Readonly<Record<string, string>>): string | undefined {
  const method = headers[":method"];
  const path = headers[":path"];
  if (method === undefined) return "no :method";
  if (method === "CONNECT")
    return path === undefined && headers[":scheme"] === undefined ? undefined : "CONNECT to a path";
  if (headers[":scheme"] === undefined) return "no :scheme";
  if (path === undefined) return "no :path";
  return path.startsWith("/") || (path === "*" && method === "OPTIONS") ? undefined : ":path is no path";
}
