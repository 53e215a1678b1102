/** One process that fails takes nothing along but its connections. */
import { once } from "node:events";
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InferenceService, type PredictResponse } from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { MonitoringService } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { HealthCheckResponse_ServingStatus as ServingStatus } from "../../gen/ts/grpc/health/v1/health_pb.ts";
import { readAuditLogs } from "../../src/monitor/audit/audit-logs.ts";
import { verifyAuditLogs } from "../../src/monitor/audit/audit-logs-verify.ts";
import { createFolders, present } from "../control/governed-service.ts";
import { serveInProcess } from "../service/served-process.ts";
import { checkHealth, waitUntil } from "../service/service-client.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { startLoad } from "./load.ts";
import { startTestWorkers, type WorkersService } from "./workers-service.ts";

const request = createPredictRequest();
const kills = 5;

it(`loses no acknowledged decision in ${kills} kills of a worker, and the other goes on`, {
  timeout: 90_000,
}, async () => {
  await using service = await startTestWorkers({ environment: { auditDurability: "strict" } });
  const load = startLoad(service.port, { connections: 4 });
  for (let kill = 0; kill < kills; kill++) {
    const enough = load.answers().length + 50 + kill * 17;
    await waitUntil(async () => load.answers().length >= enough);
    process.kill(service.pidOf(1), "SIGKILL");
    await service.waitForReady(3 + kill);
  }
  const untouched = load.connections.filter(({ refusals }) => refusals.length === 0);
  expect(untouched.length).toBeGreaterThanOrEqual(1);
  const refusals = load.connections.flatMap((each) => each.refusals);
  expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(["unavailable"]));
  await load.stop();
  await expectOutcomesTaken(service, load.answers());
  await service.stop();
  const { logDirectory } = service.folders;
  expect((await verifyAuditLogs(logDirectory)).status).toBe("intact");
  const found = new Set<unknown>();
  for await (const { fields } of readAuditLogs(logDirectory, { kind: "decision" })) found.add(fields["prediction_id"]);
  const acknowledged = load.answers().map(({ predictionId }) => predictionId);
  expect(acknowledged.length).toBeGreaterThan(kills * 50);
  expect(acknowledged.filter((predictionId) => !found.has(predictionId))).toEqual([]);
});

it("ends every worker when the primary is killed", { timeout: 60_000 }, async () => {
  using folders = createFolders();
  const { modelsDirectory: MODELS_DIR, configDirectory: CONFIG_DIR, logDirectory: LOG_DIR } = folders;
  const served = await serveInProcess({ MODELS_DIR, CONFIG_DIR, LOG_DIR, WORKERS: "2" });
  const load = startLoad(served.port, { connections: 2 });
  await waitUntil(async () => load.connections.every(({ answers }) => answers.length > 20));
  const workers = childrenOf(served.pid);
  expect(workers).toHaveLength(2);
  await served.kill();
  await waitUntil(async () => workers.every((pid) => !isAlive(pid)));
  await load.stop();
  // Nobody holds the logs any more, and nothing in them is broken.
  const next = await startTestWorkers({ folders });
  await next.stop();
  expect((await verifyAuditLogs(LOG_DIR)).status).toBe("intact");
});

it("refuses in the worker whose audit log fails, says so, and goes on in the other", async () => {
  await using service = await startTestWorkers({ environment: { auditDurability: "strict" } });
  const operators = service.openOperators();
  for (const operator of operators) await operator.predict(request);
  // The log notices at its next sync that its file is not in its place any more.
  const path = join(service.folders.logDirectory, "predictions.w1.jsonl");
  renameSync(path, `${path}.moved`);
  const outcomes = await Promise.all(operators.map((each) => each.try(InferenceService.method.predict, request)));
  expect(outcomes.filter(({ refusal }) => refusal?.code === "unavailable")).toHaveLength(1);
  const [failing, working] = outcomes[0]?.refusal === undefined ? operators.toReversed() : operators;
  expect(await checkHealth(present(failing).client)).toBe(ServingStatus.NOT_SERVING);
  expect(await checkHealth(present(working).client)).toBe(ServingStatus.SERVING);
  expect(await present(failing).refusal(MonitoringService.method.getReadiness, {})).toMatchObject({
    code: "unavailable",
    message: "the audit log of worker 1 cannot be written",
  });
  await present(working).ask(MonitoringService.method.getReadiness, {});
  expect(await present(working).ask(MonitoringService.method.getHealth, {})).toMatchObject({
    status: "degraded",
    components: { audit_log: false, worker_1: false, worker_2: true },
  });
  // New connections go to the one that can answer.
  for (const operator of [...service.openOperators(), ...service.openOperators()]) await operator.predict(request);
});

describe("a service that cannot start", () => {
  it("says which worker and why, and leaves nothing running", async () => {
    using folders = createFolders();
    const first = await startTestWorkers({ folders });
    await first.stop();
    writeFileSync(join(folders.logDirectory, "predictions.w2.jsonl"), "no record\n");
    await expect(startTestWorkers({ folders })).rejects.toThrow(/worker 2 does not start: .*predictions\.w2\.jsonl/);
    expect(childrenOf(process.pid).filter(isWorker)).toEqual([]);
    // Locks are free again: one that can be started starts.
    await (await startTestWorkers({ folders, workers: 1 })).stop();
  });
});

it("drains every worker and releases the port", async () => {
  await using service = await startTestWorkers();
  const load = startLoad(service.port, { connections: 4 });
  await waitUntil(async () => load.answers().length > 100);
  const stopped = service.stop();
  const stopping = load.stop();
  await stopped;
  await stopping;
  const codes = new Set(load.connections.flatMap(({ refusals }) => refusals.map(({ code }) => code)));
  expect([...codes].filter((code) => code !== "unavailable")).toEqual([]);
  const socket = connect(service.port, "127.0.0.1");
  const [error] = await once(socket, "error");
  expect(error).toMatchObject({ code: "ECONNREFUSED" });
  const exported = readdirSync(service.folders.logDirectory).filter((name) => name.startsWith("ml_metrics_"));
  expect(exported).toHaveLength(1);
});

/** What a killed worker could not tell of is read back from its log, so the outcome of every acknowledged decision is taken. */
async function expectOutcomesTaken(service: WorkersService, answers: readonly PredictResponse[]): Promise<void> {
  const [operator] = service.openOperators();
  for (let start = 0; start < answers.length; start += 1_000) {
    const outcomes = answers
      .slice(start, start + 1_000)
      .map(({ predictionId }) => ({ predictionId, result: { case: "success" as const, value: true } }));
    const report = await present(operator).ask(MonitoringService.method.recordOutcomes, { outcomes });
    expect(report).toMatchObject({ recorded: outcomes.length, refused: [] });
  }
}

/** Processes that this one's main thread has started. */
function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children === "" ? [] : children.split(" ").map(Number);
}

function isWorker(pid: number): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("worker-main");
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
