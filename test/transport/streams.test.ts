import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect as connectSocket, createServer, type Socket } from "node:net";
import { toBinary } from "@bufbuild/protobuf";
import { type Client, status as grpcStatus, Metadata } from "@grpc/grpc-js";
import { describe, expect, it } from "vitest";
import {
  BatchPredictRequestSchema,
  type BatchPredictResponse,
  InferenceService,
} from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ModelRegistryService } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import type { CallContext } from "../../src/domain/call-context.ts";
import type { ServiceHandlers } from "../../src/handlers/service-handlers.ts";
import { gate, grpcClient, grpcStatusOf, startStub, toGrpcMethod, until } from "./stub-service.ts";

type Inference = ServiceHandlers<typeof InferenceService>;

const batchPredict = toGrpcMethod(InferenceService.method.batchPredict);

function openBatch(client: Client, metadata = new Metadata(), deadline?: number) {
  return client.makeBidiStreamRequest(
    batchPredict.path,
    batchPredict.requestSerialize,
    batchPredict.responseDeserialize,
    metadata,
    deadline === undefined ? {} : { deadline: Date.now() + deadline },
  );
}

/** A stream handler that echoes and counts what it takes and whether it was released. */
function countingEcho() {
  const counts = { taken: 0, released: 0, aborted: 0 };
  const handler: Inference["batchPredict"] = async function* (requests, call) {
    call.signal.addEventListener("abort", () => counts.aborted++);
    try {
      for await (const { requestId } of requests) {
        counts.taken++;
        yield { requestId };
      }
    } finally {
      counts.released++;
    }
  };
  return { counts, handler };
}

describe("a stream whose client goes away", () => {
  it("is released while it waits for a request", async () => {
    const { counts, handler } = countingEcho();
    await using server = await startStub({ inference: { batchPredict: handler } });
    const session = connectHttp2(server.url);
    const stream = session.request({
      ":path": batchPredict.path,
      ":method": "POST",
      "content-type": "application/grpc",
    });
    stream.on("error", () => {});
    stream.write(envelope("a"));
    await new Promise((resolve) => stream.once("data", resolve));
    stream.destroy();
    await until(() => counts.released === 1);
    expect(server.reports.map((report) => report.code)).toEqual(["canceled"]);
    expect(counts.aborted).toBe(1);
    await until(() => server.chain.inFlight() === 0);
    session.destroy();
  });

  it("is released while its handler waits for something else, once that has heard the signal", async () => {
    const started = gate();
    let released = 0;
    const inference = {
      async *batchPredict(_requests: unknown, call: CallContext) {
        try {
          started.open();
          await new Promise((_, reject) => call.signal.addEventListener("abort", () => reject(call.signal.reason)));
          yield {};
        } finally {
          released++;
        }
      },
    };
    await using server = await startStub({ inference });
    using client = grpcClient(server.port);
    const stream = openBatch(client).on("error", () => {});
    stream.write({});
    await started.opened;
    stream.cancel();
    await until(() => released === 1 && server.chain.inFlight() === 0);
    expect(server.reports.map((report) => report.code)).toEqual(["canceled"]);
  });

  it("is released while the client does not read", async () => {
    let released = 0;
    const inference: Pick<Inference, "batchPredict"> = {
      async *batchPredict() {
        try {
          for (;;) yield { requestId: "x".repeat(100_000) };
        } finally {
          released++;
        }
      },
    };
    await using server = await startStub({ inference });
    const session = connectHttp2(server.url);
    const stream = session.request({
      ":path": batchPredict.path,
      ":method": "POST",
      "content-type": "application/grpc",
    });
    stream.on("error", () => {});
    await new Promise((resolve) => stream.once("response", resolve));
    stream.close(8);
    await until(() => released === 1 && server.chain.inFlight() === 0);
    session.destroy();
    expect(server.reports.map((report) => report.code)).toEqual(["canceled"]);
  });

  it("is released when the whole connection is gone", async () => {
    const { counts, handler } = countingEcho();
    await using server = await startStub({ inference: { batchPredict: handler } });
    const session = connectHttp2(server.url);
    session.on("error", () => {});
    const stream = session.request({
      ":path": batchPredict.path,
      ":method": "POST",
      "content-type": "application/grpc",
    });
    stream.on("error", () => {});
    stream.write(envelope("a"));
    await until(() => counts.taken === 1);
    session.destroy();
    await until(() => counts.released === 1 && server.chain.inFlight() === 0);
  });

  it("is released when the connection goes silent", async () => {
    const { counts, handler } = countingEcho();
    await using server = await startStub({
      inference: { batchPredict: handler },
      listener: { limits: { pingIntervalMs: 20 } },
    });
    const relay = await startRelay(server.port);
    const session = connectHttp2(`http://127.0.0.1:${relay.port}`);
    session.on("error", () => {});
    const stream = session.request({
      ":path": batchPredict.path,
      ":method": "POST",
      "content-type": "application/grpc",
    });
    stream.on("error", () => {});
    stream.write(envelope("a"));
    await until(() => counts.taken === 1);
    relay.cut();
    await until(() => counts.released === 1 && server.listener.stats().http2Sessions === 0);
    session.destroy();
    relay.close();
  });
});

describe("a client that does not read", () => {
  it("is not read from either", async () => {
    const { counts, handler } = countingEcho();
    await using server = await startStub({ inference: { batchPredict: handler } });
    const session = connectHttp2(server.url);
    const stream = session.request({
      ":path": batchPredict.path,
      ":method": "POST",
      "content-type": "application/grpc",
    });
    stream.on("error", () => {});
    const message = envelope("x".repeat(10_000));
    const total = 2_000;
    let sent = 0;
    const send = () => {
      while (sent < total) {
        sent++;
        if (!stream.write(message)) {
          stream.once("drain", send);
          return;
        }
      }
    };
    send();
    await until(() => counts.taken > 0);
    // The answers fill the client's window and then the server's buffer; from there on nothing moves.
    for (let quiet = 0, before = -1; quiet < 50; quiet = before === counts.taken ? quiet + 1 : 0) {
      before = counts.taken;
      await new Promise((resolve) => session.ping(resolve));
    }
    expect(counts.taken).toBeLessThan(total / 10);
    const moved = counts.taken;
    stream.resume();
    await until(() => counts.taken > moved + 100);
    stream.close(8);
    await until(() => counts.released === 1);
    session.destroy();
  });
});

describe("a stream", () => {
  it("ends with DEADLINE_EXCEEDED when its deadline passes, and is released", async () => {
    const { counts, handler } = countingEcho();
    await using server = await startStub({ inference: { batchPredict: handler } });
    const session = connectHttp2(server.url);
    const stream = session.request({
      ":path": batchPredict.path,
      ":method": "POST",
      "content-type": "application/grpc",
      "grpc-timeout": "30m",
    });
    const code = await grpcStatusOf(stream);
    expect(code).toBe(String(grpcStatus.DEADLINE_EXCEEDED));
    await until(() => counts.released === 1 && server.chain.inFlight() === 0);
    expect(server.reports.map((report) => report.code)).toEqual(["deadline_exceeded"]);
    session.destroy();
  });

  it("takes a client's messages and answers once when the client is done", async () => {
    const uploadModel = toGrpcMethod(ModelRegistryService.method.uploadModel);
    let taken = 0;
    const registry: Pick<ServiceHandlers<typeof ModelRegistryService>, "uploadModel"> = {
      async uploadModel(requests) {
        for await (const _ of requests) taken++;
        return {};
      },
    };
    await using server = await startStub({ registry });
    using client = grpcClient(server.port);
    const answered = new Promise((resolve, reject) => {
      const stream = client.makeClientStreamRequest(
        uploadModel.path,
        uploadModel.requestSerialize,
        uploadModel.responseDeserialize,
        (error, value) => (error === null ? resolve(value) : reject(error)),
      );
      for (let i = 0; i < 5; i++) stream.write({});
      stream.end();
    });
    await expect(answered).resolves.toBeDefined();
    expect(taken).toBe(5);
    expect(server.reports.map((report) => report.code)).toEqual(["ok"]);
  });

  it("may be ended by its handler while the client still sends", async () => {
    const inference: Pick<Inference, "batchPredict"> = {
      async *batchPredict(requests) {
        for await (const { requestId } of requests) {
          yield { requestId };
          return;
        }
      },
    };
    await using server = await startStub({ inference });
    using client = grpcClient(server.port);
    const stream = openBatch(client);
    const answers: BatchPredictResponse[] = [];
    stream.on("data", (answer: BatchPredictResponse) => answers.push(answer));
    stream.write({ requestId: "a" });
    const { code } = await new Promise<{ code: number }>((resolve) => stream.once("status", resolve));
    expect([code, answers.map((answer) => answer.requestId)]).toEqual([grpcStatus.OK, ["a"]]);
    await until(() => server.chain.inFlight() === 0);
  });
});

/** One gRPC message on the wire. */
function envelope(requestId: string): Buffer {
  const bytes = toBinary(BatchPredictRequestSchema, {
    $typeName: BatchPredictRequestSchema.typeName,
    requestId,
    item: { case: undefined },
  });
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** A wire that can be cut without either end being told. */
async function startRelay(port: number) {
  const sockets: Socket[] = [];
  const relay = createServer((near) => {
    const far = connectSocket({ port, host: "127.0.0.1" });
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) sockets.push(socket.on("error", () => socket.destroy()));
  });
  await once(relay.listen(0, "127.0.0.1"), "listening");
  const address = relay.address();
  if (address === null || typeof address === "string") throw new Error("the relay has no port");
  return {
    port: address.port,
    cut() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close() {
      relay.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
