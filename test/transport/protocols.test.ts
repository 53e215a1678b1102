import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InferenceService } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ModelRegistryService } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "../../gen/ts/google/rpc/error_details_pb.ts";
import type { CallContext } from "../../src/domain/call-context.ts";
import { InvalidInputError } from "../../src/domain/errors.ts";
import type { ServiceHandlers } from "../../src/handlers/service-handlers.ts";
import { Call } from "../../src/transport/chain/call.ts";
import { type StubServer, startStub } from "./stub-service.ts";

const inference: ServiceHandlers<typeof InferenceService> = {
  predict(request, call) {
    if (request.symbol === "HEADERS") echoHeaders(call);
    if (request.symbol === "") throw new InvalidInputError([{ field: "symbol", description: "must be set" }]);
    if (request.symbol === "BUG") throw new TypeError("secret of the house");
    return { symbol: request.symbol, requestId: call.requestId, mlVersion: call.protocol };
  },
  async predictSymbols() {
    return {};
  },
  async *batchPredict(requests) {
    for await (const { requestId } of requests) {
      if (requestId === "bad") throw new InvalidInputError([{ field: "request_id", description: "is bad" }]);
      yield { requestId };
    }
  },
};

/** Sends the header it was asked with back, as a header and as a trailer. */
function echoHeaders(call: CallContext): void {
  const metadata = call instanceof Call ? call.metadata : undefined;
  const asked = metadata?.requestHeaders.get("x-asked") ?? "nothing";
  metadata?.responseHeaders.set("x-answered", asked);
  metadata?.responseTrailers.set("x-trailed", asked);
}

const transports: [name: string, protocol: string, open: (baseUrl: string) => Transport][] = [
  ["gRPC", "grpc", (baseUrl) => createGrpcTransport({ baseUrl })],
  ["gRPC-Web over HTTP/1.1", "grpc-web", (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" })],
  ["gRPC-Web over HTTP/2", "grpc-web", (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "2" })],
  ["Connect over HTTP/1.1", "connect", (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "1.1" })],
  ["Connect over HTTP/2", "connect", (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "2" })],
  [
    "Connect in binary",
    "connect",
    (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "2", useBinaryFormat: true }),
  ],
];

let server: StubServer;
beforeAll(async () => {
  server = await startStub({ inference, listener: { limits: { readMaxBytes: 10_000 } } });
});
afterAll(() => server[Symbol.asyncDispose]());

/** Runs the call and returns its error with the reports it caused. */
async function failureOf(call: () => Promise<unknown>) {
  server.reports.length = 0;
  const error = await call().then(
    () => undefined,
    (reason: unknown) => ConnectError.from(reason),
  );
  if (error === undefined) throw new Error("the call went well");
  return { error, codes: server.reports.map((report) => report.code) };
}

describe.each(transports)("%s", (_name, protocol, open) => {
  const client = () => createClient(InferenceService, open(server.url));

  it("answers a unary call and reports it once", async () => {
    server.reports.length = 0;
    const response = await client().predict({ symbol: "EURUSD" });
    expect(response).toMatchObject({ symbol: "EURUSD", mlVersion: protocol });
    expect(server.reports).toMatchObject([
      { protocol, method: "arbitrex.ml.v1.InferenceService/Predict", code: "ok", requestId: response.requestId },
    ]);
  });

  it("takes the caller's request id and returns it", async () => {
    let returned: string | null = null;
    const headers = { "x-request-id": "order 66" };
    const { requestId } = await client().predict(
      { symbol: "EURUSD" },
      {
        headers,
        onHeader(header) {
          returned = header.get("x-request-id");
        },
      },
    );
    expect([requestId, returned]).toEqual(["order 66", "order 66"]);
  });

  it("returns the request id with an error too", async () => {
    const { error } = await failureOf(() => client().predict({}, { headers: { "x-request-id": "r-1" } }));
    expect(error.metadata.get("x-request-id")).toBe("r-1");
  });

  it("lets a handler read headers and set headers and trailers", async () => {
    const answered: (string | null)[] = [];
    await client().predict(
      { symbol: "HEADERS" },
      {
        headers: { "x-asked": "yes" },
        onHeader: (header) => void answered.push(header.get("x-answered")),
        onTrailer: (trailer) => void answered.push(trailer.get("x-trailed")),
      },
    );
    expect(answered).toEqual(["yes", "yes"]);
  });

  it("delivers the details of a handler's error", async () => {
    const { error, codes } = await failureOf(() => client().predict({}));
    expect(error.code).toBe(Code.InvalidArgument);
    expect(error.findDetails(BadRequestSchema)).toMatchObject([
      { fieldViolations: [{ field: "symbol", description: "must be set" }] },
    ]);
    expect(error.findDetails(ErrorInfoSchema)).toMatchObject([{ reason: "INVALID_INPUT", domain: "ml.arbitrex" }]);
    expect(codes).toEqual(["invalid_argument"]);
  });

  it("shows nothing of an unforeseen error but reports its cause", async () => {
    const { error, codes } = await failureOf(() => client().predict({ symbol: "BUG" }));
    expect(error.rawMessage).toBe("internal error");
    expect(JSON.stringify(error.details)).not.toContain("secret");
    expect(codes).toEqual(["internal"]);
    expect(server.reports[0]?.error).toBeInstanceOf(TypeError);
  });

  it("refuses a message over the limit, with details, and reports it once", async () => {
    const { error, codes } = await failureOf(() => client().predict({ symbol: "x".repeat(10_001) }));
    expect(error.code).toBe(Code.ResourceExhausted);
    expect(error.findDetails(ErrorInfoSchema)).toMatchObject([{ reason: "MESSAGE_TOO_LARGE" }]);
    expect(error.findDetails(RetryInfoSchema)).toHaveLength(1);
    expect(codes).toEqual(["resource_exhausted"]);
  });

  it("takes a message just under the limit", async () => {
    await expect(client().predict({ symbol: "x".repeat(9_900) })).resolves.toMatchObject({
      requestId: expect.stringMatching(/made/),
    });
  });

  it("answers UNIMPLEMENTED for a method without a handler", async () => {
    const registry = createClient(ModelRegistryService, open(server.url));
    const { error, codes } = await failureOf(() => registry.listModels({}));
    expect(error.code).toBe(Code.Unimplemented);
    expect(error.findDetails(ErrorInfoSchema)).toMatchObject([{ reason: "NOT_IMPLEMENTED" }]);
    expect(codes).toEqual(["unimplemented"]);
  });

  it("answers UNIMPLEMENTED for a method that does not exist", async () => {
    const { predict } = InferenceService.method;
    const missing = { ...predict, name: "PredictNothing" };
    const { error, codes } = await failureOf(() =>
      open(server.url).unary(missing, undefined, undefined, undefined, {}),
    );
    expect(error.code).toBe(Code.Unimplemented);
    expect(error.findDetails(ErrorInfoSchema)).toMatchObject([{ reason: "NOT_IMPLEMENTED" }]);
    expect(codes).toEqual(["unimplemented"]);
    expect(server.reports[0]?.method).toBe("unknown");
  });
});

describe.each(transports.filter(([name]) => !name.includes("1.1")))("%s, streaming", (_name, protocol, open) => {
  const client = () => createClient(InferenceService, open(server.url));

  it("answers every message and reports the stream once", async () => {
    server.reports.length = 0;
    const answers: string[] = [];
    for await (const { requestId } of client().batchPredict(items("a", "b", "c"))) answers.push(requestId);
    expect(answers).toEqual(["a", "b", "c"]);
    expect(server.reports).toMatchObject([{ protocol, code: "ok" }]);
  });

  it("delivers what was answered before an error, then its details", async () => {
    const answers: string[] = [];
    const { error, codes } = await failureOf(async () => {
      for await (const { requestId } of client().batchPredict(items("a", "bad", "c"))) answers.push(requestId);
    });
    expect(answers).toEqual(["a"]);
    expect(error.findDetails(BadRequestSchema)).toHaveLength(1);
    expect(codes).toEqual(["invalid_argument"]);
  });

  it("refuses a message over the limit in the middle of a stream", async () => {
    const { error, codes } = await failureOf(async () => {
      for await (const _ of client().batchPredict(items("a", "x".repeat(10_001))));
    });
    expect(error.code).toBe(Code.ResourceExhausted);
    expect(error.findDetails(ErrorInfoSchema)).toMatchObject([{ reason: "MESSAGE_TOO_LARGE" }]);
    expect(codes).toEqual(["resource_exhausted"]);
  });
});

async function* items(...requestIds: string[]) {
  for (const requestId of requestIds) yield { requestId };
}

describe("JSON over Connect", () => {
  const post = (method: string, body: string, contentType = "application/json") =>
    fetch(`${server.url}/arbitrex.ml.v1.${method}`, { method: "POST", headers: { "content-type": contentType }, body });

  it("ignores unknown keys of the inference service and of no other", async () => {
    const predict = await post("InferenceService/Predict", '{"symbol":"EURUSD","newer":1}');
    expect(predict.status).toBe(200);
    const listModels = await post("ModelRegistryService/ListModels", '{"newer":1}');
    expect(listModels.status).toBe(400);
    expect(await listModels.json()).toMatchObject({ code: "invalid_argument" });
  });

  it.each([
    ["malformed JSON", "InferenceService/Predict", '{"symbol":', "application/json", 400, "invalid_argument"],
    ["malformed protobuf", "InferenceService/Predict", "\x0a\xff", "application/proto", 400, "invalid_argument"],
  ])("reports %s once, with details", async (_what, method, body, contentType, status, code) => {
    server.reports.length = 0;
    const response = await post(method, body, contentType);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      code,
      details: expect.arrayContaining([expect.objectContaining({ type: "google.rpc.ErrorInfo" })]),
    });
    expect(response.headers.get("x-request-id")).toMatch(/made/);
    expect(server.reports.map((report) => report.code)).toEqual([code]);
  });

  it("says in plain text what the bare status of a content type nobody speaks means, and reports it once", async () => {
    server.reports.length = 0;
    const response = await post("InferenceService/Predict", "x", "text/csv");
    expect([response.status, response.headers.get("content-type")]).toEqual([415, "text/plain; charset=utf-8"]);
    expect(await response.text()).toBe("content-type: not one this method is served in\n");
    expect(response.headers.get("x-request-id")).toMatch(/made/);
    expect(server.reports.map((report) => report.code)).toEqual(["invalid_argument"]);
  });

  it("reports a GET of a method that has side effects once", async () => {
    server.reports.length = 0;
    const response = await fetch(`${server.url}/arbitrex.ml.v1.InferenceService/Predict`);
    expect(response.status).toBe(405);
    expect(server.reports.map((report) => report.code)).toEqual(["unimplemented"]);
  });

  it("leaves every other path to REST", async () => {
    const response = await fetch(`${server.url}/predict`);
    expect([response.status, await response.text()]).toEqual([404, "rest"]);
  });

  it("refuses a malformed timeout and honours none of it", async () => {
    server.reports.length = 0;
    const response = await fetch(`${server.url}/arbitrex.ml.v1.InferenceService/Predict`, {
      method: "POST",
      headers: { "content-type": "application/json", "connect-timeout-ms": "soon" },
      body: '{"symbol":"EURUSD"}',
    });
    expect(response.status).toBe(400);
    expect(server.reports.map((report) => report.code)).toEqual(["invalid_argument"]);
  });
});
