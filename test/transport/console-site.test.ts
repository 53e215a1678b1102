import { EventEmitter } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { MonitoringService } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { loadConsoleSite } from "../../src/transport/console-site.ts";
import { openFileContent } from "../../src/transport/rest/file-content.ts";
import { type RestServer, startRestServer } from "./rest/rest-server.ts";

const consolePath = fileURLToPath(new URL("../../gen/console", import.meta.url));
const documents = loadConsoleSite({ openFile: openFileContent, consolePath });
const started: RestServer[] = [];

afterEach(async () => {
  for (const server of started.splice(0)) await server[Symbol.asyncDispose]();
});

async function start(): Promise<RestServer> {
  const table = { getServiceInfo: () => ({ service: "stub" }) };
  const server = await startRestServer({ services: [[MonitoringService, table]], documents });
  started.push(server);
  return server;
}

const browserAccept = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

describe("GET /", () => {
  it.each<[client: string, accept: string, type: string]>([
    ["a browser", browserAccept, "text/html; charset=utf-8"],
    ["curl", "*/*", "application/json"],
    ["a script", "application/json", "application/json"],
    ["a script that can do both", "application/json, text/html", "application/json"],
    ["whoever would rather have JSON", "text/html;q=0.5, application/json", "application/json"],
  ])("answers %s in what it would rather have", async (_, accept, type) => {
    const server = await start();
    const response = await fetch(server.origin, { headers: { accept } });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type);
    expect(response.headers.get("vary")).toBe("accept");
    expect((await response.text()).includes("stub")).toBe(type === "application/json");
  });

  it("answers a browser that has the page with nothing", async () => {
    const server = await start();
    const etag = (await fetch(server.origin, { headers: { accept: browserAccept } })).headers.get("etag") ?? "";
    const again = await fetch(server.origin, { headers: { accept: browserAccept, "if-none-match": etag } });
    expect(again.status).toBe(304);
  });
});

describe("the console's documents", () => {
  it.each([
    ["/console/app.js", "text/javascript; charset=utf-8"],
    ["/console/app.css", "text/css; charset=utf-8"],
    ["/console/icon.svg", "image/svg+xml"],
  ])("serve %s as %s", async (path, type) => {
    const server = await start();
    const response = await fetch(server.origin + path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type);
  });

  it.each(["/console", "/console/", "/console/index.html", "/console/..%2Fopenapi.json"])(
    "do not serve %s",
    async (path) => {
      const server = await start();
      expect((await fetch(server.origin + path)).status).toBe(404);
    },
  );

  it("allow scripts and styles from the service alone, and no markup made of text", () => {
    for (const { headers } of documents) {
      const policy = headers["content-security-policy"] ?? "";
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).not.toContain("unsafe");
    }
  });

  it("refer to nothing outside, and hold no script or style of the page itself", async () => {
    const page = Buffer.from((await documents[0]?.content.lend(new EventEmitter())) ?? []).toString();
    const references = [...page.matchAll(/(?:src|href)="([^"#]+)"/g)].map((match) => `/${match[1]}`);
    const served = [...documents.map(({ path }) => path), "/docs"];
    expect(references.length).toBeGreaterThan(3);
    expect(references.filter((path) => !served.includes(path))).toEqual([]);
    expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/);
  });
});
