/** What is ready while its record is on the way to the disk: it is counted and made ready to be sent then, and leaves only when the record is there. */

import { create } from "@bufbuild/protobuf";
import { expect, it } from "vitest";
import { InferenceService, PredictRequestSchema } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { connectProtocols } from "../contract/clients/connect-client.ts";
import { callUnary, grpcJs } from "../contract/clients/grpc-js-client.ts";
import { restProtocols } from "../contract/clients/rest-client.ts";
import { FaultyFs, failNth } from "../monitor/audit/faulty-fs.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { startTestService, type TestService } from "../support/start-service.ts";
import { openClient, readMetric, waitUntil } from "./service-client.ts";

const request = create(PredictRequestSchema, createPredictRequest());

/** A strict service whose syncs end when told. */
async function startHeld() {
  const fs = new FaultyFs();
  const service = await startTestService({ audit: { fs }, environment: { auditDurability: "strict" } });
  fs.isHoldingSyncs = true;
  const syncsBefore = fs.count("fdatasync");
  return { fs, service, areSyncing: async () => fs.count("fdatasync") > syncsBefore };
}

async function countDecisions({ url }: TestService): Promise<number> {
  const text = await (await fetch(`${url}/metrics/prometheus`)).text();
  const counts = text.matchAll(/^ml_layer_decisions_total\{.*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** No call is in flight but the one that asks. */
async function isIdle({ url }: TestService): Promise<boolean> {
  return (await readMetric(url, "ml_layer_rpc_in_flight")) === 1;
}

it.each([grpcJs, ...connectProtocols, ...restProtocols])(
  "counts a decision while its answer waits ($name)",
  async ({ open }) => {
    const { fs, service, areSyncing } = await startHeld();
    await using running = service;
    await using client = open(running.port);
    let isAnswered = false;
    const answer = client.predict(request).finally(() => {
      isAnswered = true;
    });
    await waitUntil(areSyncing);
    await waitUntil(async () => (await countDecisions(running)) === 1);
    expect(isAnswered).toBe(false);
    fs.isHoldingSyncs = false;
    fs.endSync();
    expect((await answer).answer?.prediction?.allowTrade).toBe(true);
  },
);

it("keeps back what is ready when the sync fails, and has counted it", async () => {
  const { fs, service, areSyncing } = await startHeld();
  await using running = service;
  using client = openClient(running.port);
  fs.onCall = failNth("fdatasync", fs.count("fdatasync") + 1, "EIO");
  const calls = Array.from({ length: 5 }, () => callUnary(client, InferenceService.method.predict, request));
  await waitUntil(areSyncing);
  await waitUntil(async () => (await countDecisions(running)) > 0);
  fs.endSync();
  for (const { answer, refusal } of await Promise.all(calls)) {
    expect([answer, refusal?.reason]).toEqual([undefined, "AUDIT_UNAVAILABLE"]);
  }
  await waitUntil(() => isIdle(running));
  await running.stop();
});

it("answers a call whose deadline passes meanwhile, and those beside it when the record is there", async () => {
  const { fs, service, areSyncing } = await startHeld();
  await using running = service;
  using client = openClient(running.port);
  const { predict } = InferenceService.method;
  const calls = [callUnary(client, predict, request, { timeoutMs: 60 }), callUnary(client, predict, request)];
  await waitUntil(areSyncing);
  expect((await calls[0])?.refusal?.code).toBe("deadline_exceeded");
  fs.isHoldingSyncs = false;
  fs.endSync();
  expect((await calls[1])?.answer?.prediction?.allowTrade).toBe(true);
  await waitUntil(() => isIdle(running));
});

it("answers the others when a client goes away meanwhile", async () => {
  const { fs, service, areSyncing } = await startHeld();
  await using running = service;
  using staying = openClient(running.port);
  const leaving = openClient(running.port);
  const { predict } = InferenceService.method;
  const abandoned = callUnary(leaving, predict, request);
  await waitUntil(areSyncing);
  const kept = callUnary(staying, predict, request);
  leaving.close();
  leaving.getChannel().close();
  fs.isHoldingSyncs = false;
  fs.endSync();
  expect((await kept).answer?.prediction?.allowTrade).toBe(true);
  await abandoned;
  await waitUntil(() => isIdle(running));
});
