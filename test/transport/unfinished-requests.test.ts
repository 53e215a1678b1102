import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { create, toBinary } from "@bufbuild/protobuf";
import { expect, it } from "vitest";
import { PredictRequestSchema, PredictResponseSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { grpcStatusOf, startStub } from "./stub-service.ts";

const message = toBinary(PredictRequestSchema, create(PredictRequestSchema, { symbol: "E".repeat(60_000) }));
const body = Buffer.concat([Buffer.of(0, 0, 0, message.length >> 8, message.length & 255), message]);

/** A Predict of which all but the last byte is sent. */
function begin(session: ClientHttp2Session): { readonly status: Promise<string>; readonly stream: ClientHttp2Stream } {
  const stream = session.request({
    ":method": "POST",
    ":path": "/arbitrex.ml.v1.InferenceService/Predict",
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
