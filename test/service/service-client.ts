/** What tests of the whole service ask it by: grpc-js for RPCs, HTTP for the rest. */

import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { Client } from "@grpc/grpc-js";
import {
  BatchPredictRequestSchema,
  type BatchPredictResponse,
  InferenceService,
  PredictRequestSchema,
  type PredictResponse,
} from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import {
  HealthCheckRequestSchema,
  type HealthCheckResponse_ServingStatus,
  Health as HealthService,
} from "../../gen/ts/grpc/health/v1/health_pb.ts";
import type { Outcome } from "../contract/clients/contract-client.ts";
import { callUnary, openGrpcClient, openStream } from "../contract/clients/grpc-js-client.ts";
import type { PredictRequestInit } from "../support/predict-requests.ts";

export type BatchItem = MessageInitShape<typeof BatchPredictRequestSchema>;

/** A connection of its own, closed at the end of the scope. */
export function openClient(port: number): Client & Disposable {
  const client = openGrpcClient(port);
  return Object.assign(client, { [Symbol.dispose]: () => client.close() });
}

export function predict(client: Client, request: PredictRequestInit): Promise<Outcome<PredictResponse>> {
  return callUnary(client, InferenceService.method.predict, create(PredictRequestSchema, request));
}

export async function checkHealth(client: Client): Promise<HealthCheckResponse_ServingStatus | undefined> {
  const { answer } = await callUnary(client, HealthService.method.check, create(HealthCheckRequestSchema));
  return answer?.status;
}

export interface BatchStream {
  send(item: BatchItem): void;
  /** The next answer; rejects with the error that ended the stream. */
  receive(): Promise<BatchPredictResponse>;
  /** No more items; resolves when the service has ended the stream as well. */
  finish(): Promise<void>;
  cancel(): void;
}

/** A BatchPredict stream that is read only when asked to. */
export function openBatch(client: Client): BatchStream {
  const call = openStream(client, InferenceService.method.batchPredict);
  call.on("error", () => undefined);
  const answers = call[Symbol.asyncIterator]();
  return {
    send: (item) => void call.write(create(BatchPredictRequestSchema, item)),
    async receive() {
      const { done, value } = await answers.next();
      if (done === true) throw new Error("the stream has ended");
      return value;
    },
    async finish() {
      call.end();
      const { done } = await answers.next();
      if (done !== true) throw new Error("an answer nobody asked for");
    },
    cancel: () => call.cancel(),
  };
}

/** The value of one metric without labels. */
export async function readMetric(url: string, name: string): Promise<number> {
  const response = await fetch(`${url}/metrics/prometheus`);
  const line = (await response.text()).split("\n").find((each) => each.startsWith(`${name} `));
  if (line === undefined) throw new Error(`no metric ${name}`);
  return Number(line.slice(name.length + 1));
}

/** Asks until the answer is as wanted; the test's own timeout ends a wait in vain. */
export async function waitUntil(isReached: () => Promise<boolean>): Promise<void> {
  while (!(await isReached())) await new Promise((resolve) => setImmediate(resolve));
}
