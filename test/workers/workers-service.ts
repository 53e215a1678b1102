/** A real service of several processes on a free port; the primary is the test's own process. */
import type { Environment } from "../../src/environment.ts";
import { createServiceLog } from "../../src/service-log.ts";
import { startWorkers, type WorkersOverrides } from "../../src/workers/primary.ts";
import { createFolders, type GovernedFolders, Operator } from "../control/governed-service.ts";
import { waitUntil } from "../service/service-client.ts";

export interface LogLine {
  readonly msg: string;
  readonly worker?: number;
  readonly pid?: number;
  readonly [field: string]: unknown;
}

export interface WorkersService extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly configHash: string;
  readonly folders: GovernedFolders;
  /** What all processes have logged up to now. */
  readonly log: readonly LogLine[];
  /** The process of a worker now. */
  pidOf(worker: number): number;
  /** Resolves when so many workers have become ready since the start. */
  waitForReady(count: number): Promise<void>;
  /** Connections of their own, one to each worker: each new one goes where the fewest are. */
  openOperators(): Operator[];
  stop(): Promise<void>;
}

export interface WorkersServiceOptions extends WorkersOverrides {
  /** @default 2 */
  readonly workers?: number;
  readonly environment?: Partial<Environment>;
  /** @default folders that go with the service */
  readonly folders?: GovernedFolders;
}

export async function startTestWorkers(options: WorkersServiceOptions = {}): Promise<WorkersService> {
  const { workers = 2, environment: given, folders: kept, ...overrides } = options;
  const folders = kept ?? createFolders();
  const { modelsDirectory, configDirectory, logDirectory } = folders;
  const environment: Environment = {
    host: "127.0.0.1",
    port: 0,
    modelsDirectory,
    logDirectory,
    configDirectory,
    logLevel: "info",
    auditDurability: "os",
    alertmanagerUrls: [],
    otlpEndpoint: undefined,
    otelServiceName: "ml-layer",
    ...given,
  };
  const log: LogLine[] = [];
  const write = (lines: string): void => {
    for (const line of lines.trimEnd().split("\n")) log.push(JSON.parse(line));
  };
  const removeFolders = (): void => {
    if (kept === undefined) folders[Symbol.dispose]();
  };
  const service = await startWorkers(environment, workers, {
    log: createServiceLog("info", { write }),
    ...overrides,
  }).catch((error: unknown) => {
    removeFolders();
    throw error;
  });
  const readyLines = () => log.filter(({ msg }) => msg === "worker ready");
  const operators: Operator[] = [];
  return {
    port: service.port,
    url: `http://127.0.0.1:${service.port}`,
    configHash: service.configHash,
    folders,
    log,
    pidOf: (worker) => readyLines().findLast((line) => line.worker === worker)?.pid ?? 0,
    waitForReady: (count) => waitUntil(async () => readyLines().length >= count),
    openOperators() {
      const opened = Array.from({ length: workers }, () => new Operator(service.port));
      operators.push(...opened);
      return opened;
    },
    stop: () => service.stop(),
    async [Symbol.asyncDispose]() {
      for (const operator of operators) operator[Symbol.dispose]();
      await service.stop();
      removeFolders();
    },
  };
}

/** Which workers have answered calls of a method, by their access lines. */
export function workersThatAnswered({ log }: WorkersService, method: string): number[] {
  const found = log.filter((line) => line.msg === "call finished" && line["method"] === method);
  return [...new Set(found.map(({ worker }) => worker ?? 0))].sort((one, other) => one - other);
}
