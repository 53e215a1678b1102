import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  AlreadyExistsError,
  InvalidInputError,
  NotFoundError,
  OverloadedError,
  UnavailableError,
  UnmetConditionError,
} from "../../src/domain/errors.ts";
import type { RegistryEvent } from "../../src/registry/registry-event.ts";
import { seedModelRegistry } from "../../src/registry/registry-seed.ts";
import { modelsDirectory } from "../support/engine.ts";
import {
  createFolder,
  createModelsFolder,
  createRandom,
  openTestRegistry,
  readFixture,
  registerFixture,
} from "./model-fixtures.ts";

const model = { modelName: "signal_filter", actor: "ann" } as const;
const fixture = (name = "signal-column.onnx") => ({ ...model, ...readFixture(name) });

describe("registering", () => {
  it("adds the version, keeps its bytes and metadata, and makes it available", async () => {
    const folder = createModelsFolder();
    const registry = openTestRegistry(
      { clock: { nowMicros: () => 1_700_000_000_123_456, monotonicMs: () => 0 } },
      folder,
    );
    const given = fixture("signal-lightgbm.onnx");
    const change = await registry.register({ ...given, version: "v2.0.0_lightgbm" });
    const found = registry.find("signal_filter", "v2.0.0_lightgbm");
    expect(change).toEqual({ action: "REGISTER", ...model, version: "v2.0.0_lightgbm", sha256: found.sha256 });
    expect(found).toMatchObject({ state: "AVAILABLE", format: "onnx", sizeBytes: given.bytes.byteLength, aliases: [] });
    expect(found.metadata).toEqual({
      ...given.metadata,
      model_name: "signal_filter",
      version: "v2.0.0_lightgbm",
      format: "onnx",
      sha256: found.sha256,
      created_at: "2023-11-14T22:13:20.123Z",
      created_by: "ann",
    });
    expect(readFileSync(join(folder, "signal_filter/v2.0.0_lightgbm.onnx"))).toEqual(given.bytes);
  });

  it("reads a path inside the models folder", async () => {
    const folder = createModelsFolder();
    const { bytes, metadata } = fixture();
    mkdirSync(join(folder, "incoming"));
    writeFileSync(join(folder, "incoming/x.onnx"), bytes);
    const registry = openTestRegistry({}, folder);
    await registry.register({ ...model, metadata, modelPath: "incoming/x.onnx", version: "v2.0.0" });
    expect(registry.find("signal_filter", "v2.0.0").state).toBe("AVAILABLE");
    expect(registry.scan()).toEqual([]);
  });

  it("chooses the next minor version, never one that was deleted", async () => {
    const registry = openTestRegistry();
    expect(await registerFixture(registry, "signal-column.onnx")).toBe("v1.1.0");
    expect(await registerFixture(registry, "signal-column.onnx", "v2.7.3")).toBe("v2.7.3");
    expect(await registerFixture(registry, "signal-column.onnx")).toBe("v2.8.0");
    await registry.delete({ ...model, version: "v2.8.0" });
    expect(await registerFixture(registry, "signal-column.onnx")).toBe("v2.9.0");
  });

  it("keeps two that come at once apart", async () => {
    const registry = openTestRegistry();
    const versions = await Promise.all([1, 2].map(() => registerFixture(registry, "signal-column.onnx")));
    expect(versions.toSorted()).toEqual(["v1.1.0", "v1.2.0"]);
  });

  it("gives each version a metadata file of its own, next to the shipped one of the same number", async () => {
    const registry = openTestRegistry();
    await registerFixture(registry, "signal-column.onnx", "v1.0.0");
    const files = registry.listVersions("signal_filter").map(({ metadataFile }) => metadataFile);
    expect(new Set(files).size).toBe(2);
    expect(registry.scan()).toEqual([]);
  });

  it("accepts rule-based parameters and reads them back", async () => {
    const registry = openTestRegistry();
    const parameters = JSON.parse(readFileSync(join(modelsDirectory, "signal_filter/v1.0.0_rule_based.json"), "utf8"));
    const bytes = Buffer.from(JSON.stringify({ ...parameters, base: 0.4 }));
    const { version } = await registry.register({ ...model, bytes, metadata: { format: "rule_based" } });
    expect(version).toBe("v1.1.0_rule_based");
    expect(registry.loadSignalModel(version).weights.base).toBe(0.4);
    expect(registry.find("signal_filter", version).state).toBe("AVAILABLE");
  });

  it.each([
    ["a taken version", { ...fixture(), version: "v1.0.0_rule_based" }, AlreadyExistsError, "v1.0.0_rule_based"],
    ["no such model", { ...fixture(), modelName: "oracle" }, NotFoundError, "oracle"],
    ["a version that is a path", { ...fixture(), version: "../v2.0.0" }, InvalidInputError, "version"],
    ["neither bytes nor path", { ...fixture(), bytes: undefined }, InvalidInputError, "model"],
    ["both bytes and path", { ...fixture(), modelPath: "x.onnx" }, InvalidInputError, "model"],
    ["an empty file", { ...fixture(), bytes: new Uint8Array() }, InvalidInputError, "empty"],
    [
      "a path out of the folder",
      { ...fixture(), bytes: undefined, modelPath: "../x" },
      InvalidInputError,
      "model_path",
    ],
    [
      "another digest",
      { ...fixture(), metadata: { ...fixture().metadata, sha256: "00" } },
      InvalidInputError,
      "metadata.sha256",
    ],
    [
      "another model's name",
      { ...fixture(), metadata: { ...fixture().metadata, model_name: "x" } },
      InvalidInputError,
      "metadata.model_name",
    ],
    [
      "two versions",
      { ...fixture(), version: "v2.0.0", metadata: { version: "v2.0.1" } },
      InvalidInputError,
      "metadata.version",
    ],
    ["an unknown format", { ...fixture(), metadata: { format: "pickle" } }, InvalidInputError, "metadata.format"],
    [
      "metadata beyond the limit",
      { ...fixture(), metadata: { note: "x".repeat(1024 ** 2) } },
      InvalidInputError,
      "metadata",
    ],
    [
      "an unknown input",
      { ...fixture(), metadata: { ...fixture().metadata, inputs: ["atr", "x"] } },
      UnmetConditionError,
      "x",
    ],
    ["rules that are no JSON", { ...fixture(), metadata: { format: "rule_based" } }, InvalidInputError, "no JSON"],
    [
      "rules without numbers",
      { ...fixture(), bytes: Buffer.from("{}"), metadata: { format: "rule_based" } },
      InvalidInputError,
      "base",
    ],
    ["wrong answers", fixture("refused-golden-rows.onnx"), InvalidInputError, "golden_rows[0]"],
  ] as const)("refuses %s and changes nothing", async (_, registration, error, why) => {
    const folder = createModelsFolder();
    const registry = openTestRegistry({}, folder);
    const before = registry.list();
    const registering = registry.register(registration);
    await expect(registering).rejects.toThrow(error);
    await expect(registering).rejects.toThrow(why);
    expect(registry.list()).toEqual(before);
    expect(registry.scan()).toEqual([]);
  });

  it("accepts a file of the largest size and refuses one byte more", async () => {
    const { bytes } = fixture();
    await registerFixture(openTestRegistry({ modelSizeBytesMax: bytes.byteLength }), "signal-column.onnx");
    const narrow = openTestRegistry({ modelSizeBytesMax: bytes.byteLength - 1 });
    await expect(narrow.register(fixture())).rejects.toThrow("are more than");
  });

  it("accepts as many versions as the limit and refuses one more", async () => {
    const registry = openTestRegistry({ versionsMax: 2 });
    await registerFixture(registry, "signal-column.onnx");
    await expect(registry.register(fixture())).rejects.toThrow(UnmetConditionError);
  });

  it("refuses to let more wait than the limit", async () => {
    const registry = openTestRegistry({ registrationsWaitingMax: 2 });
    const asked = await Promise.allSettled([1, 2, 3].map(() => registry.register(fixture())));
    expect(asked.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(asked[2]).toMatchObject({ reason: expect.any(OverloadedError) });
  });

  it("refuses 500 damaged files by their digest, and the leased model answers as before", async () => {
    const registry = openTestRegistry();
    const given = fixture("signal-lightgbm.onnx");
    const version = await registerFixture(registry, "signal-lightgbm.onnx");
    const { sha256 } = registry.find("signal_filter", version);
    const lease = await registry.acquire("signal_filter", version);
    const answer = await lease.model.run(new Float32Array(16), 1);
    const random = createRandom(1);
    let refused = 0;
    for (let file = 0; file < 500; file++) {
      const bytes = Buffer.from(given.bytes);
      const at = random(bytes.byteLength);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
      const damaged = file % 2 === 0 ? bytes : given.bytes.subarray(0, at);
      const metadata = { ...given.metadata, sha256 };
      await registry.register({ ...model, bytes: damaged, metadata }).catch((error: unknown) => {
        if (error instanceof InvalidInputError) refused++;
      });
    }
    expect(refused).toBe(500);
    expect(registry.listVersions("signal_filter")).toHaveLength(2);
    expect(await lease.model.run(new Float32Array(16), 1)).toEqual(answer);
    await lease.release();
  });
});

describe("a leased model", () => {
  it.each([
    ["signal-lightgbm.onnx", 1],
    ["signal-logistic.onnx", 1],
    ["signal-column.onnx", 1],
    ["signal-vector.onnx", 1],
    ["regime-lightgbm.onnx", 3],
    ["regime-softmax.onnx", 3],
  ])("%s answers every golden row in the order of the service", async (name, outputCount) => {
    const registry = openTestRegistry();
    const version = await registerFixture(registry, name);
    const modelName = outputCount === 1 ? "signal_filter" : "regime_classifier";
    const lease = await registry.acquire(modelName, version);
    const { metadata } = readFixture(name);
    const classes = Array.isArray(metadata["classes"]) ? metadata["classes"] : [];
    const rows = Array.isArray(metadata["golden_rows"]) ? metadata["golden_rows"] : [];
    expect(lease.model.identity).toEqual({
      name: modelName,
      version,
      sha256: registry.find(modelName, version).sha256,
    });
    expect(lease.model.outputCount).toBe(outputCount);
    for (const { inputs, outputs } of rows) {
      const found = await lease.model.run(Float32Array.from(inputs), 1);
      const expected =
        outputCount === 1
          ? outputs
          : ["TRENDING", "RANGING", "STRESSED"].map((label) => outputs[classes.indexOf(label)]);
      expect([...found]).toEqual(expected.map((value: number) => expect.closeTo(value, 5)));
    }
    await lease.release();
  });

  it("stays usable after its version was deleted, and is released with the lease", async () => {
    const registry = openTestRegistry();
    const version = await registerFixture(registry, "signal-column.onnx");
    const lease = await registry.acquire("signal_filter", version);
    await registry.delete({ ...model, version });
    expect(await lease.model.run(new Float32Array(2), 1)).toEqual(Float32Array.of(0.5));
    await lease.release();
    await expect(lease.model.run(new Float32Array(2), 1)).rejects.toThrow();
  });

  it("is not to be had of a rule-based version, nor rules of an ONNX version", async () => {
    const registry = openTestRegistry();
    const version = await registerFixture(registry, "signal-column.onnx");
    await expect(registry.acquire("signal_filter", "champion")).rejects.toMatchObject({ reason: "MODEL_FORMAT" });
    expect(() => registry.loadSignalModel(version)).toThrow("is in the format onnx");
  });

  it("is not to be had of a file that changed after it was registered", async () => {
    const folder = createModelsFolder();
    const registry = openTestRegistry({ loadedVersionsMax: 1 }, folder);
    const version = await registerFixture(registry, "signal-column.onnx");
    await registerFixture(registry, "signal-vector.onnx");
    truncateSync(join(folder, `signal_filter/${version}.onnx`), 100);
    await expect(registry.acquire("signal_filter", version)).rejects.toThrow(UnavailableError);
    expect(registry.find("signal_filter", version)).toMatchObject({
      state: "END",
      stateReason: expect.stringContaining("is not the file that was registered"),
    });
    await expect(registry.setAlias({ ...model, version, alias: "champion" })).rejects.toThrow(UnmetConditionError);
    expect(registry.find("signal_filter", "champion").version).toBe("v1.0.0_rule_based");
  });
});

describe("aliases", () => {
  it("point where they are told to, and tell where they pointed", async () => {
    const registry = openTestRegistry();
    const version = await registerFixture(registry, "signal-column.onnx");
    const change = await registry.setAlias({ ...model, version, alias: "champion" });
    const { sha256 } = registry.find("signal_filter", "champion");
    expect(change).toEqual({
      action: "SET_ALIAS",
      ...model,
      version,
      sha256,
      alias: "champion",
      previous: "v1.0.0_rule_based",
    });
    expect(registry.find("signal_filter", version).aliases).toEqual(["champion"]);
    expect(registry.find("signal_filter", "v1.0.0_rule_based").aliases).toEqual([]);
  });

  it("survive a restart, after which their versions can be loaded at once", async () => {
    const folder = createModelsFolder();
    const registry = openTestRegistry({}, folder);
    const version = await registerFixture(registry, "signal-column.onnx");
    await registry.setAlias({ ...model, version, alias: "challenger" });
    const reopened = openTestRegistry({}, folder);
    expect(reopened.find("signal_filter", "challenger")).toMatchObject({ version, state: "START" });
    expect(await reopened.preloadAliased()).toEqual([]);
    expect(reopened.find("signal_filter", "challenger").state).toBe("AVAILABLE");
  });

  it("load a version that is not available yet before they point at it", async () => {
    const folder = createModelsFolder();
    const version = await registerFixture(openTestRegistry({}, folder), "signal-column.onnx");
    const reopened = openTestRegistry({}, folder);
    await reopened.setAlias({ ...model, version, alias: "champion" });
    expect(reopened.find("signal_filter", "champion")).toMatchObject({ version, state: "AVAILABLE" });
  });

  it("roll back in one call, and again to the one before", async () => {
    const registry = openTestRegistry();
    const [first, second] = [
      await registerFixture(registry, "signal-column.onnx"),
      await registerFixture(registry, "signal-vector.onnx"),
    ];
    for (const version of [first, second]) await registry.setAlias({ ...model, version, alias: "champion" });
    expect(await registry.rollback(model)).toMatchObject({ action: "ROLLBACK", version: first, previous: second });
    expect(registry.find("signal_filter", "champion").version).toBe(first);
    await registry.rollback(model);
    expect(registry.find("signal_filter", "champion").version).toBe("v1.0.0_rule_based");
    await expect(registry.rollback(model)).rejects.toThrow(UnmetConditionError);
  });

  it("roll back after a restart, past a champion that was deleted", async () => {
    const folder = createModelsFolder();
    const registry = openTestRegistry({}, folder);
    const [first, second] = [
      await registerFixture(registry, "signal-column.onnx"),
      await registerFixture(registry, "signal-vector.onnx"),
    ];
    for (const version of [first, second]) await registry.setAlias({ ...model, version, alias: "champion" });
    await registry.delete({ ...model, version: first });
    const reopened = openTestRegistry({}, folder);
    await reopened.rollback(model);
    expect(reopened.find("signal_filter", "champion").version).toBe("v1.0.0_rule_based");
  });

  it("are taken away from a challenger, never from the champion", async () => {
    const registry = openTestRegistry();
    const version = await registerFixture(registry, "signal-column.onnx");
    await registry.setAlias({ ...model, version, alias: "challenger" });
    expect(await registry.removeAlias({ ...model, version, alias: "challenger" })).toMatchObject({ previous: version });
    expect(registry.find("signal_filter", version).aliases).toEqual([]);
    await expect(registry.removeAlias({ ...model, version, alias: "challenger" })).rejects.toThrow(NotFoundError);
    const champion = { ...model, version: "v1.0.0_rule_based", alias: "champion" };
    await expect(registry.removeAlias(champion)).rejects.toThrow(UnmetConditionError);
  });

  it.each([
    [{ version: "v9.0.0", alias: "champion" }, NotFoundError],
    [{ version: "v1.0.0_rule_based", alias: "best" }, InvalidInputError],
    [{ version: "v1.0.0_rule_based", alias: "constructor" }, InvalidInputError],
    [{ version: "v1.0.0_rule_based", alias: "champion", modelName: "oracle" }, NotFoundError],
  ])("refuse %j", async (request, error) => {
    await expect(openTestRegistry().setAlias({ ...model, ...request })).rejects.toThrow(error);
  });
});

describe("deleting", () => {
  it("removes version and files, and never gives its name away again", async () => {
    const folder = createModelsFolder();
    const registry = openTestRegistry({}, folder);
    const version = await registerFixture(registry, "signal-column.onnx", "v2.0.0");
    const { sha256 } = registry.find("signal_filter", version);
    expect(await registry.delete({ ...model, version })).toEqual({ action: "DELETE", ...model, version, sha256 });
    expect(() => registry.find("signal_filter", version)).toThrow(NotFoundError);
    expect(readdirSync(join(folder, "signal_filter")).toSorted()).toEqual(["metadata", "v1.0.0_rule_based.json"]);
    await expect(registerFixture(registry, "signal-column.onnx", version)).rejects.toThrow(AlreadyExistsError);
    await expect(registry.delete({ ...model, version })).rejects.toThrow(NotFoundError);
  });

  it("is refused for what an alias points at and for what serves", async () => {
    const registry = openTestRegistry({ isServing: (_, version) => version === "v3.0.0" });
    await registerFixture(registry, "signal-column.onnx", "v2.0.0");
    await registerFixture(registry, "signal-column.onnx", "v3.0.0");
    await registry.setAlias({ ...model, version: "v2.0.0", alias: "challenger" });
    for (const version of ["v1.0.0_rule_based", "v2.0.0", "v3.0.0"]) {
      await expect(registry.delete({ ...model, version })).rejects.toThrow(UnmetConditionError);
    }
    expect(registry.listVersions("signal_filter")).toHaveLength(3);
  });
});

describe("events", () => {
  it("tell of each change and each state", async () => {
    const events: RegistryEvent[] = [];
    const registry = openTestRegistry({ onEvent: (event) => events.push(event) });
    events.length = 0;
    const version = await registerFixture(registry, "signal-column.onnx");
    await registry.delete({ ...model, version });
    const told = events.map((event) =>
      event.type === "changed" ? event.change.action : `${event.modelName}/${event.version} ${event.from}-${event.to}`,
    );
    const subject = `signal_filter/${version}`;
    expect(told).toEqual([
      `${subject} START-LOADING`,
      `${subject} LOADING-AVAILABLE`,
      "REGISTER",
      `${subject} AVAILABLE-UNLOADING`,
      `${subject} UNLOADING-END`,
      "DELETE",
    ]);
  });
});

describe("opening", () => {
  it("lists a damaged version as ended, reports it, and goes on with the others", async () => {
    const folder = createModelsFolder();
    const version = await registerFixture(openTestRegistry({}, folder), "signal-column.onnx");
    writeFileSync(join(folder, `signal_filter/${version}.onnx`), "damaged");
    const registry = openTestRegistry({}, folder);
    expect(registry.find("signal_filter", version).state).toBe("END");
    expect(registry.find("signal_filter", "champion").state).toBe("AVAILABLE");
    expect(registry.scan()).toEqual([
      {
        kind: "DAMAGED",
        path: `signal_filter/${version}.onnx`,
        description: expect.stringContaining("is not the file"),
      },
    ]);
    await expect(registry.setAlias({ ...model, version, alias: "champion" })).rejects.toThrow(UnmetConditionError);
  });

  it("reports a stray file and never lists it", () => {
    const folder = createModelsFolder();
    writeFileSync(join(folder, "signal_filter/v9.0.0.onnx"), fixture().bytes);
    const registry = openTestRegistry({}, folder);
    expect(registry.scan()).toEqual([
      { kind: "STRAY", path: "signal_filter/v9.0.0.onnx", description: expect.any(String) },
    ]);
    expect(() => registry.find("signal_filter", "v9.0.0")).toThrow(NotFoundError);
  });

  it.each(["v1.0.0_rule_based.json", "metadata/v1.0.0_metadata.json"])(
    "refuses a champion whose %s is damaged",
    (file) => {
      const folder = createModelsFolder();
      writeFileSync(join(folder, "signal_filter", file), "{}");
      expect(() => openTestRegistry({}, folder)).toThrow(UnavailableError);
    },
  );

  it.each(["", "{", "[]", '{"models":{}}', "\0"])("refuses the index %j", (text) => {
    const folder = createModelsFolder();
    writeFileSync(join(folder, "registry_index.json"), text);
    expect(() => openTestRegistry({}, folder)).toThrow(UnavailableError);
  });

  it("shows what another process registered as soon as it changes something itself", async () => {
    const folder = createModelsFolder();
    const [one, other] = [openTestRegistry({}, folder), openTestRegistry({}, folder)];
    await registerFixture(one, "signal-column.onnx", "v2.0.0");
    await expect(registerFixture(other, "signal-column.onnx", "v2.0.0")).rejects.toThrow(AlreadyExistsError);
    expect(other.find("signal_filter", "v2.0.0").state).toBe("START");
  });
});

describe("seeding", () => {
  it("gives an empty folder the shipped models, once", async () => {
    const folder = join(createFolder(), "new", "models");
    expect(await seedModelRegistry(folder, modelsDirectory)).toBe(true);
    expect(await seedModelRegistry(folder, modelsDirectory)).toBe(false);
    const registry = openTestRegistry({}, folder);
    expect(registry.list().map(({ modelName, state }) => [modelName, state])).toEqual([
      ["regime_classifier", "AVAILABLE"],
      // Trained models are loaded when they are asked for.
      ["regime_classifier", "START"],
      ["signal_filter", "AVAILABLE"],
      ["signal_filter", "START"],
    ]);
    expect(registry.scan()).toEqual([]);
  });

  it("completes what an interrupted seeding began", async () => {
    const folder = createModelsFolder();
    rmSync(join(folder, "registry_index.json"));
    rmSync(join(folder, "signal_filter"), { recursive: true });
    expect(await seedModelRegistry(folder, modelsDirectory)).toBe(true);
  });

  it("leaves a folder of an earlier release as it is, whose operator may register what is shipped since", async () => {
    const folder = createModelsFolder();
    expect(await seedModelRegistry(folder, modelsDirectory)).toBe(false);
    const registry = openTestRegistry({}, folder);
    expect(registry.list().length).toBe(2);
    const metadata = JSON.parse(
      readFileSync(join(modelsDirectory, "signal_filter/metadata/v2.0.0_metadata.json"), "utf8"),
    );
    const bytes = readFileSync(join(modelsDirectory, "signal_filter/v2.0.0_lightgbm.onnx"));
    const change = await registry.register({ modelName: "signal_filter", bytes, metadata, actor: "test" });
    expect(change.version).toBe("v2.0.0_lightgbm");
  });

  it("refuses a folder that has lost its index", async () => {
    const folder = createModelsFolder();
    await registerFixture(openTestRegistry({}, folder), "signal-column.onnx");
    rmSync(join(folder, "registry_index.json"));
    await expect(seedModelRegistry(folder, modelsDirectory)).rejects.toMatchObject({ reason: "REGISTRY_DAMAGED" });
  });

  it("works through a symlink to the folder", async () => {
    const link = join(createFolder(), "models");
    symlinkSync(createFolder(), link);
    expect(await seedModelRegistry(link, modelsDirectory)).toBe(true);
    expect(await registerFixture(openTestRegistry({}, link), "signal-column.onnx")).toBe("v2.1.0");
  });
});
