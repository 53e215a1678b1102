/**
 * How soon is drift seen, and how often where there is none? `node scripts/drift-study.ts --docs docs/MODELS.md` (ten markets, three
 * minutes) writes the table there between its two marks; without --docs it prints it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { defaultGovernance } from "../src/domain/config.ts";
import { PageHinkley } from "../src/monitor/drift/page-hinkley.ts";
import { changedBars, changes, quietBars, simulateChange, trainingBars } from "./drift-study/changed-market.ts";
import {
  type Detection,
  type DriftRule,
  detectByInputs,
  detectByOutcomes,
  readInputs,
} from "./drift-study/detection-trial.ts";

const marks = ["<!-- drift study: begin -->", "<!-- drift study: end -->"] as const;
const firstSeed = 201;
const windows = [100, 1_000, 2_000, 4_000];
const threshold = defaultGovernance.driftThreshold;
const { seeds = "10", docs } = parseArgs({
  options: { seeds: { type: "string" }, docs: { type: "string" } },
}).values;

const isBeyondChance: DriftRule = ({ beyondChance }) => beyondChance > threshold;
const isPsiAlone: DriftRule = ({ psi }) => psi > threshold;

/** Detections of one change, by detector. */
function tryChange(name: string): Map<string, Detection[]> {
  const model = changes.get(name);
  if (model === undefined) throw new RangeError(`no such change: ${name}`);
  const found = new Map<string, Detection[]>();
  const add = (detector: string, detection: Detection): void => {
    found.set(detector, [...(found.get(detector) ?? []), detection]);
  };
  for (let seed = firstSeed; seed < firstSeed + Number(seeds); seed++) {
    const market = simulateChange(seed, model);
    const inputs = readInputs(market);
    add("PSI alone, 2000", detectByInputs(inputs, 2_000, isPsiAlone));
    for (const length of windows) add(`feature_drift, ${length}`, detectByInputs(inputs, length, isBeyondChance));
    add("outcome_drift", detectByOutcomes(market, new PageHinkley(defaultGovernance.driftWindow)));
    process.stderr.write(`${name}: market ${seed - firstSeed + 1} of ${seeds}\n`);
  }
  return found;
}

/** Seen before the market is a horizon older is seen by chance. */
function describeDelay(detections: readonly Detection[]): string {
  const delays = detections.flatMap(({ delayBars }) => delayBars ?? []).sort((one, other) => one - other);
  if (delays.length === 0) return `0 of ${detections.length}`;
  const median = delays[Math.floor(delays.length / 2)] ?? 0;
  return `${delays.length} of ${detections.length}, ${median} bars`;
}

function describeQuiet(detections: readonly Detection[]): string[] {
  const sum = (read: (detection: Detection) => number): number =>
    detections.reduce((total, each) => total + read(each), 0);
  const share = sum(({ quietAlarms }) => quietAlarms) / sum(({ quietLooks }) => quietLooks);
  const perThousand = (1_000 * sum(({ quietBeginnings }) => quietBeginnings)) / (detections.length * quietBars);
  return [`${(100 * share).toFixed(1)} %`, perThousand.toFixed(2)];
}

function toTable(): string {
  const results = [...changes.keys()].map((name) => [name, tryChange(name)] as const);
  const [, quiet] = results[0] ?? [];
  if (quiet === undefined) throw new RangeError("nothing was tried");
  const changed = results.slice(1);
  const header = ["", "in alarm before", "alarms a 1 000 bars before", ...changed.map(([name]) => name)];
  const rows = [...quiet.keys()].map((detector) => [
    detector,
    ...describeQuiet(quiet.get(detector) ?? []),
    ...changed.map(([, found]) => describeDelay(found.get(detector) ?? [])),
  ]);
  const lines = [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return `${seeds} markets (seeds ${firstSeed} to ${firstSeed + Number(seeds) - 1}) of 4 symbols: ${trainingBars} bars of training, ${quietBars} of the same market, then ${changedBars} of another. Four decisions a bar.
How many markets were in alarm within the ${changedBars} bars after the change, and the median delay.

${lines.join("\n")}`;
}

const table = toTable();
if (docs === undefined) process.stdout.write(`${table}\n`);
else {
  const text = readFileSync(docs, "utf8");
  const [begin, end] = marks.map((mark) => text.indexOf(mark));
  if (begin === undefined || end === undefined || begin < 0 || end < begin)
    throw new Error(`${docs} lacks ${marks.join(" … ")}`);
  writeFileSync(docs, `${text.slice(0, begin + marks[0].length)}\n${table}\n${text.slice(end)}`);
}
