/** The operator's console as documents: a page at `/`, what it loads under `/console/`. */

import { join } from "node:path";
import type { DocumentContent, StaticDocument } from "./rest/static-document.ts";

export interface ConsoleSiteOptions {
  /** Throws when the file cannot be read. */
  readonly openFile: (path: string) => DocumentContent;
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

/** The files are read once now, and again when somebody asks for them. */
export function loadConsoleSite({ openFile, consolePath }: ConsoleSiteOptions): readonly StaticDocument[] {
  const assets = Object.entries(assetTypes).map(
    ([name, contentType]): StaticDocument => ({
      path: `/console/${name}`,
      contentType,
      content: openFile(join(consolePath, name)),
      headers,
    }),
  );
  const page: StaticDocument = {
    path: "/",
    contentType: "text/html; charset=utf-8",
    content: openFile(join(consolePath, "index.html")),
    // The same path answers scripts in JSON.
    headers: { ...headers, vary: "accept" },
  };
  return [page, ...assets];
}
