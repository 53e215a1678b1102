import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { create, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { PredictRequestSchema, PredictResponseSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { grpcStatusOf, startStub } from "./stub-service.ts";

const message = toBinary(PredictRequestSchema, create(PredictRequestSchema, { symbol: "E".repeat(60_000) }));
const body = Buffer.concat([Buffer.of(0, 0, 0, message.length >> 8, message.length & 255), message]);

/** A call of which all but the last byte of one message is sent. */
function begin(
  session: ClientHttp2Session,
  method = "Predict",
): { readonly status: Promise<string>; readonly stream: ClientHttp2Stream } {
  const stream = session.request({
    ":method": "POST",
    ":path": `/arbitrex.ml.v1.InferenceService/${method}`,
    "content-type": "application/grpc",
    te: "trailers",
  });
  const status = grpcStatusOf(stream);
  stream.write(body.subarray(0, -1));
  return { status, stream };
}

/** Resolves when the server has read what was sent before: a ping stands behind it. */
function settle(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve, reject) => {
    setImmediate(() => session.ping((error) => (error === null ? resolve() : reject(error))));
  });
}

it("refuses a request that would make half-received ones hold more than they may, and serves again when they are done", async () => {
  await using server = await startStub({
    inference: { predict: () => create(PredictResponseSchema) },
    listener: { limits: { unfinishedBytesMax: 2 * body.length } },
  });
  const session = connect(server.url);
  await once(session, "connect");
  const first = begin(session);
  const second = begin(session);
  await settle(session);
  const third = begin(session);
  // RESOURCE_EXHAUSTED
  expect(await third.status).toBe("8");
  first.stream.end(body.subarray(-1));
  expect(await first.status).toBe("0");
  second.stream.close(8);
  await settle(session);
  const fourth = begin(session);
  fourth.stream.end(body.subarray(-1));
  expect(await fourth.status).toBe("0");
  const fifth = begin(session);
  fifth.stream.end(body.subarray(-1));
  expect(await fifth.status).toBe("0");
  session.destroy();
});

describe("a stream's half-received message", () => {
  const sessionOf = async (bytesMax: number) => {
    const open = () => ({ answer: () => "answer", write: () => Buffer.alloc(5), close: () => {} });
    const server = await startStub({
      direct: { streams: { batchPredict: { pendingMax: 10, open } } },
      listener: { limits: { unfinishedBytesMax: bytesMax } },
    });
    const session = connect(server.url);
    await once(session, "connect");
    return { server, session };
  };

  it("counts with all others, and no more once it is complete, given up or refused", async () => {
    const { server, session } = await sessionOf(2 * body.length);
    await using _ = server;
    const first = begin(session, "BatchPredict");
    const second = begin(session, "BatchPredict");
    await settle(session);
    expect(await begin(session, "BatchPredict").status).toBe("8");
    expect(server.reports.map(({ code }) => code)).toEqual(["resource_exhausted"]);
    first.stream.write(body.subarray(-1));
    second.stream.close(8);
    await settle(session);
    const [third, fourth] = [begin(session, "BatchPredict"), begin(session, "BatchPredict")];
    await settle(session);
    for (const { stream } of [first, third, fourth])
      stream.end(stream === first.stream ? undefined : body.subarray(-1));
    expect(await Promise.all([first.status, third.status, fourth.status])).toEqual(["0", "0", "0"]);
    session.destroy();
  });

  it("is refused after the messages before it have been answered", async () => {
    const { server, session } = await sessionOf(body.length - 2);
    await using _ = server;
    const { stream, status } = begin(session, "BatchPredict");
    let answered = 0;
    stream.on("data", (piece: Buffer) => {
      answered += piece.length;
    });
    expect([await status, answered]).toEqual(["8", 0]);
    const whole = session.request({
      ":method": "POST",
      ":path": "/arbitrex.ml.v1.InferenceService/BatchPredict",
      "content-type": "application/grpc",
      te: "trailers",
    });
    const ended = grpcStatusOf(whole);
    whole.on("data", (piece: Buffer) => {
      answered += piece.length;
    });
    whole.write(Buffer.concat([Buffer.of(0, 0, 0, 0, 0), body.subarray(0, -1)]));
    expect([await ended, answered]).toEqual(["8", 5]);
    session.destroy();
  });
});
