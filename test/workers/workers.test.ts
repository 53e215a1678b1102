/** Several processes behind one port are one service. */
import { create, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { ConfigService, Halt_Scope } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import {
  type PredictResponse,
  PredictResponseSchema as predictResponse,
} from "../../gen/ts/arbitrex/ml/v1/inference_pb.ts";
import { ModelRegistryService } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { MonitoringService } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { readAuditLogs } from "../../src/monitor/audit/audit-logs.ts";
import { verifyAuditLogs } from "../../src/monitor/audit/audit-logs-verify.ts";
import { createFolders, digestOf, metadataOf, type Operator } from "../control/governed-service.ts";
import { createTrendingRequest } from "../control/trained-requests.ts";
import { readFixture } from "../registry/model-fixtures.ts";
import { waitUntil } from "../service/service-client.ts";
import { toPredictRequest } from "../support/predict-requests.ts";
import { readReferenceDecisions } from "../support/reference-decisions.ts";
import { startTestWorkers, workersThatAnswered } from "./workers-service.ts";

// Any of the models can read it.
const request = createTrendingRequest(1);
const { getMetrics, listDecisions, getHealth, recordOutcomes } = MonitoringService.method;

/** The decision without what every answer has of its own. */
function decisionOf(answer: PredictResponse): PredictResponse {
  return { ...answer, predictionId: "", requestId: "", timestamp: undefined, processingTimeMs: 0 } as PredictResponse;
}

describe("a service of two workers", () => {
  it("decides alike in both, bit for bit", async () => {
    await using service = await startTestWorkers();
    const [one, other] = pair(service.openOperators());
    for (const reference of readReferenceDecisions()) {
      const answers = await Promise.all([one, other].map((each) => each.predict(toPredictRequest(reference))));
      const [first, second] = answers.map((answer) => Buffer.from(toBinaryOf(decisionOf(answer))).toString("hex"));
      expect(first).toBe(second);
    }
    await waitUntil(async () => workersThatAnswered(service, "arbitrex.ml.v1.InferenceService/Predict").length === 2);
  });

  it("counts every answer once, wherever it was given and wherever one asks", async () => {
    await using service = await startTestWorkers();
    const operators = service.openOperators();
    for (const [index, operator] of operators.entries()) {
      for (let call = 0; call < 20 + index; call++) await operator.predict(request);
    }
    for (const operator of operators) {
      const { metrics } = await operator.ask(getMetrics, {});
      expect(metrics?.totalPredictions).toBe(41n);
      const { decisions } = await operator.ask(listDecisions, { limit: 100 });
      expect(new Set(decisions.map(({ predictionId }) => predictionId)).size).toBe(41);
    }
    const text = await (await fetch(`${service.url}/metrics/prometheus`)).text();
    const families = text.split("\n").filter((line) => line.startsWith("# TYPE"));
    expect(new Set(families).size).toBe(families.length);
    expect(sumOf(text, "ml_layer_decisions_total")).toBe(41);
    expect(
      sumOf(
        text,
        'ml_layer_rpc_duration_seconds_count{protocol="grpc",method="arbitrex.ml.v1.InferenceService/Predict"',
      ),
    ).toBe(41);
    expect(sumOf(text, "ml_layer_decision_duration_seconds_count")).toBe(41);
    expect(sumOf(text, 'ml_layer_stage_duration_seconds_count{stage="audit_wait"')).toBe(41);
    expect(sumOf(text, "ml_layer_worker_ready")).toBe(2);
    expect(sumOf(text, "ml_layer_worker_facts_dropped_total")).toBe(0);
  });

  it("tells an outcome to the decision of any worker", async () => {
    await using service = await startTestWorkers();
    const [one, other] = pair(service.openOperators());
    for (let round = 0; round < 20; round++) {
      const { predictionId } = await one.predict(request);
      const outcomes = [{ predictionId, result: { case: "success" as const, value: true } }];
      expect(await other.ask(recordOutcomes, { outcomes })).toMatchObject({ recorded: 1 });
    }
  });

  it("halts both before it says so, and lets both trade again", async () => {
    await using service = await startTestWorkers();
    const operators = service.openOperators();
    const isHalted = async (operator: Operator) => {
      const { prediction } = await operator.predict(request);
      return prediction?.gates.some(({ passed, message }) => !passed && message.startsWith("trading is halted"));
    };
    const halt = { scope: Halt_Scope.SYMBOL, target: request.symbol, reason: "test", actor: "ada" };
    for (const operator of operators) {
      await operator.ask(ConfigService.method.haltTrading, halt);
      expect(await Promise.all(operators.map(isHalted))).toEqual([true, true]);
      await operator.ask(ConfigService.method.resumeTrading, halt);
      expect(await Promise.all(operators.map(isHalted))).toEqual([false, false]);
    }
  });

  it("keeps a halt, a threshold and a challenger across restarts of the service and of a worker", async () => {
    using folders = createFolders();
    const halt = { scope: Halt_Scope.SYMBOL, target: request.symbol, reason: "circuit open", actor: "ada" };
    let hash = "";
    {
      await using before = await startTestWorkers({ folders });
      const [operator] = pair(before.openOperators());
      await operator.register("signal-lightgbm.onnx", "v2.0.0");
      await operator.setAlias("signal_filter", "v2.0.0", "challenger");
      hash = await operator.configure({ signalFilter: { entryThreshold: 0.6 } });
      await operator.ask(ConfigService.method.haltTrading, halt);
    }
    await using service = await startTestWorkers({ folders });
    const expectKept = async (operators: readonly Operator[]) => {
      for (const operator of operators) {
        const { configHash, prediction } = await operator.predict(request);
        expect(configHash).toBe(hash);
        expect(prediction?.decisionReasons.join()).toContain("circuit open");
        expect(prediction?.allowTrade).toBe(false);
      }
    };
    await expectKept(service.openOperators());
    process.kill(service.pidOf(1), "SIGKILL");
    await service.waitForReady(3);
    const operators = service.openOperators();
    await expectKept(operators);
    const shadowed = async () => {
      for (const operator of operators) await operator.predict(request);
      const { decisions } = await pair(operators)[0].ask(listDecisions, { limit: 4 });
      return decisions.some(({ shadow }) => shadow !== undefined);
    };
    await waitUntil(shadowed);
  });

  it("shows the same errors as one process, details and all", async () => {
    await using service = await startTestWorkers();
    const [operator] = pair(service.openOperators());
    const refusal = await operator.refusal(ConfigService.method.updateConfig, {
      config: { signalFilter: { entryThreshold: 1.5 } },
    });
    expect(refusal).toMatchObject({ code: "invalid_argument", reason: "INVALID_CONFIG" });
    expect(JSON.stringify(refusal)).toContain("signal_filter.entry_threshold");
    const missing = await operator.refusal(ModelRegistryService.method.getModel, {
      modelName: "signal_filter",
      version: "v9",
    });
    expect(missing).toMatchObject({ code: "not_found" });
    const rest = await fetch(`${service.url}/models/signal_filter/versions/v9`);
    expect([rest.status, await rest.json()]).toMatchObject([
      404,
      { code: "not_found", details: [{ reason: "NOT_FOUND" }, { resource_name: "signal_filter/v9" }] },
    ]);
  });

  it("takes an upload in chunks and lets it decide in both", async () => {
    await using service = await startTestWorkers();
    const operators = service.openOperators();
    const [operator] = pair(operators);
    const fixture = "signal-lightgbm.onnx";
    const metadata = { ...metadataOf(fixture), sha256: digestOf(fixture) };
    const header = { modelName: "signal_filter", version: "v2.0.0", metadata, actor: "ada" };
    const { answer } = await operator.upload(header, readFixture(fixture).bytes, 1000);
    expect(answer).toMatchObject({ version: "v2.0.0" });
    await operator.setAlias("signal_filter", "v2.0.0", "champion");
    const hash = await operator.configure({ signalFilter: { useMlModel: true } });
    for (const each of operators) {
      expect(await each.predict(request)).toMatchObject({
        configHash: hash,
        signalModel: { sha256: digestOf(fixture) },
      });
    }
    const refused = await operator.upload(
      { ...header, version: "v2.0.1", metadata: {} },
      readFixture(fixture).bytes,
      1000,
    );
    expect(refused.refusal).toMatchObject({ code: "invalid_argument", reason: "INVALID_UPLOAD" });
  });

  it("compares with a challenger in both", async () => {
    await using service = await startTestWorkers();
    const operators = service.openOperators();
    const [operator] = pair(operators);
    await operator.register("signal-lightgbm.onnx", "v2.0.0");
    await operator.setAlias("signal_filter", "v2.0.0", "challenger");
    const compared = async () => {
      for (const each of operators) await each.predict(request);
      const text = await (await fetch(`${service.url}/metrics/prometheus`)).text();
      return sumOf(text, "ml_layer_shadow_decisions_total");
    };
    await waitUntil(async () => (await compared()) > 4);
    const { decisions } = await operator.ask(listDecisions, { limit: 100 });
    expect(decisions.some(({ shadow }) => shadow !== undefined)).toBe(true);
  });

  it("keeps one audit log a worker and notes in its own where each begins and ends", async () => {
    await using service = await startTestWorkers();
    const operators = service.openOperators();
    for (const operator of operators) await operator.predict(request);
    expect(await operators[0]?.ask(getHealth, {})).toMatchObject({
      status: "healthy",
      components: { audit_log: true, worker_1: true, worker_2: true },
    });
    const { logDirectory } = service.folders;
    await service.stop();
    const report = await verifyAuditLogs(logDirectory);
    expect(report).toMatchObject({
      status: "intact",
      logs: [
        { log: "predictions", countsByKind: { start: 1, worker: 4, stop: 1 } },
        { log: "predictions.w1", countsByKind: { start: 1, decision: 1, stop: 1 } },
        { log: "predictions.w2", countsByKind: { start: 1, decision: 1, stop: 1 } },
      ],
    });
    const noted: unknown[] = [];
    for await (const { fields } of readAuditLogs(logDirectory, { kind: "worker" })) {
      noted.push([fields["event"], fields["log"], fields["log_seq"]]);
    }
    expect(noted.sort()).toEqual([
      ["started", "predictions.w1", 1],
      ["started", "predictions.w2", 1],
      ["stopped", "predictions.w1", 3],
      ["stopped", "predictions.w2", 3],
    ]);
  });
});

function pair([one, other]: readonly Operator[]): [Operator, Operator] {
  if (one === undefined || other === undefined) throw new Error("two connections are needed");
  return [one, other];
}

function toBinaryOf(answer: PredictResponse): Uint8Array {
  return toBinary(predictResponse, create(predictResponse, answer));
}

/** Sums the samples whose line begins so. */
function sumOf(text: string, start: string): number {
  const values = text.split("\n").filter((line) => line.startsWith(start));
  return values.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}
