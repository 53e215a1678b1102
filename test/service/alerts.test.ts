/** Alerts of a whole service, in time that the test moves. */

import type { Message } from "@bufbuild/protobuf";
import { create, type DescMethodUnary, type MessageInitShape, type MessageShape } from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import { describe, expect, it } from "vitest";
import { AlertSeverity_Level } from "../../gen/ts/arbitrex/ml/v1/common_pb.ts";
import { AlertRule_Comparison } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { MonitoringService } from "../../gen/ts/arbitrex/ml/v1/monitoring_pb.ts";
import { defaultConfig } from "../../src/config/config-schema.ts";
import { alertMetrics } from "../../src/monitor/alerts/alert-metrics.ts";
import { renderPrometheusRules } from "../../src/monitor/alerts/prometheus-rules.ts";
import { readAuditRecords } from "../../src/monitor/audit/audit-reader.ts";
import { createServiceLog } from "../../src/service-log.ts";
import type { Outcome } from "../contract/clients/contract-client.ts";
import { callUnary } from "../contract/clients/grpc-js-client.ts";
import { AlertmanagerServer } from "../monitor/alerts/alertmanager-server.ts";
import { ManualTime } from "../support/manual-time.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { startTestService, type TestService, type TestServiceOptions } from "../support/start-service.ts";
import { openClient, predict, waitUntil } from "./service-client.ts";

const { method } = MonitoringService;

async function start(options: TestServiceOptions = {}) {
  const time = new ManualTime();
  const service = await startTestService({ clock: time, timers: time, ...options });
  return { time, service, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
}

/** Has trades refused: no upstream check has passed. */
async function refuseTrades({ port }: TestService, count: number): Promise<void> {
  using client = openClient(port);
  const { qseOutput: _, ...request } = createPredictRequest();
  for (let taken = 0; taken < count; taken++) await predict(client, request);
}

async function call<I extends GenMessage<Message>, O extends GenMessage<Message>>(
  { port }: TestService,
  rpc: DescMethodUnary<I, O>,
  request: MessageInitShape<I>,
): Promise<Outcome<MessageShape<O>>> {
  using client = openClient(port);
  // Awaited here, so that the connection is there for as long as the call.
  return await callUnary(client, rpc, create(rpc.input, request));
}

async function fetchJson(url: string, verb = "GET", body?: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url, {
    method: verb,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  return { status: response.status, body: await response.json() };
}

async function scrape(url: string): Promise<string> {
  return (await fetch(`${url}/metrics/prometheus`)).text();
}

async function readGauge(url: string, alertname: string): Promise<string | undefined> {
  const text = await scrape(url);
  return text.split("\n").find((line) => line.startsWith(`ml_layer_alerts_firing{alertname="${alertname}"`));
}

const rule = {
  name: "too_many_refusals",
  metric: "suppression_rate",
  comparison: AlertRule_Comparison.GREATER_THAN,
  threshold: 0.5,
  windowMinutes: 5,
  severity: AlertSeverity_Level.CRITICAL,
  minSamples: 3,
};
const ruleJson = {
  name: "too_many_refusals",
  metric: "suppression_rate",
  comparison: "GREATER_THAN",
  threshold: 0.5,
  window_minutes: 5,
  severity: "CRITICAL",
};

describe("a default rule", () => {
  it("fires on the thirtieth decision, once, and resolves when its window has passed", async () => {
    const lines: Record<string, unknown>[] = [];
    const log = createServiceLog("info", { write: (line) => void lines.push(JSON.parse(line)) });
    await using started = await start({ log });
    const { time, service } = started;
    await refuseTrades(service, 29);
    time.advanceBy(5_000);
    expect((await fetchJson(`${service.url}/alerts`)).body).toMatchObject({ count: 0, alerts: [] });
    expect(await readGauge(service.url, "high_suppression_rate")).toMatch(/severity="warning"\} 0$/);
    await refuseTrades(service, 1);
    time.advanceBy(30_000);
    expect((await fetchJson(`${service.url}/alerts`)).body).toEqual({
      timestamp: "2025-01-01T00:00:35Z",
      count: 1,
      alerts: [
        {
          rule: "high_suppression_rate",
          metric: "suppression_rate",
          severity: "WARNING",
          state: "FIRING",
          value: 1,
          threshold: 0.9,
          message: "suppression_rate is 1 over the last 60 min; the rule fires above 0.9",
          started_at: "2025-01-01T00:00:10Z",
        },
      ],
    });
    expect(await readGauge(service.url, "high_suppression_rate")).toMatch(/severity="warning"\} 1$/);
    time.advanceBy(61 * 60_000);
    expect((await fetchJson(`${service.url}/alerts`)).body).toMatchObject({
      count: 1,
      alerts: [{ state: "RESOLVED", started_at: "2025-01-01T00:00:10Z", resolved_at: "2025-01-01T01:00:10Z" }],
    });
    const transitions = lines.filter(({ msg }) => msg === "alert changed state");
    const fields = {
      alertname: "high_suppression_rate",
      severity: "warning",
      metric: "suppression_rate",
      threshold: 0.9,
      value: 1,
    };
    expect(transitions).toEqual([
      { level: 40, time: expect.any(String), msg: "alert changed state", from: "INACTIVE", to: "FIRING", ...fields },
      { level: 30, time: expect.any(String), msg: "alert changed state", from: "FIRING", to: "RESOLVED", ...fields },
    ]);
  });
});

describe("the list of alerts", () => {
  it("is narrowed to and cleared of a severity", async () => {
    await using started = await start();
    const { time, service } = started;
    await call(service, method.createAlertRule, { rule });
    await refuseTrades(service, 30);
    time.advanceBy(5_000);
    const listed = await call(service, method.listAlerts, { severity: AlertSeverity_Level.CRITICAL });
    expect(listed.answer).toMatchObject({ count: 1, alerts: [{ rule: "too_many_refusals" }] });
    expect(await fetchJson(`${service.url}/alerts?severity=critical`, "DELETE")).toEqual({
      status: 200,
      body: { status: "success", cleared: 1 },
    });
    const rest = await call(service, method.listAlerts, {});
    expect(rest.answer).toMatchObject({ count: 1, alerts: [{ rule: "high_suppression_rate" }] });
  });

  it("is emptied by a reset, and stays empty: the windows are too", async () => {
    await using started = await start();
    const { time, service } = started;
    await refuseTrades(service, 30);
    time.advanceBy(5_000);
    expect((await call(service, method.listAlerts, {})).answer?.count).toBe(1);
    expect((await call(service, method.reset, {})).answer?.status).toBe("success");
    time.advanceBy(5_000);
    expect((await call(service, method.listAlerts, {})).answer?.count).toBe(0);
  });
});

describe("a rule of one's own", () => {
  it("lives over gRPC: created, fired, disabled, enabled, deleted", async () => {
    await using started = await start();
    const { time, service } = started;
    const state = async () => {
      time.advanceBy(5_000);
      const { answer } = await call(service, method.listAlerts, { severity: AlertSeverity_Level.CRITICAL });
      return answer?.alerts.map((alert) => alert.state);
    };
    await refuseTrades(service, 3);
    const created = await call(service, method.createAlertRule, { rule });
    expect(created.answer?.rule).toMatchObject({ ...rule, enabled: true, forSeconds: 0 });
    expect(created.answer?.configHash).not.toBe(service.configHash);
    expect(await state()).toEqual([2]);
    const disabled = await call(service, method.updateAlertRule, { name: rule.name, enabled: false });
    expect(disabled.answer?.rule).toMatchObject({ ...rule, enabled: false });
    expect(await state()).toEqual([3]);
    await call(service, method.updateAlertRule, { name: rule.name, enabled: true, forSeconds: 60 });
    expect(await state()).toEqual([1, 3]);
    time.advanceBy(55_000);
    expect(await state()).toEqual([2, 3]);
    const deleted = await call(service, method.deleteAlertRule, { name: rule.name });
    expect(deleted.answer).toMatchObject({ status: "success", configHash: service.configHash });
    expect(await state()).toEqual([3, 3]);
    const rules = await call(service, method.listAlertRules, {});
    expect(rules.answer?.rules).toHaveLength(5);
  });

  it("lives over REST, with defaults for what is not said", async () => {
    await using started = await start();
    const { service } = started;
    const created = await fetchJson(`${service.url}/alerts/rules`, "POST", ruleJson);
    const stored = { ...ruleJson, min_samples: 30, enabled: true, for_seconds: 0 };
    expect(created).toEqual({
      status: 200,
      body: { rule: stored, config_hash: expect.stringMatching(/^[0-9a-f]{16}$/) },
    });
    expect((await fetchJson(`${service.url}/alerts/rules`)).body).toContainEqual(stored);
    const changed = await fetchJson(`${service.url}/alerts/rules/${rule.name}`, "PATCH", {
      threshold: 0.7,
      severity: "INFO",
    });
    expect(changed.body).toMatchObject({ rule: { ...stored, threshold: 0.7, severity: "INFO" } });
    const deleted = await fetchJson(`${service.url}/alerts/rules/${rule.name}`, "DELETE");
    expect(deleted.body).toEqual({ status: "success", config_hash: service.configHash });
    expect((await fetchJson(`${service.url}/alerts/rules`)).body).toHaveLength(5);
  });

  it("is part of the configuration: hashed, in the audit log, and there after a restart", async () => {
    await using started = await start();
    const { service } = started;
    const created = await call(service, method.createAlertRule, { rule });
    await service.stop();
    const { configDirectory, logDirectory } = service;
    await using again = await startTestService({ environment: { configDirectory, logDirectory } });
    expect(again.configHash).toBe(created.answer?.configHash);
    const rules = await call(again, method.listAlertRules, {});
    expect(rules.answer?.rules.at(-1)).toMatchObject(rule);
    const actions = [];
    for await (const { fields } of readAuditRecords(logDirectory, { kind: "admin" })) actions.push(fields);
    expect(actions).toMatchObject([
      { action: "UPDATE_CONFIG", reason: "alert rule too_many_refusals created", changed_keys: ["alert_rules"] },
    ]);
  });

  it("is not lost when many are created at once", async () => {
    await using started = await start();
    const { service } = started;
    const names = ["a", "b", "c", "d", "e"].map((letter) => `rule_${letter}`);
    const outcomes = await Promise.all(
      names.map((name) => call(service, method.createAlertRule, { rule: { ...rule, name } })),
    );
    expect(outcomes.map(({ refusal }) => refusal)).toEqual(names.map(() => undefined));
    const rules = await call(service, method.listAlertRules, {});
    expect(
      rules.answer?.rules
        .slice(5)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(names);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["what is not measured", { metric: "sharpe_ratio" }, "alert_rules[5].metric"],
    ["a name of an object's member", { metric: "constructor" }, "alert_rules[5].metric"],
    ["a window longer than is kept", { windowMinutes: 1441 }, "alert_rules[5].window_minutes"],
    ["no comparison", { comparison: 0 }, "alert_rules[5].comparison"],
    ["no severity", { severity: 0 }, "alert_rules[5].severity"],
    ["no samples", { minSamples: 0 }, "alert_rules[5].min_samples"],
    ["a wait of more than a day", { forSeconds: 86_401 }, "alert_rules[5].for_seconds"],
    ["no name", { name: "" }, "alert_rules[5].name"],
  ])("is refused with %s, and nothing changes", async (_, change, field) => {
    await using started = await start();
    const { service } = started;
    const { refusal } = await call(service, method.createAlertRule, { rule: { ...rule, ...change } });
    expect(refusal).toMatchObject({ code: "invalid_argument", violations: [expect.objectContaining({ field })] });
    expect((await call(service, method.listAlertRules, {})).answer?.rules).toHaveLength(5);
  });

  it("is refused through PUT /config as well when it watches what is not measured", async () => {
    await using started = await start();
    const { service } = started;
    const answer = await fetchJson(`${service.url}/config`, "PUT", {
      alert_rules: [{ ...ruleJson, metric: "sharpe_ratio" }],
    });
    expect(answer).toMatchObject({ status: 400, body: { message: expect.stringContaining("alert_rules[0].metric") } });
  });

  it("has a name of its own, and must be there to be changed", async () => {
    await using started = await start();
    const { service } = started;
    const name = "high_latency";
    expect((await call(service, method.createAlertRule, { rule: { ...rule, name } })).refusal?.code).toBe(
      "already_exists",
    );
    expect((await call(service, method.createAlertRule, {})).refusal?.code).toBe("invalid_argument");
    expect((await call(service, method.updateAlertRule, { name: "absent", threshold: 1 })).refusal?.code).toBe(
      "not_found",
    );
    expect((await call(service, method.deleteAlertRule, { name: "absent" })).refusal?.code).toBe("not_found");
  });
});

describe("the rules for Prometheus", () => {
  it("ask only for metrics that a service shows", async () => {
    await using started = await start();
    const { service } = started;
    await refuseTrades(service, 1);
    const [someRule] = defaultConfig.alertRules;
    if (someRule === undefined) throw new Error("there are no default rules");
    const onEverything = alertMetrics.map((metric) => ({ ...someRule, name: `on_${metric}`, metric }));
    const asked = renderPrometheusRules(onEverything).match(/(?<![\w:])ml_layer_\w+(?=[{[ ])/g) ?? [];
    const shown = new Set((await scrape(service.url)).match(/^ml_layer_\w+/gm));
    expect(asked.length).toBeGreaterThan(20);
    expect([...new Set(asked)].filter((name) => !shown.has(name))).toEqual([]);
  });
});

describe("an Alertmanager", () => {
  it("is told by a service of what fires, and the telling is counted", async () => {
    const receiver = await AlertmanagerServer.listen();
    await using started = await start({ environment: { alertmanagerUrls: [receiver.url] } });
    const { time, service } = started;
    await refuseTrades(service, 30);
    time.advanceBy(5_000);
    await receiver.received(1);
    expect(receiver.requests).toMatchObject([
      {
        path: "/api/v2/alerts",
        alerts: [
          {
            labels: {
              alertname: "high_suppression_rate",
              instance: expect.stringMatching(new RegExp(`:${service.port}$`)),
            },
            startsAt: "2025-01-01T00:00:05.000000Z",
            generatorURL: expect.stringMatching(/\/alerts\/rules$/),
          },
        ],
      },
    ]);
    await waitUntil(async () =>
      /^ml_layer_alert_notifications_total\{outcome="delivered"\} 1$/m.test(await scrape(service.url)),
    );
    await service.stop();
    expect(receiver.requests).toHaveLength(1);
  });
});
