import { describe, expect, it } from "vitest";
import { defaultConfig } from "../../../src/config/config-schema.ts";
import { type AlertingOptions, startAlerting } from "../../../src/monitor/alerts/alerting.ts";
import { postJson } from "../../../src/monitor/alerts/http-post.ts";
import { DecisionWindows } from "../../../src/monitor/decision-windows.ts";
import { ManualTime } from "../../support/manual-time.ts";
import { AlertmanagerServer } from "./alertmanager-server.ts";
import { createDecision } from "./decision-load.ts";

/** Alerts over the default rules, with 30 refused decisions to fire on. */
function createAlerting(change: Partial<AlertingOptions> = {}) {
  const time = new ManualTime();
  const windows = new DecisionWindows(time);
  for (let count = 0; count < 30; count++) windows.record(createDecision({ allowed: false }));
  const transitions: string[] = [];
  const outcomes: string[] = [];
  const faults: unknown[] = [];
  const alerting = startAlerting({
    clock: time,
    timers: time,
    rules: () => defaultConfig.alertRules,
    readWindow: (windowMs) => windows.read(windowMs),
    webhookUrls: [],
    post: postJson,
    random: () => 0,
    source: () => ({ instance: "host-1:8003", generatorUrl: "http://host-1:8003/alerts/rules" }),
    onTransition: ({ alert, from, to }) => transitions.push(`${alert.rule.name}: ${from} → ${to}`),
    onNotification: (outcome, alerts) => outcomes.push(`${outcome} ${alerts}`),
    onFault: (message, error) => faults.push(message, error),
    ...change,
  });
  return { time, windows, transitions, outcomes, faults, alerting };
}

/** Lets a queue that waits for chance or an answer come to its next wait. */
async function waitFor(isReached: () => boolean): Promise<void> {
  while (!isReached()) await new Promise((resolve) => setImmediate(resolve));
}

describe("alerting", () => {
  it("evaluates every five seconds, and not before", async () => {
    const { time, transitions } = createAlerting();
    time.advanceTo(4_999);
    expect(transitions).toEqual([]);
    time.advanceTo(5_000);
    expect(transitions).toEqual(["high_suppression_rate: INACTIVE → FIRING"]);
    time.advanceTo(600_000);
    expect(transitions).toHaveLength(1);
  });

  it("goes on after an evaluation that failed, and says so", () => {
    let isBroken = true;
    const windows = new DecisionWindows(new ManualTime());
    const { time, faults } = createAlerting({
      readWindow(windowMs) {
        if (isBroken) throw new Error("broken");
        return windows.read(windowMs);
      },
    });
    time.advanceTo(5_000);
    expect(faults).toEqual(["alert evaluation failed", expect.objectContaining({ message: "broken" })]);
    isBroken = false;
    time.advanceTo(10_000);
    expect(faults).toHaveLength(2);
  });

  it("ends with its service: no timer is left", async () => {
    const { time, alerting } = createAlerting();
    await alerting.close();
    expect(time.waits).toEqual([]);
  });
});

describe("an Alertmanager", () => {
  it("is told in the form of its v2 interface, with retries, when it fires and when it is over", async () => {
    const server = await AlertmanagerServer.listen([500, 503, 200]);
    const { time, windows, outcomes, alerting } = createAlerting({ webhookUrls: [server.url] });
    time.advanceTo(5_000);
    await waitFor(() => outcomes.length === 1);
    await waitFor(() => time.waits.includes(250));
    time.advanceBy(250);
    await waitFor(() => outcomes.length === 2);
    await waitFor(() => time.waits.includes(500));
    time.advanceBy(500);
    await waitFor(() => outcomes.length === 3);
    expect(outcomes).toEqual(["failed 1", "failed 1", "delivered 1"]);
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(
      new Array(3).fill("POST /api/v2/alerts"),
    );
    const fired = {
      labels: { alertname: "high_suppression_rate", severity: "warning", service: "ml-layer", instance: "host-1:8003" },
      annotations: {
        summary: "suppression_rate is 1 over the last 60 min; the rule fires above 0.9",
        metric: "suppression_rate",
        value: "1",
        threshold: "0.9",
      },
      startsAt: "2025-01-01T00:00:05.000000Z",
      // Four repetitions after it was sent.
      endsAt: "2025-01-01T00:04:05.750000Z",
      generatorURL: "http://host-1:8003/alerts/rules",
    };
    expect(server.requests.at(-1)?.alerts).toEqual([fired]);
    for (let count = 0; count < 30; count++) windows.record(createDecision());
    time.advanceTo(10_000);
    await server.received(4);
    expect(server.requests.at(-1)?.alerts).toEqual([
      {
        ...fired,
        annotations: { ...fired.annotations, value: "0.5", summary: expect.stringMatching(/ is 0\.5 /) },
        endsAt: "2025-01-01T00:00:10.000000Z",
      },
    ]);
    await alerting.close();
  });

  it("is reminded every minute of what fires, and of nothing else", async () => {
    const server = await AlertmanagerServer.listen();
    const { time, windows, outcomes, alerting } = createAlerting({ webhookUrls: [`${server.url}/`] });
    time.advanceTo(5_000);
    await waitFor(() => outcomes.length === 1);
    time.advanceTo(59_999);
    expect(server.requests).toHaveLength(1);
    time.advanceTo(60_000);
    await waitFor(() => outcomes.length === 2);
    expect(server.requests[1]?.alerts).toMatchObject([
      { startsAt: "2025-01-01T00:00:05.000000Z", endsAt: "2025-01-01T00:05:00.000000Z" },
    ]);
    for (let count = 0; count < 30; count++) windows.record(createDecision());
    time.advanceTo(65_000);
    await waitFor(() => outcomes.length === 3);
    time.advanceTo(300_000);
    await alerting.close();
    expect(server.requests).toHaveLength(3);
  });

  it("that is away does not keep another from being told", async () => {
    const server = await AlertmanagerServer.listen();
    const away = "http://127.0.0.1:9";
    const { time, alerting } = createAlerting({ webhookUrls: [away, server.url] });
    time.advanceTo(5_000);
    await server.received(1);
    await alerting.close();
    expect(server.requests[0]?.alerts).toHaveLength(1);
  });
});
