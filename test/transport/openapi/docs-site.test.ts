import { EventEmitter } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";
import { loadDocsSite } from "../../../src/transport/openapi/docs-site.ts";
import { openFileContent } from "../../../src/transport/rest/file-content.ts";
import { type RestServer, startRestServer } from "../rest/rest-server.ts";

const openApiPath = fileURLToPath(new URL("../../../gen/openapi.json", import.meta.url));
const started: RestServer[] = [];

afterEach(async () => {
  for (const server of started.splice(0)) await server[Symbol.asyncDispose]();
});

async function start(): Promise<RestServer> {
  const server = await startRestServer({
    services: [],
    documents: loadDocsSite({ openFile: openFileContent, openApiPath }),
  });
  started.push(server);
  return server;
}

it.each([
  ["/docs", "text/html; charset=utf-8", '<div id="swagger-ui">'],
  ["/docs/start.js", "text/javascript; charset=utf-8", 'url: "openapi.json"'],
  ["/docs/swagger-ui-bundle.js", "text/javascript; charset=utf-8", "SwaggerUIBundle"],
  ["/docs/swagger-ui.css", "text/css; charset=utf-8", ".swagger-ui"],
  ["/docs/favicon-32x32.png", "image/png", "PNG"],
  ["/openapi.json", "application/json", '"openapi": "3.1.0"'],
])("serves %s as %s", async (path, type, text) => {
  const server = await start();
  const response = await fetch(server.origin + path);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe(type);
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(response.headers.get("content-security-policy")).toContain("script-src 'self';");
  expect(await response.text()).toContain(text);
  expect(server.reports).toMatchObject([{ protocol: "rest", method: path, code: "ok" }]);
});

it("sends a document again only when it has changed", async () => {
  const server = await start();
  const etag = (await fetch(`${server.origin}/openapi.json`)).headers.get("etag") ?? "";
  const known = await fetch(`${server.origin}/openapi.json`, { headers: { "if-none-match": etag } });
  expect(known.status).toBe(304);
  expect(await known.text()).toBe("");
  const other = await fetch(`${server.origin}/openapi.json`, { headers: { "if-none-match": '"other"' } });
  expect(other.status).toBe(200);
});

it("answers HEAD with the length alone", async () => {
  const server = await start();
  const response = await fetch(`${server.origin}/docs`, { method: "HEAD" });
  expect(Number(response.headers.get("content-length"))).toBeGreaterThan(100);
  expect(await response.text()).toBe("");
});

it.each([
  ["GET", "/docs/", 404],
  ["GET", "/docs/package.json", 404],
  ["GET", "/docs/../package.json", 404],
  ["GET", "/docs/..%2Fpackage.json", 404],
  ["POST", "/docs", 405],
])("answers %s %s with %i", async (method, path, status) => {
  const server = await start();
  expect((await fetch(server.origin + path, { method })).status).toBe(status);
});

it("refers to nothing outside, and to nothing that is not served", async () => {
  const documents = loadDocsSite({ openFile: openFileContent, openApiPath });
  const page = documents.find((document) => document.path === "/docs");
  const text = Buffer.from((await page?.content.lend(new EventEmitter())) ?? []).toString();
  const references = [...text.matchAll(/(?:src|href)="([^"]*)"/g)];
  const paths = references.map((match) => `/${match[1]}`);
  expect(paths.length).toBe(4);
  expect(documents.map((document) => document.path)).toEqual(expect.arrayContaining(paths));
});
