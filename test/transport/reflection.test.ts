import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import type { Client } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ServerReflection as ReflectionV1,
  type ServerReflectionRequest,
  type ServerReflectionResponse,
} from "../../gen/ts/grpc/reflection/v1/reflection_pb.ts";
import { ServerReflection as ReflectionV1Alpha } from "../../gen/ts/grpc/reflection/v1alpha/reflection_pb.ts";
import { grpcClient, type StubServer, startStub, toGrpcMethod } from "./stub-service.ts";

type Question = ServerReflectionRequest["messageRequest"];

let server: StubServer;
let client: Client;
beforeAll(async () => {
  server = await startStub();
  client = grpcClient(server.port);
});
afterAll(async () => {
  client.close();
  await server[Symbol.asyncDispose]();
});

/** Asks all questions on one stream. The two versions are the same on the wire. */
async function ask(service: typeof ReflectionV1 | typeof ReflectionV1Alpha, ...questions: Question[]) {
  const method = toGrpcMethod(ReflectionV1.method.serverReflectionInfo);
  const path = `/${service.typeName}/ServerReflectionInfo`;
  const stream = client.makeBidiStreamRequest(path, method.requestSerialize, method.responseDeserialize);
  for (const messageRequest of questions) stream.write({ host: "here", messageRequest });
  stream.end();
  const answers: ServerReflectionResponse[] = [];
  for await (const answer of stream) answers.push(answer);
  return answers;
}

function filesOf(answer: ServerReflectionResponse | undefined): FileDescriptorProto[] {
  if (answer?.messageResponse.case !== "fileDescriptorResponse") throw new Error("no files in the answer");
  return answer.messageResponse.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
}

describe.each([ReflectionV1, ReflectionV1Alpha])("$typeName", (service) => {
  it("lists every service on the port, itself too", async () => {
    const [answer] = await ask(service, { case: "listServices", value: "" });
    expect(answer?.validHost).toBe("here");
    expect(answer?.originalRequest?.messageRequest.case).toBe("listServices");
    expect(answer?.messageResponse).toMatchObject({
      case: "listServicesResponse",
      value: {
        service: [
          { name: "arbitrex.ml.v1.InferenceService" },
          { name: "arbitrex.ml.v1.ModelRegistryService" },
          { name: "grpc.health.v1.Health" },
          { name: "grpc.reflection.v1.ServerReflection" },
          { name: "grpc.reflection.v1alpha.ServerReflection" },
        ],
      },
    });
  });

  it("returns a file with all it depends on, enough to build the service from", async () => {
    const [answer] = await ask(service, { case: "fileContainingSymbol", value: "arbitrex.ml.v1.InferenceService" });
    const file = filesOf(answer);
    expect(file[0]?.name).toBe("arbitrex/ml/v1/inference.proto");
    expect(new Set(file.map(({ name }) => name)).size).toBe(file.length);
    const [root] = file;
    if (root === undefined) throw new Error("no file");
    const registry = createFileRegistry(root, (name) => file.find((other) => other.name === name));
    expect(registry.getService("arbitrex.ml.v1.InferenceService")?.methods).toHaveLength(3);
  });

  it("sends what a stream has been given before only when it is asked for by name", async () => {
    const byName = { case: "fileByFilename", value: "google/rpc/status.proto" } as const;
    const answers = await ask(
      service,
      { case: "fileByFilename", value: "arbitrex/ml/v1/inference.proto" },
      byName,
      byName,
    );
    expect(answers.slice(1).map((answer) => filesOf(answer).map(({ name }) => name))).toEqual([
      ["google/rpc/status.proto"],
      ["google/rpc/status.proto"],
    ]);
  });
});

describe("file_containing_symbol", () => {
  it.each([
    ["a method", "arbitrex.ml.v1.InferenceService.Predict", "arbitrex/ml/v1/inference.proto"],
    ["a message", "arbitrex.ml.v1.Prediction", "arbitrex/ml/v1/common.proto"],
    ["a message with a leading dot", ".arbitrex.ml.v1.Prediction", "arbitrex/ml/v1/common.proto"],
    ["a nested message", "arbitrex.ml.v1.QseOutput.Metrics", "arbitrex/ml/v1/inference.proto"],
    ["a field", "arbitrex.ml.v1.PredictRequest.symbol", "arbitrex/ml/v1/inference.proto"],
    ["a oneof", "arbitrex.ml.v1.BatchPredictRequest.item", "arbitrex/ml/v1/inference.proto"],
    ["an enum", "arbitrex.ml.v1.RegimePrediction.Label", "arbitrex/ml/v1/common.proto"],
    ["an enum value", "arbitrex.ml.v1.RegimePrediction.TRENDING", "arbitrex/ml/v1/common.proto"],
    ["an extension", "google.api.http", "google/api/annotations.proto"],
    ["an error detail", "google.rpc.ErrorInfo", "google/rpc/error_details.proto"],
    ["a dependency's message", "google.protobuf.Timestamp", "google/protobuf/timestamp.proto"],
  ])("knows %s", async (_kind, value, name) => {
    const [answer] = await ask(ReflectionV1, { case: "fileContainingSymbol", value });
    expect(filesOf(answer)[0]?.name).toBe(name);
  });
});

describe("extensions", () => {
  const containingType = "google.protobuf.MethodOptions";
  const toRequest = (extensionNumber: number): Question => ({
    case: "fileContainingExtension",
    value: { $typeName: "grpc.reflection.v1.ExtensionRequest", containingType, extensionNumber },
  });

  it("are found by number and listed by type", async () => {
    const [file, some, none] = await ask(
      ReflectionV1,
      toRequest(72295728),
      { case: "allExtensionNumbersOfType", value: containingType },
      { case: "allExtensionNumbersOfType", value: "arbitrex.ml.v1.PredictRequest" },
    );
    expect(filesOf(file)[0]?.name).toBe("google/api/annotations.proto");
    expect(some?.messageResponse.value).toMatchObject({ baseTypeName: containingType, extensionNumber: [72295728] });
    expect(none?.messageResponse.value).toMatchObject({ extensionNumber: [] });
  });

  it("answers NOT_FOUND question by question, and the stream goes on", async () => {
    const answers = await ask(
      ReflectionV1,
      { case: "fileContainingSymbol", value: "no.such.Symbol" },
      { case: "fileByFilename", value: "no/such.proto" },
      { case: "allExtensionNumbersOfType", value: "no.such.Type" },
      toRequest(1),
      { case: undefined },
      { case: "listServices", value: "" },
    );
    expect(answers.map(({ messageResponse }) => messageResponse)).toMatchObject([
      { case: "errorResponse", value: { errorCode: 5, errorMessage: "no such symbol: no.such.Symbol" } },
      { case: "errorResponse", value: { errorCode: 5 } },
      { case: "errorResponse", value: { errorCode: 5 } },
      { case: "errorResponse", value: { errorCode: 5 } },
      { case: "errorResponse", value: { errorCode: 3 } },
      { case: "listServicesResponse" },
    ]);
  });
});
