/** The API's documentation as documents: the OpenAPI file, and Swagger UI from its package. */

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createTextContent, type DocumentContent, type StaticDocument } from "../rest/static-document.ts";

export interface DocsSiteOptions {
  /** Throws when the file cannot be read. */
  readonly openFile: (path: string) => DocumentContent;
  /** Path of `gen/openapi.json`. */
  readonly openApiPath: string;
  /** Folder with the files of `swagger-ui-dist`. @default where that package is installed */
  readonly swaggerUiPath?: string;
}

/** Nothing is loaded from elsewhere and nothing stands in the page itself; the pictures in Swagger UI's styles are data. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Kept by the browser, asked for again each time: an ETag makes that cheap, and an update shows at once. */
const headers = { "cache-control": "no-cache", "content-security-policy": contentSecurityPolicy };

const assetTypes = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "favicon-32x32.png": "image/png",
} as const;

// Paths are relative to /docs, so that the page works behind a proxy that adds a prefix.
const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Arbitrex ML layer</title>
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <link rel="icon" type="image/png" href="docs/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

const startScript = `SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null,
});
`;

/** The files are read once now, and again when somebody asks for them. */
export function loadDocsSite(options: DocsSiteOptions): readonly StaticDocument[] {
  const folder = options.swaggerUiPath ?? findSwaggerUi();
  const assets = Object.entries(assetTypes).map(
    ([name, contentType]): StaticDocument => ({
      path: `/docs/${name}`,
      contentType,
      content: options.openFile(join(folder, name)),
      headers,
    }),
  );
  return [
    { path: "/openapi.json", contentType: "application/json", content: options.openFile(options.openApiPath), headers },
    { path: "/docs", contentType: "text/html; charset=utf-8", content: createTextContent(page), headers },
    {
      path: "/docs/start.js",
      contentType: "text/javascript; charset=utf-8",
      content: createTextContent(startScript),
      headers,
    },
    ...assets,
  ];
}

function findSwaggerUi(): string {
  return dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
}
