/** One table of situations, every protocol: the same request has the same outcome, whoever asks and however. */

import { create } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Prediction } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import {
  BatchPredictRequestSchema,
  type PredictRequest,
  PredictRequestSchema,
  type PredictResponse,
  PredictSymbolsRequestSchema,
} from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { FaultyFs } from "../monitor/audit/faulty-fs.ts";
import { createPredictRequest, type PredictRequestInit, toPredictRequest } from "../support/predict-requests.ts";
import { readReferenceDecisions } from "../support/reference-decisions.ts";
import { createWindow } from "../support/requests.ts";
import { startTestService, type TestService } from "../support/start-service.ts";
import { connectProtocols } from "./clients/connect-client.ts";
import type { ContractClient, Refusal } from "./clients/contract-client.ts";
import { toRefusal } from "./clients/contract-client.ts";
import { grpcJs } from "./clients/grpc-js-client.ts";
import { restProtocols } from "./clients/rest-client.ts";

const protocols = [grpcJs, ...connectProtocols, ...restProtocols];
const allowed = createPredictRequest();

/** Requests that are answered; the reference decisions are of every regime and outcome. */
const decided: readonly [name: string, request: PredictRequestInit][] = [
  ["a trade that is allowed", allowed],
  ["a trade that is refused", { ...allowed, qseOutput: { validation: { signalValidityFlag: false } } }],
  ["no upstream checks at all", { symbol: "EURUSD", timeframe: "4H", features: allowed.features }],
  ["too few bars", { ...allowed, features: createPredictRequest(40).features }],
  ["no features at all", { symbol: "EURUSD", timeframe: "4H" }],
  ["a short window with a long history", { ...allowed, features: createPredictRequest(25).features, historyBars: 900 }],
  ["the explanation left out", { ...allowed, omitExplanation: true }],
  ...readReferenceDecisions()
    .filter((_, index) => index % 25 === 0)
    .map((each, index): [string, PredictRequestInit] => [`reference decision ${index * 25}`, toPredictRequest(each)]),
];

const unevenFeatures = { ...createPredictRequest().features, ...createWindow(119, { atr: 0.002 }) };
const brokenFeatures = createPredictRequest().features;
brokenFeatures["efficiency_ratio"]?.values.splice(119, 1, Number.NaN);
/** Above 4 MiB in every encoding. */
const oversizedFeatures = createWindow(
  10_000,
  Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`f${index}`, index + Math.PI])),
);

/** Requests that are refused, and what a program must be able to read from it. */
const refused: readonly [name: string, request: PredictRequestInit, refusal: Partial<Refusal>][] = [
  [
    "an empty symbol and timeframe",
    { features: allowed.features },
    {
      code: "invalid_argument",
      reason: "INVALID_INPUT",
      violations: [
        { field: "symbol", description: "must not be empty" },
        { field: "timeframe", description: "must not be empty" },
      ],
    },
  ],
  [
    "series of different lengths",
    { ...allowed, features: unevenFeatures },
    {
      code: "invalid_argument",
      reason: "INVALID_FEATURE_WINDOW",
      violations: [{ field: 'features["atr"].values', description: "119 bars where the other series have 120" }],
    },
  ],
  [
    "a bar that is no number",
    { ...allowed, features: brokenFeatures },
    {
      code: "invalid_argument",
      reason: "NON_FINITE_FEATURE",
      violations: [{ field: 'features["efficiency_ratio"].values[119]', description: "NaN is not a finite number" }],
    },
  ],
  [
    "more bars than are read",
    { ...allowed, features: createWindow(10_001, { atr: 0.002 }) },
    {
      code: "invalid_argument",
      reason: "INVALID_FEATURE_WINDOW",
      violations: [{ field: 'features["atr"].values', description: "10001 bars; at most 10000 are read" }],
    },
  ],
  [
    "a message that is too large",
    { ...allowed, features: oversizedFeatures },
    { code: "resource_exhausted", reason: "MESSAGE_TOO_LARGE", violations: [], retryDelayMs: 60_000 },
  ],
];

let service: TestService;
let expected: ReadonlyMap<PredictRequestInit, PredictResponse>;
beforeAll(async () => {
  service = await startTestService();
  await using client = grpcJs.open(service.port);
  const answers = new Map<PredictRequestInit, PredictResponse>();
  for (const [, request] of decided) answers.set(request, await answerOf(client, toRequest(request)));
  expected = answers;
});
afterAll(() => service[Symbol.asyncDispose]());

describe.each(protocols)("$name", ({ open }) => {
  it.each(decided)("decides as every other protocol does: %s", async (_name, init) => {
    await using client = open(service.port);
    const answer = await answerOf(client, toRequest(init));
    const same = expected.get(init);
    expect(answer).toStrictEqual({
      ...same,
      predictionId: answer.predictionId,
      requestId: answer.requestId,
      timestamp: answer.timestamp,
      processingTimeMs: answer.processingTimeMs,
    });
    expect(answer.predictionId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(answer.configHash).toBe(service.configHash);
  });

  it.each(refused)("refuses as every other protocol does: %s", async (_name, init, refusal) => {
    await using client = open(service.port);
    const outcome = await client.predict(toRequest(init));
    expect(outcome.answer).toBeUndefined();
    expect(outcome.refusal).toMatchObject({ domain: "ml.arbitrex", ...refusal });
  });

  it("answers DEADLINE_EXCEEDED when the deadline passes first", async () => {
    const fs = new FaultyFs();
    await using slow = await startTestService({ audit: { fs }, environment: { auditDurability: "strict" } });
    // The answer waits for a sync that does not end, so there is no race with the deadline.
    fs.isHoldingSyncs = true;
    await using client = open(slow.port);
    const outcome = await client.predict(toRequest(allowed), { timeoutMs: 50 });
    expect(outcome.refusal).toMatchObject({
      code: "deadline_exceeded",
      reason: "DEADLINE_EXCEEDED",
      domain: "ml.arbitrex",
    });
    fs.isHoldingSyncs = false;
    fs.endSync();
  });

  it("answers several symbols, the one that is wrong by its own error", async () => {
    await using client = open(service.port);
    const { features, qseOutput, timeframe } = allowed;
    const outcome = await client.predictSymbols(
      create(PredictSymbolsRequestSchema, {
        symbols: ["EURUSD", "GBPUSD"],
        timeframe,
        features: { EURUSD: { features } },
        qseOutputs: { EURUSD: qseOutput },
      }),
    );
    const results = outcome.answer?.results ?? {};
    expect(Object.keys(results)).toEqual(["EURUSD", "GBPUSD"]);
    expect(results["EURUSD"]?.prediction).toStrictEqual(predictionOf(allowed));
    const error = results["GBPUSD"]?.error;
    expect(error === undefined ? undefined : toRefusal(error)).toMatchObject({
      code: "invalid_argument",
      reason: "INVALID_INPUT",
      violations: [{ field: 'features["GBPUSD"]', description: "is missing for a symbol that is asked for" }],
    });
  });
});

describe.each(protocols.filter(({ isBidirectional }) => isBidirectional))("$name", ({ open }) => {
  it("answers an append without its window by an error of that item alone", async () => {
    await using client = open(service.port);
    const append = { symbol: "EURUSD", timeframe: "4H", features: createWindow(1, { atr: 0.002 }) };
    const outcome = await client.batchPredict?.([
      create(BatchPredictRequestSchema, { requestId: "early", item: { case: "append", value: append } }),
      create(BatchPredictRequestSchema, { requestId: "window", item: { case: "window", value: allowed } }),
    ]);
    const [early, window] = outcome?.answer ?? [];
    expect(early?.requestId).toBe("early");
    expect(early?.result.case === "error" ? toRefusal(early.result.value) : undefined).toMatchObject({
      code: "failed_precondition",
      reason: "NO_WINDOW",
      conditions: [{ type: "FULL_WINDOW", subject: "EURUSD 4H" }],
    });
    expect(window?.requestId).toBe("window");
    expect(window?.result.case === "response" ? window.result.value.prediction : undefined).toStrictEqual(
      predictionOf(allowed),
    );
  });
});

it.each(["application/connect+proto", "application/connect+json", "application/grpc-web+proto"])(
  "says over HTTP/1.1 that streams of both sides need HTTP/2: %s",
  async (contentType) => {
    const response = await fetch(`${service.url}/arbitrex.ml.v1.InferenceService/BatchPredict`, {
      method: "POST",
      headers: { "content-type": contentType },
      body: new Uint8Array([0, 0, 0, 0, 0]),
    });
    expect(response.status).toBe(505);
    expect(await response.json()).toMatchObject({
      code: "unimplemented",
      message: "arbitrex.ml.v1.InferenceService/BatchPredict is not served by POST over HTTP/1.1",
    });
  },
);

function toRequest(init: PredictRequestInit): PredictRequest {
  return create(PredictRequestSchema, init);
}

async function answerOf(client: ContractClient, request: PredictRequest): Promise<PredictResponse> {
  const { answer, refusal } = await client.predict(request);
  if (answer === undefined) throw new Error(`${refusal.code}: ${refusal.message}`);
  return answer;
}

function predictionOf(init: PredictRequestInit): Prediction | undefined {
  return expected.get(init)?.prediction;
}
