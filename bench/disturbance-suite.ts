/** Predict's latency while something else goes on in the service, beside the quiet seconds just before. */

import { cpSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { Client, credentials } from "@grpc/grpc-js";
import { shippedModelsDirectory } from "../src/environment.ts";
import { ask } from "./answers.ts";
import type { Arena } from "./competition.ts";
import { type Disturbance, disturbances, prepareDisturbances, setAlertRules } from "./disturbances.ts";
import { runH2load } from "./h2load.ts";
import type { Post } from "./load.ts";
import type { Measurement } from "./measurement.ts";
import { predictPath } from "./protocol-paths.ts";
import type { DisturbanceRow } from "./results.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { serviceOs } from "./suites.ts";

/** Callers that wait for their answers while it happens. */
const connections = 4;
const defaultShotSeconds = 2;
/** Long enough for an evaluation, which comes every five seconds. */
const alertShotSeconds = 6;
const alertRules = 100;
/** A shot is as long as what happens in it needs, so these are fewer. */
const roundsMax = 3;

/** A service under test, and an operator's connection to it. */
interface Ring extends AsyncDisposable {
  readonly server: ServerProcess;
  readonly operator: Client;
  readonly post: Post;
}

type Shot = () => Promise<Measurement>;

export async function runDisturbanceSuite(arena: Arena): Promise<DisturbanceRow[]> {
  await using ring = await openRing(arena, prepareDisturbances);
  const rows: DisturbanceRow[] = [];
  await shoot(arena, ring, 1);
  for (const disturbance of disturbances) {
    const row = await arena.attempts.try(`disturbances, ${disturbance.label}`, () => measure(disturbance));
    if (row !== undefined) rows.push(row);
  }
  const row = await arena.attempts.try("disturbances, alert evaluation", () => measureAlerts(arena));
  return row === undefined ? rows : [...rows, row];

  async function measure(disturbance: Disturbance): Promise<DisturbanceRow> {
    const happenedMs: number[] = [];
    const quiet = () => shoot(arena, ring, disturbance.shotSeconds ?? defaultShotSeconds);
    const disturbed = () => whileHappening(disturbance, ring.operator, happenedMs, quiet);
    const pairs = await runPairs(arena, disturbance.label, quiet, disturbed);
    return { label: `${disturbance.label}, ${disturbance.perSecond} a second`, ...pairs, happenedMs };
  }
}

/** Rules can only be looked at by the clock, so a service with many stands beside one without any. */
async function measureAlerts(arena: Arena): Promise<DisturbanceRow> {
  await using without = await openRing(arena, (operator) => setAlertRules(operator, 0));
  await using watched = await openRing(arena, (operator) => setAlertRules(operator, alertRules));
  for (const ring of [without, watched]) await shoot(arena, ring, 1);
  const shotOf = (ring: Ring) => () => shoot(arena, ring, alertShotSeconds);
  const pairs = await runPairs(arena, "alert evaluation", shotOf(without), shotOf(watched));
  return { label: `alert evaluation, ${alertRules} rules every 5 s`, ...pairs, happenedMs: [] };
}

async function runPairs({ options, report }: Arena, label: string, quietShot: Shot, disturbedShot: Shot) {
  const [quiet, disturbed]: [Measurement[], Measurement[]] = [[], []];
  const rounds = Math.min(options.rounds, roundsMax);
  for (let round = 1; round <= rounds; round++) {
    quiet.push(await quietShot());
    disturbed.push(await disturbedShot());
    const p99 = [quiet, disturbed].map((shots) => Math.round(shots.at(-1)?.p99Micros ?? Number.NaN));
    report(`disturbances round ${round}/${rounds}, ${label}: p99 ${p99.join(" → ")} µs`);
  }
  return { quiet, disturbed };
}

/** Makes it happen evenly until the shot is over. */
async function whileHappening(
  { perSecond, happen }: Disturbance,
  operator: Client,
  happenedMs: number[],
  shot: Shot,
): Promise<Measurement> {
  let isOver = false;
  const startedMs = performance.now();
  const happening = async () => {
    for (let count = 0; !isOver; count++) {
      await wait(Math.max(0, startedMs + (count * 1000) / perSecond - performance.now()));
      const beganMs = performance.now();
      await happen(operator, happenedMs.length);
      happenedMs.push(performance.now() - beganMs);
    }
  };
  const others = happening();
  // Whichever fails first is the error; a shot that is over ends the other.
  const measured = shot().finally(() => {
    isOver = true;
  });
  const [measurement] = await Promise.all([measured, others]);
  return measurement;
}

async function shoot({ placement, scratch }: Arena, { post }: Ring, seconds: number): Promise<Measurement> {
  const load = { connections, inFlight: 1, seconds };
  const { perSecond, p50Micros, p99Micros } = await runH2load(post, load, placement.generator, scratch.latencyFile);
  return { perSecond, p50Micros, p99Micros, cpuMicros: undefined, waitShare: undefined };
}

async function openRing(arena: Arena, prepare: (operator: Client) => Promise<unknown>): Promise<Ring> {
  const { options, scratch, placement, fixture } = arena;
  const models = scratch.createDirectory();
  cpSync(shippedModelsDirectory, models, { recursive: true });
  const command = serviceOs.start(scratch, options.logLevel);
  const environment = { ...command.environment, MODELS_DIR: models };
  const server = await startServer({ ...command, environment }, placement.server);
  const operator = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
  try {
    await prepare(operator);
    const answer = await ask("grpc", server.port, fixture);
    const post = {
      url: `http://127.0.0.1:${server.port}${predictPath}`,
      bodyFile: scratch.bodyFile.grpc,
      contentType: "application/grpc",
      answerBytes: answer.length + 5,
    };
    return { server, operator, post, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }

  async function close(): Promise<void> {
    operator.close();
    await server.stop();
  }
}
