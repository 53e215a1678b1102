/** `npm run bench`: measures the service beside bare Node servers and grpc-js and records the ratios. */
import { fileURLToPath } from "node:url";
import { Attempts } from "./attempts.ts";
import { killChildren } from "./child-output.ts";
import { type ClientProgram, clientPrograms } from "./client-programs.ts";
import { runClientsSuite } from "./clients-suite.ts";
import { type Arena, recordAnswers, runSuite } from "./competition.ts";
import { runDisturbanceSuite } from "./disturbance-suite.ts";
import { runEngineSuite } from "./engine-suite.ts";
import { readMachineFacts, readRevision } from "./machine-facts.ts";
import { parseOptions, type SuiteName } from "./options.ts";
import { choosePlacement, isInstalled } from "./placement.ts";
import { replaceResults } from "./readme-results.ts";
import { formatRun, type Run } from "./report.ts";
import { createRequestFixture } from "./request-fixture.ts";
import type { RunResults, SuiteResult } from "./results.ts";
import { writeResults } from "./results-file.ts";
import { createScratch } from "./scratch.ts";
import { createShippedEngine } from "./servers/inference-parts.ts";
import { runSoakSuite } from "./soak-suite.ts";
import { runStartSuite } from "./start-suite.ts";
import { type Suite, suites } from "./suites.ts";
import { runWorkersSuite } from "./workers-suite.ts";

/** Suites with a shape of their own that cannot do without it. */
const needsH2load: readonly SuiteName[] = ["disturbances", "soak", "workers"];

const options = parseOptions(process.argv);
process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const fixture = createRequestFixture(options.bars, options.appends);
const scratch = createScratch(fixture, options.scratch);
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
process.on("exit", () => {
  killChildren();
  scratch.remove();
});

const placement = choosePlacement(options.isPinned);
const report = (line: string) => process.stderr.write(`${line}\n`);
const arena: Arena = {
  options,
  fixture,
  scratch,
  placement,
  engine: createShippedEngine(),
  report,
  attempts: new Attempts(report),
};
const startedAt = new Date().toISOString();
const startedMs = performance.now();
const machine = readMachineFacts(placement.description, scratch.fileSystem);
const revision = readRevision();
const results = await measureAll(arena);
const run: Run = {
  startedAt,
  durationSeconds: (performance.now() - startedMs) / 1000,
  revision,
  machine,
  options,
  requestBytes: { protobuf: fixture.message.length, json: Buffer.byteLength(fixture.json) },
  results,
};
process.stdout.write(`${formatRun(run)}\n`);
if (options.isSaved) report(`written: ${writeResults(run, "bench/results").join(", ")}`);
if (options.isForReadme) replaceResults("bench/README.md", formatRun(run));
for (const reason of results.skipped) report(`SKIPPED ${reason}`);
for (const reason of results.failed) report(`FAILED ${reason}`);
process.exit(results.skipped.length + results.failed.length === 0 ? 0 : 1);

async function measureAll(shared: Arena): Promise<RunResults> {
  const { only } = shared.options;
  const wanted = suites.filter(({ name }) => only.some((each) => each === name));
  const runnable = wanted.filter(({ generator }) => generator === "stream items" || isInstalled(generator));
  const skipped = wanted.filter((suite) => !runnable.includes(suite)).map(explainSkip);
  for (const reason of skipped) shared.report(`SKIPPED ${reason}`);
  const { attempts } = shared;
  const canLoad = isInstalled("h2load");
  for (const name of only.filter((each) => !canLoad && needsH2load.includes(each))) {
    skipped.push(`suite ${name}: h2load is not installed. Debian, Ubuntu: apt-get install nghttp2-client`);
  }
  const attempt = async <T>(name: SuiteName, work: (arena: Arena) => Promise<T>) =>
    only.includes(name) && (canLoad || !needsH2load.includes(name))
      ? await attempts.try(`suite ${name}`, () => work(shared))
      : undefined;
  const engine = await attempt("engine", runEngineSuite);
  const start = await attempt("start", runStartSuite);
  const done: SuiteResult[] = [];
  const isRecorded = runnable.length > 0 && (await attempts.try("recording the answers", () => recordAnswers(shared)));
  for (const suite of isRecorded ? runnable : []) {
    const result = await attempts.try(`suite ${suite.name}`, () => runSuite(suite, shared));
    if (result !== undefined) done.push(result);
  }
  const clients = await attempt("clients", (arena) => runClientsSuite(arena, listClients(skipped)));
  const disturbances = await attempt("disturbances", runDisturbanceSuite);
  const soak = await attempt("soak", runSoakSuite);
  const workers = await attempt("workers", runWorkersSuite);
  return {
    engine: engine ?? [],
    suites: done,
    start: start ?? [],
    clients: clients ?? [],
    disturbances: disturbances ?? [],
    soak,
    workers,
    skipped,
    failed: attempts.failures,
  };
}

/** Those that can run here; the others are named among what is skipped. */
function listClients(skipped: string[]): ClientProgram[] {
  return clientPrograms.filter(({ label, missing }) => {
    const reason = missing();
    if (reason !== undefined) skipped.push(`client ${label}: ${reason}`);
    return reason === undefined;
  });
}

function explainSkip({ name, generator }: Suite): string {
  return `suite ${name}: ${generator} is not installed. Debian, Ubuntu: apt-get install nghttp2-client wrk`;
}
