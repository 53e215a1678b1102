/** The operator's console as documents: a page at `/`, what it loads under `/console/`. */

import { join } from "node:path";
import type { StaticDocument } from "./rest/static-document.ts";

export interface ConsoleSiteOptions {
  /** Reads a file, whole. */
  readonly readFile: (path: string) => Uint8Array;
  /** Folder with the built console, `gen/console`. */
  readonly consolePath: string;
}

/**
 * Nothing is loaded from elsewhere, nothing stands in the page itself, and no text can become markup: what a caller
 * named its symbol, or an operator gave as a reason, is shown to somebody who may halt trading.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** Kept by the browser, asked for again each time: an ETag makes that cheap, and an update shows at once. */
const headers = {
  "cache-control": "no-cache",
  "content-security-policy": contentSecurityPolicy,
  "referrer-policy": "no-referrer",
};

const assetTypes = {
  "app.css": "text/css; charset=utf-8",
  "app.js": "text/javascript; charset=utf-8",
  "icon.svg": "image/svg+xml",
} as const;

/** Reads everything once; the documents are then served from memory. */
export function loadConsoleSite({ readFile, consolePath }: ConsoleSiteOptions): readonly StaticDocument[] {
  const assets = Object.entries(assetTypes).map(
    ([name, contentType]): StaticDocument => ({
      path: `/console/${name}`,
      contentType,
      body: readFile(join(consolePath, name)),
      headers,
    }),
  );
  const page: StaticDocument = {
    path: "/",
    contentType: "text/html; charset=utf-8",
    body: readFile(join(consolePath, "index.html")),
    // The same path answers scripts in JSON.
    headers: { ...headers, vary: "accept" },
  };
  return [page, ...assets];
}
