/** Outcomes over the wire, across restarts. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RegimePrediction_Label } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import {
  MonitoringService,
  OutcomeSchema,
  RecordOutcomesRequestSchema,
  type RecordOutcomesResponse,
  RefusedOutcome_Reason,
} from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { defaultConfig } from "../../src/config/config-schema.ts";
import { outcomesMax } from "../../src/handlers/outcomes.ts";
import { readAuditRecords } from "../../src/monitor/audit/audit-reader.ts";
import { verifyAuditLog } from "../../src/monitor/audit/audit-verify.ts";
import { readRecordedOutcome } from "../../src/monitor/outcomes/outcome-record.ts";
import { callUnary } from "../contract/clients/grpc-js-client.ts";
import { ManualTime } from "../support/manual-time.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { startTestService, type TestService, type TestServiceOptions } from "../support/start-service.ts";
import { openClient, predict } from "./service-client.ts";

type OutcomeInit = MessageInitShape<typeof OutcomeSchema>;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ml-layer-outcomes-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Services of one test share their folders. */
function start(options: TestServiceOptions = {}): Promise<TestService> {
  const logDirectory = join(directory, "logs");
  const modelsDirectory = join(directory, "models");
  return startTestService({ ...options, environment: { logDirectory, modelsDirectory, ...options.environment } });
}

async function decide({ port }: TestService, bars?: number): Promise<string> {
  using client = openClient(port);
  const { answer, refusal } = await predict(client, createPredictRequest(bars));
  if (answer === undefined) throw new Error(refusal.message);
  return answer.predictionId;
}

async function record({ port }: TestService, outcomes: OutcomeInit[]) {
  using client = openClient(port);
  const request = create(RecordOutcomesRequestSchema, { outcomes });
  return await callUnary(client, MonitoringService.method.recordOutcomes, request);
}

async function recordAll(service: TestService, outcomes: OutcomeInit[]): Promise<RecordOutcomesResponse> {
  const { answer, refusal } = await record(service, outcomes);
  if (answer === undefined) throw new Error(refusal.message);
  return answer;
}

const success = { case: "success", value: true } as const;

describe("RecordOutcomes", () => {
  it.each(["strict", "os"] as const)("keeps an outcome in the audit log before it answers: %s", async (durability) => {
    await using service = await start({ environment: { auditDurability: durability } });
    const predictionId = await decide(service);
    const result = { case: "realisedReturn", value: -0.0125 } as const;
    const time = { seconds: 1_735_689_600n, nanos: 1_000 };
    const answer = await recordAll(service, [{ predictionId, result, time }]);
    expect(answer).toMatchObject({ recorded: 1, duplicates: 0, refused: [] });
    const recorded = [];
    for await (const each of readAuditRecords(service.logDirectory, { kind: "outcome" })) {
      recorded.push(readRecordedOutcome(each));
    }
    expect(recorded).toMatchObject([
      { predictionId, success: false, realisedReturn: -0.0125, time: "2025-01-01T00:00:00.000001Z" },
    ]);
    expect(await verifyAuditLog(service.logDirectory)).toMatchObject({ countsByKind: { decision: 1, outcome: 1 } });
  });

  it("judges each outcome on its own", async () => {
    await using service = await start();
    const [good, short] = [await decide(service), await decide(service, 40)];
    const unknown = "ffffffff-ffff-7fff-bfff-ffffffffffff";
    const answer = await recordAll(service, [
      { predictionId: good, result: success },
      { predictionId: good, result: success },
      { predictionId: good, result: { case: "success", value: false } },
      { predictionId: short, result: success },
      { predictionId: unknown, result: success },
      { predictionId: good },
      { predictionId: good, result: { case: "realisedReturn", value: Number.NaN } },
      Object.assign(create(OutcomeSchema, { predictionId: good, result: success }), { realisedRegime: 9 }),
    ]);
    expect(answer).toMatchObject({ recorded: 1, duplicates: 1 });
    const { CONFLICT, NOT_ELIGIBLE, UNKNOWN_ID, INVALID } = RefusedOutcome_Reason;
    expect(answer.refused.map(({ index, reason, message }) => [index, reason, message])).toEqual([
      [2, CONFLICT, "another outcome is recorded: success true"],
      [3, NOT_ELIGIBLE, "the decision had too few bars, so nothing was predicted"],
      [4, UNKNOWN_ID, "no decision of this id is known"],
      [5, INVALID, "realised_return or success: one of them is needed"],
      [6, INVALID, "realised_return: NaN is not a finite number"],
      [7, INVALID, "realised_regime: 9 is no regime"],
    ]);
  });

  it("is POST /outcomes, and its counts stand in GET /metrics", async () => {
    await using service = await start();
    const predictionId = await decide(service);
    await decide(service);
    const body = { outcomes: [{ prediction_id: predictionId, success: false, realised_regime: "RANGING" }, {}] };
    const response = await fetch(`${service.url}/outcomes`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const message = "realised_return or success: one of them is needed";
    expect(await response.json()).toEqual({
      recorded: 1,
      duplicates: 0,
      refused: [{ index: 1, prediction_id: "", reason: "INVALID", message }],
    });
    const metrics = await (await fetch(`${service.url}/metrics`)).json();
    expect(metrics).toMatchObject({ metrics: { outcomes: { awaiting: 1, told: { recorded: 1, invalid: 1 } } } });
  });

  it("takes a thousand outcomes a call and no more, and at least one", async () => {
    await using service = await start();
    const predictionId = await decide(service);
    const outcomes = Array.from({ length: outcomesMax + 1 }, () => ({ predictionId, result: success }));
    const invalid = { refusal: { code: "invalid_argument" } };
    expect(await record(service, outcomes)).toMatchObject(invalid);
    expect(await record(service, [])).toMatchObject(invalid);
    expect(await recordAll(service, outcomes.slice(1))).toMatchObject({ recorded: 1, duplicates: outcomesMax - 1 });
  });

  it("takes outcomes of the newest predictions only", async () => {
    await using service = await start({ predictionsMax: 2 });
    const ids = [await decide(service), await decide(service), await decide(service)];
    const answer = await recordAll(
      service,
      ids.map((predictionId) => ({ predictionId, result: success })),
    );
    expect(answer).toMatchObject({ recorded: 2, refused: [{ index: 0, reason: RefusedOutcome_Reason.TOO_OLD }] });
  });
});

describe("a restart", () => {
  it("forgets neither what awaits its outcome nor what has one", async () => {
    await using before = await start();
    const [told, awaiting] = [await decide(before), await decide(before)];
    await recordAll(before, [{ predictionId: told, result: success }]);
    await before.stop();
    await using after = await start();
    const fresh = await decide(after);
    const answer = await recordAll(after, [
      { predictionId: told, result: success },
      { predictionId: told, result: { case: "success", value: false } },
      { predictionId: awaiting, result: success },
      { predictionId: fresh, result: success },
    ]);
    expect(answer).toMatchObject({
      recorded: 2,
      duplicates: 1,
      refused: [{ index: 1, reason: RefusedOutcome_Reason.CONFLICT }],
    });
  });

  it("reads back the newest records and no more, and calls older ones too old", async () => {
    await using before = await start();
    const ids = [await decide(before), await decide(before), await decide(before)];
    await before.stop();
    // The stop record and two decisions.
    await using after = await start({ recordsRestoredMax: 3 });
    const answer = await recordAll(
      after,
      ids.map((predictionId) => ({ predictionId, result: success })),
    );
    expect(answer).toMatchObject({ recorded: 2, refused: [{ index: 0, reason: RefusedOutcome_Reason.TOO_OLD }] });
  });
});

describe("what outcomes show of a model", () => {
  const governance = { ...defaultConfig.governance, performanceWindow: 10 };

  /** Decisions on the same numbers, of which so many succeed. */
  async function judge(service: TestService, successes: number, failures: number): Promise<void> {
    const outcomes: OutcomeInit[] = [];
    for (let index = 0; index < successes + failures; index++) {
      const result = { case: "success", value: index < successes } as const;
      outcomes.push({ predictionId: await decide(service), result, realisedRegime: RegimePrediction_Label.TRENDING });
    }
    await recordAll(service, outcomes);
  }

  async function readSummary({ url }: TestService): Promise<unknown> {
    return await (await fetch(`${url}/metrics/summary`)).json();
  }

  it("stands in GET /metrics/summary and in Prometheus, and outlives a restart", async () => {
    const model = { name: "signal_filter", version: "v1.0.0_rule_based" };
    const expected = {
      models: [
        { model: { name: "regime_classifier" }, serving: true, outcomes: 4, accuracy: 1, reference_accuracy: 0.52 },
        {
          model,
          serving: true,
          outcomes: 4,
          auc: 0.5,
          accuracy: 0.75,
          hit_rate: 0.75,
          calibration: [{ outcomes: 4, hit_rate: 0.75 }],
          regimes: { TRENDING: { outcomes: 4 }, RANGING: { outcomes: 0 } },
          allowed: { outcomes: 4, hit_rate: 0.75 },
          refused: { outcomes: 0 },
          reference_auc: 0.55,
          reference_source: "CONFIGURATION",
        },
      ],
    };
    await using before = await start();
    await judge(before, 3, 1);
    expect(await readSummary(before)).toMatchObject(expected);
    const text = await (await fetch(`${before.url}/metrics/prometheus`)).text();
    const labels = 'model="signal_filter",version="v1.0.0_rule_based"';
    expect(text).toContain(`ml_layer_model_auc{${labels}} 0.5\n`);
    expect(text).toContain(`ml_layer_model_hit_ratio{${labels},decision="allow"} 0.75\n`);
    expect(text).toContain('ml_layer_outcomes_total{result="recorded"} 4\n');
    await before.stop();
    await using after = await start();
    // Recording waits for what is being restored.
    await record(after, [{ predictionId: "none", result: success }]);
    expect(await readSummary(after)).toMatchObject(expected);
  });

  it("raises an alert when it is too far below the reference, and ends it", async () => {
    const time = new ManualTime();
    const config = { ...defaultConfig, governance };
    await using service = await start({ clock: time, timers: time, config });
    const listAlerts = async (): Promise<unknown> => {
      time.advanceBy(5_000);
      return await (await fetch(`${service.url}/alerts`)).json();
    };
    await judge(service, 4, 5);
    expect(await listAlerts()).toMatchObject({ count: 0 });
    await judge(service, 0, 1);
    const alert = { rule: "signal_accuracy_drop", state: "FIRING", threshold: 0.05, severity: "WARNING" };
    expect(await listAlerts()).toMatchObject({ alerts: [alert] });
    const gauge = 'ml_layer_alerts_firing{alertname="signal_accuracy_drop",severity="warning"}';
    expect(await (await fetch(`${service.url}/metrics/prometheus`)).text()).toContain(`${gauge} 1\n`);
    await judge(service, 6, 4);
    expect(await listAlerts()).toMatchObject({ alerts: [{ ...alert, state: "RESOLVED" }] });
  });

  it.each([
    ["monitor_performance is off", { ...governance, monitorPerformance: false }],
    ["the drop is not above the threshold", { ...governance, performanceAlertThreshold: 0.52 }],
  ])("raises none when %s", async (_, given) => {
    const time = new ManualTime();
    const config = { ...defaultConfig, governance: given };
    await using service = await start({ clock: time, timers: time, config });
    await judge(service, 0, 10);
    time.advanceBy(5_000);
    expect(await (await fetch(`${service.url}/alerts`)).json()).toMatchObject({ count: 0 });
  });

  it("takes no rule under a name that governance has", async () => {
    await using service = await start();
    const [rule] = defaultConfig.alertRules;
    const response = await fetch(`${service.url}/alerts/rules`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...alertRuleJson, name: "signal_auc_drop", metric: rule?.metric }),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      message: "alert_rules[5].name: signal_auc_drop is a rule of governance",
    });
  });
});

const alertRuleJson = { comparison: "GREATER_THAN", threshold: 0.5, window_minutes: 5, severity: "INFO" };
