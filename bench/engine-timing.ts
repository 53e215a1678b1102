/**
 * Times the steps of one decision inside this process: `node engine-timing.ts BARS ROUNDS MS LOG_DIR`. Prints JSON: for each
 * step, one measurement a round.
 */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type BatchPredictRequest_AppendBars,
  PredictRequestSchema,
  PredictResponseSchema,
} from "../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import type { CallContext } from "../src/domain/call-context.ts";
import { readEnvironment } from "../src/environment.ts";
import { StreamWindows } from "../src/handlers/stream-windows.ts";
import { type Measurement, quantile } from "./measurement.ts";
import { createRequestFixture, type RequestFixture } from "./request-fixture.ts";
import { createInferenceParts } from "./servers/inference-parts.ts";

const [, , bars, rounds, roundMs, logDirectory = ""] = process.argv;
const fixture = createRequestFixture(Number(bars), 1);
const call: CallContext = {
  protocol: "grpc",
  method: "arbitrex.ml.v1.InferenceService/Predict",
  requestId: "0194273f-0000-7000-8000-000000000000",
  signal: new AbortController().signal,
};
const stages = await createStages(fixture, logDirectory);
for (const [, run] of stages) time(run, 300);
const results = stages.map(([stage]) => ({ stage, rounds: [] as Measurement[] }));
for (let round = 0; round < Number(rounds); round += 1) {
  for (const [index, [, run]] of stages.entries()) results[index]?.rounds.push(time(run, Number(roundMs)));
}
process.stdout.write(JSON.stringify(results));
process.exit(0);

type Stage = readonly [name: string, run: () => unknown];

async function createStages({ request, message, json, append }: RequestFixture, directory: string): Promise<Stage[]> {
  const environment = { LOG_DIR: directory, LOG_LEVEL: "silent", AUDIT_DURABILITY: "os" };
  const { engine, handlers } = await createInferenceParts(readEnvironment(environment));
  const answer = await handlers.predict?.(request, call);
  if (answer === undefined) throw new Error("Predict has no handler");
  const response = create(PredictResponseSchema, answer);
  const windows = new StreamWindows();
  windows.keep(fromBinary(PredictRequestSchema, message));
  return [
    ["decode the protobuf request", () => fromBinary(PredictRequestSchema, message)],
    ["JSON.parse of the REST request", () => JSON.parse(json)],
    ["decide (engine alone)", () => engine.decide(request)],
    ["append one bar and decide", () => windows.advance(appendOf(append), (moved) => engine.decide(moved))],
    ["Predict handler: decide, record, audit os", () => handlers.predict?.(request, call)],
    ["create and encode the response", () => toBinary(PredictResponseSchema, create(PredictResponseSchema, answer))],
    ["encode the response alone", () => toBinary(PredictResponseSchema, response)],
  ];
}

function appendOf({ item }: RequestFixture["append"]): BatchPredictRequest_AppendBars {
  if (item.case !== "append") throw new Error("the sample is no append");
  return item.value;
}

/** Times every single run. The clock costs some 0.05 µs, which is part of what is shown. */
function time(run: () => unknown, durationMs: number): Measurement {
  const micros: number[] = [];
  const begunMs = performance.now();
  let startedMs = begunMs;
  while (startedMs - begunMs < durationMs) {
    run();
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
