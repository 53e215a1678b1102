/** A document that is served as it is, such as a page of the API's documentation. */

import { createHash } from "node:crypto";
import type { EventEmitter } from "node:events";

export interface StaticDocument {
  /**
   * Path it is served at, e.g. `/docs`; also its name in call reports. Where an RPC answers GET at the same path, the
   * document goes to clients that would rather have its type than JSON.
   */
  readonly path: string;
  readonly contentType: string;
  readonly content: DocumentContent;
  /** Further headers, e.g. a content security policy. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface DocumentContent {
  /** Length in bytes. */
  readonly bytes: number;
  readonly etag: string;
  /** The content for one response, whose `close` tells that it is done. Rejects with what the client is answered instead. */
  lend(response: EventEmitter): Promise<Uint8Array>;
}

/** For what is small and made by the program itself. */
export function createTextContent(text: string): DocumentContent {
  const body = Buffer.from(text);
  return { ...digest([body]), lend: () => Promise.resolve(body) };
}

/** Length and strong ETag of bytes that come in pieces. */
export function digest(pieces: Iterable<Uint8Array>): Pick<DocumentContent, "bytes" | "etag"> {
  const hash = createHash("sha256");
  let bytes = 0;
  for (const piece of pieces) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { bytes, etag: `"${hash.digest("base64url").slice(0, 22)}"` };
}
