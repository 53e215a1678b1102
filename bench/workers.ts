/**
 * What more processes bring: `node bench/workers.ts [seconds] [rounds]`. The service with one process and the one with two workers take turns
 * under gRPC Predict from h2load over eight connections; a ratio is taken between neighbours in time. In two placements:
 *
 * - one core: every process of the service on core 0, the generator on the last. Both then do what one core can, so the ratio of their rates is what
 *   dividing the service costs, and twice that is the gain that two cores of their own would have.
 * - whole machine: nothing is pinned. The generator, and whatever else runs, takes its share of the cores; so the rate is also divided by the cores that
 *   the service had.
 */
import { readFileSync } from "node:fs";
import { ask } from "./answers.ts";
import { killChildren } from "./child-output.ts";
import { runH2load } from "./h2load.ts";
import { predictPath } from "./protocol-paths.ts";
import { createRequestFixture } from "./request-fixture.ts";
import { createScratch } from "./scratch.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { readStartScript } from "./start-script.ts";
import { formatTable } from "./text-table.ts";

const shipped = readStartScript();
const seconds = Number(process.argv[2] ?? 3);
const rounds = Number(process.argv[3] ?? 5);
const load = { connections: 8, inFlight: 8, seconds };
const counts: readonly number[] = [1, 2];
const placements = [
  { name: "one core", server: ["taskset", "-c", "0"], generator: ["taskset", "-c", "1"] },
  { name: "whole machine", server: [], generator: [] },
] as const;
type Placement = (typeof placements)[number];

interface Contestant {
  readonly server: ServerProcess;
  /** Of a right answer, gRPC's five included. */
  readonly answerBytes: number;
}

/** One run of the generator, in seconds and microseconds. */
interface Shot {
  readonly perSecond: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  /** Processor time of all processes of the service, for one answer. */
  readonly serverMicros: number;
  /** Of that the primary's; 0 for one process. */
  readonly primaryMicros: number;
  readonly serverCores: number;
  readonly generatorCores: number;
}

/** Processor time of children that have ended, in seconds: the generators. A tick is 10 ms. */
function readEndedChildren(): number {
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

function sumRunMicros(server: ServerProcess): number[] {
  return server.processorTimes().map((time) => time?.runMicros ?? Number.NaN);
}

function describePost({ server, answerBytes }: Contestant) {
  const url = `http://127.0.0.1:${server.port}${predictPath}`;
  return { url, bodyFile: scratch.bodyFile.grpc, contentType: "application/grpc", answerBytes };
}

async function shoot(contestant: Contestant, placement: Placement): Promise<Shot> {
  const { server } = contestant;
  const post = describePost(contestant);
  const before = { server: sumRunMicros(server), generator: readEndedChildren(), ms: performance.now() };
  const result = await runH2load(post, load, placement.generator, scratch.latencyFile);
  const elapsed = (performance.now() - before.ms) / 1000;
  const spent = sumRunMicros(server).map((micros, index) => micros - (before.server[index] ?? Number.NaN));
  const all = spent.reduce((sum, each) => sum + each, 0);
  return {
    ...result,
    serverMicros: all / result.answers,
    primaryMicros: spent.length === 1 ? 0 : (spent[0] ?? 0) / result.answers,
    serverCores: all / 1e6 / elapsed,
    generatorCores: (readEndedChildren() - before.generator) / elapsed,
  };
}

/** A service that is warm: two workers need twice as many answers for that as one process. */
async function startWarm(workers: number, placement: Placement): Promise<Contestant> {
  const directory = scratch.createDirectory();
  const server = await startServer(
    {
      args: [...shipped.args, "--workers", String(workers)],
      environment: {
        ...shipped.environment,
        HOST: "127.0.0.1",
        PORT: "0",
        LOG_DIR: directory,
        CONFIG_DIR: `${directory}-config`,
        LOG_LEVEL: "info",
        AUDIT_DURABILITY: "os",
      },
      outputFile: `${directory}.log`,
    },
    placement.server,
  );
  // gRPC's five bytes are part of the body.
  const answerBytes = (await ask("grpc", server.port, fixture)).length + 5;
  const contestant = { server, answerBytes };
  await runH2load(describePost(contestant), { ...load, seconds: 8 }, placement.generator, scratch.latencyFile);
  return contestant;
}

/** The shots of each round, by the place of the workers in {@link counts}. */
async function measure(placement: Placement): Promise<Shot[][]> {
  const contestants: Contestant[] = [];
  for (const workers of counts) contestants.push(await startWarm(workers, placement));
  const shots: Shot[][] = [];
  for (let round = 0; round < rounds; round++) {
    const taken: Shot[] = [];
    // Alternately first, so that neither has the quieter half of every round.
    for (const place of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const contestant = contestants[place];
      if (contestant !== undefined) taken[place] = await shoot(contestant, placement);
    }
    shots.push(taken);
  }
  for (const { server } of contestants) await server.stop();
  return shots;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const fixture = createRequestFixture(120, 1);
const scratch = createScratch(fixture);
process.on("exit", () => {
  killChildren();
  scratch.remove();
});
const shots = new Map<string, Shot[][]>();
for (const placement of placements) shots.set(placement.name, await measure(placement));
const shotsOf = (placement: Placement, workers: number): Shot[] =>
  (shots.get(placement.name) ?? []).flatMap((round) => round[counts.indexOf(workers)] ?? []);
const of = (placement: Placement, workers: number, figure: (shot: Shot) => number): number =>
  median(shotsOf(placement, workers).map(figure));
const rows = placements.flatMap((placement) =>
  counts.map((workers) => [
    `${placement.name}, ${workers === 1 ? "one process" : `${workers} workers`}`,
    of(placement, workers, ({ perSecond }) => perSecond).toFixed(0),
    of(placement, workers, ({ serverMicros }) => serverMicros).toFixed(1),
    of(placement, workers, ({ primaryMicros }) => primaryMicros).toFixed(1),
    of(placement, workers, ({ serverCores }) => serverCores).toFixed(2),
    of(placement, workers, ({ generatorCores }) => generatorCores).toFixed(2),
    of(placement, workers, ({ p50Micros }) => p50Micros).toFixed(0),
    of(placement, workers, ({ p99Micros }) => p99Micros).toFixed(0),
  ]),
);
const [pinned, free] = placements;
/** Of two workers to one process, in the same round. */
const ratio = (placement: Placement, figure: (shot: Shot) => number): number =>
  median(
    (shots.get(placement.name) ?? []).flatMap(([one, two]) =>
      one === undefined || two === undefined ? [] : figure(two) / figure(one),
    ),
  );
/** What the service would answer on as many cores as it has processes that decide, by the processor time it took. */
const ownCores = (placement: Placement) => 2 * ratio(placement, ({ serverMicros }) => 1 / serverMicros);
const head = [
  "placement",
  "answers/s",
  "service µs/answer",
  "of it primary",
  "cores",
  "generator cores",
  "p50 µs",
  "p99 µs",
];
process.stdout.write(
  `gRPC Predict, ${fixture.message.length} bytes, ${load.connections} connections x ${load.inFlight} in flight, ${seconds} s, median of ${rounds}\n` +
    `${formatTable(head, rows)}\n` +
    `two workers on two cores of their own, by processor time: ${ownCores(pinned).toFixed(2)} x\n` +
    `whole machine as it is, generator included: ${ratio(free, ({ perSecond }) => perSecond).toFixed(2)} x; by the cores the service had: ${ownCores(free).toFixed(2)} x\n`,
);
process.exit(0);
