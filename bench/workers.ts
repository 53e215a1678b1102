/**
 * What more processes bring: `node bench/workers.ts [seconds] [rounds]`. The service runs with one process and with two workers in turns, under gRPC
 * Predict from h2load over eight connections, in two placements:
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
import { formatTable } from "./text-table.ts";

const seconds = Number(process.argv[2] ?? 5);
const rounds = Number(process.argv[3] ?? 3);
const load = { connections: 8, inFlight: 8, seconds };
const counts = [1, 2] as const;
const placements = [
  { name: "one core", server: ["taskset", "-c", "0"], generator: ["taskset", "-c", "1"] },
  { name: "whole machine", server: [], generator: [] },
] as const;
type Placement = (typeof placements)[number];

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

async function shoot(server: ServerProcess, placement: Placement, answerBytes: number): Promise<Shot> {
  const post = {
    url: `http://127.0.0.1:${server.port}${predictPath}`,
    bodyFile: scratch.bodyFile.grpc,
    contentType: "application/grpc",
    answerBytes,
  };
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

async function measure(workers: number, placement: Placement): Promise<Shot> {
  const directory = scratch.createDirectory();
  await using server = await startServer(
    {
      args: ["src/main.ts", "serve", "--workers", String(workers)],
      environment: {
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
  // Compiled by the time that counts: two workers need twice as many answers for that as one process.
  await runH2load(
    {
      url: `http://127.0.0.1:${server.port}${predictPath}`,
      bodyFile: scratch.bodyFile.grpc,
      contentType: "application/grpc",
      answerBytes,
    },
    { ...load, seconds: 8 },
    placement.generator,
    scratch.latencyFile,
  );
  // Awaited here: at the return the server is stopped.
  return await shoot(server, placement, answerBytes);
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
const shots = new Map<string, Shot[]>();
for (let round = 0; round < rounds; round++) {
  for (const placement of placements) {
    for (const workers of round % 2 === 0 ? counts : counts.toReversed()) {
      const key = `${placement.name} ${workers}`;
      shots.set(key, [...(shots.get(key) ?? []), await measure(workers, placement)]);
    }
  }
}
const of = (placement: Placement, workers: number, figure: (shot: Shot) => number): number =>
  median((shots.get(`${placement.name} ${workers}`) ?? []).map(figure));
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
const perCore = (workers: number) => of(pinned, workers, ({ serverMicros }) => 1e6 / serverMicros);
const rate = (workers: number) => of(free, workers, ({ perSecond }) => perSecond);
/** What the service would answer on as many cores as it has processes that decide, by the processor time it took. */
const perOwnCore = (workers: number) => of(free, workers, ({ serverMicros }) => (workers * 1e6) / serverMicros);
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
    `two workers on two cores of their own, by processor time: ${((2 * perCore(2)) / perCore(1)).toFixed(2)} x\n` +
    `whole machine as it is, generator included: ${(rate(2) / rate(1)).toFixed(2)} x; by the cores the service had: ${(perOwnCore(2) / perOwnCore(1)).toFixed(2)} x\n`,
);
process.exit(0);
