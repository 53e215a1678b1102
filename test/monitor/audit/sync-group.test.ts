import { expect, it, onTestFinished } from "vitest";
import type { AuditLog } from "../../../src/monitor/audit/audit-log.ts";
import { FaultyFs, failNth } from "./faulty-fs.ts";
import { makeTemporaryDirectory, nextTurn, openTestLog } from "./temporary-log.ts";

/** A strict log whose syncs end when told, and what those who wait for its records have been told. */
async function openHeldLog() {
  const fs = new FaultyFs();
  const log = await openTestLog({ directory: makeTemporaryDirectory(), fs });
  fs.isHoldingSyncs = true;
  // Before the log is closed, which syncs.
  onTestFinished(() => {
    fs.isHoldingSyncs = false;
  });
  const told: string[] = [];
  return { fs, log, told, add: (name: string) => wait(log, name, told, fs) };
}

function wait(log: AuditLog, name: string, told: string[], fs: FaultyFs): void {
  log.add({ kind: "decision" })?.tell({
    useTime: () => told.push(`${name} has time, ${fs.count("fdatasync")} begun`),
    settle: (failure) => told.push(`${name} ${failure === undefined ? "is durable" : failure.message}`),
  });
}

it("gives those who wait the time of their sync, when the disk has it and not before", async () => {
  const { fs, told, add } = await openHeldLog();
  for (const name of ["one", "two"]) add(name);
  expect(told).toEqual([]);
  await nextTurn();
  expect(told).toEqual(["one has time, 1 begun", "two has time, 1 begun"]);
  fs.endSync();
  await nextTurn();
  expect(told.slice(2)).toEqual(["one is durable", "two is durable"]);
});

it("tells those whose records are durable before those behind them use their time", async () => {
  const { fs, told, add } = await openHeldLog();
  add("one");
  await nextTurn();
  add("two");
  await nextTurn();
  expect(told.splice(0)).toEqual(["one has time, 1 begun"]);
  fs.endSync();
  await nextTurn();
  expect(told.splice(0)).toEqual(["one is durable", "two has time, 2 begun"]);
  fs.endSync();
  await nextTurn();
  expect(told).toEqual(["two is durable"]);
});

it("gives time to who comes when the sync is under way, and to who is told at once", async () => {
  const { fs, log, told } = await openHeldLog();
  const pending = log.add({ kind: "decision" });
  await nextTurn();
  pending?.tell({ useTime: () => told.push("late"), settle: () => told.push("late is durable") });
  expect(told).toEqual(["late"]);
  fs.endSync();
  await pending?.done;
  expect(told).toEqual(["late", "late is durable"]);
});

it.each([
  ["fdatasync", "EIO"],
  ["writeSync", "ENOSPC"],
] as const)("tells a failure of %s to all who wait, after their time", async (operation, code) => {
  const { fs, told, add } = await openHeldLog();
  fs.onCall = failNth(operation, fs.count(operation) + 1, code);
  add("one");
  await nextTurn();
  // Behind a write that has failed nothing is taken any more.
  if (operation === "fdatasync") {
    add("two");
    fs.endSync();
  }
  await nextTurn();
  const what = (name: string) => told.filter((each) => each.startsWith(name));
  expect(what("one")).toEqual([expect.stringContaining("has time"), "one the audit log cannot be written"]);
  if (operation === "fdatasync") expect(what("two").at(-1)).toBe("two the audit log cannot be written");
});
