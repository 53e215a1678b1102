import { connect as connectHttp2 } from "node:http2";
import { status as grpcStatus, type ServiceError } from "@grpc/grpc-js";
import { describe, expect, it } from "vitest";
import { InferenceService, type PredictResponse } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { gate, grpcClient, openSocket, type StubServer, startStub, toGrpcMethod, until } from "./stub-service.ts";

const predict = toGrpcMethod(InferenceService.method.predict);
const batchPredict = toGrpcMethod(InferenceService.method.batchPredict);

function callPredict(client: ReturnType<typeof grpcClient>): Promise<PredictResponse | ServiceError | undefined> {
  return new Promise((resolve) => {
    client.makeUnaryRequest(predict.path, predict.requestSerialize, predict.responseDeserialize, {}, (error, value) =>
      resolve(error ?? value),
    );
  });
}

/** A server whose Predict answers when the gate opens. */
async function startGated(): Promise<{ server: StubServer; started: () => number; open: () => void }> {
  const answer = gate();
  let started = 0;
  const inference = {
    async predict() {
      started++;
      await answer.opened;
      return { symbol: "EURUSD" };
    },
    async *batchPredict(requests: AsyncIterable<unknown>) {
      for await (const _ of requests) yield {};
    },
  };
  return { server: await startStub({ inference }), started: () => started, open: () => answer.open() };
}

const longMs = 60_000;

describe("drain", () => {
  it("ends at once when nothing is open, and may be asked for twice", async () => {
    const server = await startStub();
    await Promise.all([server.listener.drain(longMs), server.listener.drain(longMs)]);
    expect(server.listener.stats()).toEqual({ connections: 0, http2Sessions: 0, requests: 0 });
  });

  it("lets a gRPC call in flight finish and accepts no connection meanwhile", async () => {
    const { server, started, open } = await startGated();
    using client = grpcClient(server.port);
    const answer = callPredict(client);
    await until(() => started() === 1);
    const drained = server.listener.drain(longMs);
    using other = grpcClient(server.port);
    expect(await callPredict(other)).toMatchObject({ code: grpcStatus.UNAVAILABLE });
    open();
    expect(await answer).toMatchObject({ symbol: "EURUSD" });
    await drained;
    expect(server.listener.stats().connections).toBe(0);
  });

  it("lets an HTTP/1.1 call in flight finish and closes its connection", async () => {
    const { server, started, open } = await startGated();
    const { socket, closed } = openSocket(server.port);
    const head =
      "POST /arbitrex.ml.v1.InferenceService/Predict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    socket.write(`${head}Content-Length: 2\r\n\r\n{}`);
    await until(() => started() === 1);
    const drained = server.listener.drain(longMs);
    open();
    expect((await closed).toLowerCase()).toMatch(/^http\/1\.1 200 [\s\S]*connection: close[\s\S]*eurusd/);
    await drained;
  });

  it("closes idle connections of both kinds", async () => {
    const server = await startStub();
    const http1 = openSocket(server.port);
    http1.socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await until(() => http1.received().includes("rest"));
    const silent = openSocket(server.port);
    const session = connectHttp2(server.url);
    const goaway = new Promise((resolve) => session.once("goaway", resolve));
    await until(() => server.listener.stats().connections === 3 && server.listener.stats().http2Sessions === 1);
    await server.listener.drain(longMs);
    await Promise.all([http1.closed, silent.closed, goaway]);
  });

  it("ends open streams with UNAVAILABLE after what they were doing", async () => {
    const { server } = await startGated();
    using client = grpcClient(server.port);
    const stream = client.makeBidiStreamRequest(
      batchPredict.path,
      batchPredict.requestSerialize,
      batchPredict.responseDeserialize,
    );
    const failed = new Promise<ServiceError>((resolve) => stream.once("error", resolve));
    stream.write({});
    await new Promise((resolve) => stream.once("data", resolve));
    await server.listener.drain(longMs);
    expect((await failed).code).toBe(grpcStatus.UNAVAILABLE);
    expect((await failed).details).toBe("the service is shutting down");
    expect(server.reports.map((report) => report.code)).toEqual(["unavailable"]);
  });

  it("cuts what is still open when its time is over", async () => {
    const { server, started } = await startGated();
    using client = grpcClient(server.port);
    const answer = callPredict(client);
    await until(() => started() === 1);
    await server.listener.drain(1);
    expect(await answer).toBeInstanceOf(Error);
    expect(server.reports.map((report) => report.code)).toEqual(["canceled"]);
  });
});
