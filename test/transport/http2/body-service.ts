/** A server whose paths send, take and measure bodies, for clients that are hostile, slow or both. */

import { createHash } from "node:crypto";
import type { NodeRequest, NodeResponse } from "../../../src/transport/rest-handler.ts";
import { type StubOptions, type StubServer, startStub } from "../stub-service.ts";
import { get } from "./frames.ts";
import { openRaw } from "./raw-client.ts";

export interface BodyServer extends StubServer {
  /** Requests that have come to a handler, by path. */
  readonly seen: readonly string[];
  /** Requests that were never answered, by the path "/held". */
  readonly held: readonly { readonly request: NodeRequest; readonly response: NodeResponse }[];
}

/** @param options of the stub; its handler of REST requests is ours */
export async function startBodyServer(options: StubOptions = {}): Promise<BodyServer> {
  const seen: string[] = [];
  const held: { request: NodeRequest; response: NodeResponse }[] = [];
  const rest = (request: NodeRequest, response: NodeResponse) => {
    const url = request.url ?? "";
    seen.push(url);
    const [, what = "", count = "0"] = url.split("/");
    switch (what) {
      case "bytes":
        response.end(request.method === "HEAD" ? undefined : bytesOf(Number.parseInt(count, 10) || 0));
        break;
      case "hash":
        answerHash(request, response);
        break;
      case "echo":
        request.on("data", (piece: Buffer) => {
          if (!response.write(piece)) request.pause();
        });
        response.on("drain", () => request.resume());
        request.on("end", () => response.end());
        break;
      case "trailers":
        response.write("body");
        response.addTrailers({ "x-check": "sum" });
        response.end();
        break;
      case "headers":
        for (let nth = 0; nth < Number.parseInt(count, 10); nth++) response.setHeader(`x-${nth}`, `${nth}`.repeat(500));
        response.end("hello");
        break;
      case "held":
        held.push({ request, response });
        break;
      default:
        response.end("hello");
    }
  };
  const server = await startStub({ ...options, listener: { ...options.listener, rest } });
  return { ...server, seen, held };
}

function answerHash(request: NodeRequest, response: NodeResponse): void {
  const hash = createHash("sha256");
  request.on("data", (piece: Buffer) => hash.update(piece));
  request.on("end", () => response.end(hash.digest("hex")));
}

/** Bytes in which every kilobyte is different from its neighbours. */
export function bytesOf(count: number): Buffer {
  const bytes = Buffer.alloc(count);
  for (let at = 0; at < count; at++) bytes[at] = (at * 31 + (at >> 8) * 7 + (at >> 16)) & 0xff;
  return bytes;
}

export function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** What somebody else gets now, on a connection of its own; proves that the server serves. */
export async function askElsewhere(port: number): Promise<string> {
  using client = await openRaw(port);
  client.write(get(1, "/hello"));
  return (await client.answer(1)).body.toString();
}
