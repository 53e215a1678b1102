/** Champion and challenger: who decides, and the way back. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ModelRegistryService } from "../../gen/ts/arbitrex/ml/v1/model_registry_pb.ts";
import { type Operator, sendJson, startGoverned } from "./governed-service.ts";
import { createTrendingRequest } from "./trained-requests.ts";

const { setModelAlias, rollbackModel, deleteModel } = ModelRegistryService.method;
const modelName = "signal_filter";

async function decidingVersion(operator: Operator): Promise<string | undefined> {
  return (await operator.predict(createTrendingRequest(1))).signalModel?.version;
}

async function registerTwo(operator: Operator): Promise<void> {
  await operator.register("signal-lightgbm.onnx", "v2.0.0");
  await operator.register("signal-column.onnx", "v2.1.0");
}

it("lets a new champion decide at once where the champion decides, and one call goes back", async () => {
  await using governed = await startGoverned();
  const { operator } = governed;
  await registerTwo(operator);
  await operator.configure({ signalFilter: { useMlModel: true } });
  expect(await decidingVersion(operator)).toBe("v1.0.0_rule_based");
  await operator.setAlias(modelName, "v2.0.0", "champion");
  expect(await decidingVersion(operator)).toBe("v2.0.0");
  await operator.setAlias(modelName, "v2.1.0", "champion");
  expect(await decidingVersion(operator)).toBe("v2.1.0");
  const back = await operator.ask(rollbackModel, { modelName, actor: "ada" });
  expect([back.previousVersion, back.model?.version, back.model?.serving]).toEqual(["v2.1.0", "v2.0.0", true]);
  expect(await decidingVersion(operator)).toBe("v2.0.0");
  const rest = await sendJson("POST", `${governed.url}/models/signal_filter/rollback`, { actor: "ada" });
  expect([rest.status, await decidingVersion(operator)]).toEqual([200, "v1.0.0_rule_based"]);
});

it.each([
  ["the rules decide", { signalFilter: { useMlModel: false } }, "v1.0.0_rule_based"],
  [
    "a version is configured",
    { signalFilter: { useMlModel: true }, model: { signalFilterVersion: "v2.1.0" } },
    "v2.1.0",
  ],
])("does not let a new champion decide while %s, nor one that is rolled back", async (_what, config, deciding) => {
  await using governed = await startGoverned();
  const { operator } = governed;
  await registerTwo(operator);
  await operator.configure({ ...config, regimeTimeframe: "1H" });
  await operator.setAlias(modelName, "v2.0.0", "champion");
  expect(await decidingVersion(operator)).toBe(deciding);
  await operator.ask(rollbackModel, { modelName });
  expect(await decidingVersion(operator)).toBe(deciding);
});

it("lets a registration alone never change what decides, not even at the next change of a threshold", async () => {
  await using governed = await startGoverned();
  const { operator } = governed;
  const rules = readFileSync(join(governed.folders.modelsDirectory, modelName, "v1.0.0_rule_based.json"));
  await operator.ask(ModelRegistryService.method.registerModel, {
    modelName,
    version: "v1.1.0_rule_based",
    source: { case: "model", value: rules },
    metadata: { format: "rule_based" },
  });
  await operator.configure({ signalFilter: { entryThreshold: 0.56 } });
  expect(await decidingVersion(operator)).toBe("v1.0.0_rule_based");
  await operator.configure({ model: { signalFilterVersion: "v1.1.0_rule_based" } });
  expect(await decidingVersion(operator)).toBe("v1.1.0_rule_based");
});

it("refuses to delete or un-alias what serves, and to delete what has an alias", async () => {
  await using governed = await startGoverned();
  const { operator } = governed;
  await registerTwo(operator);
  await operator.configure({ signalFilter: { useMlModel: true }, model: { signalFilterVersion: "v2.0.0" } });
  await operator.setAlias(modelName, "v2.0.0", "challenger");
  await operator.setAlias(modelName, "v2.1.0", "champion");
  const remove = { modelName, alias: "challenger", remove: true };
  const refused = { code: "failed_precondition" };
  expect(await operator.refusal(deleteModel, { modelName, version: "v2.0.0" })).toMatchObject(refused);
  expect(await operator.refusal(deleteModel, { modelName, version: "v2.1.0" })).toMatchObject(refused);
  expect(await operator.refusal(setModelAlias, { ...remove, version: "v2.0.0" })).toMatchObject(refused);
  expect(
    await operator.refusal(setModelAlias, { modelName, version: "v2.1.0", alias: "champion", remove: true }),
  ).toMatchObject(refused);
  expect(await sendJson("DELETE", `${governed.url}/models/signal_filter/v2.0.0`)).toMatchObject({
    answer: refused,
  });
  expect(await decidingVersion(operator)).toBe("v2.0.0");

  await operator.configure({ model: { signalFilterVersion: "" } });
  await operator.ask(setModelAlias, { ...remove, version: "v2.0.0" });
  await operator.ask(deleteModel, { modelName, version: "v2.0.0" });
  expect((await operator.states()).has("signal_filter/v2.0.0")).toBe(false);
  expect(await operator.refusal(deleteModel, { modelName, version: "v2.0.0" })).toMatchObject({ code: "not_found" });
});
