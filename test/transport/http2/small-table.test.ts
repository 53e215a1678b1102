/** Clients that remember fewer headers than HTTP/2 lets them: nghttp2, of node:http2, hangs up on a server that ignores it. */

import { once } from "node:events";
import { type ClientHttp2Session, connect } from "node:http2";
import { describe, expect, it } from "vitest";
import { startStub } from "../stub-service.ts";

async function ask(session: ClientHttp2Session): Promise<number | undefined> {
  const stream = session.request({ ":path": "/" }).resume();
  const [[headers]] = await Promise.all([once(stream, "response"), once(stream, "close")]);
  return headers[":status"];
}

describe("a client's table of headers", () => {
  it.each([0, 256, 4_095, 4_096, 65_536])("may have %i bytes", async (headerTableSize) => {
    await using stub = await startStub();
    const session = connect(stub.url, { settings: { headerTableSize } });
    for (let time = 0; time < 3; time++) expect(await ask(session)).toBe(404);
    session.destroy();
  });

  it("may change between answers, and twice between two of them", async () => {
    await using stub = await startStub();
    const session = connect(stub.url);
    for (const sizes of [[4_096], [100], [0, 4_096], [4_095], [8_192, 1]]) {
      for (const headerTableSize of sizes) {
        session.settings({ headerTableSize });
        await once(session, "localSettings");
      }
      for (let time = 0; time < 2; time++) expect(await ask(session)).toBe(404);
    }
    session.destroy();
  });
});
