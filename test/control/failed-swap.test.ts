/** A swap that fails says why and leaves everything as it was. */

import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigService } from "../../gen/ts/arbitrex/ml/v1/config_pb.ts";
import { ModelRegistryService } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { readAuditRecords } from "../../src/monitor/audit/audit-reader.ts";
import type { Refusal } from "../contract/clients/contract-client.ts";
import {
  createFolders,
  type GovernedService,
  type Operator,
  startGoverned,
  toRegistration,
} from "./governed-service.ts";
import { createTrendingRequest } from "./trained-requests.ts";

const { setModelAlias, registerModel, rollbackModel } = ModelRegistryService.method;
const { updateConfig, rollbackConfig } = ConfigService.method;

/** A service that decides by v2.0.0; v2.1.0 was damaged and v2.2.0 lost its file while it was down. */
async function startDamaged(folders = createFolders()): Promise<GovernedService> {
  {
    await using before = await startGoverned({}, folders);
    const { operator } = before;
    await operator.register("signal-lightgbm.onnx", "v2.0.0");
    await operator.register("signal-column.onnx", "v2.1.0");
    await operator.register("signal-vector.onnx", "v2.2.0");
    await operator.setAlias("signal_filter", "v2.0.0", "champion");
    await operator.configure({ signalFilter: { useMlModel: true } });
  }
  appendFileSync(join(folders.modelsDirectory, "signal_filter", "v2.1.0.onnx"), "x");
  rmSync(join(folders.modelsDirectory, "signal_filter", "v2.2.0.onnx"));
  const governed = await startGoverned({}, folders);
  return {
    ...governed,
    async [Symbol.asyncDispose]() {
      await governed[Symbol.asyncDispose]();
      folders[Symbol.dispose]();
    },
  };
}

async function look({ operator, service }: GovernedService) {
  const { configHash } = await operator.configInForce();
  const { prediction, signalModel } = await operator.predict(createTrendingRequest(1));
  const { models } = await operator.ask(ModelRegistryService.method.listModels, {});
  const actions: unknown[] = [];
  for await (const { fields } of readAuditRecords(service.logDirectory, { kind: "admin" })) actions.push(fields);
  const listed = models.map(({ version, aliases, serving, state }) => ({ version, aliases, serving, state }));
  return { configHash, prediction, signalModel, listed, actions };
}

const configure = (operator: Operator, config: object): Promise<Refusal> => operator.refusal(updateConfig, { config });
const alias = (operator: Operator, version: string, name: string): Promise<Refusal> =>
  operator.refusal(setModelAlias, { modelName: "signal_filter", version, alias: name });
const register = (operator: Operator, change: object): Promise<Refusal> =>
  operator.refusal(registerModel, { ...toRegistration("signal-lightgbm.onnx", "v3.0.0"), ...change });

/** Metadata that names another first input. */
function withInput(name: string) {
  const { metadata } = toRegistration("signal-lightgbm.onnx");
  const inputs = Array.isArray(metadata["inputs"]) ? metadata["inputs"] : [];
  return { ...metadata, inputs: [name, ...inputs.slice(1)] };
}

const failures: readonly [
  what: string,
  attempt: (operator: Operator) => Promise<Refusal>,
  code: string,
  message: RegExp,
][] = [
  [
    "a configured version that was damaged",
    (operator) => configure(operator, { model: { signalFilterVersion: "v2.1.0" } }),
    "failed_precondition",
    /v2\.1\.0.*SHA-256/,
  ],
  [
    "a configured version whose file is gone",
    (operator) => configure(operator, { model: { signalFilterVersion: "v2.2.0" } }),
    "failed_precondition",
    /cannot read .*v2\.2\.0/,
  ],
  [
    "a configured version that does not exist",
    (operator) => configure(operator, { model: { signalFilterVersion: "v9.0.0" } }),
    "not_found",
    /signal_filter\/v9\.0\.0/,
  ],
  [
    "a version beside a threshold out of range",
    (operator) =>
      configure(operator, { signalFilter: { entryThreshold: 1.5 }, model: { signalFilterVersion: "v2.0.0" } }),
    "invalid_argument",
    /signal_filter\.entry_threshold/,
  ],
  [
    "a champion that was damaged",
    (operator) => alias(operator, "v2.1.0", "champion"),
    "failed_precondition",
    /SHA-256/,
  ],
  [
    "a challenger that was damaged",
    (operator) => alias(operator, "v2.1.0", "challenger"),
    "failed_precondition",
    /SHA-256/,
  ],
  ["a champion that does not exist", (operator) => alias(operator, "v9.0.0", "champion"), "not_found", /v9\.0\.0/],
  [
    "an alias that does not exist",
    (operator) => alias(operator, "v2.0.0", "boss"),
    "invalid_argument",
    /champion or challenger/,
  ],
  [
    "a registration whose inputs nothing delivers",
    (operator) => register(operator, { metadata: withInput("moon_phase") }),
    "failed_precondition",
    /moon_phase: no such input/,
  ],
  [
    "a registration of damaged bytes",
    (operator) => register(operator, { source: { case: "model", value: new Uint8Array(100).fill(8) } }),
    "invalid_argument",
    /model/,
  ],
  [
    "a rollback to a configuration that never was",
    (operator) => operator.refusal(rollbackConfig, { configHash: "0123456789abcdef" }),
    "not_found",
    /0123456789abcdef/,
  ],
  [
    "a rollback of a model without an earlier champion",
    (operator) => operator.refusal(rollbackModel, { modelName: "regime_classifier" }),
    "failed_precondition",
    /no earlier champion/,
  ],
];

describe("a failed change", () => {
  it("leaves everything as it was and says why", async () => {
    await using governed = await startDamaged();
    const states = await governed.operator.states();
    expect([states.get("signal_filter/v2.1.0"), states.get("signal_filter/v2.2.0")]).toEqual(["END", "END"]);
    const before = await look(governed);
    expect(before.signalModel?.version).toBe("v2.0.0");
    for (const [what, attempt, code, message] of failures) {
      const refused = await attempt(governed.operator);
      expect([what, refused]).toEqual([
        what,
        expect.objectContaining({ code, message: expect.stringMatching(message) }),
      ]);
      expect([what, await look(governed)]).toEqual([what, before]);
    }
  });

  it("leaves the champion when what it would be rolled back to is damaged", async () => {
    using folders = createFolders();
    await using governed = await startGoverned({}, folders);
    const { operator } = governed;
    await operator.register("signal-lightgbm.onnx", "v2.0.0");
    await operator.setAlias("signal_filter", "v2.0.0", "champion");
    await operator.configure({ signalFilter: { useMlModel: true } });
    const before = await look(governed);
    appendFileSync(join(folders.modelsDirectory, "signal_filter", "v1.0.0_rule_based.json"), " ");
    const refused = await operator.refusal(rollbackModel, { modelName: "signal_filter" });
    expect(refused).toMatchObject({ code: "failed_precondition" });
    expect(refused.message).toMatch(/SHA-256/);
    expect(await look(governed)).toEqual(before);
  });
});
