import { renameSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Clock } from "../../../src/domain/clock.ts";
import type { AuditLog, AuditLogOptions } from "../../../src/monitor/audit/audit-log.ts";
import { FaultyFs, failNth } from "./faulty-fs.ts";
import {
  currentFile,
  makeTemporaryDirectory,
  nextTurn,
  openTestLog,
  stoppedClock,
  untilUnderWay,
} from "./temporary-log.ts";

/** A strict log whose syncs end when told, and what those who wait for its records have been told. */
async function openHeldLog(options: Partial<AuditLogOptions> = {}) {
  const fs = new FaultyFs();
  const directory = makeTemporaryDirectory();
  const log = await openTestLog({ directory, fs, ...options });
  fs.isHoldingSyncs = true;
  // Before the log is closed, which syncs.
  onTestFinished(() => {
    fs.isHoldingSyncs = false;
    fs.isHoldingStats = false;
  });
  const told: string[] = [];
  return { fs, log, told, directory, add: (name: string) => wait(log, name, told, fs) };
}

function wait(log: AuditLog, name: string, told: string[], fs: FaultyFs): void {
  log.add({ kind: "decision" })?.tell({
    useTime: () => told.push(`${name} has time, ${fs.count("fdatasync")} begun`),
    settle: (failure) => told.push(`${name} ${failure === undefined ? "is durable" : failure.message}`),
  });
}

describe.each([
  ["one core", true],
  ["several cores", false],
])("with %s, a log", (_cores, hasOneCore) => {
  it("gives those who wait the time of their sync, when the disk has it and not before", async () => {
    const { fs, told, add } = await openHeldLog({ hasOneCore });
    for (const name of ["one", "two"]) add(name);
    expect(told).toEqual([]);
    await untilUnderWay();
    expect(told).toEqual(["one has time, 1 begun", "two has time, 1 begun"]);
    fs.endSync();
    await untilUnderWay();
    expect(told.slice(2)).toEqual(["one is durable", "two is durable"]);
  });

  it("tells those whose records are durable before those behind them use their time", async () => {
    const { fs, told, add } = await openHeldLog({ hasOneCore });
    add("one");
    await untilUnderWay();
    add("two");
    await untilUnderWay();
    expect(told.splice(0)).toEqual(["one has time, 1 begun"]);
    fs.endSync();
    await untilUnderWay();
    expect(told.splice(0)).toEqual(["one is durable", "two has time, 2 begun"]);
    fs.endSync();
    await untilUnderWay();
    expect(told).toEqual(["two is durable"]);
  });

  it("gives time to who comes when the sync is under way, and to who is told at once", async () => {
    const { fs, log, told } = await openHeldLog({ hasOneCore });
    const pending = log.add({ kind: "decision" });
    await untilUnderWay();
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
    const { fs, told, add } = await openHeldLog({ hasOneCore });
    fs.onCall = failNth(operation, fs.count(operation) + 1, code);
    add("one");
    await untilUnderWay();
    // Behind a write that has failed nothing is taken any more.
    if (operation === "fdatasync") {
      add("two");
      fs.endSync();
    }
    await untilUnderWay();
    const what = (name: string) => told.filter((each) => each.startsWith(name));
    expect(what("one")).toEqual([expect.stringContaining("has time"), "one the audit log cannot be written"]);
    if (operation === "fdatasync") expect(what("two").at(-1)).toBe("two the audit log cannot be written");
  });

  it.each(["strict", "os"] as const)(
    "(%s) looks for its file while the disk works, and tells it when that is over",
    async (durability) => {
      const tasks: (() => void)[] = [];
      const { fs, log, told, directory, add } = await openHeldLog({
        hasOneCore,
        durability,
        schedule: (task) => tasks.push(task),
      });
      add("one");
      renameSync(currentFile(directory), `${directory}/elsewhere`);
      tasks.shift()?.();
      await untilUnderWay();
      expect(log.healthy).toBe(false);
      expect(told).toEqual([]);
      const closed = log.close();
      const closesBefore = fs.count("closeSync");
      await untilUnderWay();
      expect(fs.count("closeSync")).toBe(closesBefore);
      fs.endSync();
      await expect(closed).rejects.toThrow("the audit log cannot be written");
      expect(fs.count("closeSync")).toBe(closesBefore + 1);
      const isStrict = durability === "strict";
      expect(told.at(-1)).toBe(isStrict ? "one the audit log cannot be written" : undefined);
      expect(log.stats()).toMatchObject({ refused: isStrict ? 1 : 0, syncs: 0, queueDepth: 0 });
    },
  );
});

describe("a group", () => {
  /** How many turns a group takes to gather when records come in each of them, after one of so many records was synced. */
  async function countTurns(expected: number, clock: Clock = stoppedClock) {
    const { fs, add } = await openHeldLog({ clock });
    for (let nth = 0; nth < expected; nth++) add(`${nth}`);
    await untilUnderWay();
    fs.endSync();
    await nextTurn();
    const syncsBefore = fs.count("fdatasync");
    let turns = 0;
    while (fs.count("fdatasync") === syncsBefore) {
      add(`turn ${++turns}`);
      await nextTurn();
    }
    fs.isHoldingSyncs = false;
    fs.endSync();
    return turns;
  }

  it.each([
    [1, 1],
    [3, 3],
    [8, 8],
    [100, 8],
  ])(
    "waits, where %i records were synced together before, for %i turns with a record in each",
    async (expected, turns) => {
      expect(await countTurns(expected)).toBe(turns);
    },
  );

  it("does not wait through turns that take their time", async () => {
    let nowMs = 0;
    const clock = { ...stoppedClock, monotonicMs: () => (nowMs += 0.03) };
    expect(await countTurns(100, clock)).toBeLessThan(5);
  });

  it("expects fewer when fewer have come for a while", async () => {
    const { fs, add } = await openHeldLog();
    fs.isHoldingSyncs = false;
    for (let nth = 0; nth < 4; nth++) add(`${nth}`);
    const turns: number[] = [];
    for (let sync = 0; sync < 40; sync++) {
      await untilUnderWay();
      const syncsBefore = fs.count("fdatasync");
      add("alone");
      let turn = 0;
      for (; fs.count("fdatasync") === syncsBefore; turn++) await nextTurn();
      turns.push(turn);
    }
    expect([turns[0], turns.at(-1)]).toEqual([8, 1]);
  });
});

describe("a log with one core", () => {
  it("gives those who wait their time and looks for its file when the disk was faster than the thread it asked", async () => {
    const { fs, log, told, directory, add } = await openHeldLog({ hasOneCore: true, rotateBytes: 1 });
    fs.isHoldingStats = true;
    add("one");
    await untilUnderWay();
    fs.endSync();
    await nextTurn();
    expect(told.splice(0)).toEqual(["one has time, 1 begun", "one is durable"]);
    // Its file has been set aside and closed when the thread comes to it.
    add("two");
    await untilUnderWay();
    expect(fs.count("renameSync")).toBe(1);
    fs.endStat();
    await untilUnderWay();
    expect([told, log.healthy]).toEqual([[], true]);
    fs.endStat();
    await untilUnderWay();
    expect(told.splice(0)).toEqual(["two has time, 2 begun"]);
    fs.endSync();
    await nextTurn();
    add("three");
    await untilUnderWay();
    renameSync(currentFile(directory), `${directory}/elsewhere`);
    fs.endSync();
    await nextTurn();
    expect(told.at(-1)).toBe("three the audit log cannot be written");
  });

  it("fails when its descriptor cannot be looked at", async () => {
    const { fs, log, told, add } = await openHeldLog({ hasOneCore: true });
    fs.onCall = failNth("fstat", fs.count("fstat") + 1, "EIO");
    add("one");
    await untilUnderWay();
    expect([log.healthy, told]).toEqual([false, []]);
    fs.endSync();
    await nextTurn();
    expect(told).toEqual([expect.stringContaining("one has time"), "one the audit log cannot be written"]);
  });
});
