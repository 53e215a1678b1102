import { describe, expect, it } from "vitest";
import { replayDecisions } from "../../src/cli/audit-replay.ts";
import { hashCanonicalJson, toCanonicalJson, writeCanonical } from "../../src/config/config-hash.ts";
import { defaultConfig } from "../../src/config/config-schema.ts";
import type { LoggedRecord } from "../../src/monitor/audit/audit-logs.ts";
import { DecisionRecordWriter } from "../../src/monitor/decision-record.ts";
import { openModelRegistry } from "../../src/registry/model-registry.ts";
import { createEvent } from "../monitor/decision-events.ts";
import { modelsDirectory } from "../support/engine.ts";

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
    JSON.parse(`${new DecisionRecordWriter().write(decided).json}}`),
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
    expect(report).toEqual({ replayed: 1, skipped: 0, differences: [] });
  });

  it("refuses a configuration that is not the one under its hash", async () => {
    const records = createOlderLog((config) => Object.assign(config["regime"] ?? {}, { min_confidence: 0.5 }));
    await expect(replayDecisions(() => stream(records), registry)).rejects.toThrow("another configuration");
  });
});
