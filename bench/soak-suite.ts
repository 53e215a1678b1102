/** What a service holds in memory after millions of predictions, and how long garbage collections stopped it meanwhile. */

import { readFileSync } from "node:fs";
import { ask } from "./answers.ts";
import type { Arena } from "./competition.ts";
import { runH2load } from "./h2load.ts";
import { fieldsOf, numberIn } from "./json-fields.ts";
import type { Load } from "./load.ts";
import { batchPredictPath, predictPath } from "./protocol-paths.ts";
import type { SoakResult, SoakSample } from "./results.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { serviceOs } from "./suites.ts";

/** Calls first, then streams, which are the quicker way to many predictions; over and over. */
const turns: readonly { readonly protocol: "grpc" | "stream"; readonly load: Load }[] = [
  { protocol: "grpc", load: { connections: 8, inFlight: 1, seconds: 2 } },
  { protocol: "stream", load: { connections: 4, inFlight: 1, seconds: 4 } },
];

export async function runSoakSuite(arena: Arena): Promise<SoakResult> {
  const { options, scratch, placement, report } = arena;
  const command = serviceOs.start(scratch, options.logLevel);
  const gcFile = `${scratch.createDirectory()}-gc.json`;
  const watched = {
    ...command,
    args: ["--import", "./bench/servers/gc-record.ts", ...command.args],
    environment: { ...command.environment, GC_FILE: gcFile },
  };
  // The first start after a change compiles everything, what watches it included, and stays larger for it.
  await (await startServer(watched, placement.server)).stop();
  const server = await startServer(watched, placement.server);
  const samples: SoakSample[] = [{ predictions: 0, residentMb: server.memory().residentMb }];
  try {
    const shots = await prepareShots(arena, server);
    const endMs = performance.now() + options.soakSeconds * 1000;
    let predictions = 0;
    while (predictions < options.soakPredictions && performance.now() < endMs) {
      for (const shoot of shots) predictions += await shoot();
      const { residentMb } = server.memory();
      samples.push({ predictions, residentMb });
      report(`soak: ${predictions} predictions, ${residentMb.toFixed(0)} MB`);
    }
  } finally {
    await server.stop();
  }
  const record = fieldsOf(JSON.parse(readFileSync(gcFile, "utf8")));
  const { pausesMs } = record;
  if (!Array.isArray(pausesMs)) throw new TypeError("the server has not recorded its pauses");
  return { samples, pausesMs: pausesMs.map(Number).sort((a, b) => a - b), seconds: numberIn(record, "seconds") };
}

/** One function for each turn; it answers how many predictions were made. */
async function prepareShots({ fixture, scratch, placement }: Arena, { port }: ServerProcess) {
  const answers = { grpc: await ask("grpc", port, fixture), stream: await ask("stream", port, fixture) };
  return turns.map(({ protocol, load }) => {
    const each = protocol === "stream" ? fixture.appends + 1 : 1;
    const post = {
      url: `http://127.0.0.1:${port}${protocol === "stream" ? batchPredictPath : predictPath}`,
      bodyFile: scratch.bodyFile[protocol],
      contentType: "application/grpc",
      answerBytes: (answers[protocol].length + 5) * each,
    };
    return async () => (await runH2load(post, load, placement.generator, scratch.latencyFile)).answers * each;
  });
}
