import { appendFileSync, readFileSync, renameSync, rmSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openRecordFile, type RecordFile } from "../../src/config/record-file.ts";
import { FaultyFs } from "./faulty-fs.ts";
import { errorOf, makeTemporaryDirectory, readLines } from "./temporary-config.ts";

interface Opened {
  readonly file: RecordFile;
  readonly fs: FaultyFs;
  readonly path: string;
  readonly records: unknown[];
}

function open(path = join(makeTemporaryDirectory(), "records.jsonl")): Opened {
  const fs = new FaultyFs();
  const records: unknown[] = [];
  const file = openRecordFile({ fs, path, onRecord: (record) => void records.push(record) });
  onTestFinished(() => file.close());
  return { file, fs, path, records };
}

const recordsOf = (path: string) => open(path).records;

it("reads back what was appended, in order", async () => {
  const { file, path } = open();
  for (const record of [{ a: 1 }, "two €\n", [3]]) await file.append(record);
  expect(recordsOf(path)).toEqual([{ a: 1 }, "two €\n", [3]]);
});

it("acknowledges a record only when it is synced", async () => {
  const { file, fs } = open();
  fs.isHoldingSyncs = true;
  let isDone = false;
  const appended = file.append(1).then(() => {
    isDone = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect([fs.count("writeSync"), fs.count("fdatasync"), isDone]).toEqual([1, 1, false]);
  fs.endSync();
  await appended;
});

it("makes a new file's name durable before it is used", () => {
  const { fs } = open(join(makeTemporaryDirectory(), "a", "b", "records.jsonl"));
  // The two directories that got an entry when a and b were made, and b itself for the file.
  expect(fs.count("fsyncSync")).toBe(3);
  expect(fs.calls.lastIndexOf("fsyncSync")).toBeGreaterThan(fs.calls.indexOf("openSync"));
});

it("is readable by its owner and group only", () => {
  const { path } = open();
  expect(statSync(path).mode & 0o007).toBe(0);
});

describe("a full disk", () => {
  it.each([0, 1, 20])(
    "that takes %i bytes of a record leaves the others whole, and the next may fit",
    async (bytes) => {
      const { file, fs, path } = open();
      await file.append("first");
      fs.freeBytes = bytes;
      expect(await errorOf(file.append("second"))).toMatchObject({ reason: "CONFIG_UNAVAILABLE" });
      expect(readLines(path)).toHaveLength(1);
      fs.freeBytes = Number.POSITIVE_INFINITY;
      await file.append("third");
      expect(recordsOf(path)).toEqual(["first", "third"]);
    },
  );

  it("whose torn record cannot be taken back ends all writing, and opening cuts it", async () => {
    const { file, fs, path } = open();
    await file.append("first");
    fs.freeBytes = 20;
    fs.faults.set("ftruncateSync", new Error("EIO"));
    expect(await errorOf(file.append("second"))).toMatchObject({ reason: "CONFIG_UNAVAILABLE" });
    fs.freeBytes = Number.POSITIVE_INFINITY;
    fs.faults.clear();
    expect(await errorOf(file.append("third"))).toMatchObject({ reason: "CONFIG_UNAVAILABLE" });
    const again = open(path);
    expect([again.records, again.file.tornBytes]).toEqual([["first"], 20]);
  });
});

describe("a failed sync", () => {
  it.each<["undo" | "keep", string[]]>([
    ["undo", ["first"]],
    ["keep", ["first", "second"]],
  ])("ends all writing; to %s the record is the caller's choice", async (afterFailedSync, records) => {
    const { file, fs, path } = open();
    await file.append("first");
    fs.faults.set("fdatasync", new Error("EIO"));
    expect(await errorOf(file.append("second", afterFailedSync))).toMatchObject({ reason: "CONFIG_UNAVAILABLE" });
    fs.faults.clear();
    expect(await errorOf(file.append("third"))).toMatchObject({ reason: "CONFIG_UNAVAILABLE" });
    expect(fs.count("fdatasync")).toBe(2);
    expect(recordsOf(path)).toEqual(records);
  });
});

describe("a file that something else changed", () => {
  it.each<[string, (path: string) => void]>([
    ["appended to", (path) => appendFileSync(path, "x")],
    ["truncated", (path) => truncateSync(path, 3)],
    ["moved", (path) => renameSync(path, `${path}.old`)],
    ["deleted", (path) => rmSync(path)],
  ])("is not written to: %s", async (_what, change) => {
    const { file, fs, path } = open();
    await file.append("first");
    change(path);
    expect(await errorOf(file.append("second"))).toMatchObject({ reason: "CONFIG_FILE_CHANGED" });
    expect(fs.count("writeSync")).toBe(1);
  });

  it("during a sync is noticed, and not written to any more", async () => {
    const { file, fs, path } = open();
    fs.isHoldingSyncs = true;
    const appended = errorOf(file.append("first"));
    appendFileSync(path, readFileSync(path));
    fs.endSync();
    expect(await appended).toMatchObject({ reason: "CONFIG_FILE_CHANGED" });
    expect(await errorOf(file.append("second"))).toMatchObject({ reason: "CONFIG_UNAVAILABLE" });
  });
});

it("takes one record at a time", async () => {
  const { file } = open();
  const first = file.append(1);
  expect(await errorOf(file.append(2))).toMatchObject({ message: "records are appended one at a time" });
  expect(() => file.close()).toThrow("a record is being appended");
  await first;
});

it("can be closed twice and takes nothing afterwards", async () => {
  const { file, fs } = open();
  const closed = fs.count("closeSync");
  file.close();
  file.close();
  expect(fs.count("closeSync")).toBe(closed + 1);
  expect(await errorOf(file.append(1))).toMatchObject({ reason: "CONFIG_CLOSED" });
});
