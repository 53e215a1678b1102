/** grpc.reflection.v1 and v1alpha: what this port serves, for grpcurl and its like. */

import type { DescFile } from "@bufbuild/protobuf";
import { file_google_rpc_error_details } from "../../gen/ts/google/rpc/error_details_pb.ts";
import {
  ServerReflection as ReflectionV1,
  type ServerReflectionRequest as RequestV1,
} from "../../gen/ts/grpc/reflection/v1/reflection_pb.ts";
import {
  ServerReflection as ReflectionV1Alpha,
  type ServerReflectionRequest as RequestV1Alpha,
} from "../../gen/ts/grpc/reflection/v1alpha/reflection_pb.ts";
import { InvalidInputError, NotFoundError } from "../domain/errors.ts";
import { toConnectError } from "./chain/status.ts";
import { createDescriptorIndex, type DescriptorIndex, serializeWithDependencies } from "./descriptor-index.ts";
import { bindService, type ServiceBinding } from "./service-binding.ts";

type Question = RequestV1["messageRequest"] | RequestV1Alpha["messageRequest"];
type Answer =
  | { case: "fileDescriptorResponse"; value: { fileDescriptorProto: Uint8Array[] } }
  | { case: "allExtensionNumbersResponse"; value: { baseTypeName: string; extensionNumber: readonly number[] } }
  | { case: "listServicesResponse"; value: { service: readonly { name: string }[] } }
  | { case: "errorResponse"; value: { errorCode: number; errorMessage: string } };

/** Reflection over the given services, over itself, and over the error details, which no service's file imports. */
export function createReflection(bindings: readonly ServiceBinding[]): readonly ServiceBinding[] {
  const services = [...bindings.map((binding) => binding.service), ReflectionV1, ReflectionV1Alpha];
  const names = services.map((service) => service.typeName).sort();
  const index = createDescriptorIndex([...services.map((service) => service.file), file_google_rpc_error_details]);

  async function* serverReflectionInfo(requests: AsyncIterable<RequestV1 | RequestV1Alpha>) {
    const sent = new Set<string>();
    for await (const request of requests) {
      yield {
        validHost: request.host,
        originalRequest: request,
        messageResponse: answerQuestion(request.messageRequest, index, names, sent),
      };
    }
  }
  return [ReflectionV1, ReflectionV1Alpha].map((service) => bindService(service, { serverReflectionInfo }));
}

function answerQuestion(
  question: Question,
  index: DescriptorIndex,
  names: readonly string[],
  sent: Set<string>,
): Answer {
  switch (question.case) {
    case "listServices":
      return { case: "listServicesResponse", value: { service: names.map((name) => ({ name })) } };
    case "fileByFilename":
      return toAnswer(index.fileByName(question.value), "file", question.value, sent);
    case "fileContainingSymbol":
      return toAnswer(index.fileOfSymbol(question.value), "symbol", question.value, sent);
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = question.value;
      const file = index.fileOfExtension(containingType, extensionNumber);
      return toAnswer(file, "extension", `${containingType}[${extensionNumber}]`, sent);
    }
    case "allExtensionNumbersOfType": {
      const numbers = index.extensionNumbersOf(question.value);
      if (numbers === undefined) return toError(new NotFoundError("message", question.value));
      return {
        case: "allExtensionNumbersResponse",
        value: { baseTypeName: question.value, extensionNumber: numbers },
      };
    }
    case undefined:
      return toError(new InvalidInputError([{ field: "message_request", description: "must be set" }]));
    default:
      return question satisfies never;
  }
}

function toAnswer(file: DescFile | undefined, kind: string, name: string, sent: Set<string>): Answer {
  if (file === undefined) return toError(new NotFoundError(kind, name));
  return {
    case: "fileDescriptorResponse",
    value: { fileDescriptorProto: serializeWithDependencies(file, sent) },
  };
}

/** An error is the answer to one question; the stream goes on. */
function toError(error: Error): Answer {
  const { code, rawMessage } = toConnectError(error);
  return { case: "errorResponse", value: { errorCode: code, errorMessage: rawMessage } };
}
