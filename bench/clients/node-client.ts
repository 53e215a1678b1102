/**
 * A caller on Node that keeps one Predict going on each connection: `node node-client.ts KIND URL BODY_FILE CONNECTIONS SECONDS`, where KIND is
 * grpc-js or connect-node. Prints JSON. Every call writes the message and reads the answer, as a caller would.
 */
import { readFileSync } from "node:fs";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { Client, credentials } from "@grpc/grpc-js";
import {
  InferenceService,
  type PredictRequest,
  PredictRequestSchema,
  type PredictResponse,
  PredictResponseSchema,
} from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { quantile } from "../measurement.ts";
import { predictPath } from "../protocol-paths.ts";

type Predict = (request: PredictRequest) => Promise<PredictResponse>;

const [, , kind = "", url = "", bodyFile = "", connections = "1", seconds = "1"] = process.argv;
const request = fromBinary(PredictRequestSchema, readFileSync(bodyFile));
const clients = Array.from({ length: Number(connections) }, kind === "grpc-js" ? openGrpcJs : openConnect);
for (const predict of clients) await predict(request);
const micros: number[] = [];
const beganMs = performance.now();
const endMs = beganMs + Number(seconds) * 1000;
await Promise.all(clients.map(keepCalling));
const elapsedSeconds = (performance.now() - beganMs) / 1000;
const sorted = Float64Array.from(micros).sort();
process.stdout.write(
  JSON.stringify({
    answers: micros.length,
    seconds: elapsedSeconds,
    p50Micros: quantile(sorted, 0.5),
    p99Micros: quantile(sorted, 0.99),
  }),
);
process.exit(0);

async function keepCalling(predict: Predict): Promise<void> {
  let startedMs = performance.now();
  while (startedMs < endMs) {
    const { prediction } = await predict(request);
    if (prediction === undefined) throw new Error("an answer without a prediction");
    const answeredMs = performance.now();
    micros.push((answeredMs - startedMs) * 1000);
    startedMs = answeredMs;
  }
}

function openGrpcJs(): Predict {
  // Clients of one address share a connection otherwise.
  const options = { "grpc.use_local_subchannel_pool": 1 };
  const client = new Client(new URL(url).host, credentials.createInsecure(), options);
  return (message) =>
    new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        predictPath,
        (value: PredictRequest) => Buffer.from(toBinary(PredictRequestSchema, value)),
        (bytes) => fromBinary(PredictResponseSchema, bytes),
        message,
        (error, answer) => {
          if (error !== null) reject(error);
          else if (answer === undefined) reject(new Error("no answer"));
          else resolve(answer);
        },
      );
    });
}

function openConnect(): Predict {
  const client = createClient(InferenceService, createGrpcTransport({ baseUrl: new URL(url).origin }));
  return (message) => client.predict(message);
}
