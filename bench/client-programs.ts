/** Programs that call the service, each in a process of its own; a load generator is one of them. */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { env } from "node:process";
import { runCommand } from "./child-output.ts";
import { runH2load } from "./h2load.ts";
import { fieldsOf, numberIn } from "./json-fields.ts";
import { type Load, type LoadResult, quote } from "./load.ts";
import { isInstalled } from "./placement.ts";
import { predictPath } from "./protocol-paths.ts";

/** What there is to call, and where. */
export interface ClientTarget {
  readonly port: number;
  /** The request as gRPC frames it, and without. */
  readonly grpcBodyFile: string;
  readonly messageFile: string;
  /** The request in protobuf's own JSON. */
  readonly jsonFile: string;
  readonly answerBytes: number;
  readonly latencyFile: string;
  readonly placement: readonly string[];
}

export interface ClientProgram {
  readonly label: string;
  /** Why it cannot run here, with what to do; undefined when it can. */
  readonly missing: () => string | undefined;
  /** @throws when a call failed. */
  readonly run: (target: ClientTarget, load: Load) => Promise<LoadResult>;
}

export const clientPrograms: readonly ClientProgram[] = [
  {
    label: "h2load",
    missing: () =>
      isInstalled("h2load") ? undefined : "not installed; Debian, Ubuntu: apt-get install nghttp2-client",
    run: ({ port, grpcBodyFile, answerBytes, placement, latencyFile }, load) => {
      const url = `http://127.0.0.1:${port}${predictPath}`;
      const post = { url, bodyFile: grpcBodyFile, contentType: "application/grpc", answerBytes };
      return runH2load(post, load, placement, latencyFile);
    },
  },
  {
    label: "ghz",
    missing: () => (isInstalled("ghz") ? undefined : "not installed; go install github.com/bojand/ghz/cmd/ghz@v0.93.0"),
    run: runGhz,
  },
  { label: "grpc-js", missing: () => undefined, run: (target, load) => runNode("grpc-js", target, load) },
  { label: "connect-node", missing: () => undefined, run: (target, load) => runNode("connect-node", target, load) },
  {
    label: "Python grpcio",
    missing: () =>
      findPython() === undefined
        ? "no Python with grpcio; python3 -m venv bench/.venv && bench/.venv/bin/pip install -r bench/clients/requirements.txt"
        : undefined,
    run: runPython,
  },
];

async function runGhz({ port, jsonFile, placement }: ClientTarget, load: Load): Promise<LoadResult> {
  const { connections, seconds } = load;
  const command = [
    ...placement,
    ...["ghz", "--insecure", "--call", "arbitrex.ml.v1.InferenceService.Predict", "-D", jsonFile],
    ...["--connections", `${connections}`, "-c", `${connections}`, "--cpus", "1"],
    // Calls that are under way at the end are waited for, so that none counts as failed.
    ...["-z", `${seconds}s`, "--duration-stop", "wait", "-O", "json", `127.0.0.1:${port}`],
  ];
  const report = fieldsOf(JSON.parse(await runCommand(command, seconds * 1000 + 30_000)));
  const answers = numberIn(report, "count");
  const codes = fieldsOf(report["statusCodeDistribution"]);
  if (codes["OK"] !== answers) throw new Error(`calls failed: ${JSON.stringify(codes)}`);
  const distribution = report["latencyDistribution"];
  if (!Array.isArray(distribution)) throw new TypeError("a report without latencies");
  const micros = (percentage: number): number => {
    const entry = distribution.map(fieldsOf).find((each) => each["percentage"] === percentage);
    return numberIn(fieldsOf(entry), "latency") / 1000;
  };
  return {
    answers,
    perSecond: numberIn(report, "rps"),
    p50Micros: micros(50),
    p99Micros: micros(99),
    command: quote(command),
  };
}

function runNode(kind: string, { port, messageFile, placement }: ClientTarget, load: Load): Promise<LoadResult> {
  const script = ["bench/clients/node-client.ts", kind, `http://127.0.0.1:${port}`, messageFile];
  return runClient([...placement, process.execPath, ...script], load);
}

function runPython({ port, messageFile, placement }: ClientTarget, load: Load): Promise<LoadResult> {
  const script = ["bench/clients/python_client.py", `127.0.0.1:${port}`, messageFile];
  return runClient([...placement, findPython() ?? "python3", ...script], load);
}

/** A program of ours: connections and seconds come last, and it prints its figures as JSON. */
async function runClient(program: readonly string[], load: Load): Promise<LoadResult> {
  const command = [...program, `${load.connections}`, `${load.seconds}`];
  const figures = fieldsOf(JSON.parse(await runCommand(command, load.seconds * 1000 + 30_000)));
  return {
    answers: numberIn(figures, "answers"),
    perSecond: numberIn(figures, "answers") / numberIn(figures, "seconds"),
    p50Micros: numberIn(figures, "p50Micros"),
    p99Micros: numberIn(figures, "p99Micros"),
    command: quote(command.map((word) => (word === process.execPath ? "node" : word))),
  };
}

/** The interpreter of `PYTHON`, of bench/.venv or of the path: the first that has what the client needs. */
function findPython(): string | undefined {
  const candidates = [env["PYTHON"], "bench/.venv/bin/python", "python3"].filter((each) => each !== undefined);
  return candidates.find(
    (python) =>
      (!python.includes("/") || existsSync(python)) &&
      spawnSync(python, ["-c", "import grpc, google.protobuf, google.rpc.status_pb2"], { stdio: "ignore" }).status ===
        0,
  );
}
