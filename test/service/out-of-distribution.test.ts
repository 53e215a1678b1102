/** The shipped trained models decide: how far a request is from their training rows is told, and refused where that is asked for. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hashConfig } from "../../src/config/config-hash.ts";
import { mergeConfig } from "../../src/config/config-merge.ts";
import { defaultConfig } from "../../src/config/config-schema.ts";
import { readDriftReference } from "../../src/domain/drift-reference.ts";
import { createDecisionEngine } from "../../src/engine/decision-engine.ts";
import { readAuditRecords } from "../../src/monitor/audit/audit-reader.ts";
import { readRecordedDecision } from "../../src/monitor/recorded-decision.ts";
import { openModelRegistry } from "../../src/registry/model-registry.ts";
import { sendJson } from "../control/governed-service.ts";
import { modelsDirectory } from "../support/engine.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { startTestService } from "../support/start-service.ts";
import { openClient, predict } from "./service-client.ts";

/** Above what the familiar request has, far below what the absurd one has. */
const threshold = 2;

const patch = {
  regime: { useMlModel: true },
  signalFilter: { useMlModel: true },
  model: { regimeClassifierVersion: "v1.1.0_lightgbm", signalFilterVersion: "v2.0.0_lightgbm" },
};
const restPatch = {
  regime: { use_ml_model: true },
  signal_filter: { use_ml_model: true },
  model: { regime_classifier_version: "v1.1.0_lightgbm", signal_filter_version: "v2.0.0_lightgbm" },
};

function readReference(path: string) {
  return readDriftReference(JSON.parse(readFileSync(join(modelsDirectory, path), "utf8")));
}

const regimeReference = readReference("regime_classifier/metadata/v1.1.0_metadata.json");
const signalReference = readReference("signal_filter/metadata/v2.0.0_metadata.json");

/** A request whose every feature is in the middle of what the filter was trained on. */
function createFamiliarRequest() {
  const values = [...signalReference].map(([name, { min, max }]) => {
    return [name, { values: new Array<number>(120).fill((min + max) / 2) }] as const;
  });
  const { features, ...rest } = createPredictRequest();
  return { ...rest, features: { ...features, ...Object.fromEntries(values) } };
}

/** The classifier was trained on another market, so there the same request is a little outside. */
function scoreForClassifier(): number {
  const { features } = createFamiliarRequest();
  const scores = [...regimeReference].map(([name, { min, max, edges }]) => {
    const value = Math.fround(new Map(Object.entries(features)).get(name)?.values[0] ?? Number.NaN);
    const beyond = value < min ? min - value : value > max ? value - max : 0;
    // One symbol alone has one dispersion: what never varied in training has a unit of 1.
    return beyond / ((edges.at(-1) ?? 0) - (edges[0] ?? 0) || 1);
  });
  return Math.max(...scores);
}

/** An average true range that no market ever had. */
function createAbsurdRequest() {
  const request = createFamiliarRequest();
  return { ...request, features: { ...request.features, atr: { values: new Array<number>(120).fill(1e9) } } };
}

async function startTrained(outside: number) {
  const service = await startTestService();
  const governance = { out_of_distribution_threshold: outside };
  expect(await sendJson("PUT", `${service.url}/config`, { ...restPatch, governance })).toMatchObject({ status: 200 });
  return service;
}

describe("a service over the shipped trained models", () => {
  it("tells the scores over gRPC and REST, and has no gate for them by default", async () => {
    await using service = await startTrained(0);
    using client = openClient(service.port);
    const familiar = (await predict(client, createFamiliarRequest())).answer?.prediction;
    expect(familiar?.regime?.outOfDistribution).toBe(scoreForClassifier());
    expect(familiar?.regime?.outOfDistribution).toBeGreaterThan(0);
    expect(familiar?.signal?.outOfDistribution).toBe(0);
    expect(familiar?.gates).toHaveLength(5);
    const absurd = (await predict(client, createAbsurdRequest())).answer?.prediction;
    expect(absurd?.regime?.outOfDistribution).toBeGreaterThan(1e6);
    expect(absurd?.signal?.outOfDistribution).toBeGreaterThan(1e6);
    expect(absurd?.gates).toHaveLength(5);
    const { features, ...rest } = createAbsurdRequest();
    const plain = Object.fromEntries(Object.entries(features).map(([name, { values }]) => [name, values]));
    const body = { symbol: rest.symbol, timeframe: rest.timeframe, features: plain };
    expect(await sendJson("POST", `${service.url}/predict`, body)).toMatchObject({
      status: 200,
      answer: {
        prediction: {
          regime: { out_of_distribution: absurd?.regime?.outOfDistribution },
          signal: { out_of_distribution: absurd?.signal?.outOfDistribution },
        },
      },
    });
  });

  it("says nothing of rules", async () => {
    await using service = await startTestService();
    using client = openClient(service.port);
    const { regime, signal } = (await predict(client, createAbsurdRequest())).answer?.prediction ?? {};
    expect([regime?.outOfDistribution, signal?.outOfDistribution]).toEqual([undefined, undefined]);
  });

  it("refuses an absurd row by the gate, counts that, and would not without the gate", async () => {
    await using service = await startTrained(threshold);
    using client = openClient(service.port);
    const familiar = (await predict(client, createFamiliarRequest())).answer?.prediction;
    expect(familiar?.gates[5]).toMatchObject({ passed: true, value: scoreForClassifier(), threshold });
    const absurd = (await predict(client, createAbsurdRequest())).answer?.prediction;
    expect(absurd?.allowTrade).toBe(false);
    expect(absurd?.gates[5]?.passed).toBe(false);
    expect(absurd?.decisionReasons.join()).toContain(`is above ${threshold}`);
    const text = await (await fetch(`${service.url}/metrics/prometheus`)).text();
    expect(text).toContain('ml_layer_gate_failures_total{gate="IN_DISTRIBUTION"} 1\n');
    const config = await sendJson("GET", `${service.url}/config`);
    expect(config.answer).toMatchObject({ config: { governance: { out_of_distribution_threshold: threshold } } });
    const refused = await sendJson("PUT", `${service.url}/config`, {
      governance: { out_of_distribution_threshold: 1001 },
    });
    expect(refused.status).toBe(400);
    const same = await sendJson("PUT", `${service.url}/config?dry_run=true`, { governance: { drift_window: 99 } });
    expect(same.answer).toMatchObject({ decisions_replayed: 2, flip_count: 0 });
  });

  it("decides the same again from its audit log, bit for bit", async () => {
    await using service = await startTrained(threshold);
    using client = openClient(service.port);
    await predict(client, createFamiliarRequest());
    await predict(client, createAbsurdRequest());
    const registry = openModelRegistry(modelsDirectory);
    const leases = [
      await registry.acquire("regime_classifier", "v1.1.0_lightgbm"),
      await registry.acquire("signal_filter", "v2.0.0_lightgbm"),
    ] as const;
    const config = mergeConfig(defaultConfig, { ...patch, governance: { outOfDistributionThreshold: threshold } });
    const engine = createDecisionEngine({
      config: hashConfig(config),
      regimeModel: leases[0].model,
      signalModel: leases[1].model,
      findHalt: () => undefined,
    });
    let replayed = 0;
    for await (const record of readAuditRecords(service.logDirectory, { kind: "decision" })) {
      const { inputs, halted, configHash } = readRecordedDecision(record);
      const decision = await engine.redecide(inputs, halted);
      expect(configHash).toBe(decision.configHash);
      expect(record.fields).toMatchObject({
        regime_out_of_distribution: decision.regime.outOfDistribution,
        signal_out_of_distribution: decision.signal.outOfDistribution,
        gates: decision.gates.map(({ margin, ...gate }) => gate),
        allowed: decision.allowTrade,
      });
      replayed++;
    }
    expect(replayed).toBe(2);
    for (const lease of leases) await lease.release();
    await registry.close();
  });
});
