import type { Command } from "commander";
import { keepBufferPoolYoung } from "../buffer-pool.ts";
import { type Environment, readEnvironment, readWorkers, workersMax } from "../environment.ts";
import { mlVersion } from "../package-root.ts";
import { startService } from "../service.ts";
import type { Service } from "../service-handle.ts";

/** Adds `ml-layer serve`. */
export function registerServe(program: Command): void {
  program
    .command("serve")
    .description("answer decisions over gRPC, gRPC-Web, Connect and REST on one port")
    .option("--workers <n>", `processes that decide, 1 to ${workersMax}; default: WORKERS or 1`)
    .addHelpText("after", environmentHelp)
    .action(serve);
}

const environmentHelp = `
Environment:
  HOST               address to listen on                        [127.0.0.1]
  PORT               port of every protocol; 0 takes a free one  [8003]
  MODELS_DIR         model registry                              [the shipped models]
  LOG_DIR            audit log and metric snapshots              [logs]
  CONFIG_DIR         changed configuration and its history       [config]
  LOG_LEVEL          trace, debug, info, warn, error, silent     [info]
  WORKERS            processes that decide, each with an audit log of its own  [1]
  AUDIT_DURABILITY   strict: answers wait for the disk; os: for the kernel  [strict]
  ALERTMANAGER_URLS  Alertmanagers told of alerts, comma-separated  [none]
  OTEL_EXPORTER_OTLP_ENDPOINT  OpenTelemetry collector sent a span a call, e.g. http://127.0.0.1:4318  [none]
  OTEL_SERVICE_NAME  name of the service in its spans            [ml-layer]

Example:
  PORT=9000 AUDIT_DURABILITY=os ml-layer serve
  ml-layer serve --workers 4`;

async function serve({ workers: given }: { readonly workers?: string }): Promise<void> {
  keepBufferPoolYoung();
  const environment = readEnvironment(process.env);
  const workers = given === undefined ? readWorkers(process.env["WORKERS"] || "1") : readWorkers(given, "--workers");
  const service = workers === 1 ? await startService(environment) : await serveWithWorkers(environment, workers);
  announce(service);
  await Promise.race([awaitSignal("SIGINT"), awaitSignal("SIGTERM")]);
  await service.stop();
}

/** Loaded only when it is asked for: one process needs none of it. */
async function serveWithWorkers(environment: Environment, workers: number): Promise<Service> {
  const { startWorkers } = await import("../workers/primary.ts");
  // A terminal that closes must not end the primary before its workers have drained; SIGTERM is the way.
  process.on("SIGHUP", () => undefined);
  return startWorkers(environment, workers);
}

function awaitSignal(signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => process.once(signal, () => resolve()));
}

/** Goes to standard error: standard output is the log's, one JSON object a line. */
function announce({ host, port, configHash }: Service): void {
  const base = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  process.stderr.write(`Arbitrex ML layer ${mlVersion}, configuration ${configHash}
  API      ${base}  (gRPC, gRPC-Web, Connect, REST; try: grpcurl -plaintext ${host}:${port} list)
  docs     ${base}/docs
  health   ${base}/health
  metrics  ${base}/metrics  (Prometheus: ${base}/metrics/prometheus)
`);
}
