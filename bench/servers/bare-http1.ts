/**
 * The least an HTTP/1.1 server on Node can do: read the body, parse it, answer bytes made beforehand.
 * `node bare-http1.ts json|protobuf <answer file>`
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fromBinary } from "@bufbuild/protobuf";
import { PredictRequestSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { announce } from "./announcement.ts";

const [, , format = "", answerFile = ""] = process.argv;
const answer = readFileSync(answerFile);
const contentType = format === "json" ? "application/json" : "application/proto";
const parse: (body: Buffer) => unknown =
  format === "json" ? (body) => JSON.parse(body.toString("utf8")) : (body) => fromBinary(PredictRequestSchema, body);

const server = createServer({ noDelay: true }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    parse(Buffer.concat(chunks));
    response.setHeader("content-type", contentType);
    response.setHeader("content-length", answer.length);
    response.end(answer);
  });
});
server.listen(0, "127.0.0.1", () => announce(server));
