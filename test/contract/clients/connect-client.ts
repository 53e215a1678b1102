/** gRPC, gRPC-Web and Connect by Connect's own clients, over both versions of HTTP. */

import { Agent } from "node:http";
import { create, createRegistry } from "@bufbuild/protobuf";
import { AnySchema, anyPack } from "@bufbuild/protobuf/wkt";
import { ConnectError, createClient, type Transport } from "@connectrpc/connect";
import {
  compressionGzip,
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
  Http2SessionManager,
} from "@connectrpc/connect-node";
import { InferenceService } from "../../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { file_google_rpc_error_details } from "../../../gen/ts/google/rpc/error_details_pb.ts";
import { StatusSchema } from "../../../gen/ts/google/rpc/status_pb.ts";
import {
  type CallOptions,
  type ContractClient,
  type ContractProtocol,
  type Outcome,
  type Refusal,
  toRefusal,
} from "./contract-client.ts";

/** One connection to the server, whichever version of HTTP a transport asks for. */
interface Connection {
  readonly baseUrl: string;
  readonly http1: { readonly httpVersion: "1.1"; readonly nodeOptions: { readonly agent: Agent } };
  readonly http2: { readonly httpVersion: "2"; readonly sessionManager: Http2SessionManager };
}

interface Dress {
  readonly name: string;
  readonly isBidirectional: boolean;
  readonly timeoutHeader: (timeoutMs: number) => Record<string, string>;
  readonly createTransport: (connection: Connection) => Transport;
}

/** What the items of an answer may carry as details; JSON spells them out, so its reader must know them. */
const registry = createRegistry(file_google_rpc_error_details);

const grpcTimeout = (timeoutMs: number) => ({ "grpc-timeout": `${timeoutMs}m` });
const connectTimeout = (timeoutMs: number) => ({ "connect-timeout-ms": String(timeoutMs) });
const compressed = { sendCompression: compressionGzip, compressMinBytes: 1 };

const dresses: readonly Dress[] = [
  {
    name: "gRPC by Connect",
    isBidirectional: true,
    timeoutHeader: grpcTimeout,
    createTransport: ({ baseUrl, http2 }) => createGrpcTransport({ baseUrl, ...http2 }),
  },
  {
    name: "gRPC by Connect, compressed",
    isBidirectional: true,
    timeoutHeader: grpcTimeout,
    createTransport: ({ baseUrl, http2 }) => createGrpcTransport({ baseUrl, ...http2, ...compressed }),
  },
  {
    name: "gRPC-Web over HTTP/1.1",
    isBidirectional: false,
    timeoutHeader: grpcTimeout,
    createTransport: ({ baseUrl, http1 }) => createGrpcWebTransport({ baseUrl, ...http1 }),
  },
  {
    name: "gRPC-Web over HTTP/2",
    isBidirectional: true,
    timeoutHeader: grpcTimeout,
    createTransport: ({ baseUrl, http2 }) => createGrpcWebTransport({ baseUrl, ...http2 }),
  },
  {
    name: "Connect in JSON over HTTP/1.1",
    isBidirectional: false,
    timeoutHeader: connectTimeout,
    createTransport: ({ baseUrl, http1 }) =>
      createConnectTransport({ baseUrl, ...http1, useBinaryFormat: false, jsonOptions: { registry } }),
  },
  {
    name: "Connect in JSON over HTTP/2",
    isBidirectional: true,
    timeoutHeader: connectTimeout,
    createTransport: ({ baseUrl, http2 }) =>
      createConnectTransport({ baseUrl, ...http2, useBinaryFormat: false, jsonOptions: { registry } }),
  },
  {
    name: "Connect in binary over HTTP/1.1",
    isBidirectional: false,
    timeoutHeader: connectTimeout,
    createTransport: ({ baseUrl, http1 }) => createConnectTransport({ baseUrl, ...http1, useBinaryFormat: true }),
  },
  {
    name: "Connect in binary over HTTP/2",
    isBidirectional: true,
    timeoutHeader: connectTimeout,
    createTransport: ({ baseUrl, http2 }) => createConnectTransport({ baseUrl, ...http2, useBinaryFormat: true }),
  },
];

export const connectProtocols: readonly ContractProtocol[] = dresses.map((dress) => ({
  name: dress.name,
  isBidirectional: dress.isBidirectional,
  open: (port) => openClient(dress, port),
}));

function openClient({ timeoutHeader, createTransport }: Dress, port: number): ContractClient {
  const baseUrl = `http://127.0.0.1:${port}`;
  const sessionManager = new Http2SessionManager(baseUrl);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const transport = createTransport({
    baseUrl,
    http1: { httpVersion: "1.1", nodeOptions: { agent } },
    http2: { httpVersion: "2", sessionManager },
  });
  const client = createClient(InferenceService, transport);
  const headersOf = ({ timeoutMs }: CallOptions = {}) =>
    timeoutMs === undefined ? {} : { headers: timeoutHeader(timeoutMs) };
  return {
    predict: (request, options) => settle(client.predict(request, headersOf(options))),
    predictSymbols: (request) => settle(client.predictSymbols(request)),
    batchPredict: (requests) => settle(collect(client.batchPredict(toAsync(requests)))),
    async [Symbol.asyncDispose]() {
      sessionManager.abort();
      agent.destroy();
    },
  };
}

async function* toAsync<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

async function settle<T>(answer: Promise<T>): Promise<Outcome<T>> {
  try {
    return { answer: await answer };
  } catch (error) {
    return { refusal: refusalOf(ConnectError.from(error)) };
  }
}

function refusalOf({ code, rawMessage, details }: ConnectError): Refusal {
  return toRefusal(
    create(StatusSchema, {
      code,
      message: rawMessage,
      details: details.map((detail) =>
        "desc" in detail
          ? anyPack(detail.desc, create(detail.desc, detail.value))
          : create(AnySchema, { typeUrl: `type.googleapis.com/${detail.type}`, value: detail.value }),
      ),
    }),
  );
}
