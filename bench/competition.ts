import { readFileSync, writeFileSync } from "node:fs";
import type { RuleBasedEngine } from "../src/engine/decision-engine.ts";
import { ask, assertDecision, type WireProtocol, wireProtocols } from "./answers.ts";
import type { Attempts } from "./attempts.ts";
import { runH2load } from "./h2load.ts";
import type { Load, LoadResult, Post } from "./load.ts";
import type { Measurement } from "./measurement.ts";
import type { Options } from "./options.ts";
import type { Placement } from "./placement.ts";
import { batchPredictPath, predictPath, restPath } from "./protocol-paths.ts";
import type { RequestFixture } from "./request-fixture.ts";
import type { MemoryRow, ResultRow, SuiteResult } from "./results.ts";
import type { Scratch } from "./scratch.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { runStreamItems } from "./stream-items.ts";
import { type Contestant, contestantsOf, type Heat, recorder, type Suite } from "./suites.ts";
import { runWrk } from "./wrk.ts";

/** What a run of all suites shares. */
export interface Arena {
  readonly options: Options;
  readonly fixture: RequestFixture;
  readonly scratch: Scratch;
  readonly placement: Placement;
  /** Decides what a right answer is. */
  readonly engine: RuleBasedEngine;
  readonly report: (line: string) => void;
  readonly attempts: Attempts;
}

interface Entrant {
  readonly contestant: Contestant;
  readonly server: ServerProcess;
  readonly residentReadyMb: number;
  /** Bytes of the answer's body as the generator counts them. */
  readonly answerBytes: number;
}

/** A thousand requests or more: the optimizing compiler has seen the path. */
function warmUpOf({ generator }: Suite): Load {
  return { connections: generator === "stream items" ? 1 : 8, inFlight: 1, seconds: 1 };
}

/** Has the service answer once by every protocol; the fixed contestants repeat these bytes. */
export async function recordAnswers(arena: Arena): Promise<true> {
  await using server = await startContestant(recorder, arena);
  for (const protocol of wireProtocols) {
    const answer = await ask(protocol, server.port, arena.fixture);
    assertDecision(protocol, answer, arena.fixture, arena.engine);
    writeFileSync(arena.scratch.answerFile(protocol), answer);
  }
  return true;
}

/** Starts, checks and warms every contestant, then measures them in turns. One that fails is out; the others go on. */
export async function runSuite(suite: Suite, arena: Arena): Promise<SuiteResult> {
  await using stack = new AsyncDisposableStack();
  const entrants = new Map<Contestant, Entrant>();
  for (const contestant of contestantsOf(suite)) {
    arena.report(`${suite.name}: starting, checking and warming ${contestant.label}`);
    const entrant = await arena.attempts.try(`${suite.name}, ${contestant.label}`, () => enter(contestant));
    if (entrant !== undefined) entrants.set(contestant, entrant);
  }
  const rows = await runRounds(suite, entrants, arena);
  return { suite, rows, memory: [...entrants.values()].map(readMemory) };

  async function enter(contestant: Contestant): Promise<Entrant> {
    const server = stack.use(await startContestant(contestant, arena));
    const residentReadyMb = server.memory().residentMb;
    const answerBytes = await checkAnswer(suite, contestant, server.port, arena);
    const entrant = { contestant, server, residentReadyMb, answerBytes };
    await runLoad(suite, entrant, warmUpOf(suite), arena);
    return entrant;
  }
}

/** Round by round, every contestant in turn, so that a slow minute of the machine hits all of them. */
async function runRounds(suite: Suite, entrants: Map<Contestant, Entrant>, arena: Arena): Promise<ResultRow[]> {
  const { rounds, seconds } = arena.options;
  const collected = new Map<Heat, Map<Contestant, Shot[]>>();
  for (let round = 1; round <= rounds; round += 1) {
    for (const heat of suite.heats) {
      const { connections, inFlight } = heat;
      const results = collected.get(heat) ?? new Map<Contestant, Shot[]>();
      collected.set(heat, results);
      for (const contestant of heat.contestants) {
        const entrant = entrants.get(contestant);
        if (entrant === undefined) continue;
        const what = `${suite.name} round ${round}/${rounds}, ${connections} × ${inFlight}, ${contestant.label}`;
        const load = { connections, inFlight, seconds };
        const result = await arena.attempts.try(what, () => runLoad(suite, entrant, load, arena));
        if (result === undefined) {
          entrants.delete(contestant);
          continue;
        }
        results.set(contestant, [...(results.get(contestant) ?? []), result]);
        arena.report(`${what}: ${describe(result.measurement)}`);
      }
    }
  }
  return suite.heats.flatMap((heat) => toRows(heat, collected.get(heat) ?? new Map(), arena.scratch));
}

/** The folder of the run is gone when somebody reads its name, so the commands do without it. */
function toRows(heat: Heat, results: ReadonlyMap<Contestant, readonly Shot[]>, scratch: Scratch): ResultRow[] {
  return [...results].map(([contestant, rounds]) => ({
    contestant: contestant.label,
    connections: heat.connections,
    inFlight: heat.inFlight,
    rounds: rounds.map(({ measurement }) => measurement),
    command: rounds[0]?.command.replaceAll(scratch.root, "$SCRATCH") ?? "",
  }));
}

function startContestant(contestant: Contestant, { scratch, options, placement }: Arena): Promise<ServerProcess> {
  const cores = contestant.isOnAllCores === true ? [] : placement.server;
  return startServer(contestant.start(scratch, options.logLevel), cores);
}

/** Asks with a real client; a fixed contestant must repeat its bytes, any other must decide as the engine does. */
async function checkAnswer(suite: Suite, contestant: Contestant, port: number, arena: Arena): Promise<number> {
  const { fixture, scratch, engine } = arena;
  const answer = await ask(suite.protocol, port, fixture);
  try {
    assertDecision(suite.protocol, answer, fixture, engine);
    if (contestant.isFixed) assertSameBytes(answer, scratch.answerFile(suite.protocol));
  } catch (error) {
    throw new Error(`${contestant.label} does not answer right over ${suite.protocol}`, { cause: error });
  }
  switch (suite.protocol) {
    case "grpc":
      return answer.length + 5;
    case "stream":
      return (answer.length + 5) * (suite.generator === "h2load" ? fixture.appends + 1 : 1);
    case "rest":
    case "connect":
      return answer.length;
    default:
      return suite.protocol satisfies never;
  }
}

function assertSameBytes(answer: Buffer, file: string): void {
  if (!answer.equals(readFileSync(file))) throw new Error("the bytes are not those that were recorded");
}

interface Shot {
  readonly measurement: Measurement;
  readonly command: string;
}

async function runLoad(suite: Suite, entrant: Entrant, load: Load, arena: Arena): Promise<Shot> {
  const { server } = entrant;
  const startedMs = performance.now();
  const before = server.processorTime();
  const result = await runGenerator(suite, entrant, load, arena);
  const after = server.processorTime();
  const elapsedMicros = (performance.now() - startedMs) * 1000;
  // One request of h2load is a whole stream there: it counts as its decisions, and its duration is nobody's latency.
  const isStream = suite.protocol === "stream" && suite.generator === "h2load";
  const decisions = isStream ? arena.fixture.appends + 1 : 1;
  const isTimed = before !== undefined && after !== undefined;
  const measurement: Measurement = {
    perSecond: result.perSecond * decisions,
    p50Micros: isStream ? undefined : result.p50Micros,
    p99Micros: isStream ? undefined : result.p99Micros,
    cpuMicros: isTimed ? (after.runMicros - before.runMicros) / (result.answers * decisions) : undefined,
    waitShare: isTimed ? (after.waitMicros - before.waitMicros) / elapsedMicros : undefined,
  };
  return { measurement, command: result.command };
}

function runGenerator(suite: Suite, entrant: Entrant, load: Load, arena: Arena): Promise<LoadResult> {
  const { scratch, placement } = arena;
  const post: Post = {
    url: `http://127.0.0.1:${entrant.server.port}${pathOf(suite.protocol)}`,
    bodyFile: scratch.bodyFile[suite.protocol],
    contentType: contentTypeOf(suite.protocol),
    answerBytes: entrant.answerBytes,
  };
  switch (suite.generator) {
    case "wrk":
      return runWrk(post, load, placement.generator);
    case "h2load":
      return runH2load(post, load, placement.generator, scratch.latencyFile);
    case "stream items":
      return runStreamItems(post, load, placement.generator);
    default:
      return suite.generator satisfies never;
  }
}

function pathOf(protocol: WireProtocol): string {
  if (protocol === "rest") return restPath;
  return protocol === "stream" ? batchPredictPath : predictPath;
}

function contentTypeOf(protocol: WireProtocol): string {
  if (protocol === "rest") return "application/json";
  return protocol === "connect" ? "application/proto" : "application/grpc";
}

function readMemory({ contestant, server, residentReadyMb }: Entrant): MemoryRow {
  const { residentMb, peakMb } = server.memory();
  return { contestant: contestant.label, residentReadyMb, residentAfterMb: residentMb, residentPeakMb: peakMb };
}

function describe({ perSecond, p50Micros, p99Micros, cpuMicros }: Measurement): string {
  const latency = p50Micros === undefined ? "" : `, p50 ${p50Micros} µs, p99 ${p99Micros} µs`;
  const work = cpuMicros === undefined ? "" : `, ${cpuMicros.toFixed(0)} µs of CPU each`;
  return `${Math.round(perSecond)}/s${latency}${work}`;
}
