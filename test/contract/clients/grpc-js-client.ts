/** gRPC by a client that shares nothing with the server: @grpc/grpc-js. */

import {
  create,
  type DescMessage,
  type DescMethodBiDiStreaming,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  fromBinary,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { Client, credentials, Metadata, type MethodDefinition, type ServiceError } from "@grpc/grpc-js";
import { InferenceService } from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { StatusSchema } from "../../../gen/ts/google/rpc/status_pb.ts";
import { type CallOptions, type ContractProtocol, type Outcome, type Refusal, toRefusal } from "./contract-client.ts";

type Desc<I extends DescMessage, O extends DescMessage> =
  | DescMethodUnary<I, O>
  | DescMethodServerStreaming<I, O>
  | DescMethodBiDiStreaming<I, O>;

/** The codec of one of our methods as grpc-js wants it. */
export function describeMethod<I extends DescMessage, O extends DescMessage>(
  method: Desc<I, O>,
): MethodDefinition<MessageShape<I>, MessageShape<O>> {
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: method.methodKind === "bidi_streaming",
    responseStream: method.methodKind !== "unary",
    requestSerialize: (message) => Buffer.from(toBinary(method.input, message)),
    requestDeserialize: (bytes) => fromBinary(method.input, bytes),
    responseSerialize: (message) => Buffer.from(toBinary(method.output, message)),
    responseDeserialize: (bytes) => fromBinary(method.output, bytes),
  };
}

/** A connection of its own: grpc-js would share one between clients of the same address. */
export function openGrpcClient(port: number): Client {
  return new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.use_local_subchannel_pool": 1,
    "grpc.max_send_message_length": -1,
  });
}

export function callUnary<I extends DescMessage, O extends DescMessage>(
  client: Client,
  method: DescMethodUnary<I, O>,
  request: MessageShape<I>,
  { timeoutMs }: CallOptions = {},
): Promise<Outcome<MessageShape<O>>> {
  const { path, requestSerialize, responseDeserialize } = describeMethod(method);
  const metadata = new Metadata();
  if (timeoutMs !== undefined) metadata.set("grpc-timeout", `${timeoutMs}m`);
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, metadata, (error, answer) => {
      if (error !== null) resolve({ refusal: refusalOf(error) });
      else resolve({ answer: answer ?? create(method.output) });
    });
  });
}

export function openStream<I extends DescMessage, O extends DescMessage>(
  client: Client,
  method: DescMethodBiDiStreaming<I, O>,
) {
  const { path, requestSerialize, responseDeserialize } = describeMethod(method);
  return client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
}

export function refusalOf(error: ServiceError): Refusal {
  const [bytes] = error.metadata.get("grpc-status-details-bin");
  if (bytes === undefined || typeof bytes === "string") {
    return toRefusal(create(StatusSchema, { code: error.code, message: error.details }));
  }
  const status = fromBinary(StatusSchema, bytes);
  // The status travels twice; a client may read either.
  if (status.code !== error.code) throw new Error(`grpc-status ${error.code} beside details of ${status.code}`);
  return toRefusal(status);
}

export const grpcJs: ContractProtocol = {
  name: "gRPC by grpc-js",
  isBidirectional: true,
  open(port) {
    const client = openGrpcClient(port);
    return {
      predict: (request, options) => callUnary(client, InferenceService.method.predict, request, options),
      predictSymbols: (request) => callUnary(client, InferenceService.method.predictSymbols, request),
      batchPredict: (requests) =>
        new Promise((resolve) => {
          const call = openStream(client, InferenceService.method.batchPredict);
          const answers: MessageShape<typeof InferenceService.method.batchPredict.output>[] = [];
          call.on("data", (answer) => answers.push(answer));
          call.on("error", (error: ServiceError) => resolve({ refusal: refusalOf(error) }));
          call.on("end", () => resolve({ answer: answers }));
          for (const request of requests) call.write(request);
          call.end();
        }),
      async [Symbol.asyncDispose]() {
        client.close();
      },
    };
  },
};
