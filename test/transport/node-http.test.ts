import { once } from "node:events";
import { createServer as createHttp1Server, get } from "node:http";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import type { Server } from "node:net";
import { describe, expect, it } from "vitest";
import { writeResponse } from "../../src/transport/node-http.ts";
import type { NodeResponse } from "../../src/transport/rest-handler.ts";

async function listen(server: Server): Promise<string> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return `http://127.0.0.1:${address.port}`;
}

describe("writeResponse to a client that stops reading and goes away", () => {
  function startWriting() {
    let released = 0;
    async function* endless() {
      try {
        for (;;) yield new Uint8Array(100_000);
      } finally {
        released++;
      }
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const onRequest = (_request: unknown, response: NodeResponse) => {
      resolve(writeResponse({ status: 200, header: new Headers(), body: endless() }, response));
    };
    return { written: promise, released: () => released, onRequest };
  }

  it("ends and releases the body over HTTP/2", async () => {
    const { written, released, onRequest } = startWriting();
    const server = createHttp2Server(onRequest);
    const session = connectHttp2(await listen(server));
    const stream = session.request({ ":path": "/" });
    stream.on("error", () => {});
    await once(stream, "response");
    stream.close(8);
    await written;
    expect(released()).toBe(1);
    session.destroy();
    server.close();
  });

  it("ends and releases the body over HTTP/1.1", async () => {
    const { written, released, onRequest } = startWriting();
    const server = createHttp1Server(onRequest);
    const request = get(await listen(server));
    request.on("error", () => {});
    await once(request, "response");
    request.destroy();
    await written;
    expect(released()).toBe(1);
    server.close();
  });
});
