import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hashConfig, toCanonicalJson } from "../../src/config/config-hash.ts";
import { mergeConfig } from "../../src/config/config-merge.ts";
import { defaultConfig } from "../../src/config/config-schema.ts";
import type { ConfigStore, PreparedConfig } from "../../src/config/config-store.ts";
import { assertServingConfig } from "../../src/config/config-validation.ts";
import type { HashedConfig } from "../../src/domain/config.ts";
import {
  ConflictError,
  InvalidInputError,
  NotFoundError,
  UnavailableError,
  UnmetConditionError,
} from "../../src/domain/errors.ts";
import { FaultyFs } from "./faulty-fs.ts";
import { errorOf, historyPath, makeTemporaryDirectory, openTestStore, readLines } from "./temporary-config.ts";

const defaultHash = hashConfig(defaultConfig).hash;
const raise = (entryThreshold: number) => ({ signalFilter: { entryThreshold } });

/** Counts what the store asks of the composition root. */
class FakeEngine {
  readonly log: string[] = [];
  served: string | undefined;
  refusal: Error | undefined;

  readonly prepare = async (next: HashedConfig): Promise<PreparedConfig> => {
    this.log.push("prepare");
    if (this.refusal !== undefined) throw this.refusal;
    return {
      commit: () => {
        this.log.push("commit");
        this.served = next.hash;
      },
      discard: () => void this.log.push("discard"),
    };
  };
}

/** Everything that a refused change must leave alone. */
function stateOf(store: ConfigStore, directory: string, engine: FakeEngine) {
  return {
    current: store.current(),
    history: store.history(),
    lines: readLines(historyPath(directory)),
    served: engine.served,
  };
}

describe("a fresh directory", () => {
  it("is created and starts with the defaults", async () => {
    const directory = join(makeTemporaryDirectory(), "deep", "config");
    const store = await openTestStore({ directory });
    expect(store.current()).toEqual({ config: defaultConfig, hash: defaultHash });
    expect(store.history()).toEqual([
      expect.objectContaining({ hash: defaultHash, source: "defaults", changedKeys: [] }),
    ]);
    expect(readLines(historyPath(directory))).toHaveLength(1);
  });

  it("hands out what nobody can change, and leaves the caller's defaults alone", async () => {
    const store = await openTestStore({ directory: makeTemporaryDirectory() });
    const { config } = store.current();
    expect([store.current(), config, config.regime, config.alertRules].every(Object.isFrozen)).toBe(true);
    expect(Object.isFrozen(defaultConfig)).toBe(false);
  });
});

describe("an update", () => {
  it("merges, comes into force and says what it did", async () => {
    const store = await openTestStore({ directory: makeTemporaryDirectory() });
    const change = await store.update(raise(0.6), { actor: "ops", reason: "fewer trades" });
    expect(change).toMatchObject({
      oldHash: defaultHash,
      changedKeys: ["signal_filter.entry_threshold"],
      isApplied: true,
    });
    expect(store.current().hash).toBe(change.newHash);
    expect(store.current().config).toEqual(mergeConfig(defaultConfig, raise(0.6)));
    expect(store.history()[0]).toEqual({
      hash: change.newHash,
      timestampMicros: 1_735_787_047_000_000,
      actor: "ops",
      reason: "fewer trades",
      changedKeys: ["signal_filter.entry_threshold"],
      source: "update",
    });
  });

  it("is resumed after a restart, with all of its history", async () => {
    const directory = makeTemporaryDirectory();
    const store = await openTestStore({ directory });
    await store.update(raise(0.6), { actor: "ops", reason: "fewer trades" });
    await store.update({ alertRules: [] });
    const before = { current: store.current(), history: store.history() };
    await store.close();
    const again = await openTestStore({ directory, defaults: mergeConfig(defaultConfig, raise(0.99)) });
    expect({ current: again.current(), history: again.history() }).toEqual(before);
    expect(readLines(historyPath(directory))).toHaveLength(3);
  });

  it("that changes nothing succeeds and leaves no trace", async () => {
    const directory = makeTemporaryDirectory();
    const engine = new FakeEngine();
    const store = await openTestStore({ directory, prepare: engine.prepare });
    const change = await store.update(raise(0.55), { actor: "ops" });
    expect(change).toMatchObject({ oldHash: defaultHash, newHash: defaultHash, changedKeys: [], isApplied: false });
    expect(readLines(historyPath(directory))).toHaveLength(1);
    expect(engine.log).toEqual([]);
  });

  it("is prepared, then on disk, then committed", async () => {
    const fs = new FaultyFs();
    const engine = new FakeEngine();
    const store = await openTestStore({ directory: makeTemporaryDirectory(), fs, prepare: engine.prepare });
    fs.isHoldingSyncs = true;
    const change = store.update(raise(0.6));
    await expect.poll(() => fs.count("fdatasync")).toBe(2);
    expect(engine.log).toEqual(["prepare"]);
    expect(store.current().hash).toBe(defaultHash);
    fs.endSync();
    const { newHash } = await change;
    expect(engine.log).toEqual(["prepare", "commit"]);
    expect([store.current().hash, engine.served]).toEqual([newHash, newHash]);
  });

  it("in a dry run is checked and prepared, and changes nothing", async () => {
    const directory = makeTemporaryDirectory();
    const engine = new FakeEngine();
    const store = await openTestStore({ directory, prepare: engine.prepare });
    const before = stateOf(store, directory, engine);
    const change = await store.update(raise(0.6), { dryRun: true });
    expect(change).toMatchObject({ isApplied: false, changedKeys: ["signal_filter.entry_threshold"] });
    expect(change.next).toEqual(hashConfig(mergeConfig(defaultConfig, raise(0.6))));
    expect(engine.log).toEqual(["prepare", "discard"]);
    expect(stateOf(store, directory, engine)).toEqual(before);
    expect(await errorOf(store.update(raise(2), { dryRun: true }))).toBeInstanceOf(InvalidInputError);
  });

  const unserved = { governance: { enablePredictionLogging: false } };
  it.each<[string, (store: ConfigStore) => Promise<unknown>, new (...args: never[]) => Error]>([
    ["out of range", (store) => store.update(raise(2)), InvalidInputError],
    ["breaking a relation", (store) => store.update(raise(0.45)), InvalidInputError],
    ["of an unknown key", (store) => store.update(JSON.parse('{"signalFilter":{"x":1}}')), InvalidInputError],
    ["that cannot be served", (store) => store.update(unserved), InvalidInputError],
    ["that cannot be served, dry", (store) => store.update(unserved, { dryRun: true }), InvalidInputError],
    ["under another hash", (store) => store.update(raise(0.6), { expectedHash: "0".repeat(16) }), ConflictError],
    ["with too long an actor", (store) => store.update(raise(0.6), { actor: "x".repeat(129) }), InvalidInputError],
    ["with too long a reason", (store) => store.update(raise(0.6), { reason: "x".repeat(501) }), InvalidInputError],
    ["to an unknown hash", (store) => store.rollback("0".repeat(16)), NotFoundError],
  ])("%s is refused and leaves everything as it was", async (_what, act, kind) => {
    const directory = makeTemporaryDirectory();
    const engine = new FakeEngine();
    const store = await openTestStore({ directory, prepare: engine.prepare, checkServing: assertServingConfig });
    const before = stateOf(store, directory, engine);
    expect(await errorOf(act(store))).toBeInstanceOf(kind);
    expect(stateOf(store, directory, engine)).toEqual(before);
    expect(engine.log).toEqual([]);
    await store.update(raise(0.6), { actor: "x".repeat(128), reason: "x".repeat(500), expectedHash: defaultHash });
    expect(engine.served).toBe(store.current().hash);
  });

  it("that cannot be prepared leaves everything as it was", async () => {
    const directory = makeTemporaryDirectory();
    const engine = new FakeEngine();
    const store = await openTestStore({ directory, prepare: engine.prepare });
    const before = stateOf(store, directory, engine);
    engine.refusal = new UnmetConditionError([
      { type: "MODEL", subject: "signal_filter/v2.0.0", description: "not loaded" },
    ]);
    expect(await errorOf(store.update(raise(0.6)))).toBe(engine.refusal);
    expect(stateOf(store, directory, engine)).toEqual(before);
    engine.refusal = undefined;
    await store.update(raise(0.6));
    expect(engine.log).toEqual(["prepare", "prepare", "commit"]);
  });

  it("that the disk refuses is discarded, also after a restart", async () => {
    const directory = makeTemporaryDirectory();
    const engine = new FakeEngine();
    const fs = new FaultyFs();
    const store = await openTestStore({ directory, fs, prepare: engine.prepare });
    const before = stateOf(store, directory, engine);
    fs.faults.set("fdatasync", new Error("EIO"));
    expect(await errorOf(store.update(raise(0.6)))).toBeInstanceOf(UnavailableError);
    expect(engine.log).toEqual(["prepare", "discard"]);
    expect(stateOf(store, directory, engine)).toEqual(before);
    expect((await openTestStore({ directory })).current()).toEqual(before.current);
  });

  it("after closing is refused", async () => {
    const store = await openTestStore({ directory: makeTemporaryDirectory() });
    await store.close();
    expect(await errorOf(store.update(raise(0.6)))).toBeInstanceOf(UnavailableError);
  });

  it("is refused when the history is full", async () => {
    const store = await openTestStore({ directory: makeTemporaryDirectory(), versionsMax: 2 });
    await store.update(raise(0.6));
    expect(await errorOf(store.update(raise(0.7)))).toMatchObject({ reason: "CONFIG_HISTORY_FULL" });
    expect(store.current().config.signalFilter.entryThreshold).toBe(0.6);
  });
});

describe("at the same time", () => {
  it("updates of different keys all take effect", async () => {
    const store = await openTestStore({ directory: makeTemporaryDirectory() });
    await Promise.all([
      store.update(raise(0.6)),
      store.update({ regime: { minConfidence: 0.7 } }),
      store.update({ governance: { driftWindow: 200 } }),
    ]);
    const { config } = store.current();
    expect([config.signalFilter.entryThreshold, config.regime.minConfidence, config.governance.driftWindow]).toEqual([
      0.6, 0.7, 200,
    ]);
    expect(store.history().map((version) => version.changedKeys)).toEqual([
      ["governance.drift_window"],
      ["regime.min_confidence"],
      ["signal_filter.entry_threshold"],
      [],
    ]);
  });

  it("one of several updates that expect the same hash wins", async () => {
    const store = await openTestStore({ directory: makeTemporaryDirectory() });
    const attempts = Array.from({ length: 20 }, (_, index) =>
      store.update(raise(0.6 + index / 100), { expectedHash: defaultHash }),
    );
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes.slice(1)) {
      expect(outcome).toMatchObject({ reason: expect.any(ConflictError) });
    }
    expect(store.history()).toHaveLength(2);
  });
});

describe("the history", () => {
  it("is listed newest first, up to a limit", async () => {
    const store = await openTestStore({ directory: makeTemporaryDirectory() });
    const changes = [await store.update(raise(0.6)), await store.update(raise(0.7)), await store.update(raise(0.8))];
    const hashes = [...changes.map((change) => change.newHash).reverse(), defaultHash];
    expect(store.history().map((version) => version.hash)).toEqual(hashes);
    expect(store.history(2).map((version) => version.hash)).toEqual(hashes.slice(0, 2));
    expect(store.history(100)).toHaveLength(4);
  });

  it("finds every configuration that was ever in force, also after a restart", async () => {
    const directory = makeTemporaryDirectory();
    const store = await openTestStore({ directory });
    const seen = [store.current()];
    for (const threshold of [0.6, 0.7, 0.6]) seen.push((await store.update(raise(threshold))).next);
    await store.close();
    const again = await openTestStore({ directory });
    for (const { hash, config } of seen) {
      expect(again.find(hash)).toEqual({ hash, config, canonicalJson: toCanonicalJson(config) });
    }
    expect(() => again.find("0".repeat(16))).toThrow(NotFoundError);
  });

  it("can be rolled back to any entry, which is a new entry", async () => {
    const directory = makeTemporaryDirectory();
    const engine = new FakeEngine();
    const store = await openTestStore({ directory, prepare: engine.prepare });
    const { newHash } = await store.update({ ...raise(0.6), configVersion: "2" });
    const change = await store.rollback(defaultHash, { actor: "ops", reason: "too few trades" });
    expect(change).toMatchObject({ oldHash: newHash, newHash: defaultHash, isApplied: true });
    expect(store.current()).toEqual({ config: defaultConfig, hash: defaultHash });
    expect(engine.served).toBe(defaultHash);
    expect(store.history()[0]).toMatchObject({
      source: "rollback",
      hash: defaultHash,
      actor: "ops",
      changedKeys: ["config_version", "signal_filter.entry_threshold"],
    });
    expect((await store.rollback(defaultHash)).isApplied).toBe(false);
    expect(store.history()).toHaveLength(3);
    await store.close();
    expect((await openTestStore({ directory })).current().hash).toBe(defaultHash);
  });

  it("does not roll back to what may not be served any more", async () => {
    const directory = makeTemporaryDirectory();
    const library = await openTestStore({ directory });
    const { newHash } = await library.update({ governance: { enablePredictionLogging: false } });
    await library.rollback(defaultHash);
    await library.close();
    const store = await openTestStore({ directory, checkServing: assertServingConfig });
    expect(await errorOf(store.rollback(newHash))).toBeInstanceOf(InvalidInputError);
    expect(store.current().hash).toBe(defaultHash);
  });
});

describe("two processes over one directory", () => {
  it("are noticed before either overwrites the other's change", async () => {
    const directory = makeTemporaryDirectory();
    const one = await openTestStore({ directory });
    const other = await openTestStore({ directory });
    const { newHash } = await one.update(raise(0.6));
    expect(await errorOf(other.update(raise(0.7)))).toMatchObject({ reason: "CONFIG_FILE_CHANGED" });
    expect((await openTestStore({ directory })).current().hash).toBe(newHash);
  });
});
