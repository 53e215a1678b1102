/**
 * The least a gRPC server on Node can do: read the request, decode it, answer bytes made beforehand.
 * `node bare-http2.ts <predict answer file> <stream item answer file> [log file]`. With a log file it makes a line durable before each unary answer.
 */
import { fdatasync, openSync, readFileSync, writeSync } from "node:fs";
import { createServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { fromBinary } from "@bufbuild/protobuf";
import { BatchPredictRequestSchema, PredictRequestSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { toGrpcFrame } from "../request-fixture.ts";
import { announce } from "./announcement.ts";

const [, , predictFile = "", streamFile = "", logFile = ""] = process.argv;
/** As long as the service's record of the same decision. */
const line = Buffer.alloc(1900, "x");
const log = logFile === "" ? undefined : openSync(logFile, "a");
const predictAnswer = toGrpcFrame(readFileSync(predictFile));
const itemAnswer = toGrpcFrame(readFileSync(streamFile));

// The windows are those of the service, so that flow control is not what is compared.
const server = createServer({ settings: { initialWindowSize: 262_144, maxConcurrentStreams: 256, enablePush: false } });
server.on("session", (session) => session.setLocalWindowSize(1_048_576));
server.on("connection", (socket) => socket.setNoDelay(true));
// A generator that ends in the middle of a call resets it; without a listener that would end this process.
server.on("stream", (stream) => stream.on("error", () => {}));
server.on("request", (request, response) => {
  response.setHeader("content-type", "application/grpc");
  if (request.url.endsWith("/BatchPredict")) answerStream(request, response);
  else answerUnary(request, response);
});
server.listen(0, "127.0.0.1", () => announce(server));

function answerUnary(request: Http2ServerRequest, response: Http2ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks);
    // The generator ends in the middle of a call, and Node calls the part of a request that has come its end.
    if (body.length < 5 || body.length < 5 + body.readUInt32BE(1)) return;
    fromBinary(PredictRequestSchema, body.subarray(5));
    const answer = (): void => {
      response.addTrailers({ "grpc-status": "0" });
      response.end(predictAnswer);
    };
    if (log === undefined) answer();
    else keepLine(log, answer);
  });
}

function keepLine(file: number, done: () => void): void {
  writeSync(file, line);
  fdatasync(file, (error) => {
    if (error !== null) throw error;
    done();
  });
}

function answerStream(request: Http2ServerRequest, response: Http2ServerResponse): void {
  let rest: Buffer = Buffer.alloc(0);
  request.on("data", (chunk: Buffer) => {
    let data: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const answers: Buffer[] = [];
    while (data.length >= 5 && data.length >= 5 + data.readUInt32BE(1)) {
      const end = 5 + data.readUInt32BE(1);
      fromBinary(BatchPredictRequestSchema, data.subarray(5, end));
      data = data.subarray(end);
      answers.push(itemAnswer);
    }
    rest = data;
    if (answers.length > 0 && !response.write(Buffer.concat(answers))) {
      request.pause();
      response.once("drain", () => request.resume());
    }
  });
  request.on("end", () => {
    response.addTrailers({ "grpc-status": "0" });
    response.end();
  });
}
