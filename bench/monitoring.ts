/**
 * What monitoring costs: `node bench/monitoring.ts`. Decides with and without it in one process, in turns, on 50 symbols,
 * and scrapes after at least 100 000 decisions.
 */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { PredictRequestSchema, PredictResponseSchema } from "../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { createSystemClock } from "../src/domain/clock.ts";
import type { DecisionEvent } from "../src/domain/decision-event.ts";
import { createDecisionEngine, type DecisionEngine } from "../src/engine/decision-engine.ts";
import { toPredictResponse } from "../src/handlers/prediction-message.ts";
import { createMetricSources } from "../src/metric-sources.ts";
import { Monitor } from "../src/monitor/monitor.ts";
import { createServiceMetrics } from "../src/monitor/service-metrics.ts";
import { createRequestFixture } from "./request-fixture.ts";
import { createShippedEngine } from "./servers/inference-parts.ts";

const clock = createSystemClock();
const { message } = createRequestFixture(120, 1);
const plain = createShippedEngine();
const rounds = 100;
const decisionsPerRound = 500;
const symbolCount = 50;

const monitor = new Monitor({ clock });
const metrics = createServiceMetrics({
  mlVersion: "bench",
  decisions: () => monitor.windows.tallyLifetime(),
  sources: createMetricSources(
    {
      audit: undefined,
      chain: undefined,
      listener: undefined,
      plane: undefined,
      monitor,
      alerts: () => [],
      drifts: () => [],
      notReady: () => undefined,
    },
    clock,
  ),
});
const timed = createDecisionEngine({
  ...plain.snapshot,
  stageObserver: { monotonicMs: clock.monotonicMs, observe: metrics.recordStage },
});

const variants: readonly (readonly [name: string, run: (event: DecisionEvent) => void, engine: DecisionEngine])[] = [
  ["", () => undefined, plain],
  [", stages timed", () => undefined, timed],
  [", windows", (event) => monitor.windows.record(event), plain],
  [", all monitoring", recordAll, timed],
];

function recordAll(event: DecisionEvent): void {
  void monitor.record(event);
  metrics.recordDecision(event);
  const startedMs = clock.monotonicMs();
  metrics.recordAuditWait(clock.monotonicMs() - startedMs);
  const { processingTimeMs: durationMs, requestId } = event;
  const report = { protocol: "grpc", method: "arbitrex.ml.v1.InferenceService/Predict", code: "ok" } as const;
  monitor.recordCall({ ...report, durationMs, requestId });
  metrics.recordCall({ ...report, durationMs, requestId });
}

/** What a call costs in this process apart from transport: decode, decide, encode. New strings and a new event every time. */
async function timeRound(engine: DecisionEngine, record: (event: DecisionEvent) => void): Promise<number> {
  const begunMs = performance.now();
  for (let index = 0; index < decisionsPerRound; index++) {
    const { timeframe, features, qseOutput } = fromBinary(PredictRequestSchema, message);
    const symbol = `SYMBOL${index % symbolCount}`;
    const decided = engine.decide({ symbol, timeframe, features, qseOutput });
    const decision = decided instanceof Promise ? await decided : decided;
    const stamp = { predictionId: "id", timestampMicros: 0, barIndex: 119, barTimeMicros: undefined };
    const event = { ...stamp, requestId: "", symbol, timeframe, processingTimeMs: 0.01, decision };
    record(event);
    toBinary(PredictResponseSchema, create(PredictResponseSchema, toPredictResponse(event, "bench", false)));
  }
  return ((performance.now() - begunMs) * 1000) / decisionsPerRound;
}

const results = variants.map(() => [] as number[]);
for (let round = 0; round < rounds; round++) {
  for (const [index, [, record, engine]] of variants.entries()) results[index]?.push(await timeRound(engine, record));
}
// The lower quartile: other programs on the machine can only make a round longer.
const micros = results.map((each) => each.toSorted((a, b) => a - b)[Math.floor(rounds / 4)] ?? 0);
const base = micros[0] ?? 0;
for (const [index, [name]] of variants.entries()) {
  const extra = (micros[index] ?? 0) - base;
  process.stdout.write(
    `${(base + extra).toFixed(2).padStart(7)} µs  +${((100 * extra) / base).toFixed(1)} %  decode, decide, encode${name}\n`,
  );
}

while (monitor.windows.total < 100_000) await timeRound(timed, recordAll);
await metrics.text();
const times: number[] = [];
let text = "";
for (let scrape = 0; scrape < 50; scrape++) {
  const begunMs = performance.now();
  ({ text } = await metrics.text());
  times.push(performance.now() - begunMs);
}
times.sort((a, b) => a - b);
const [median = 0, longest = 0] = [times[25], times[49]];
const families = text.split("\n").filter((line) => line.startsWith("# TYPE ml_layer_")).length;
const decided = monitor.windows.total.toString();
process.stdout.write(
  `scrape after ${decided} decisions on ${symbolCount} symbols: ${text.length} bytes, ${families} families of our own, ` +
    `${median.toFixed(2)} ms (longest ${longest.toFixed(2)} ms)\n`,
);
for (const windowMs of [300_000, 3_600_000, 86_400_000]) {
  const begunMs = performance.now();
  for (let read = 0; read < 100; read++) monitor.windows.read(windowMs);
  process.stdout.write(
    `read a window of ${windowMs / 60_000} min: ${((performance.now() - begunMs) * 10).toFixed(0)} µs\n`,
  );
}
metrics.close();
process.exit(0);
