import { connect as connectTls } from "node:tls";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InferenceService } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type { CallContext } from "../../src/domain/call-context.ts";
import { createSelfSigned } from "./self-signed.ts";
import { openSocket, type StubServer, startStub, until } from "./stub-service.ts";

let server: StubServer;
beforeAll(async () => {
  const inference = { predict: (_request: unknown, call: CallContext) => ({ symbol: call.protocol }) };
  server = await startStub({
    inference,
    listener: { tls: createSelfSigned(), limits: { firstByteTimeoutMs: 200 } },
  });
});
afterAll(() => server[Symbol.asyncDispose]());

const nodeOptions = { rejectUnauthorized: false };

describe("a port with TLS", () => {
  it("serves gRPC over HTTP/2 and Connect over HTTP/1.1", async () => {
    const baseUrl = `https://127.0.0.1:${server.port}`;
    const grpc = createClient(InferenceService, createGrpcTransport({ baseUrl, nodeOptions }));
    expect((await grpc.predict({})).symbol).toBe("grpc");
    const connect = createClient(
      InferenceService,
      createConnectTransport({ baseUrl, httpVersion: "1.1", nodeOptions }),
    );
    expect((await connect.predict({})).symbol).toBe("connect");
  });

  it.each([
    [["h2", "http/1.1"], "h2"],
    [["http/1.1"], "http/1.1"],
  ])("chooses from %j the protocol %s", async (ALPNProtocols, expected) => {
    const socket = connectTls({ port: server.port, host: "127.0.0.1", ALPNProtocols, ...nodeOptions });
    await new Promise((resolve) => socket.once("secureConnect", resolve));
    expect(socket.alpnProtocol).toBe(expected);
    socket.destroy();
  });

  it("closes a connection that speaks plaintext, and one that says nothing", async () => {
    const plain = openSocket(server.port);
    plain.socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(await plain.closed).not.toContain("HTTP/1.1 200");
    expect(await openSocket(server.port).closed).toBe("");
  });

  it("drains", async () => {
    await server.listener.drain(1_000);
    await until(() => server.listener.stats().connections === 0);
  });
});
