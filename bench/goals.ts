/** What the service is held to, as data: each goal finds its figure in the results of a run. */

import type { Metric } from "./measurement.ts";
import { quantile, ratioOf, spreadOf, spreadOfMetric } from "./measurement.ts";
import type { ResultRow, RunResults } from "./results.ts";
import { explainedStage, rulesStage, syncStage, trainedStage } from "./stage-names.ts";
import {
  bareHttp2,
  bareJson,
  bareProto,
  bareSync,
  grpcJsService,
  serviceOs,
  serviceOsOnAll,
  serviceStrict,
  serviceStrictOnAll,
} from "./suites.ts";

export interface Goal {
  /** What is measured, and the figure it may not pass. */
  readonly text: string;
  /** Undefined where the figure is only to be reported. */
  readonly isMet: ((figure: number) => boolean) | undefined;
  readonly unit: string;
  readonly digits: number;
  /** Undefined when the run did not measure it. */
  readonly read: (results: RunResults) => number | undefined;
}

export interface GoalResult {
  readonly goal: Goal;
  readonly figure: number | undefined;
  readonly isMet: boolean | undefined;
}

/** Holds the goals against a run. */
export function judge(results: RunResults): GoalResult[] {
  return goals.map((goal) => {
    const figure = goal.read(results);
    return { goal, figure, isMet: figure === undefined ? undefined : goal.isMet?.(figure) };
  });
}

const oneByOne = { connections: 1, inFlight: 1 };
const eightByOne = { connections: 8, inFlight: 1 };
const oneByMany = { connections: 1, inFlight: 32 };
type Point = typeof oneByOne;

const os = serviceOs.label;
const strict = serviceStrict.label;

const goals: readonly Goal[] = [
  atMost(1.25, "gRPC 1 × 1, audit os: p50 ÷ bare", ratio("grpc", oneByOne, "p50Micros", os, bareHttp2.label)),
  atMost(1.5, "gRPC 1 × 1, audit os: p99 ÷ bare", ratio("grpc", oneByOne, "p99Micros", os, bareHttp2.label)),
  atLeast(0.8, "gRPC 8 × 1, audit os: req/s ÷ bare", ratio("grpc", eightByOne, "perSecond", os, bareHttp2.label)),
  {
    ...atLeast(
      1,
      "gRPC 8 × 1: req/s ÷ the same service on grpc-js",
      ratio("grpc", eightByOne, "perSecond", os, grpcJsService.label),
    ),
    isMet: (figure) => figure > 1,
  },
  atMost(1, "strict adds to the median at 1 × 1, in what one fdatasync adds to bare's", readSyncsAdded),
  reported(
    "the same, in fdatasyncs timed one after the other in a process that waits for nothing else",
    readHotSyncsAdded,
  ),
  atLeast(
    0.85,
    "gRPC 1 × 32, deciding and syncing on one core: strict req/s ÷ os",
    ratio("grpc", oneByMany, "perSecond", strict, os),
  ),
  atLeast(
    0.85,
    "the same, on all cores",
    ratio("grpc", oneByMany, "perSecond", serviceStrictOnAll.label, serviceOsOnAll.label),
  ),
  atLeast(0.85, "REST 1 × 1: req/s ÷ bare JSON.parse", ratio("rest", oneByOne, "perSecond", os, bareJson.label)),
  atLeast(0.85, "REST 8 × 1: req/s ÷ bare JSON.parse", ratio("rest", eightByOne, "perSecond", os, bareJson.label)),
  atLeast(0.8, "Connect over HTTP/1.1: req/s ÷ bare", ratio("connect", oneByOne, "perSecond", os, bareProto.label)),
  stage(10, "engine: rules, median", rulesStage),
  stage(60, "engine: both ONNX models, median", trainedStage),
  stage(500, "engine: both ONNX models with SHAP, median", explainedStage),
  {
    ...atLeast(40_000, "BatchPredict, appended bars, audit os: decisions/s", readDecisions),
    unit: "/s",
    digits: 0,
  },
  atMost(
    1.2,
    "one item in a quiet stream, audit os: p50 ÷ bare",
    ratio("item", oneByOne, "p50Micros", os, bareHttp2.label),
  ),
  { ...atMost(500, "start to ready", readStart), unit: " ms", digits: 0 },
  { ...atMost(160, "resident memory after 2 million predictions", readResident), unit: " MB", digits: 0 },
  atMost(1.1, "resident memory at the end of these ÷ at half of them", readGrowth),
  { ...reported("pauses of the garbage collector at p99.9", readPauses), unit: " ms" },
  {
    ...atMost(
      2,
      "Predict's p99 ÷ quiet: the worst of a scrape, an export, an alert evaluation, a load, a swap",
      readDisturbed,
    ),
    text: "Predict's p99 ÷ quiet, the worst of scrape, export, alert evaluation, load and swap < 2",
    isMet: (figure) => figure < 2,
  },
  atLeast(1.7, "two workers ÷ one process, by the cores the service had", ({ workers }) => workers?.gain),
];

/** What the memory goal is about; a run that was cut short says nothing of it. */
const soakPredictions = 2_000_000;

function atMost(limit: number, text: string, read: Goal["read"]): Goal {
  return { text: `${text} ≤ ${limit}`, isMet: (figure) => figure <= limit, unit: "", digits: 3, read };
}

function atLeast(limit: number, text: string, read: Goal["read"]): Goal {
  return { text: `${text} ≥ ${limit}`, isMet: (figure) => figure >= limit, unit: "", digits: 3, read };
}

function reported(text: string, read: Goal["read"]): Goal {
  return { text, isMet: undefined, unit: "", digits: 3, read };
}

function stage(limit: number, text: string, name: string): Goal {
  return { ...atMost(limit, text, (results) => medianOfStage(results, name)), unit: " µs", digits: 1 };
}

/** A median of ratios, taken round by round between neighbours. */
function ratio(suite: string, point: Point, metric: Metric, of: string, to: string): Goal["read"] {
  return (results) => {
    const [row, base] = [findRow(results, suite, point, of), findRow(results, suite, point, to)];
    return row && base && ratioOf(row.rounds, base.rounds, metric)?.median;
  };
}

function findRow({ suites }: RunResults, suite: string, point: Point, contestant: string): ResultRow | undefined {
  return suites
    .find((each) => each.suite.name === suite)
    ?.rows.find(
      (row) =>
        row.contestant === contestant && row.connections === point.connections && row.inFlight === point.inFlight,
    );
}

function medianOfRow(results: RunResults, suite: string, point: Point, metric: Metric, contestant: string) {
  return spreadOfMetric(findRow(results, suite, point, contestant)?.rounds ?? [], metric)?.median;
}

/** The versions follow the name in brackets. */
function medianOfStage({ engine }: RunResults, name: string): number | undefined {
  const found = engine.find((each) => each.stage === name || each.stage.startsWith(`${name} (`));
  return spreadOfMetric(found?.rounds ?? [], "p50Micros")?.median;
}

/** By the median of the rounds' differences between neighbours. */
function readSyncsAdded(results: RunResults): number | undefined {
  const added = medianAdded(results, strict, os);
  const sync = medianAdded(results, bareSync.label, bareHttp2.label);
  return added === undefined || sync === undefined ? undefined : added / sync;
}

function readHotSyncsAdded(results: RunResults): number | undefined {
  const added = medianAdded(results, strict, os);
  const sync = medianOfStage(results, syncStage);
  return added === undefined || sync === undefined ? undefined : added / sync;
}

/** What one contestant's median at 1 × 1 is above another's, µs. */
function medianAdded(results: RunResults, contestant: string, base: string): number | undefined {
  const [rows, bases] = [contestant, base].map((each) => findRow(results, "grpc", oneByOne, each)?.rounds ?? []);
  const added = (rows ?? []).flatMap(({ p50Micros }, round) => {
    const without = bases?.[round]?.p50Micros;
    return p50Micros === undefined || without === undefined ? [] : [p50Micros - without];
  });
  return spreadOf(added)?.median;
}

function readDecisions(results: RunResults): number | undefined {
  return medianOfRow(results, "stream", oneByOne, "perSecond", os);
}

function readResident({ soak }: RunResults): number | undefined {
  return soak?.samples.find(({ predictions }) => predictions >= soakPredictions)?.residentMb;
}

function readGrowth({ soak }: RunResults): number | undefined {
  const end = soak?.samples.find(({ predictions }) => predictions >= soakPredictions);
  const half = soak?.samples.find(({ predictions }) => predictions >= soakPredictions / 2);
  return end && half && end.residentMb / half.residentMb;
}

function readPauses({ soak }: RunResults): number | undefined {
  if (soak === undefined || soak.pausesMs.length === 0) return undefined;
  return quantile(Float64Array.from(soak.pausesMs), 0.999);
}

function readDisturbed({ disturbances }: RunResults): number | undefined {
  const ratios = disturbances.map(({ quiet, disturbed }) => ratioOf(disturbed, quiet, "p99Micros")?.median);
  const measured = ratios.filter((each) => each !== undefined);
  return measured.length === 0 ? undefined : Math.max(...measured);
}

function readStart({ start }: RunResults): number | undefined {
  return spreadOf(start.find(({ contestant }) => contestant === "service")?.readyMs ?? [])?.median;
}
