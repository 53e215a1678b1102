import { appendFileSync, copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hashCanonicalJson, toCanonicalJson, writeCanonical } from "../../src/config/config-hash.ts";
import { readConfigRecord } from "../../src/config/config-record.ts";
import { defaultConfig } from "../../src/config/config-schema.ts";
import { writeRecordLine } from "../../src/config/record-line.ts";
import { ConfigFileError, recoverRecords } from "../../src/config/record-recovery.ts";
import { errorOf, historyPath, makeTemporaryDirectory, openTestStore, readLines } from "./temporary-config.ts";

/** A history of three versions; answers their hashes, oldest first. */
async function writeHistory(directory: string): Promise<string[]> {
  const store = await openTestStore({ directory });
  await store.update({ signalFilter: { entryThreshold: 0.6 } }, { actor: "ops", reason: "Größe €" });
  await store.update({ signalFilter: { entryThreshold: 0.7 } });
  await store.close();
  return store
    .history()
    .map((version) => version.hash)
    .reverse();
}

describe("a last line that a crash left unfinished", () => {
  it("is recognised wherever it ends", async () => {
    const directory = makeTemporaryDirectory();
    const hashes = await writeHistory(directory);
    const whole = readFileSync(historyPath(directory));
    const lastStart = whole.lastIndexOf("\n", whole.length - 2) + 1;
    expect(whole.length - lastStart).toBeGreaterThan(1000);
    for (let bytes = lastStart; bytes <= whole.length; bytes += 1) {
      const found: string[] = [];
      const recovered = recoverRecords("history.jsonl", whole.subarray(0, bytes), (record) => {
        found.push(readConfigRecord(record).version.hash);
      });
      const isWhole = bytes === whole.length;
      expect([recovered.bytes, found]).toEqual(isWhole ? [bytes, hashes] : [lastStart, hashes.slice(0, 2)]);
    }
  });

  it("is cut off, and the configuration before it is in force", async () => {
    const directory = makeTemporaryDirectory();
    const hashes = await writeHistory(directory);
    const whole = readFileSync(historyPath(directory));
    const lastStart = whole.lastIndexOf("\n", whole.length - 2) + 1;
    for (const bytes of [lastStart, lastStart + 1, lastStart + 777, whole.length - 1]) {
      writeFileSync(historyPath(directory), whole.subarray(0, bytes));
      const store = await openTestStore({ directory });
      expect([store.current().hash, store.tornBytes]).toEqual([hashes[1], bytes - lastStart]);
      expect(readFileSync(historyPath(directory))).toEqual(whole.subarray(0, lastStart));
      await store.close();
    }
  });

  it.each<[string, (line: Buffer) => Buffer]>([
    ["blocks of it were never written", (line) => Buffer.concat([line.subarray(0, 100).fill(0), line.subarray(100)])],
    ["nothing but its length was", (line) => Buffer.alloc(line.length)],
    ["its end was not", (line) => Buffer.concat([line.subarray(0, 500), Buffer.alloc(4096)])],
  ])("is cut off when %s", async (_what, damage) => {
    const directory = makeTemporaryDirectory();
    const hashes = await writeHistory(directory);
    const whole = readFileSync(historyPath(directory));
    const lastStart = whole.lastIndexOf("\n", whole.length - 2) + 1;
    writeFileSync(
      historyPath(directory),
      Buffer.concat([whole.subarray(0, lastStart), damage(whole.subarray(lastStart))]),
    );
    const store = await openTestStore({ directory });
    expect(store.current().hash).toBe(hashes[1]);
    const { newHash } = await store.update({ configVersion: "next" });
    await store.close();
    expect((await openTestStore({ directory })).current().hash).toBe(newHash);
  });

  it("may be the first line of all", async () => {
    const directory = makeTemporaryDirectory();
    writeFileSync(historyPath(directory), '{"seq":1,"rec');
    const store = await openTestStore({ directory });
    expect(store.current().config).toEqual(defaultConfig);
    expect(readLines(historyPath(directory))).toHaveLength(1);
  });
});

describe("a whole line that cannot be trusted", () => {
  const alterLine = (number: number, alter: (line: string) => string) => (path: string) => {
    const lines = readLines(path).map((line, index) => (index === number - 1 ? alter(line) : line));
    writeFileSync(path, `${lines.join("\n")}\n`);
  };
  const threshold = (line: string) => line.replace('"entry_threshold":0.6', '"entry_threshold":0.5');

  it.each<[string, number, (path: string) => void]>([
    ["a digit of an earlier one was altered", 2, alterLine(2, threshold)],
    ["a digit of the last one was altered", 3, alterLine(3, (line) => line.replace("0.7,", "0.8,"))],
    ["an earlier one is torn", 2, alterLine(2, (line) => line.slice(0, -1))],
    ["an earlier one holds zeros", 2, alterLine(2, (line) => line.replace("signal", "\0\0\0\0\0\0"))],
    ["an earlier one is gone", 1, (path) => writeFileSync(path, `${readLines(path).slice(1).join("\n")}\n`)],
    ["one is there twice", 4, (path) => appendFileSync(path, `${readLines(path)[2]}\n`)],
    ["one is empty", 4, (path) => appendFileSync(path, "\n")],
    ["one is no JSON", 4, (path) => appendFileSync(path, `${"x".repeat(200)}\n`)],
    ["one fits its digest but holds no version", 4, (path) => appendFileSync(path, writeRecordLine(4, { a: 1 }))],
    ["a configuration does not fit its hash", 4, (path) => appendFileSync(path, forge(4, "0".repeat(16), {}))],
  ])("stops the start: %s", async (_what, line, damage) => {
    const directory = makeTemporaryDirectory();
    await writeHistory(directory);
    const path = historyPath(directory);
    damage(path);
    const before = readFileSync(path);
    const error = await errorOf(openTestStore({ directory }));
    expect(error).toBeInstanceOf(ConfigFileError);
    expect(error).toMatchObject({
      reason: "CONFIG_DAMAGED",
      message: expect.stringContaining(`line ${line} of ${path}`),
    });
    expect(readFileSync(path)).toEqual(before);
  });
});

/** A well-formed line about any configuration, under any hash. */
function forge(seq: number, hash: string | undefined, json: object): Uint8Array {
  return writeRecordLine(seq, {
    config_hash: hash ?? hashCanonicalJson(writeCanonical(json)),
    timestamp_micros: 1_735_000_000_000_000,
    source: "update",
    actor: "ops",
    reason: "written by another release",
    changed_keys: [],
    config: json,
  });
}

describe("a history of another release", () => {
  const json = () => JSON.parse(toCanonicalJson(defaultConfig));

  it("gets the keys added since, as a version of its own, and keeps the old text under the old hash", async () => {
    const directory = makeTemporaryDirectory();
    const old = json();
    delete old.governance.drift_window;
    old.signal_filter.entry_threshold = 0.6;
    writeFileSync(historyPath(directory), forge(1, undefined, old));
    const oldHash = hashCanonicalJson(writeCanonical(old));
    const addedKeys = ["governance.drift_window", "regime.min_confidence"];
    const store = await openTestStore({ directory, addedKeys });
    expect(store.current().config.governance.driftWindow).toBe(defaultConfig.governance.driftWindow);
    expect(store.current().config.signalFilter.entryThreshold).toBe(0.6);
    expect(store.history().map((version) => [version.source, version.changedKeys])).toEqual([
      ["defaults", ["governance.drift_window"]],
      ["update", []],
    ]);
    expect(store.find(oldHash)).toEqual({
      hash: oldHash,
      canonicalJson: writeCanonical(old),
      config: store.current().config,
    });
    await store.close();
    expect((await openTestStore({ directory, addedKeys })).history()).toHaveLength(2);
  });

  it.each<[string, (config: ReturnType<typeof json>) => void, string]>([
    ["holds a key of a later one", (config) => Object.assign(config.regime, { hurst_min: 0.5 }), "regime.hurst_min"],
    ["lacks a key that was always there", (config) => delete config.regime.min_confidence, "regime.min_confidence"],
    ["breaks today's limits", (config) => Object.assign(config.regime, { min_confidence: 7 }), "regime.min_confidence"],
  ])("stops the start when its newest version %s", async (_what, alter, field) => {
    const directory = makeTemporaryDirectory();
    const config = json();
    alter(config);
    writeFileSync(historyPath(directory), forge(1, undefined, config));
    const error = await errorOf(openTestStore({ directory }));
    expect(error).toMatchObject({ reason: "CONFIG_UNREADABLE", message: expect.stringContaining(field) });
    // An older version may be so: it is only history.
    appendFileSync(historyPath(directory), forge(2, undefined, json()));
    const store = await openTestStore({ directory });
    expect(store.history()).toHaveLength(2);
    expect(await errorOf(store.rollback(hashCanonicalJson(writeCanonical(config))))).toMatchObject({
      reason: "INVALID_CONFIG",
    });
  });
});

it("says what it cannot open", async () => {
  const directory = makeTemporaryDirectory();
  mkdirSync(historyPath(directory));
  expect(await errorOf(openTestStore({ directory }))).toMatchObject({
    reason: "CONFIG_UNREADABLE",
    message: expect.stringContaining(historyPath(directory)),
  });
});

it("goes on after its copy was restored", async () => {
  const directory = makeTemporaryDirectory();
  const hashes = await writeHistory(directory);
  const copy = join(directory, "copy");
  mkdirSync(copy);
  copyFileSync(historyPath(directory), historyPath(copy));
  const lines = readLines(historyPath(copy));
  truncateSync(historyPath(copy), Buffer.byteLength(`${lines.slice(0, 2).join("\n")}\n`));
  expect((await openTestStore({ directory: copy })).current().hash).toBe(hashes[1]);
});
