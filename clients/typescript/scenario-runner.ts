/** The runner that clients/scenarios/README.md describes, for the TypeScript client. */

import { createInterface } from "node:readline";
import { type DescMessage, type DescMethod, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { ConfigService } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import {
  BatchPredictRequest_AppendBarsSchema,
  PredictRequestSchema,
  PredictResponseSchema,
  PredictSymbolsRequestSchema,
  PredictSymbolsResponseSchema,
} from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ModelRegistryService } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { MonitoringService } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { type BatchSession, createMlClient, MlRpcError, type NodeMlClient } from "./node.ts";

interface Command {
  readonly op: string;
  readonly address: string;
  readonly token?: string;
  readonly ca?: string;
  readonly timeoutMs: number;
  readonly deadlineMs?: number;
  readonly request: string;
  readonly bars: readonly string[];
  readonly service: string;
  readonly method: string;
}

let client: NodeMlClient | undefined;
let session: BatchSession | undefined;

const operations: Readonly<Record<string, (command: Command) => Promise<object>>> = {
  async connect({ address, token, ca }) {
    client?.close();
    client = createMlClient(address, {
      ...(token !== undefined && { token }),
      ...(ca !== undefined && { tls: { ca } }),
    });
    return {};
  },
  async waitForHealth({ timeoutMs }) {
    await theClient().waitForHealth({ timeoutMs });
    return {};
  },
  async predict({ request, deadlineMs }) {
    const response = await theClient().predict(decode(PredictRequestSchema, request), deadlineOf(deadlineMs));
    return encode(PredictResponseSchema, response);
  },
  async predictSymbols({ request, deadlineMs }) {
    const message = decode(PredictSymbolsRequestSchema, request);
    return encode(PredictSymbolsResponseSchema, await theClient().predictSymbols(message, deadlineOf(deadlineMs)));
  },
  async openSession() {
    session = theClient().openSession();
    return {};
  },
  async window({ request, deadlineMs }) {
    const response = await theSession().window(decode(PredictRequestSchema, request), deadlineOf(deadlineMs));
    return encode(PredictResponseSchema, response);
  },
  async append({ bars, deadlineMs }) {
    const answers = bars.map((each) =>
      theSession()
        .append(decode(BatchPredictRequest_AppendBarsSchema, each), deadlineOf(deadlineMs))
        .then((response) => encode(PredictResponseSchema, response), toError),
    );
    return { items: await Promise.all(answers) };
  },
  async closeSession() {
    await theSession().close();
    return {};
  },
  async call({ service, method, request, deadlineMs }) {
    const [stubs, descriptor] = findMethod(service, method);
    const invoke: unknown = Reflect.get(stubs, descriptor.localName);
    if (typeof invoke !== "function") throw new TypeError(`${service} has no ${method}`);
    const options = deadlineMs === undefined ? {} : { timeoutMs: deadlineMs };
    return encode(descriptor.output, await invoke(decode(descriptor.input, request), options));
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await obey(JSON.parse(line))));
}
client?.close();

async function obey(command: Command): Promise<object> {
  try {
    const operation = operations[command.op];
    return operation === undefined ? { fault: `no such op: ${command.op}` } : { ok: await operation(command) };
  } catch (error) {
    return error instanceof MlRpcError ? toError(error) : { fault: String(error) };
  }
}

function toError(error: unknown): object {
  if (!(error instanceof MlRpcError)) throw error;
  const { codeName, message, reason, domain, fieldViolations, preconditionViolations, resource, retryDelayMs } = error;
  return {
    error: {
      code: codeName,
      message,
      reason,
      domain,
      ...(fieldViolations.length > 0 && {
        fieldViolations: fieldViolations.map(({ field, description }) => ({ field, description })),
      }),
      ...(preconditionViolations.length > 0 && {
        preconditionViolations: preconditionViolations.map(({ type, subject, description }) => ({
          type,
          subject,
          description,
        })),
      }),
      resource,
      retryDelayMs,
    },
  };
}

function theClient(): NodeMlClient {
  if (client === undefined) throw new Error("not connected");
  return client;
}

function theSession(): BatchSession {
  if (session === undefined) throw new Error("no session");
  return session;
}

function findMethod(service: string, name: string): [object, DescMethod] {
  const { models, config, monitoring } = theClient();
  const services = [
    [ModelRegistryService, models],
    [ConfigService, config],
    [MonitoringService, monitoring],
  ] as const;
  for (const [descriptor, stubs] of services) {
    const method = descriptor.name === service ? descriptor.methods.find((each) => each.name === name) : undefined;
    if (method !== undefined) return [stubs, method];
  }
  throw new Error(`no such method: ${service}/${name}`);
}

function deadlineOf(deadlineMs: number | undefined): { readonly deadlineMs?: number } {
  return deadlineMs === undefined ? {} : { deadlineMs };
}

function decode<D extends DescMessage>(schema: D, base64: string) {
  return fromBinary(schema, Buffer.from(base64, "base64"));
}

function encode(schema: DescMessage, message: Message): { readonly message: string } {
  return { message: Buffer.from(toBinary(schema, message)).toString("base64") };
}
