import { connect as connectHttp2 } from "node:http2";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { grpcStatusOf, openSocket, type StubServer, startStub, until } from "./stub-service.ts";

const limits = {
  firstByteTimeoutMs: 50,
  headersTimeoutMs: 100,
  requestTimeoutMs: 150,
  headerBytesMax: 2_048,
  readMaxBytes: 1_000,
  connectionsMax: 20,
};

let server: StubServer;
beforeAll(async () => {
  const inference = { predict: () => ({ symbol: "EURUSD" }) };
  server = await startStub({ inference, listener: { limits } });
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  // Every test leaves the server as it found it.
  await until(() => server.listener.stats().connections === 0);
  server.reports.length = 0;
});

const predictPath = "/arbitrex.ml.v1.InferenceService/Predict";

/** What another client gets now; proves that the server survived. */
async function askAgain(): Promise<string> {
  const { socket, closed } = openSocket(server.port);
  socket.write(predictRequest("connection: close\r\ncontent-length: 2", "{}"));
  return closed;
}

function predictRequest(headers: string, body: string): string {
  return `POST ${predictPath} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${headers}\r\n\r\n${body}`;
}

describe("an HTTP/1 request without a usable host", () => {
  it.each([
    ["an open bracket", "GET / HTTP/1.1\r\nHost: [\r\n\r\n"],
    ["a blank in it", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"],
    ["a port out of range", "GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n"],
    ["a port that is no number", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"],
    ["user information", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"],
    ["an empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"],
    ["no host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n"],
    ["no host in HTTP/1.1", "GET / HTTP/1.1\r\n\r\n"],
    [
      "an RPC with an open bracket",
      `POST ${predictPath} HTTP/1.1\r\nHost: [\r\nContent-Type: application/grpc\r\n\r\n`,
    ],
  ])("is answered with 400: %s", async (_what, request) => {
    const { socket, closed } = openSocket(server.port);
    socket.write(request);
    expect(await closed).toMatch(/^HTTP\/1\.1 400 /);
    expect(await askAgain()).toContain('"symbol":"EURUSD"');
    expect(server.faults).toEqual([]);
  });

  it.each(["localhost", "127.0.0.1:8003", "[::1]:8003", "a-b.example:1"])(
    "but this one is let in: %s",
    async (host) => {
      const { socket, closed } = openSocket(server.port);
      socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      expect(await closed).toMatch(/^HTTP\/1\.1 404 /);
    },
  );
});

describe("an HTTP/2 request without a usable authority", () => {
  it.each(["[", "a:99999", "a:b", "a b", ""])("is answered with 400: %j", async (authority) => {
    const session = connectHttp2(server.url);
    const stream = session.request({ ":path": predictPath, ":method": "POST", ":authority": authority });
    const status = await new Promise((resolve) => {
      stream.once("response", (headers) => resolve(headers[":status"]));
      stream.once("error", () => resolve("reset"));
    });
    session.destroy();
    expect(status).toBe(400);
    expect(await askAgain()).toContain('"symbol":"EURUSD"');
  });
});

describe("what is no HTTP", () => {
  it.each([
    ["no request line", "hello\r\n\r\n", 400],
    ["a start like HTTP/2's", "PRX / HTTP/1.1\r\n\r\n", 400],
    ["too many header bytes", `GET / HTTP/1.1\r\nHost: a\r\nX-Big: ${"x".repeat(3_000)}\r\n\r\n`, 431],
    ["two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400],
  ])("is answered with an error and counted: %s", async (_what, bytes, status) => {
    const { socket, closed } = openSocket(server.port);
    socket.write(bytes);
    expect(await closed).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(server.reports).toMatchObject([{ protocol: "unknown", method: "unknown", code: "invalid_argument" }]);
  });

  it("is cut when it begins as HTTP/2 and goes on as nothing", async () => {
    const { socket, closed } = openSocket(server.port);
    socket.write(`PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${"\x00".repeat(5)}${"\xff".repeat(64)}`, "latin1");
    await closed;
    expect(await askAgain()).toContain('"symbol":"EURUSD"');
  });
});

describe("a slow client", () => {
  it("is cut when it says nothing", async () => {
    expect(await openSocket(server.port).closed).toBe("");
  });

  it("is cut when it ends without having said anything", async () => {
    const { socket, closed } = openSocket(server.port);
    socket.end();
    expect(await closed).toBe("");
    await until(() => server.listener.stats().connections === 0);
  });

  it("is understood when its bytes come one by one", async () => {
    const { socket, closed } = openSocket(server.port);
    for (const byte of "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") {
      await new Promise((resolve) => socket.write(byte, resolve));
    }
    expect(await closed).toMatch(/^HTTP\/1\.1 404 /);
  });

  it("is answered when it has sent its request and ended its side", async () => {
    const { socket, closed } = openSocket(server.port);
    socket.end(predictRequest("content-length: 2", "{}"));
    expect(await closed).toContain('"symbol":"EURUSD"');
  });

  it("loses its HTTP/2 connection when it ends its side", async () => {
    const { socket, received, closed } = openSocket(server.port);
    const emptySettings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    socket.write(emptySettings);
    await until(() => received().length > 0);
    socket.end();
    await closed;
    await until(() => server.listener.stats().http2Sessions === 0);
  });

  it("is told when its HTTP/2 request does not arrive in time", async () => {
    const session = connectHttp2(server.url);
    const stream = session.request({ ":path": predictPath, ":method": "POST", "content-type": "application/grpc" });
    const status = await grpcStatusOf(stream);
    expect(status).toBe("4");
    expect(server.reports.map((report) => report.code)).toEqual(["deadline_exceeded"]);
    session.destroy();
  });
});

describe("a body", () => {
  it("that breaks off is counted once as canceled", async () => {
    const { socket, closed } = openSocket(server.port);
    socket.write(predictRequest("content-length: 100", '{"symbol":'));
    await until(() => server.listener.stats().requests === 1);
    socket.destroy();
    await closed;
    await until(() => server.reports.length > 0);
    expect(server.reports.map((report) => report.code)).toEqual(["canceled"]);
  });

  it("that ends inside a gRPC message is refused", async () => {
    const session = connectHttp2(server.url);
    const stream = session.request({ ":path": predictPath, ":method": "POST", "content-type": "application/grpc" });
    stream.end(Buffer.from([0, 0, 0, 0, 9, 1, 2]));
    const status = await grpcStatusOf(stream);
    expect(status).toBe("3");
    expect(server.reports.map((report) => report.code)).toEqual(["invalid_argument"]);
    session.destroy();
  });

  it("over the limit is refused over HTTP/1.1 and HTTP/2", async () => {
    const body = JSON.stringify({ symbol: "x".repeat(100_000) });
    const http1 = openSocket(server.port);
    http1.socket.write(predictRequest(`connection: close\r\ncontent-length: ${body.length}`, body));
    expect(await http1.closed).toMatch(/^HTTP\/1\.1 429 [\s\S]*resource_exhausted/);
    const session = connectHttp2(server.url);
    const stream = session.request({ ":path": predictPath, ":method": "POST", "content-type": "application/json" });
    stream.end(body);
    const status = await new Promise((resolve) => stream.once("response", (headers) => resolve(headers[":status"])));
    expect(status).toBe(429);
    session.destroy();
    expect(server.reports.map((report) => report.code)).toEqual(["resource_exhausted", "resource_exhausted"]);
  });
});

describe("too many connections", () => {
  it("are closed at once while the others are answered", async () => {
    const held = Array.from({ length: limits.connectionsMax }, () => openSocket(server.port));
    for (const { socket } of held) socket.write("GET / HTTP/1.1\r\nHost: a\r\nX:");
    await until(() => server.listener.stats().connections === limits.connectionsMax);
    expect(await openSocket(server.port).closed).toBe("");
    held[0]?.socket.write(" y\r\nConnection: close\r\n\r\n");
    expect(await held[0]?.closed).toMatch(/^HTTP\/1\.1 404 /);
    for (const { socket } of held) socket.destroy();
    await until(() => server.listener.stats().connections === 0);
  });
});
