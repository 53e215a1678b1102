/** REST as the clients of the former system speak it: bare arrays for series, snake_case, JSON. */

import {
  create,
  createRegistry,
  type DescMessage,
  fromJson,
  type JsonObject,
  type JsonValue,
  type MessageShape,
  toJson,
} from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import {
  type FeatureSeries,
  PredictRequestSchema,
  PredictResponseSchema,
  type PredictSymbolsRequest,
  type PredictSymbolsResponse,
  PredictSymbolsResponseSchema,
  QseOutputSchema,
  SymbolDecisionSchema,
} from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { file_google_rpc_error_details } from "../../../gen/ts/google/rpc/error_details_pb.ts";
import { type Status, StatusSchema } from "../../../gen/ts/google/rpc/status_pb.ts";
import { type CallOptions, type ContractProtocol, codeOfName, type Outcome, toRefusal } from "./contract-client.ts";
import { type HttpAnswer, type HttpClient, openHttp1, openHttp2 } from "./http-exchange.ts";

const registry = createRegistry(file_google_rpc_error_details);

/** HTTP statuses as the Connect protocol defines them. */
const httpStatuses: Readonly<Record<string, number>> = {
  invalid_argument: 400,
  failed_precondition: 400,
  not_found: 404,
  already_exists: 409,
  aborted: 409,
  resource_exhausted: 429,
  unimplemented: 501,
  unavailable: 503,
  deadline_exceeded: 504,
  internal: 500,
};

export const restProtocols: readonly ContractProtocol[] = [
  { name: "REST over HTTP/1.1", isBidirectional: false, open: (port) => toClient(openHttp1(port)) },
  { name: "REST over HTTP/2", isBidirectional: false, open: (port) => toClient(openHttp2(port)) },
];

function toClient(http: HttpClient) {
  return {
    async predict(request: MessageShape<typeof PredictRequestSchema>, options: CallOptions = {}) {
      const json = toJsonObject(toJson(PredictRequestSchema, request, { useProtoFieldName: true }));
      const body = { ...json, features: toBareFeatures(request.features) };
      return readAnswer(await post(http, "/predict", body, options), (answer) => read(PredictResponseSchema, answer));
    },
    async predictSymbols(request: PredictSymbolsRequest) {
      const body = {
        symbols: request.symbols,
        timeframe: request.timeframe,
        features: mapValues(request.features, ({ features }) => toBareFeatures(features)),
        qse_outputs: mapValues(request.qseOutputs, (qse) => toJson(QseOutputSchema, qse, { useProtoFieldName: true })),
      };
      return readAnswer(await post(http, "/batch_predict", body), readSymbols);
    },
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
}

function post(http: HttpClient, path: string, body: JsonObject, { timeoutMs }: CallOptions = {}): Promise<HttpAnswer> {
  const timeout = timeoutMs === undefined ? {} : { "connect-timeout-ms": String(timeoutMs) };
  const headers = { "content-type": "application/json", ...timeout };
  return http.send({ method: "POST", path, headers, body: JSON.stringify(body) });
}

function readAnswer<T>(answer: HttpAnswer, read: (json: JsonValue) => T): Outcome<T> {
  const json: JsonValue = JSON.parse(answer.body);
  if (answer.status === 200) return { answer: read(json) };
  const refusal = toRefusal(readStatus(json));
  const expected = httpStatuses[refusal.code];
  if (answer.status !== expected) throw new Error(`HTTP ${answer.status} beside ${refusal.code}, not ${expected}`);
  return { refusal };
}

/** Strict: a key that the proto file does not have is an error. */
function read<D extends DescMessage>(desc: D, json: JsonValue): MessageShape<D> {
  return fromJson(desc, json, { registry });
}

/** An answer is the bare map; an error in it has the name of its code. */
function readSymbols(json: JsonValue): PredictSymbolsResponse {
  const results = mapValues(toJsonObject(json), (entry) => {
    const { error, ...rest } = toJsonObject(entry);
    if (error === undefined) return read(SymbolDecisionSchema, rest);
    return create(SymbolDecisionSchema, { error: readStatus(error) });
  });
  return create(PredictSymbolsResponseSchema, { results });
}

function readStatus(json: JsonValue): Status {
  const { code, message, details } = toJsonObject(json);
  if (typeof code !== "string" || typeof message !== "string" || !Array.isArray(details)) {
    throw new Error(`no error of ours: ${JSON.stringify(json).slice(0, 200)}`);
  }
  return create(StatusSchema, {
    code: codeOfName(code),
    message,
    details: details.map((detail) => fromJson(AnySchema, detail, { registry })),
  });
}

/** `[0.1, …]` for each series; what JSON has no number for is a string, as protobuf defines it. */
function toBareFeatures(features: Readonly<Record<string, FeatureSeries>>): JsonObject {
  return mapValues(features, ({ values }) => values.map((value) => (Number.isFinite(value) ? value : String(value))));
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, convert: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, convert(value)]));
}

function toJsonObject(json: JsonValue): JsonObject {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new Error("not a JSON object");
  return json;
}
