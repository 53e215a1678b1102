/**
 * Where the processor time of the service goes: `node bench/cpu-profile.ts [grpc|stream|rest|connect] [connections] [seconds] [folder]`.
 * Runs the service with V8's profiler under load and prints self time by part and by function. The profile stays in the
 * folder (the working directory by default); Chrome's DevTools and speedscope draw it as a flame graph.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ask, type WireProtocol, wireProtocols } from "./answers.ts";
import { killChildren } from "./child-output.ts";
import { runH2load } from "./h2load.ts";
import { fieldsOf } from "./json-fields.ts";
import { choosePlacement } from "./placement.ts";
import { batchPredictPath, predictPath, restPath } from "./protocol-paths.ts";
import { createRequestFixture } from "./request-fixture.ts";
import { createScratch } from "./scratch.ts";
import { startServer } from "./server-process.ts";
import { serviceOs } from "./suites.ts";
import { formatTable } from "./text-table.ts";
import { runWrk } from "./wrk.ts";

const [, , wanted = "grpc", connections = "8", seconds = "5", folder = "."] = process.argv;
const protocol = wireProtocols.find((each) => each === wanted);
if (protocol === undefined) throw new TypeError(`${wanted} is none of ${wireProtocols.join(", ")}`);
const paths: Readonly<Record<WireProtocol, string>> = {
  grpc: predictPath,
  stream: batchPredictPath,
  rest: restPath,
  connect: predictPath,
};
const contentTypes: Readonly<Record<WireProtocol, string>> = {
  grpc: "application/grpc",
  stream: "application/grpc",
  rest: "application/json",
  connect: "application/proto",
};
const fixture = createRequestFixture(120, 200);
const scratch = createScratch(fixture);
process.on("exit", () => {
  killChildren();
  scratch.remove();
});
const profile = `ml-layer-${protocol}.cpuprofile`;
/** How long the code gets to warm up before samples count. */
const warmUpMs = 1_000;
printProfile(join(folder, profile), await runUnderLoad(protocol));
process.exit(0);

/** Part of a profile, in milliseconds after the start of the process. */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

async function runUnderLoad(spoken: WireProtocol): Promise<Span> {
  const placement = choosePlacement(true);
  const command = serviceOs.start(scratch, "info");
  const profiling = ["--cpu-prof", `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${profile}`];
  const startedMs = performance.now();
  await using server = await startServer({ ...command, args: [...profiling, ...command.args] }, placement.server);
  const answer = await ask(spoken, server.port, fixture);
  const isStream = spoken === "stream";
  const post = {
    url: `http://127.0.0.1:${server.port}${paths[spoken]}`,
    bodyFile: scratch.bodyFile[spoken],
    contentType: contentTypes[spoken],
    answerBytes: (answer.length + 5) * (isStream ? fixture.appends + 1 : 1),
  };
  const load = { connections: Number(connections), inFlight: 1, seconds: Number(seconds) };
  const fromMs = performance.now() - startedMs + warmUpMs;
  const isHttp1 = spoken === "rest" || spoken === "connect";
  const result = await (isHttp1
    ? runWrk(post, load, placement.generator)
    : runH2load(post, load, placement.generator, scratch.latencyFile));
  process.stdout.write(`${Math.round(result.perSecond)} requests a second while it was profiled\n`);
  return { fromMs, toMs: performance.now() - startedMs };
}

/** Self time of every function while there was load; the start of the process would drown it. */
function printProfile(file: string, { fromMs, toMs }: Span): void {
  if (!readdirSync(folder).includes(profile)) throw new Error(`the service has not written ${file}`);
  const { nodes, samples, timeDeltas } = fieldsOf(JSON.parse(readFileSync(file, "utf8")));
  if (!Array.isArray(nodes) || !Array.isArray(samples) || !Array.isArray(timeDeltas)) throw new TypeError("no profile");
  const selfMicros = new Map<unknown, number>();
  let atMicros = 0;
  for (const [index, id] of samples.entries()) {
    const micros = Number(timeDeltas[index]);
    atMicros += micros;
    if (atMicros < fromMs * 1000 || atMicros > toMs * 1000) continue;
    selfMicros.set(id, (selfMicros.get(id) ?? 0) + micros);
  }
  const parts = new Map<string, number>();
  const functions = new Map<string, number>();
  let total = 0;
  for (const { id, callFrame } of nodes.map(fieldsOf)) {
    const { functionName, url, lineNumber } = fieldsOf(callFrame);
    const micros = selfMicros.get(id) ?? 0;
    if (micros === 0 || functionName === "(idle)") continue;
    const part = partOf(String(url), String(functionName));
    total += micros;
    add(parts, part, micros);
    add(
      functions,
      `${functionName || "(anonymous)"} (${part}${url === "" ? "" : `:${Number(lineNumber) + 1}`})`,
      micros,
    );
  }
  const rowsOf = (times: ReadonlyMap<string, number>, count: number): string[][] =>
    [...times]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, count)
      .map(([name, micros]) => [name, `${((micros / total) * 100).toFixed(1)} %`]);
  process.stdout.write(`${formatTable(["part", "of busy time"], rowsOf(parts, 20))}\n\n`);
  process.stdout.write(`${formatTable(["function", "of busy time"], rowsOf(functions, 25))}\n\n${file}\n`);
}

function add(times: Map<string, number>, name: string, micros: number): void {
  times.set(name, (times.get(name) ?? 0) + micros);
}

/** The room of a source file, the package of a dependency, the module of Node. */
function partOf(url: string, functionName: string): string {
  const room = /\/src\/([^/]+)(?:\/|$)/.exec(url)?.[1];
  const packageName = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (packageName !== undefined) return packageName;
  if (room !== undefined) return `src/${room}`;
  if (url.startsWith("node:")) return url.replace(/^node:(internal\/)?/, "node:").replace(/(node:[^/]+).*/, "$1");
  // What has no file: the collector, and native code that V8 could not name, such as system calls and the HTTP/2 library.
  return functionName === "" || url !== "" ? "elsewhere" : functionName.startsWith("(") ? functionName : "native";
}
