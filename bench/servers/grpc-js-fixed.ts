/** grpc-js, decoding the request and answering bytes made beforehand. `node grpc-js-fixed.ts <predict answer file>` */
import { readFileSync } from "node:fs";
import { fromBinary } from "@bufbuild/protobuf";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { PredictRequestSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { predictPath } from "../protocol-paths.ts";
import { announcePort } from "./announcement.ts";

const answer = readFileSync(process.argv[2] ?? "");
const server = new Server();
server.addService(
  {
    Predict: {
      path: predictPath,
      requestStream: false,
      responseStream: false,
      requestDeserialize: (bytes: Buffer) => fromBinary(PredictRequestSchema, bytes),
      requestSerialize: (bytes: Buffer) => bytes,
      responseSerialize: (bytes: Buffer) => bytes,
      responseDeserialize: (bytes: Buffer) => bytes,
    },
  },
  { Predict: (_call: unknown, callback: (error: null, bytes: Buffer) => void) => callback(null, answer) },
);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  announcePort(port);
});
