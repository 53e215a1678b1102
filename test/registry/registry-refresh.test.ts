/** A registry goes over to what another process has made of its folder. */
import { expect, it, onTestFinished } from "vitest";
import { type ModelRegistry, openModelRegistry } from "../../src/registry/model-registry.ts";
import { createModelsFolder, readFixture } from "./model-fixtures.ts";

const modelName = "signal_filter";
const version = "v2.0.0";

function open(directory: string, moves: string[] = []): ModelRegistry {
  const registry = openModelRegistry(directory, {
    onEvent: (event) => {
      if (event.type === "state_changed" && event.version === version) moves.push(`${event.from} ${event.to}`);
    },
  });
  onTestFinished(() => registry.close());
  return registry;
}

it("finds what was registered, follows aliases, and unloads what was deleted", async () => {
  const directory = createModelsFolder();
  const moves: string[] = [];
  const [other, own] = [open(directory), open(directory, moves)];
  await other.register({ modelName, version, ...readFixture("signal-column.onnx"), actor: "ada" });
  expect(() => own.find(modelName, version)).toThrow(/no such model version/);
  await own.refresh();
  await (await own.acquire(modelName, version)).release();
  await other.setAlias({ modelName, version, alias: "challenger", actor: "ada" });
  await own.refresh();
  expect(own.find(modelName, "challenger").version).toBe(version);
  await other.removeAlias({ modelName, version, alias: "challenger", actor: "ada" });
  await other.delete({ modelName, version, actor: "ada" });
  await own.refresh();
  expect(() => own.find(modelName, version)).toThrow(/no such model version/);
  expect(moves.slice(-2)).toEqual(["AVAILABLE UNLOADING", "UNLOADING END"]);
});

it("leaves a deleted version to who has leased it", async () => {
  const directory = createModelsFolder();
  const moves: string[] = [];
  const [other, own] = [open(directory), open(directory, moves)];
  await other.register({ modelName, version, ...readFixture("signal-column.onnx"), actor: "ada" });
  await own.refresh();
  const lease = await own.acquire(modelName, version);
  await other.delete({ modelName, version, actor: "ada" });
  await own.refresh();
  const { inputs } = lease.model;
  expect(await lease.model.run(new Float32Array(inputs.length), 1)).toHaveLength(lease.model.outputCount);
  await lease.release();
  expect(moves.at(-1)).toBe("UNLOADING END");
});
