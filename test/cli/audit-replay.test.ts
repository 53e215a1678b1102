import { describe, expect, it } from "vitest";
import { replayDecisions } from "../../src/cli/audit-replay.ts";
import { hashCanonicalJson, toCanonicalJson, writeCanonical } from "../../src/config/config-hash.ts";
import { defaultConfig } from "../../src/config/config-schema.ts";
import { featureNames } from "../../src/domain/feature-schema.ts";
import { type LoggedRecord, readAuditLogs } from "../../src/monitor/audit/audit-logs.ts";
import { DecisionRecordWriter } from "../../src/monitor/decision-record.ts";
import { openModelRegistry } from "../../src/registry/model-registry.ts";
import { sendJson } from "../control/governed-service.ts";
import { createEvent } from "../monitor/decision-events.ts";
import { openClient, predict } from "../service/service-client.ts";
import { modelsDirectory } from "../support/engine.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { startTestService, type TestService } from "../support/start-service.ts";

/** What the log of a release holds that did not know the key yet. */
function createOlderLog(change: (config: Record<string, Record<string, unknown>>) => void = () => undefined) {
  const config = JSON.parse(toCanonicalJson(defaultConfig));
  delete config.governance.out_of_distribution_threshold;
  const configHash = hashCanonicalJson(writeCanonical(config));
  const event = createEvent();
  const decided = { ...event, decision: { ...event.decision, configHash } };
  change(config);
  return [
    { kind: "start", config, config_hash: configHash },
    JSON.parse(`${new DecisionRecordWriter().write(decided)}}`),
  ].map((fields, index): LoggedRecord => {
    return { log: "predictions", seq: index + 1, prevHash: "", hash: "", kind: fields.kind, fields };
  });
}

async function* stream(records: readonly LoggedRecord[]) {
  yield* records;
}

describe("taking the decisions of an older log again", () => {
  const registry = openModelRegistry(modelsDirectory);

  it("reads its configuration with the defaults of the keys that were added since", async () => {
    const records = createOlderLog();
    expect(records[0]?.fields["config_hash"]).toBe("8ca3d43904c91dc4");
    const report = await replayDecisions(() => stream(records), registry);
    expect(report).toEqual({ replayed: 1, differences: [] });
  });

  it("refuses a configuration that is not the one under its hash", async () => {
    const records = createOlderLog((config) => Object.assign(config["regime"] ?? {}, { min_confidence: 0.5 }));
    await expect(replayDecisions(() => stream(records), registry)).rejects.toThrow("another configuration");
  });
});

describe("taking the decisions of trained models again", () => {
  const trained = {
    regime: { use_ml_model: true },
    signal_filter: { use_ml_model: true },
    model: { regime_classifier_version: "v1.1.0_lightgbm", signal_filter_version: "v2.0.0_lightgbm" },
  };

  /** A log with one decision of the rules and two of the shipped trained models. */
  async function logDecisions(service: TestService): Promise<readonly LoggedRecord[]> {
    using client = openClient(service.port);
    const features = Object.fromEntries(
      featureNames.map((name, index) => [name, { values: Array.from({ length: 120 }, (_, bar) => bar / (index + 7)) }]),
    );
    const request = { ...createPredictRequest(), features };
    expect((await predict(client, request)).answer?.regimeModel?.version).toBe("v1.0.0_rule_based");
    expect((await sendJson("PUT", `${service.url}/config`, trained)).status).toBe(200);
    for (const symbol of ["EURUSD", "GBPUSD"]) {
      expect((await predict(client, { ...request, symbol })).answer?.regimeModel?.version).toBe("v1.1.0_lightgbm");
    }
    const records: LoggedRecord[] = [];
    for await (const record of readAuditLogs(service.logDirectory)) records.push(record);
    return records;
  }

  it("finds each of them equal, bit for bit", async () => {
    await using service = await startTestService();
    const records = await logDecisions(service);
    const report = await replayDecisions(() => stream(records), openModelRegistry(modelsDirectory));
    expect(report).toEqual({ replayed: 3, differences: [] });
  });

  it("finds the one whose record says something else", async () => {
    await using service = await startTestService();
    const records = await logDecisions(service);
    const changed = records.map((record) =>
      record === records.findLast(({ kind }) => kind === "decision")
        ? { ...record, fields: { ...record.fields, signal_prob: 0.123 } }
        : record,
    );
    const { differences } = await replayDecisions(() => stream(changed), openModelRegistry(modelsDirectory));
    expect(differences).toMatchObject([{ field: "signal_prob", recorded: "0.123" }]);
  });

  it("refuses a version that is another file now", async () => {
    await using service = await startTestService();
    const records = await logDecisions(service);
    const other = records.map((record) =>
      JSON.parse(
        JSON.stringify(record).replaceAll(
          /("name":"signal_filter","version":"v2[^}]*"sha256":")[0-9a-f]{4}/g,
          "$1beef",
        ),
      ),
    );
    await expect(replayDecisions(() => stream(other), openModelRegistry(modelsDirectory))).rejects.toThrow(
      "another file now",
    );
  });
});
