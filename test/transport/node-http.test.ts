import { once } from "node:events";
import { get } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { describe, expect, it } from "vitest";
import { writeResponse } from "../../src/transport/node-http.ts";
import type { RestHandler } from "../../src/transport/rest-handler.ts";
import { startStub } from "./stub-service.ts";

describe("writeResponse to a client that stops reading and goes away", () => {
  function writeEndlessly() {
    let released = 0;
    async function* endless() {
      try {
        for (;;) yield new Uint8Array(100_000);
      } finally {
        released++;
      }
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const rest: RestHandler = (_request, response) => {
      resolve(writeResponse({ status: 200, header: new Headers(), body: endless() }, response));
    };
    return { written: promise, released: () => released, rest };
  }

  it("ends and releases the body over HTTP/2", async () => {
    const { written, released, rest } = writeEndlessly();
    await using server = await startStub({ listener: { rest } });
    const session = connectHttp2(server.url);
    const stream = session.request({ ":path": "/" });
    stream.on("error", () => {});
    await once(stream, "response");
    stream.close(8);
    await written;
    expect(released()).toBe(1);
    session.destroy();
  });

  it("ends and releases the body over HTTP/1.1", async () => {
    const { written, released, rest } = writeEndlessly();
    await using server = await startStub({ listener: { rest } });
    const request = get(server.url);
    request.on("error", () => {});
    await once(request, "response");
    request.destroy();
    await written;
    expect(released()).toBe(1);
  });
});
