/** Documents over the listener itself: what clients get whose document is read from the disk. */

import type { EventEmitter } from "node:events";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CallReport } from "../../../src/domain/call-context.ts";
import { createCallChain } from "../../../src/transport/chain/call-chain.ts";
import { openFileContent } from "../../../src/transport/rest/file-content.ts";
import { createRestHandler } from "../../../src/transport/rest/rest-adapter.ts";
import { createTextContent, type DocumentContent } from "../../../src/transport/rest/static-document.ts";
import { startStub } from "../stub-service.ts";

interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Sends a request, and goes away again where `gone` resolves before there is an answer. */
type Exchange = (
  url: string,
  method: string,
  headers: Record<string, string>,
  gone?: Promise<void>,
) => Promise<Received>;

const exchangeHttp1: Exchange = async (url, method, headers, gone) => {
  const request = httpRequest(`${url}/page`, { method, headers });
  void gone?.then(() => request.destroy());
  request.end();
  const [response] = await once(request, "response");
  let text = "";
  for await (const chunk of response.setEncoding("latin1")) text += chunk;
  return { status: response.statusCode, headers: response.headers, text };
};

const exchangeHttp2: Exchange = async (url, method, headers, gone) => {
  const session = connectHttp2(url);
  try {
    const stream = session.request({ ...headers, ":method": method, ":path": "/page" });
    void gone?.then(() => stream.destroy(new Error("gone")));
    const [received] = await once(stream, "response");
    let text = "";
    for await (const chunk of stream.setEncoding("latin1")) text += chunk;
    return { status: received[":status"], headers: received, text };
  } finally {
    session.destroy();
  }
};

const started: AsyncDisposable[] = [];
let directory: string;
let path: string;
const text = "a page for people\n".repeat(80_000);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "static-document-test-"));
  path = join(directory, "page.js");
  writeFileSync(path, text);
});

afterEach(async () => {
  for (const server of started.splice(0)) await server[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

async function start(content: DocumentContent): Promise<{ url: string; reports: readonly CallReport[] }> {
  const reports: CallReport[] = [];
  const parts = {
    observe: (report: CallReport) => void reports.push(report),
    monotonicMs: () => performance.now(),
    newRequestId: () => "made",
  };
  const documents = [
    { path: "/page", contentType: "text/javascript", content, headers: { "cache-control": "no-cache" } },
  ];
  const rest = createRestHandler({ ...parts, bindings: [], chain: createCallChain(parts), documents });
  const server = await startStub({ listener: { rest } });
  started.push(server);
  return { url: server.url, reports };
}

/** Counts how often somebody asks for the bytes, and tells of each response that does. */
function countLoans(content: DocumentContent, onLoan: (response: EventEmitter) => Promise<void> | void = () => {}) {
  const counted = {
    bytes: content.bytes,
    etag: content.etag,
    loans: 0,
    async lend(response: EventEmitter) {
      counted.loans++;
      await onLoan(response);
      return content.lend(response);
    },
  };
  return counted;
}

describe.each([
  ["HTTP/1.1", exchangeHttp1],
  ["HTTP/2", exchangeHttp2],
])("a document over %s", (_, exchange) => {
  it("comes whole to clients that ask at the same time", async () => {
    const content = openFileContent(path);
    const { url, reports } = await start(content);
    const answers = await Promise.all([exchange(url, "GET", {}), exchange(url, "GET", {})]);
    for (const { status, headers, text: received } of answers) {
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        "content-type": "text/javascript",
        "content-length": String(text.length),
        etag: content.etag,
        "cache-control": expect.stringContaining("no-cache"),
      });
      expect(received === text).toBe(true);
    }
    const report = { protocol: "rest", method: "/page", code: "ok" };
    expect(reports).toMatchObject([report, report]);
  });

  it.each([
    ["HEAD", 200, {}],
    ["HEAD", 304, { "if-none-match": createTextContent(text).etag }],
    ["GET", 304, { "if-none-match": createTextContent(text).etag }],
  ])("is not read for %s that is answered %i", async (method, status, headers) => {
    const content = countLoans(openFileContent(path));
    const { url, reports } = await start(content);
    const answer = await exchange(url, method, headers);
    expect(answer).toMatchObject({ status, text: "" });
    expect(answer.headers).toMatchObject({ "content-length": String(text.length), etag: content.etag });
    expect(content.loans).toBe(0);
    expect(reports).toMatchObject([{ method: "/page", code: "ok" }]);
    expect((await exchange(url, "GET", {})).text === text).toBe(true);
    expect(content.loans).toBe(1);
  });

  it.each([
    ["has changed", () => writeFileSync(path, text.toUpperCase())],
    ["has become shorter", () => writeFileSync(path, text.slice(1))],
    ["is gone", () => rmSync(path)],
  ])("that %s since the start is an error of the service", async (_how, change) => {
    const { url, reports } = await start(openFileContent(path));
    change();
    const { status, headers, text: received } = await exchange(url, "GET", {});
    expect(status).toBe(503);
    expect(headers).not.toHaveProperty("etag");
    expect(headers).toMatchObject({ "content-type": "application/json", "content-length": String(received.length) });
    expect(JSON.parse(received)).toMatchObject({
      code: "unavailable",
      message: "the document cannot be read as it was when the service started",
      details: [{ reason: "DOCUMENT_UNAVAILABLE" }],
    });
    expect(received).not.toContain(directory);
    expect(reports).toMatchObject([{ protocol: "rest", method: "/page", code: "unavailable" }]);
    expect(reports[0]?.error).toMatchObject({ cause: { message: expect.stringContaining(path) } });
  });

  it("costs nobody else anything when its client goes away while it is read", async () => {
    const asked = Promise.withResolvers<void>();
    const isGone = Promise.withResolvers<void>();
    const content = countLoans(openFileContent(path), async (response) => {
      if (content.loans > 1) return;
      const closed = once(response, "close");
      asked.resolve();
      await closed;
      isGone.resolve();
    });
    const { url, reports } = await start(content);
    await expect(exchange(url, "GET", {}, asked.promise)).rejects.toThrow();
    await isGone.promise;
    expect((await exchange(url, "GET", {})).text === text).toBe(true);
    expect(reports).toMatchObject([{ code: "canceled" }, { code: "ok" }]);
  });
});
