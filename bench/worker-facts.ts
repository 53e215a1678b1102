/**
 * What it costs to tell another process of decisions: `node bench/worker-facts.ts`. Processor time, each way at its best of five; the objects and
 * JSON are what the bytes stand instead of.
 */
import { deserialize, serialize } from "node:v8";
import type { DecisionEvent } from "../src/domain/decision-event.ts";
import { readCounted } from "../src/monitor/decision-tape.ts";
import { RowVocabulary } from "../src/monitor/rows/row-vocabulary.ts";
import { FactCollector, type FactListener, tellFacts } from "../src/workers/worker-facts.ts";
import { createRequestFixture } from "./request-fixture.ts";
import { createShippedEngine } from "./servers/inference-parts.ts";
import { formatTable } from "./text-table.ts";

/** A message of a busy worker: 512 facts, three for each decision. */
const decisions = 170;
const repetitions = 300;

function createEvents(): DecisionEvent[] {
  const engine = createShippedEngine();
  const { request } = createRequestFixture(120, 1);
  return Array.from({ length: decisions }, (_, index) => ({
    predictionId: `01a20dc4-95e2-745c-b771-fc458d1d${1000 + index}`,
    timestampMicros: 1_735_787_045_678_901 + index,
    symbol: "EURUSD",
    timeframe: "4H",
    barIndex: 119,
    barTimeMicros: undefined,
    requestId: `01a20dc4-95e2-745c-b771-fc458d1e${1000 + index}`,
    processingTimeMs: index / 7,
    decision: engine.decide(request),
  }));
}

/** Microseconds for one decision. */
function time(run: () => unknown): string {
  const times = Array.from({ length: 6 }, () => {
    const before = process.cpuUsage();
    for (let repetition = 0; repetition < repetitions; repetition++) run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / repetitions / decisions;
  });
  // The first one is compiled while it runs.
  return Math.min(...times.slice(1)).toFixed(2);
}

const events = createEvents();
const collector = new FactCollector();
const write = () => {
  for (const event of events) collector.onDecision(event);
  return serialize(collector.take());
};
const ignore = (): void => undefined;
const listener: FactListener = {
  onDecision: (row) => void readCounted(row),
  onCall: ignore,
  onAuditWait: ignore,
  onSync: ignore,
  onStage: ignore,
  onComparison: ignore,
  onOmission: ignore,
};
// With the words: whoever reads has to learn them once.
const first = write();
const bytes = write();
const vocabulary = new RowVocabulary();
tellFacts(deserialize(first), vocabulary, listener);
const objects = serialize(events);
const json = JSON.stringify(events);
const sizeOf = (length: number): string => (length / decisions).toFixed(0);
const rows = [
  [
    "a row of bytes",
    time(write),
    time(() => tellFacts(deserialize(bytes), vocabulary, listener)),
    sizeOf(bytes.length),
  ],
  ["objects", time(() => serialize(events)), time(() => deserialize(objects)), sizeOf(objects.length)],
  ["JSON", time(() => JSON.stringify(events)), time(() => JSON.parse(json)), sizeOf(json.length)],
];
process.stdout.write(`${formatTable(["a decision as", "write µs", "read µs", "bytes"], rows)}\n`);
