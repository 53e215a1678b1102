import { describe, expect, it } from "vitest";
import { OverloadedError, UnavailableError } from "../../../src/domain/errors.ts";
import type { AuditBody } from "../../../src/monitor/audit/audit-record.ts";
import { FaultyFs } from "./faulty-fs.ts";
import {
  listFiles,
  makeTemporaryDirectory,
  nextTurn,
  openTestLog,
  readCurrentLines,
  readField,
  untilUnderWay,
} from "./temporary-log.ts";

function decision(id: number): AuditBody {
  return { kind: "decision", id };
}

/** Whether a promise has settled by the next turn of the event loop. */
async function isSettled(promise: Promise<void> | undefined): Promise<boolean> {
  let settled = false;
  void Promise.allSettled([promise]).then(() => {
    settled = true;
  });
  await nextTurn();
  return settled;
}

describe("strict", () => {
  it("answers when the sync has ended and not before", async () => {
    const fs = new FaultyFs();
    const log = await openTestLog({ directory: makeTemporaryDirectory(), fs });
    fs.isHoldingSyncs = true;
    const written = log.append(decision(1));
    await untilUnderWay();
    expect(await isSettled(written)).toBe(false);
    expect(fs.count("fdatasync")).toBe(1);
    expect(log.stats()).toMatchObject({ lastSeq: 0, queueDepth: 1, syncs: 0 });
    fs.isHoldingSyncs = false;
    fs.endSync();
    await written;
    expect(log.stats()).toMatchObject({ lastSeq: 1, queueDepth: 0, syncs: 1 });
  });

  it("syncs records that arrive in one turn of the event loop together, under one promise", async () => {
    const fs = new FaultyFs();
    const log = await openTestLog({ directory: makeTemporaryDirectory(), fs });
    const promises = new Set([1, 2, 3].map((id) => log.append(decision(id))));
    expect(promises.size).toBe(1);
    await Promise.all(promises);
    expect(fs.count("fdatasync")).toBe(1);
    expect(fs.count("writeSync")).toBe(1);
  });

  it.each([1, 2, 500])("takes exactly one more sync for %i records that arrive during one", async (count) => {
    const fs = new FaultyFs();
    const directory = makeTemporaryDirectory();
    const synced: number[] = [];
    const log = await openTestLog({ directory, fs, onSync: (_durationMs, records) => synced.push(records) });
    fs.isHoldingSyncs = true;
    const first = log.append(decision(1));
    await untilUnderWay();
    const later: (Promise<void> | undefined)[] = [];
    for (let id = 2; id <= count + 1; id += 1) {
      later.push(log.append(decision(id)));
      await nextTurn();
    }
    expect(fs.count("fdatasync")).toBe(1);
    fs.endSync();
    await first;
    expect(fs.count("fdatasync")).toBe(2);
    expect(log.stats()).toMatchObject({ lastSeq: 1, queueDepth: count });
    expect(await isSettled(later[0])).toBe(false);
    fs.isHoldingSyncs = false;
    fs.endSync();
    await Promise.all(later);
    expect(fs.count("fdatasync")).toBe(2);
    expect(synced).toEqual([1, count]);
    expect(await readField(directory, "id")).toEqual(Array.from({ length: count + 1 }, (_, index) => index + 1));
  });

  it("refuses what does not fit into the queue and takes more when there is room again", async () => {
    const fs = new FaultyFs();
    const log = await openTestLog({ directory: makeTemporaryDirectory(), fs, queueLengthMax: 3 });
    fs.isHoldingSyncs = true;
    const first = log.append(decision(1));
    await untilUnderWay();
    const second = log.append(decision(2));
    log.append(decision(3));
    expect(() => log.append(decision(4))).toThrow(OverloadedError);
    fs.endSync();
    await first;
    const fourth = log.append(decision(4));
    expect(() => log.append(decision(5))).toThrow(OverloadedError);
    fs.isHoldingSyncs = false;
    fs.endSync();
    await Promise.all([second, fourth]);
    expect(log.stats()).toMatchObject({ lastSeq: 4, refused: 2, healthy: true });
  });

  it("refuses when too many bytes wait", async () => {
    const log = await openTestLog({ directory: makeTemporaryDirectory(), fs: new FaultyFs(), queueBytesMax: 1000 });
    const waiting = log.append({ kind: "decision", padding: "x".repeat(1000) });
    expect(() => log.append(decision(2))).toThrow(OverloadedError);
    await waiting;
    await log.append(decision(2));
  });
});

describe("os", () => {
  it("has the record in the file when append returns, without a promise", async () => {
    const directory = makeTemporaryDirectory();
    const fs = new FaultyFs();
    const log = await openTestLog({ directory, fs, durability: "os" });
    expect(log.append(decision(1))).toBeUndefined();
    expect(readCurrentLines(directory)).toHaveLength(1);
    expect(fs.count("fdatasync")).toBe(0);
    expect(log.stats()).toMatchObject({ lastSeq: 1, queueDepth: 0 });
  });

  it("syncs in the background, once for all records of an interval", async () => {
    const tasks: (() => void)[] = [];
    const fs = new FaultyFs();
    const log = await openTestLog({
      directory: makeTemporaryDirectory(),
      fs,
      durability: "os",
      schedule: (task) => tasks.push(task),
    });
    for (let id = 1; id <= 5; id += 1) log.append(decision(id));
    expect(tasks).toHaveLength(1);
    tasks.shift()?.();
    await nextTurn();
    expect(fs.count("fdatasync")).toBe(1);
    expect(log.stats().syncs).toBe(1);
    log.append(decision(6));
    expect(tasks).toHaveLength(1);
  });

  it("leaves what is written during a background sync to the next interval", async () => {
    const tasks: (() => void)[] = [];
    const fs = new FaultyFs();
    const log = await openTestLog({
      directory: makeTemporaryDirectory(),
      fs,
      durability: "os",
      schedule: (task) => tasks.push(task),
    });
    log.append(decision(1));
    tasks.shift()?.();
    log.append(decision(2));
    await nextTurn();
    expect(log.stats().syncs).toBe(1);
    expect(fs.count("fdatasync")).toBe(1);
    tasks.shift()?.();
    expect(fs.count("fdatasync")).toBe(2);
  });

  it("rotates a synced file only, and not while a background sync uses it", async () => {
    const tasks: (() => void)[] = [];
    const fs = new FaultyFs();
    const log = await openTestLog({
      directory: makeTemporaryDirectory(),
      fs,
      durability: "os",
      rotateBytes: 1,
      schedule: (task) => tasks.push(task),
    });
    fs.isHoldingSyncs = true;
    log.append(decision(1));
    tasks.shift()?.();
    log.append(decision(2));
    expect(fs.count("renameSync")).toBe(0);
    fs.isHoldingSyncs = false;
    fs.endSync();
    fs.calls.length = 0;
    log.append(decision(3));
    expect(fs.count("renameSync")).toBe(1);
    expect(fs.calls.indexOf("fdatasyncSync")).toBeLessThan(fs.calls.indexOf("renameSync"));
  });
});

describe.each(["strict", "os"] as const)("%s", (durability) => {
  it("writes everything when write takes only a few bytes at a time", async () => {
    const directory = makeTemporaryDirectory();
    const fs = new FaultyFs();
    fs.writeBytesMax = 7;
    const log = await openTestLog({ directory, fs, durability });
    await Promise.all([log.append(decision(1)), log.append({ kind: "decision", id: 2, text: "zwölf €😀\n" })]);
    await log.close();
    expect(await readField(directory, "id")).toEqual([1, 2]);
  });

  it.each<[string, () => AuditBody, ErrorConstructor]>([
    ["too large", () => ({ kind: "decision", padding: "x".repeat(3000) }), RangeError],
    ["too large in UTF-8 only", () => ({ kind: "decision", padding: "€".repeat(700) }), RangeError],
    ["bringing its own hash", () => ({ kind: "decision", hash: "mine" }), TypeError],
    ["without a kind", () => JSON.parse("{}"), TypeError],
  ])("refuses a record %s and leaves no hole", async (_what, createBody, error) => {
    const directory = makeTemporaryDirectory();
    const log = await openTestLog({ directory, fs: new FaultyFs(), durability, recordBytesMax: 2000 });
    await log.append(decision(1));
    expect(() => log.append(createBody())).toThrow(error);
    await log.append(decision(2));
    expect(log.healthy).toBe(true);
    expect(await readField(directory, "seq")).toEqual([1, 2]);
  });

  it("takes a record of exactly the largest size", async () => {
    const directory = makeTemporaryDirectory();
    const log = await openTestLog({ directory, fs: new FaultyFs(), durability, recordBytesMax: 2000 });
    await log.append({ kind: "decision", padding: "" });
    const emptyBytes = (readCurrentLines(directory)[0] ?? "").length + 1;
    await log.append({ kind: "decision", padding: "x".repeat(2000 - emptyBytes) });
    expect(() => log.append({ kind: "decision", padding: "x".repeat(2001 - emptyBytes) })).toThrow(RangeError);
    expect(log.stats().lastSeq).toBe(2);
  });

  it("does not open with a limit that its own readers would refuse", async () => {
    const directory = makeTemporaryDirectory();
    await expect(openTestLog({ directory, durability, recordBytesMax: 64 * 1024 * 1024 + 1 })).rejects.toThrow(
      RangeError,
    );
    await openTestLog({ directory, durability, recordBytesMax: 64 * 1024 * 1024 });
  });

  it("flushes and syncs everything on close, the last record included, and refuses what comes later", async () => {
    const directory = makeTemporaryDirectory();
    const fs = new FaultyFs();
    const log = await openTestLog({ directory, fs, durability });
    fs.isHoldingSyncs = true;
    const written = log.append(decision(1));
    const closed = log.close({ kind: "stop" });
    expect(() => log.append(decision(2))).toThrow(UnavailableError);
    expect(await isSettled(closed)).toBe(false);
    fs.isHoldingSyncs = false;
    fs.endSync();
    await Promise.all([written, closed, log.close()]);
    expect(fs.calls.lastIndexOf("fdatasync")).toBeGreaterThan(fs.calls.lastIndexOf("writeSync"));
    expect(await readField(directory, "kind")).toEqual(["decision", "stop"]);
  });

  it("waits on close for a sync that runs and for the one behind it", async () => {
    const directory = makeTemporaryDirectory();
    const fs = new FaultyFs();
    const tasks: (() => void)[] = [];
    const log = await openTestLog({ directory, fs, durability, schedule: (task) => tasks.push(task) });
    fs.isHoldingSyncs = true;
    void log.append(decision(1));
    tasks.shift()?.();
    await untilUnderWay();
    expect(fs.count("fdatasync")).toBe(1);
    void log.append(decision(2));
    const closed = log.close({ kind: "stop" });
    fs.endSync();
    expect(await isSettled(closed)).toBe(false);
    expect(fs.count("fdatasync")).toBe(2);
    fs.endSync();
    await closed;
    expect(await readField(directory, "seq")).toEqual([1, 2, 3]);
  });

  it("rotates at the size limit and keeps one chain across the files", async () => {
    const directory = makeTemporaryDirectory();
    const log = await openTestLog({ directory, fs: new FaultyFs(), durability, rotateBytes: 1000 });
    for (let id = 1; id <= 11; id += 1) await log.append(decision(id));
    await log.close();
    expect(listFiles(directory).sort()).toEqual([
      "predictions-1-5.jsonl",
      "predictions-6-10.jsonl",
      "predictions.jsonl",
    ]);
    expect(await readField(directory, "id")).toEqual(Array.from({ length: 11 }, (_, index) => index + 1));
  });
});

describe("records that are written together", () => {
  const later = { isWrittenLater: true };

  it("are in the log when flush has returned, in one write and in the order they were added", async () => {
    const fs = new FaultyFs();
    const directory = makeTemporaryDirectory();
    const log = await openTestLog({ directory, fs, durability: "os" });
    const writesBefore = fs.count("writeSync");
    for (let id = 1; id <= 5; id++) expect(log.append(decision(id), later)).toBeUndefined();
    expect([fs.count("writeSync") - writesBefore, log.stats().lastSeq]).toEqual([0, 0]);
    log.flush();
    expect([fs.count("writeSync") - writesBefore, log.stats().lastSeq]).toEqual([1, 5]);
    expect(await readField(directory, "id")).toEqual([1, 2, 3, 4, 5]);
    log.flush();
    expect(fs.count("writeSync") - writesBefore).toBe(1);
  });

  it("go before a record that is written at once", async () => {
    const directory = makeTemporaryDirectory();
    const log = await openTestLog({ directory, durability: "os" });
    log.append(decision(1), later);
    log.append(decision(2));
    expect(await readField(directory, "id")).toEqual([1, 2]);
    expect(log.stats().lastSeq).toBe(2);
  });

  it("are written by the next sync when nobody flushes them", async () => {
    const tasks: (() => void)[] = [];
    const directory = makeTemporaryDirectory();
    const log = await openTestLog({ directory, durability: "os", schedule: (task) => tasks.push(task) });
    log.append(decision(1), later);
    tasks.shift()?.();
    expect(await readField(directory, "id")).toEqual([1]);
    expect(log.stats().lastSeq).toBe(1);
  });

  it("do not wait for more than 64 KiB", async () => {
    const directory = makeTemporaryDirectory();
    const log = await openTestLog({ directory, durability: "os" });
    const body = { ...decision(1), text: "x".repeat(30_000) };
    for (let record = 0; record < 3; record++) log.append(body, later);
    expect(readCurrentLines(directory)).toHaveLength(3);
  });

  it("wait for their sync where the log is strict", async () => {
    const fs = new FaultyFs();
    const log = await openTestLog({ directory: makeTemporaryDirectory(), fs });
    fs.isHoldingSyncs = true;
    const written = log.append(decision(1), later);
    log.flush();
    await untilUnderWay();
    expect(await isSettled(written)).toBe(false);
    fs.isHoldingSyncs = false;
    fs.endSync();
    await written;
  });
});
