/** Configuration from outside: merged, guarded, tried out, rolled back, remembered, and in the audit log. */

import { describe, expect, it } from "vitest";
import { ConfigService } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { ModelRegistryService } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { replayDecisions } from "../../src/cli/audit-replay.ts";
import { mergeConfig } from "../../src/config/config-merge.ts";
import { defaultConfig } from "../../src/config/config-schema.ts";
import { readAuditLogs } from "../../src/monitor/audit/audit-logs.ts";
import { readAuditRecords } from "../../src/monitor/audit/audit-reader.ts";
import { verifyAuditLog } from "../../src/monitor/audit/audit-verify.ts";
import { openModelRegistry } from "../../src/registry/model-registry.ts";
import { createTestEngine } from "../support/engine.ts";
import { toPredictRequest } from "../support/predict-requests.ts";
import { readReferenceDecisions } from "../support/reference-decisions.ts";
import { toDecisionRequest } from "../support/requests.ts";
import { createFolders, type Operator, present, sendJson, startGoverned, toRegistration } from "./governed-service.ts";
import { createTrendingRequest } from "./trained-requests.ts";

const { updateConfig, rollbackConfig, getConfig, listConfigVersions } = ConfigService.method;
const references = readReferenceDecisions();

describe("a change", () => {
  it("merges the given keys and leaves the others, over gRPC and REST", async () => {
    await using governed = await startGoverned();
    const { operator, url } = governed;
    const before = present((await operator.configInForce()).config);
    await operator.configure({ signalFilter: { entryThreshold: 0.6 } });
    const change = { regime: { min_confidence: 0.65 }, signal_filter: { allowed_regimes: ["TRENDING", "RANGING"] } };
    const { status, answer } = await sendJson("PUT", `${url}/config`, change);
    const { config: after, configHash } = await operator.configInForce();
    expect([status, answer]).toMatchObject([200, { status: "success", new_config_hash: configHash }]);
    expect(after?.signalFilter).toEqual({
      ...before.signalFilter,
      entryThreshold: 0.6,
      allowedRegimes: expect.objectContaining({ labels: [1, 2] }),
    });
    expect(after?.regime).toEqual({ ...before.regime, minConfidence: 0.65 });
    expect(after?.training).toEqual(before.training);
  });

  it.each([
    ["a threshold out of range", { signal_filter: { entry_threshold: 2 } }, "signal_filter.entry_threshold"],
    ["a relation that does not hold", { signal_filter: { exit_threshold: 0.9 } }, "signal_filter.exit_threshold"],
    ["an unknown key", { signal_filter: { entry_treshold: 0.5 } }, "entry_treshold"],
    ["an unknown regime", { signal_filter: { allowed_regimes: ["SIDEWAYS"] } }, "allowed_regimes"],
  ])("with %s changes nothing, not even its valid half", async (_what, wrong, named) => {
    await using governed = await startGoverned();
    const { operator, url } = governed;
    const before = await operator.configInForce();
    const { status, answer } = await sendJson("PUT", `${url}/config`, { ...wrong, regime: { min_confidence: 0.7 } });
    expect([status, answer]).toMatchObject([
      400,
      { code: "invalid_argument", message: expect.stringContaining(named) },
    ]);
    expect(await operator.configInForce()).toEqual(before);
  });

  it("is refused when it expects another configuration; of two that expect the same one, one wins", async () => {
    await using governed = await startGoverned();
    const { operator, url, service } = governed;
    const expectedConfigHash = service.configHash;
    const outcomes = await Promise.all(
      [0.6, 0.61, 0.62].map((entryThreshold) =>
        operator.try(updateConfig, { config: { signalFilter: { entryThreshold } }, expectedConfigHash }),
      ),
    );
    const codes = outcomes.map(({ refusal }) => refusal?.code ?? "ok");
    expect(codes.toSorted()).toEqual(["aborted", "aborted", "ok"]);
    const query = `expected_config_hash=${expectedConfigHash}`;
    const rest = await sendJson("PUT", `${url}/config?${query}`, { regime: { min_confidence: 0.7 } });
    expect([rest.status, rest.answer]).toMatchObject([409, { code: "aborted" }]);
    expect((await operator.ask(listConfigVersions, {})).versions).toHaveLength(2);
  });

  it("can be looked up and rolled back by its hash, before and after a restart", async () => {
    using folders = createFolders();
    let first = "";
    let second = "";
    {
      await using governed = await startGoverned({}, folders);
      const { operator } = governed;
      first = await operator.configure({ signalFilter: { entryThreshold: 0.6 } });
      second = await operator.configure({ signalFilter: { entryThreshold: 0.65 } });
      const rolled = await operator.ask(rollbackConfig, { configHash: first, actor: "ada", reason: "too strict" });
      expect(rolled).toMatchObject({ oldConfigHash: second, newConfigHash: first });
    }
    await using governed = await startGoverned({}, folders);
    const { operator, url } = governed;
    expect((await operator.configInForce()).configHash).toBe(first);
    const found = await operator.ask(getConfig, { configHash: second });
    expect(found.config?.signalFilter?.entryThreshold).toBe(0.65);
    const { versions } = await operator.ask(listConfigVersions, {});
    expect(versions.map(({ configHash }) => configHash).slice(0, 3)).toEqual([first, second, first]);
    expect(versions[0]).toMatchObject({
      actor: "ada",
      reason: "too strict",
      changedKeys: ["signal_filter.entry_threshold"],
    });
    const rest = await sendJson("POST", `${url}/config/rollback`, { config_hash: second });
    expect([rest.status, (await operator.configInForce()).configHash]).toEqual([200, second]);
  });
});

const trials: readonly [string, Parameters<typeof mergeConfig>[1]][] = [
  ["another entry threshold", { signalFilter: { entryThreshold: 0.6 } }],
  ["another set of regimes", { signalFilter: { allowedRegimes: ["TRENDING", "RANGING", "STRESSED"] } }],
  ["a shorter smoothing window", { regime: { regimeSmoothingWindow: 1 } }],
  ["other regime thresholds", { regime: { trendingMinEfficiency: 0.4, stressedMinVolatilityPct: 97 } }],
  ["more bars", { regime: { minBarsRequired: 10_000 } }],
];

it.each(trials)("counts and names in a dry run what %s would flip, as deciding anew does", async (_what, patch) => {
  await using governed = await startGoverned();
  const { operator, url } = governed;
  const decided: { readonly id: string; readonly allowed: boolean }[] = [];
  for (const reference of references) {
    const { predictionId, prediction } = await operator.predict(toPredictRequest(reference));
    decided.push({ id: predictionId, allowed: prediction?.allowTrade ?? false });
  }
  const engine = createTestEngine(mergeConfig(defaultConfig, patch));
  const flipped = references.flatMap((reference, index) => {
    const { id, allowed } = present(decided[index]);
    const wouldAllow = engine.decide(toDecisionRequest(reference)).allowTrade;
    return wouldAllow === allowed ? [] : [{ predictionId: id, allowed, wouldAllow }];
  });
  const body = toSnakeCase(patch);
  const { status, answer } = await sendJson("PUT", `${url}/config?dry_run=true`, body);
  expect(status).toBe(200);
  expect(answer).toMatchObject({
    status: "dry_run",
    message: expect.stringContaining(`would flip ${flipped.length} of ${references.length}`),
    decisions_replayed: references.length,
    decisions_not_replayable: 0,
    flip_count: flipped.length,
    flips: flipped.map(toSnakeCase),
  });
  expect((await operator.configInForce()).configHash).toBe(governed.service.configHash);
});

it("flips something in the dry runs at all", async () => {
  const flips = trials.map(([, patch]) => {
    const engine = createTestEngine(mergeConfig(defaultConfig, patch));
    const requests = references.map(toDecisionRequest);
    return requests.filter((each) => engine.decide(each).allowTrade !== createTestEngine().decide(each).allowTrade)
      .length;
  });
  console.info(`flips of ${references.length}: ${flips.join(", ")}`);
  expect(flips.filter((count) => count > 0).length).toBeGreaterThan(3);
});

it("does not give one model's numbers to another that reads as many others", async () => {
  await using governed = await startGoverned();
  const { operator } = governed;
  const column = toRegistration("signal-column.onnx");
  const other = { ...column.metadata, inputs: ["momentum_score", "dispersion"] };
  for (const [version, metadata] of [
    ["v2.0.0", column.metadata],
    ["v2.1.0", column.metadata],
    ["v2.2.0", other],
  ] as const) {
    await operator.ask(ModelRegistryService.method.registerModel, { ...column, version, metadata });
  }
  await operator.configure({ signalFilter: { useMlModel: true }, model: { signalFilterVersion: "v2.0.0" } });
  for (let seed = 0; seed < 5; seed++) await operator.predict(createTrendingRequest(seed));
  const dryRun = (signalFilterVersion: string) =>
    operator.ask(updateConfig, { config: { model: { signalFilterVersion } }, dryRun: true });
  expect(await dryRun("v2.1.0")).toMatchObject({ decisionsReplayed: 5, decisionsNotReplayable: 0, flipCount: 0 });
  expect(await dryRun("v2.2.0")).toMatchObject({ decisionsReplayed: 0, decisionsNotReplayable: 5 });
});

it("leaves a record of every action in the log, which verifies and replays across the changes", async () => {
  await using governed = await startGoverned();
  const { operator, service, folders, url } = governed;
  const predictAll = async (from: number): Promise<void> => {
    for (const reference of references.slice(from, from + 50)) await operator.predict(toPredictRequest(reference));
  };
  await predictAll(0);
  const hash = await operator.configure({
    signalFilter: { entryThreshold: 0.6 },
    regime: { regimeSmoothingWindow: 5 },
  });
  await predictAll(50);
  const { sha256 } = await operator.register("signal-column.onnx", "v2.0.0", "grace");
  await operator.setAlias("signal_filter", "v2.0.0", "challenger");
  await operator.setAlias("signal_filter", "v2.0.0", "champion");
  await operator.ask(ModelRegistryService.method.rollbackModel, { modelName: "signal_filter", actor: "ada" });
  await removeChallenger(operator);
  await operator.ask(ModelRegistryService.method.deleteModel, {
    modelName: "signal_filter",
    version: "v2.0.0",
    actor: "eve",
  });
  await sendJson("POST", `${url}/trading/halt`, { scope: "SYMBOL", target: "EURUSD", reason: "news", actor: "ada" });
  await predictAll(100);
  await sendJson("POST", `${url}/trading/resume`, { scope: "SYMBOL", target: "EURUSD", reason: "over", actor: "ada" });
  await operator.ask(rollbackConfig, { configHash: service.configHash, actor: "ada", reason: "undo" });
  await predictAll(150);

  const records: Record<string, unknown>[] = [];
  for await (const { fields } of readAuditRecords(service.logDirectory, { kind: "admin" })) records.push({ ...fields });
  const model = { model_name: "signal_filter", version: "v2.0.0", sha256 };
  const target = { scope: "SYMBOL", target: "EURUSD" };
  expect(records).toMatchObject([
    { action: "UPDATE_CONFIG", actor: "ada", reason: "test", config_hash: hash, old_config_hash: service.configHash },
    { action: "REGISTER_MODEL", actor: "grace", ...model },
    { action: "SET_ALIAS_MODEL", actor: "ada", alias: "challenger", ...model },
    { action: "SET_ALIAS_MODEL", actor: "ada", alias: "champion", previous_version: "v1.0.0_rule_based", ...model },
    { action: "ROLLBACK_MODEL", actor: "ada", version: "v1.0.0_rule_based", previous_version: "v2.0.0" },
    { action: "REMOVE_ALIAS_MODEL", actor: "ada", alias: "challenger", ...model },
    { action: "DELETE_MODEL", actor: "eve", ...model },
    { action: "HALT_TRADING", actor: "ada", reason: "news", ...target },
    { action: "RESUME_TRADING", actor: "ada", reason: "over", ...target },
    { action: "ROLLBACK_CONFIG", actor: "ada", reason: "undo", old_config_hash: hash, config_hash: service.configHash },
  ]);
  expect(await verifyAuditLog(service.logDirectory)).toMatchObject({
    status: "intact",
    countsByKind: { start: 1, admin: 10, decision: 200 },
  });
  const registry = openModelRegistry(folders.modelsDirectory);
  const report = await replayDecisions(() => readAuditLogs(service.logDirectory), registry);
  expect(report).toEqual({ replayed: 200, differences: [] });
});

async function removeChallenger(operator: Operator): Promise<void> {
  await operator.ask(ModelRegistryService.method.setModelAlias, {
    modelName: "signal_filter",
    version: "v2.0.0",
    alias: "challenger",
    remove: true,
    actor: "ada",
  });
}

/** The same under the names of the REST interface. */
function toSnakeCase(value: object): Record<string, unknown> {
  const entries = Object.entries(value).map(([key, each]: [string, unknown]): [string, unknown] => [
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    typeof each === "object" && each !== null && !Array.isArray(each) ? toSnakeCase(each) : each,
  ]);
  return Object.fromEntries(entries);
}
