/** Versions, aliases and thresholds change under load; no request fails and every answer is of what it names. */

import { create } from "@bufbuild/protobuf";
import { expect, it } from "vitest";
import { GateResult_Name as GateName } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import {
  InferenceService,
  PredictRequestSchema,
  type PredictResponse,
} from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { callUnary } from "../contract/clients/grpc-js-client.ts";
import { openBatch, openClient } from "../service/service-client.ts";
import { digestOf, type Operator, present, startGoverned } from "./governed-service.ts";
import { createTrendingRequest, estimateDirectly } from "./trained-requests.ts";

const swaps = 200;
const fixtures = new Map([
  ["v2.0.0", "signal-lightgbm.onnx"],
  ["v2.1.0", "signal-column.onnx"],
  ["v2.2.0", "signal-logistic.onnx"],
]);
const versions = [...fixtures.keys()];
const requests = Array.from({ length: 6 }, (_, seed) => createTrendingRequest(seed));

/** Which request was answered how: equal answers are one. */
class Answers {
  readonly seen = new Map<string, { readonly seed: number; readonly response: PredictResponse }>();
  readonly refusals: string[] = [];
  count = 0;

  add(seed: number, response: PredictResponse): void {
    this.count++;
    const { signalModel, configHash, prediction } = response;
    const key = [seed, signalModel?.version, configHash, prediction?.signal?.momentumSuccessProb].join(" ");
    this.seen.set(key, { seed, response });
  }
}

/** Calls one after the other over its own connection until told to stop. */
async function keepCalling(port: number, callers: number, answers: Answers, signal: AbortSignal): Promise<void> {
  using client = openClient(port);
  const messages = requests.map((request) => create(PredictRequestSchema, request));
  const call = async (first: number): Promise<void> => {
    for (let at = first; !signal.aborted; at++) {
      const seed = at % messages.length;
      const message = present(messages[seed]);
      const outcome = await callUnary(client, InferenceService.method.predict, message);
      if (outcome.refusal !== undefined) answers.refusals.push(outcome.refusal.message);
      else answers.add(seed, outcome.answer);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, index) => call(index)));
}

/** Streams the same requests, four ahead of the answers. */
async function keepStreaming(port: number, answers: Answers, signal: AbortSignal): Promise<void> {
  using client = openClient(port);
  const stream = openBatch(client);
  let sent = 0;
  const send = (): void => {
    const seed = sent++ % requests.length;
    stream.send({ requestId: String(seed), item: { case: "window", value: present(requests[seed]) } });
  };
  for (let ahead = 0; ahead < 4; ahead++) send();
  for (let received = 0; received < sent; received++) {
    const { requestId, result } = await stream.receive();
    if (result.case === "response") answers.add(Number(requestId), result.value);
    else answers.refusals.push(result.case === "error" ? result.value.message : "an empty item");
    if (!signal.aborted) send();
  }
  await stream.finish();
}

interface Expectation {
  readonly threshold: number;
  /** Empty: the champion. */
  readonly version: string;
}

/** Changes version, threshold, alias in turn; answers what each configuration hash stands for. */
async function swapRepeatedly(operator: Operator): Promise<Map<string, Expectation>> {
  const expected = new Map<string, Expectation>();
  let threshold = 0.55;
  let version = "";
  const configure = async (): Promise<void> => {
    const config = { signalFilter: { entryThreshold: threshold }, model: { signalFilterVersion: version } };
    expected.set(await operator.configure(config), { threshold, version });
  };
  await configure();
  for (let swap = 0; swap < swaps; swap++) {
    const next = versions[swap % versions.length] ?? "";
    if (swap % 4 === 3) await operator.setAlias("signal_filter", next, "champion");
    else {
      if (swap % 4 === 0) version = next;
      else if (swap % 4 === 1) threshold = 0.5 + (swap % 9) / 100;
      else version = "";
      await configure();
    }
  }
  return expected;
}

it(`fails no request in ${swaps} swaps under load, and every answer is of the version it names`, async () => {
  await using governed = await startGoverned();
  const { operator, service } = governed;
  for (const [version, fixture] of fixtures) await operator.register(fixture, version);
  await operator.setAlias("signal_filter", "v2.0.0", "champion");
  await operator.setAlias("signal_filter", "v2.2.0", "challenger");
  await operator.configure({ signalFilter: { useMlModel: true } });

  const answers = new Answers();
  const stop = new AbortController();
  const load = [
    keepCalling(service.port, 4, answers, stop.signal),
    keepCalling(service.port, 4, answers, stop.signal),
    keepStreaming(service.port, answers, stop.signal),
  ];
  const expected = await swapRepeatedly(operator).finally(() => stop.abort());
  await Promise.all(load);

  expect(answers.refusals).toEqual([]);
  const named = new Set<string>();
  const first = (await operator.configInForce()).configHash;
  expect(expected.has(first)).toBe(true);
  for (const { seed, response } of answers.seen.values()) {
    const { signalModel, prediction, configHash } = response;
    const version = signalModel?.version ?? "";
    const fixture = fixtures.get(version) ?? "";
    named.add(version);
    expect(signalModel?.sha256).toBe(digestOf(fixture));
    const probability = await estimateDirectly(fixture, present(requests[seed]), "TRENDING");
    expect(prediction?.signal?.momentumSuccessProb).toBe(probability);
    const gate = prediction?.gates.find(({ name }) => name === GateName.SIGNAL_PROBABILITY);
    // The configuration before the first swap is not among them.
    const { threshold, version: configured } = expected.get(configHash) ?? { threshold: 0.55, version: "" };
    expect(gate).toMatchObject({ value: probability, threshold, passed: probability > threshold });
    expect(configured === "" || configured === version).toBe(true);
  }
  expect([...named].sort()).toEqual(versions);
  expect(new Set([...answers.seen.values()].map(({ response }) => response.configHash)).size).toBeGreaterThan(10);
  console.info(
    `${swaps} swaps: ${answers.count} answers (${answers.seen.size} distinct), ${answers.refusals.length} refused`,
  );
}, 120_000);
