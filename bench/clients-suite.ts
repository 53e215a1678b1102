/** The same service asked by one client program after the other: what a caller of each kind sees. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { toJsonString } from "@bufbuild/protobuf";
import { PredictRequestSchema } from "../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ask } from "./answers.ts";
import type { ClientProgram, ClientTarget } from "./client-programs.ts";
import type { Arena } from "./competition.ts";
import type { Load, LoadResult } from "./load.ts";
import type { ResultRow } from "./results.ts";
import { startServer } from "./server-process.ts";
import { serviceOs } from "./suites.ts";

const loads = [1, 8].map((connections) => ({ connections, inFlight: 1 }));

/** Ten rows show what callers see; nothing is divided by them, so fewer and shorter rounds will do. */
const roundsMax = 2;
const secondsMax = 2;

/** Round by round, every client in turn; one that fails is out. */
export async function runClientsSuite(arena: Arena, programs: readonly ClientProgram[]): Promise<ResultRow[]> {
  const { options, scratch, placement, attempts, fixture, report } = arena;
  await using server = await startServer(serviceOs.start(scratch, options.logLevel), placement.server);
  const answer = await ask("grpc", server.port, fixture);
  const jsonFile = join(scratch.root, "predict.protobuf.json");
  writeFileSync(jsonFile, toJsonString(PredictRequestSchema, fixture.request));
  const target: ClientTarget = {
    jsonFile,
    port: server.port,
    grpcBodyFile: scratch.bodyFile.grpc,
    messageFile: scratch.bodyFile.connect,
    answerBytes: answer.length + 5,
    latencyFile: scratch.latencyFile,
    placement: placement.generator,
  };
  const out = new Set<ClientProgram>();
  const collected = new Map<string, { program: ClientProgram; load: Omit<Load, "seconds">; shots: LoadResult[] }>();
  const rounds = Math.min(options.rounds, roundsMax);
  for (let round = 0; round <= rounds; round++) {
    for (const load of loads) {
      for (const program of programs) {
        if (out.has(program)) continue;
        const what = `clients round ${round}/${rounds}, ${load.connections} × 1, ${program.label}`;
        // Round 0 warms the server for each client, and finds out who cannot.
        const seconds = round === 0 ? 1 : Math.min(options.seconds, secondsMax);
        const shot = await attempts.try(what, () => program.run(target, { ...load, seconds }));
        if (shot === undefined) out.add(program);
        if (shot === undefined || round === 0) continue;
        report(`${what}: ${Math.round(shot.perSecond)}/s, p50 ${Math.round(shot.p50Micros)} µs`);
        const key = `${load.connections} ${program.label}`;
        const entry = collected.get(key) ?? { program, load, shots: [] };
        collected.set(key, entry);
        entry.shots.push(shot);
      }
    }
  }
  return [...collected.values()].map(({ program, load, shots }) => ({
    contestant: program.label,
    ...load,
    rounds: shots.map(({ perSecond, p50Micros, p99Micros }) => ({
      perSecond,
      p50Micros,
      p99Micros,
      cpuMicros: undefined,
      waitShare: undefined,
    })),
    // Where the interpreter lies is this machine's business.
    command: shots[0]?.command.replaceAll(scratch.root, "$SCRATCH").replace(/\S*\/python3?(?= )/, "python3") ?? "",
  }));
}
