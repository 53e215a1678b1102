/**
 * Times the steps of one decision inside this process: `node engine-timing.ts BARS ROUNDS MS LOG_DIR`. Prints JSON: for each
 * step, one measurement a round.
 */

import { fdatasync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { PredictRequestSchema, PredictResponseSchema } from "../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type { CallContext } from "../src/domain/call-context.ts";
import { Withheld } from "../src/domain/pending.ts";
import { readEnvironment } from "../src/environment.ts";
import { toAppendedBars } from "../src/handlers/batch-item.ts";
import { type AppendedBars, StreamWindows } from "../src/handlers/stream-windows.ts";
import { type Measurement, quantile } from "./measurement.ts";
import { createRequestFixture, type RequestFixture } from "./request-fixture.ts";
import { createInferenceParts } from "./servers/inference-parts.ts";
import { createTrainedEngine } from "./servers/trained-engine.ts";
import { decodeStage, explainedStage, rulesStage, syncStage, trainedStage } from "./stage-names.ts";

const [, , bars, rounds, roundMs, logDirectory = ""] = process.argv;
const fixture = createRequestFixture(Number(bars), 1);
const call: CallContext = {
  protocol: "grpc",
  method: "arbitrex.ml.v1.InferenceService/Predict",
  requestId: "0194273f-0000-7000-8000-000000000000",
  signal: new AbortController().signal,
};
const stages = await createStages(fixture, logDirectory);
for (const [, run] of stages) await time(run, 300);
const results = stages.map(([stage]) => ({ stage, rounds: [] as Measurement[] }));
for (let round = 0; round < Number(rounds); round += 1) {
  for (const [index, [, run]] of stages.entries()) results[index]?.rounds.push(await time(run, Number(roundMs)));
}
process.stdout.write(JSON.stringify(results));
process.exit(0);

type Stage = readonly [name: string, run: () => unknown];

/** What a decision costs beside rules: both models trained, and their answers split into contributions. */
async function createTrainedStages(request: RequestFixture["request"], directory: string): Promise<Stage[]> {
  const { engine, description } = await createTrainedEngine(directory);
  const plain = { ...request, omitExplanation: true };
  const stages: Stage[] = [[`${trainedStage} (${description})`, () => engine.decide(plain)]];
  const { signal } = await engine.decide(request);
  // A model without the covers of its trees is not split, and timing that would say nothing.
  if (signal.explanation.contributions.length > 0) {
    stages.push([`${explainedStage} (${description})`, () => engine.decide(request)]);
  }
  return stages;
}

/** One line of the audit log made durable, as every sync of `strict` does. */
function createSyncStage(directory: string): Stage {
  mkdirSync(directory, { recursive: true });
  const file = openSync(join(directory, "sync"), "a");
  const line = Buffer.alloc(1900, "x");
  const sync = promisify(fdatasync);
  return [
    syncStage,
    () => {
      writeSync(file, line);
      return sync(file);
    },
  ];
}

async function createStages({ request, message, json, append }: RequestFixture, directory: string): Promise<Stage[]> {
  const environment = { LOG_DIR: directory, LOG_LEVEL: "silent", AUDIT_DURABILITY: "os" };
  const { engine, handlers, direct } = await createInferenceParts(readEnvironment(environment));
  const answer = await handlers.predict?.(request, call);
  if (answer === undefined) throw new Error("Predict has no handler");
  const response = create(PredictResponseSchema, answer);
  const bytes = Buffer.from(message);
  const view = direct.read(bytes);
  if (view === undefined) throw new Error("the request is left to the general decoder");
  const directAnswer = await direct.handle(view, call);
  if (directAnswer instanceof Withheld) throw new Error("the audit log is to be written without a sync");
  const windows = new StreamWindows();
  windows.keep(fromBinary(PredictRequestSchema, message));
  const bar = appendOf(append);
  return [
    [decodeStage, () => fromBinary(PredictRequestSchema, message)],
    ["JSON.parse of the REST request", () => JSON.parse(json)],
    [rulesStage, () => engine.decide(request)],
    ["append one bar and decide", () => windows.advance(bar, (moved) => engine.decide(moved))],
    ["Predict handler: decide, record, audit os", () => handlers.predict?.(request, call)],
    ["gRPC lane: view of the request's bytes", () => direct.read(bytes)],
    ["gRPC lane: answer's bytes from the decision", () => direct.write(directAnswer)],
    ["create and encode the response", () => toBinary(PredictResponseSchema, create(PredictResponseSchema, answer))],
    ["encode the response alone", () => toBinary(PredictResponseSchema, response)],
    ...(await createTrainedStages(request, directory)),
    createSyncStage(directory),
  ];
}

function appendOf({ item }: RequestFixture["append"]): AppendedBars {
  if (item.case !== "append") throw new Error("the sample is no append");
  return toAppendedBars(item.value);
}

/** Times every single run, to the end of its promise if it has one. The clock costs some 0.05 µs, which is part of what is shown. */
async function time(run: () => unknown, durationMs: number): Promise<Measurement> {
  const micros: number[] = [];
  const begunMs = performance.now();
  let startedMs = begunMs;
  while (startedMs - begunMs < durationMs) {
    const result = run();
    if (result instanceof Promise) await result;
    const endedMs = performance.now();
    micros.push((endedMs - startedMs) * 1000);
    startedMs = endedMs;
  }
  const sorted = Float64Array.from(micros).sort();
  return {
    perSecond: micros.length / ((startedMs - begunMs) / 1000),
    p50Micros: quantile(sorted, 0.5),
    p99Micros: quantile(sorted, 0.99),
    cpuMicros: undefined,
    waitShare: undefined,
  };
}
