/** The service's own chain, handlers, monitor and audit log behind grpc-js instead of the service's transport. */
import { type DescMessage, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { InferenceService, PredictRequestSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { readEnvironment } from "../../src/environment.ts";
import { toConnectError } from "../../src/transport/chain/status.ts";
import { unaryHandler } from "../../src/transport/service-binding.ts";
import { predictPath } from "../protocol-paths.ts";
import { announcePort } from "./announcement.ts";
import { createInferenceParts } from "./inference-parts.ts";

const { chain, binding } = await createInferenceParts(readEnvironment(process.env));
const method = InferenceService.method.predict;
const handler = unaryHandler(binding, method);
if (handler === undefined) throw new Error("Predict has no handler");
const predict = handler;
const output: DescMessage = method.output;

async function answer(call: ServerUnaryCall<Message, Message>): Promise<Message> {
  const opened = chain.open({ method, protocol: "grpc", clientSignal: () => new AbortController().signal });
  return chain.invokeUnary(opened, call.request, predict);
}

function toGrpcStatus(error: unknown): { code: number; details: string } {
  const { code, rawMessage } = toConnectError(error);
  return { code, details: rawMessage };
}

const server = new Server();
server.addService(
  {
    Predict: {
      path: predictPath,
      requestStream: false,
      responseStream: false,
      requestDeserialize: (bytes: Buffer) => fromBinary(PredictRequestSchema, bytes),
      requestSerialize: (bytes: Buffer) => bytes,
      responseSerialize: (message: Message) => toBuffer(toBinary(output, message)),
      responseDeserialize: (bytes: Buffer) => bytes,
    },
  },
  {
    Predict: (call: ServerUnaryCall<Message, Message>, callback: sendUnaryData<Message>) => {
      answer(call).then(
        (message) => callback(null, message),
        (error: unknown) => callback(toGrpcStatus(error)),
      );
    },
  },
);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  announcePort(port);
});

/** Shares the memory; grpc-js reads Buffers only. */
function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
