import { appendFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { UnavailableError } from "../../../src/domain/errors.ts";
import { FaultyFs, type FsOperation, failNth } from "./faulty-fs.ts";
import {
  currentFile,
  makeTemporaryDirectory,
  nextTurn,
  openTestLog,
  readField,
  untilUnderWay,
} from "./temporary-log.ts";

const body = { kind: "decision" };

function unavailable(code: string): object {
  return { reason: "AUDIT_UNAVAILABLE", cause: { code } };
}

it("refuses a failed group, the one behind it and everything later, and never syncs again", async () => {
  const fs = new FaultyFs();
  const told: UnavailableError[] = [];
  const directory = makeTemporaryDirectory();
  const log = await openTestLog({ directory, fs, onFailure: (error) => told.push(error) });
  await log.append(body);
  fs.onCall = failNth("fdatasync", 2, "EIO");
  fs.isHoldingSyncs = true;
  const failing = [log.append(body), log.append(body)];
  await untilUnderWay();
  const behind = log.append(body);
  fs.endSync();
  for (const promise of [...failing, behind]) await expect(promise).rejects.toMatchObject(unavailable("EIO"));
  const callsAtFailure = fs.calls.length;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    expect(() => log.append(body)).toThrow(UnavailableError);
    await nextTurn();
  }
  expect(fs.calls.length).toBe(callsAtFailure);
  expect(told).toHaveLength(1);
  expect(log.healthy).toBe(false);
  expect(log.stats()).toMatchObject({ healthy: false, failures: 1, refused: 6, queueDepth: 0, lastSeq: 1, syncs: 1 });
  await expect(log.close({ kind: "stop" })).rejects.toMatchObject(unavailable("EIO"));
  expect(fs.count("fdatasync")).toBe(2);
  expect(fs.count("fdatasyncSync")).toBe(1);
});

describe.each(["strict", "os"] as const)("%s", (durability) => {
  it.each<[FsOperation, string]>([
    ["writeSync", "ENOSPC"],
    ["writeSync", "EIO"],
    ["renameSync", "EACCES"],
    ["fdatasyncSync", "EIO"],
    ["fsyncSync", "EIO"],
  ])("turns unhealthy for good when %s fails with %s", async (operation, code) => {
    const fs = new FaultyFs();
    const directory = makeTemporaryDirectory();
    const told: UnavailableError[] = [];
    const log = await openTestLog({
      directory,
      fs,
      durability,
      rotateBytes: 1,
      onFailure: (error) => told.push(error),
    });
    await log.append(body);
    // Every second append rotates, which takes all of these calls.
    fs.onCall = failNth(operation, fs.count(operation) + 1, code);
    await expect(async () => log.append(body)).rejects.toMatchObject(unavailable(code));
    const callsAtFailure = fs.calls.length;
    expect(() => log.append(body)).toThrow(UnavailableError);
    await nextTurn();
    expect(fs.calls.length).toBe(callsAtFailure);
    expect(told).toHaveLength(1);
    expect(log.stats()).toMatchObject({ healthy: false, failures: 1, lastSeq: 1 });
  });

  it("does not write the rest of a line after a short write failed", async () => {
    const fs = new FaultyFs();
    const directory = makeTemporaryDirectory();
    const log = await openTestLog({ directory, fs, durability });
    await log.append({ ...body, id: 1 });
    fs.writeBytesMax = 10;
    fs.onCall = failNth("writeSync", 3, "ENOSPC");
    await expect(async () => log.append({ ...body, id: 2 })).rejects.toMatchObject(unavailable("ENOSPC"));
    expect(() => log.append(body)).toThrow(UnavailableError);
    await expect(log.close()).rejects.toThrow(UnavailableError);
    const reopened = await openTestLog({ directory, fs: new FaultyFs() });
    expect(reopened.stats().torn).toMatchObject({ bytes: 10 });
    expect(await readField(directory, "kind")).toEqual(["decision", "recovery"]);
  });

  it.each<[string, (path: string) => void]>([
    ["deleted", (path) => rmSync(path)],
    ["moved away", (path) => renameSync(path, `${path}.1`)],
    ["truncated", (path) => truncateSync(path, 0)],
    ["written to by somebody else", (path) => appendFileSync(path, "{}\n")],
  ])("notices at the next sync that its file was %s", async (_what, tamper) => {
    const fs = new FaultyFs();
    const tasks: (() => void)[] = [];
    const directory = makeTemporaryDirectory();
    const log = await openTestLog({ directory, fs, durability, schedule: (task) => tasks.push(task) });
    await log.append(body);
    tamper(currentFile(directory));
    const written = log.append(body);
    tasks.shift()?.();
    if (written !== undefined) await expect(written).rejects.toThrow(UnavailableError);
    await nextTurn();
    await nextTurn();
    expect(log.healthy).toBe(false);
  });
});

it("turns unhealthy rather than replace a rotated file", async () => {
  const directory = makeTemporaryDirectory();
  const log = await openTestLog({ directory, fs: new FaultyFs(), rotateBytes: 1 });
  await log.append(body);
  writeFileSync(join(directory, "predictions-1-1.jsonl"), "evidence");
  await expect(log.append(body)).rejects.toThrow(UnavailableError);
  expect(readFileSync(join(directory, "predictions-1-1.jsonl"), "utf8")).toBe("evidence");
});

it("learns of a failing disk in os mode from the background sync", async () => {
  const fs = new FaultyFs();
  const tasks: (() => void)[] = [];
  const told: UnavailableError[] = [];
  const directory = makeTemporaryDirectory();
  const log = await openTestLog({
    directory,
    fs,
    durability: "os",
    schedule: (task) => tasks.push(task),
    onFailure: (error) => told.push(error),
  });
  fs.onCall = failNth("fdatasync", 1, "EIO");
  expect(log.append(body)).toBeUndefined();
  tasks.shift()?.();
  await nextTurn();
  await nextTurn();
  expect(told).toMatchObject([unavailable("EIO")]);
  expect(() => log.append(body)).toThrow(UnavailableError);
});

it("closes its descriptor only when the background sync has ended, even after a failed write", async () => {
  const fs = new FaultyFs();
  const tasks: (() => void)[] = [];
  const directory = makeTemporaryDirectory();
  const log = await openTestLog({ directory, fs, durability: "os", schedule: (task) => tasks.push(task) });
  log.append(body);
  fs.isHoldingSyncs = true;
  tasks.shift()?.();
  fs.onCall = failNth("writeSync", 2, "ENOSPC");
  expect(() => log.append(body)).toThrow(UnavailableError);
  const closesBefore = fs.count("closeSync");
  const closed = log.close();
  await nextTurn();
  expect(fs.count("closeSync")).toBe(closesBefore);
  fs.endSync();
  await expect(closed).rejects.toThrow(UnavailableError);
  expect(fs.count("closeSync")).toBe(closesBefore + 1);
});

it("refuses all records that were to be written together when their write fails", async () => {
  const fs = new FaultyFs();
  const directory = makeTemporaryDirectory();
  const log = await openTestLog({ directory, fs, durability: "os" });
  log.append(body);
  fs.onCall = failNth("writeSync", fs.count("writeSync") + 1, "ENOSPC");
  for (let record = 0; record < 3; record++) log.append(body, { isWrittenLater: true });
  expect(() => log.flush()).toThrow(UnavailableError);
  expect(() => log.flush()).toThrow(UnavailableError);
  expect(log.stats()).toMatchObject({ healthy: false, lastSeq: 1, refused: 4 });
  await expect(log.close()).rejects.toThrow(UnavailableError);
});

it("tells those who left their record to be written later that another's write has failed", async () => {
  const fs = new FaultyFs();
  const directory = makeTemporaryDirectory();
  const log = await openTestLog({ directory, fs, durability: "os" });
  fs.onCall = failNth("writeSync", fs.count("writeSync") + 1, "EIO");
  log.append(body, { isWrittenLater: true });
  expect(() => log.append(body)).toThrow(UnavailableError);
  expect(() => log.flush()).toThrow(UnavailableError);
});
