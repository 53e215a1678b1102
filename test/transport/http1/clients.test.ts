/** The lane as clients find it that are not ours. */

import { execFile } from "node:child_process";
import { once } from "node:events";
import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { promisify } from "node:util";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { InferenceService } from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { createSelfSigned } from "../self-signed.ts";
import { until } from "../stub-service.ts";
import { type LaneServer, predictPath, startLaneServer } from "./lane-service.ts";

const calls = 20;
const large = "x".repeat(300_000);

describe.each([
  ["in plaintext", "http", {}],
  ["over TLS", "https", { tls: createSelfSigned() }],
] as const)("%s", (_where, scheme, listener) => {
  let server: LaneServer;
  let url: string;
  const nodeOptions = { rejectUnauthorized: false };
  beforeAll(async () => {
    server = await startLaneServer({ listener });
    url = `${scheme}://127.0.0.1:${server.port}`;
  });
  beforeEach(() => {
    server.handler.reads.length = 0;
  });
  afterEach(() => expect(server.faults).toEqual([]));
  afterAll(() => server[Symbol.asyncDispose]());

  it("connect-node, which never says how long a body is, calls as before", async () => {
    const agent = scheme === "http" ? new HttpAgent({ keepAlive: true }) : new HttpsAgent({ keepAlive: true });
    const transport = createConnectTransport({
      baseUrl: url,
      httpVersion: "1.1",
      nodeOptions: { ...nodeOptions, agent },
    });
    const client = createClient(InferenceService, transport);
    const symbols = Array.from({ length: calls }, (_, nth) => (nth % 3 === 0 ? `${large}${nth}` : `t${nth}`));
    const answers = await Promise.all(symbols.map((symbol) => client.predict({ symbol })));
    expect(answers.map(({ symbol }) => symbol)).toEqual(symbols);
    expect(server.handler.reads).toEqual([]);
    agent.destroy();
    await until(() => server.listener.stats().connections === 0);
  });

  it("Node's own client posts JSON over one connection, and asks for other things in between", async () => {
    const agent =
      scheme === "http"
        ? new HttpAgent({ keepAlive: true, maxSockets: 1 })
        : new HttpsAgent({ keepAlive: true, maxSockets: 1 });
    const request = scheme === "http" ? httpRequest : httpsRequest;
    const send = async (method: string, path: string, body?: string) => {
      const headers =
        body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      const outgoing: ClientRequest = request(`${url}${path}`, { agent, method, headers, ...nodeOptions });
      outgoing.end(body);
      const [response] = await once(outgoing, "response");
      let text = "";
      for await (const piece of response.setEncoding("utf8")) text += piece;
      return `${response.statusCode} ${text}`;
    };
    for (let nth = 0; nth < calls; nth++) {
      expect(await send("POST", "/predict", JSON.stringify({ symbol: `€${nth}` }))).toContain(`"symbol":"€${nth}"`);
    }
    expect(await send("POST", "/predict", JSON.stringify({ symbol: large }))).toContain(large);
    expect(server.handler.reads).toHaveLength(calls + 1);
    expect(await send("GET", "/nowhere")).toContain("404 ");
    // From here on the connection is node:http's.
    expect(await send("POST", "/predict", JSON.stringify({ symbol: "AFTER" }))).toContain('"symbol":"AFTER"');
    expect(server.handler.reads).toHaveLength(calls + 1);
    expect(server.listener.stats().connections).toBe(1);
    agent.destroy();
    await until(() => server.listener.stats().connections === 0);
  });

  it("a Connect client that has its message in one piece is answered over many connections at once", async () => {
    const agent = scheme === "http" ? new HttpAgent({ keepAlive: true }) : new HttpsAgent({ keepAlive: true });
    const request = scheme === "http" ? httpRequest : httpsRequest;
    const { input, output } = InferenceService.method.predict;
    const call = async (symbol: string) => {
      const headers = { "content-type": "application/proto", "connect-protocol-version": "1" };
      const outgoing = request(`${url}${predictPath}`, { agent, method: "POST", headers, ...nodeOptions });
      outgoing.end(toBinary(input, create(input, { symbol })));
      const [response] = await once(outgoing, "response");
      const pieces: Buffer[] = [];
      for await (const piece of response) pieces.push(piece);
      return fromBinary(output, Buffer.concat(pieces)).symbol;
    };
    const symbols = Array.from({ length: calls }, (_, nth) => (nth % 3 === 0 ? `${large}${nth}` : `t${nth}`));
    for (let time = 0; time < 2; time++) expect(await Promise.all(symbols.map(call))).toEqual(symbols);
    expect(server.handler.reads).toHaveLength(2 * calls);
    agent.destroy();
    await until(() => server.listener.stats().connections === 0);
  });

  it("curl posts what it is given", async () => {
    const options = ["--silent", "--show-error", "--insecure", "--http1.1", "--max-time", "20"];
    const one = [...options, "--json", '{"symbol":"CURL"}', `${url}/predict`];
    const { stdout } = await promisify(execFile)("curl", [...one, "--next", ...one]);
    expect(stdout.match(/"symbol":"CURL"/g)).toHaveLength(2);
  });
});

describe("fetch", () => {
  it("posts bytes, blobs and streams; what has no length is not the lane's", async () => {
    await using server = await startLaneServer();
    const headers = { "content-type": "application/proto" };
    const bytes = Uint8Array.of(10, 1, 88);
    const post = async (body: Uint8Array<ArrayBuffer> | Blob | ReadableStream) => {
      const stream = body instanceof ReadableStream ? { duplex: "half" as const } : {};
      const response = await fetch(`${server.url}${predictPath}`, { method: "POST", headers, body, ...stream });
      return Buffer.from(await response.arrayBuffer()).toString("latin1");
    };
    const answer = "\x12\x01X";
    expect([await post(bytes), await post(new Blob([bytes])), await post(bytes)]).toEqual([answer, answer, answer]);
    expect(server.handler.reads).toEqual([3, 3, 3]);
    expect(await post(new Blob([bytes]).stream())).toBe(answer);
    expect(server.handler.reads).toHaveLength(3);
  });
});
