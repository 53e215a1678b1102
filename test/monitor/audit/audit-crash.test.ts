import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { UnavailableError } from "../../../src/domain/errors.ts";
import { type AuditDurability, openAuditLog } from "../../../src/monitor/audit/audit-log.ts";
import { verifyAuditLog } from "../../../src/monitor/audit/audit-verify.ts";
import { CrashError, FaultyFs } from "./faulty-fs.ts";
import {
  currentFile,
  listFiles,
  makeTemporaryDirectory,
  nextTurn,
  readField,
  stoppedClock,
  writeDecisions,
} from "./temporary-log.ts";

/** A hundred lives take half a second on an idle machine. */
const timeout = 30_000;

const tornEnd = '{"kind":"decision","id":0,"half of a li';

interface Life {
  readonly directory: string;
  readonly durability: AuditDurability;
  readonly fs: FaultyFs;
  readonly acknowledged: number[];
}

/** A log that a crash left torn, so that the next life begins with a recovery. */
async function createLife(durability: AuditDurability): Promise<Life> {
  const directory = makeTemporaryDirectory();
  await writeDecisions(directory, 2);
  appendFileSync(currentFile(directory), tornEnd);
  return { directory, durability, fs: new FaultyFs(), acknowledged: [] };
}

/** Opens, appends ten records in groups of three, rotates on the way, and closes; or dies somewhere in between. */
async function live({ directory, durability, fs, acknowledged }: Life, firstId: number): Promise<void> {
  const log = await openAuditLog({
    directory,
    durability,
    fs,
    clock: stoppedClock,
    rotateBytes: 700,
    // The process dies without the kernel's help here, so there is nobody to give the lock back.
    acquireLock: () => () => undefined,
  });
  const append = async (id: number): Promise<void> => {
    await log.append({ kind: "decision", id });
    acknowledged.push(id);
  };
  for (let id = firstId; id < firstId + 9; id += 3) await Promise.all([id, id + 1, id + 2].map(append));
  await append(firstId + 9);
  await log.close({ kind: "stop" });
}

/** A life that ends at the nth call to the file system at the latest; `tear` makes that call, if it writes, write half. */
async function liveUntilCall(life: Life, nth: number, tear: boolean): Promise<void> {
  const { fs } = life;
  fs.onCall = (operation) => {
    if (fs.calls.length === nth && tear && operation === "writeSync") fs.writeBytesMax = 60;
    else if (fs.calls.length >= nth) fs.crash();
  };
  const end = live(life, 10).catch((error) => {
    if (!(error instanceof CrashError || error instanceof UnavailableError)) throw error;
  });
  await Promise.race([end, fs.crashed.promise]);
  await nextTurn();
  fs.closeAll();
}

async function countCalls(durability: AuditDurability): Promise<number> {
  const life = await createLife(durability);
  await live(life, 10);
  return life.fs.calls.length;
}

/** What must hold whatever happened: the next process starts, and nothing that was acknowledged is missing. */
async function expectWhole(life: Life): Promise<void> {
  const later: Life = { ...life, fs: new FaultyFs(), acknowledged: [] };
  await live(later, 100);
  expect(await verifyAuditLog(life.directory)).toMatchObject({ status: "intact" });
  const ids = new Set(await readField(life.directory, "id"));
  expect([1, 2, ...life.acknowledged, ...later.acknowledged].filter((id) => !ids.has(id))).toEqual([]);
  expect(later.acknowledged).toHaveLength(10);
  const torn = listFiles(life.directory).filter((name) => name.endsWith(".bin"));
  expect(torn.map((name) => readFileSync(join(life.directory, name), "utf8"))).toContain(tornEnd);
}

describe.each(["strict", "os"] as const)("%s", (durability) => {
  it.each([false, true])(
    "loses nothing when the process dies at any call (half-written: %s)",
    { timeout },
    async (tear) => {
      const calls = await countCalls(durability);
      expect(calls).toBeGreaterThan(40);
      for (let nth = 1; nth <= calls; nth += 1) {
        const life = await createLife(durability);
        await liveUntilCall(life, nth, tear);
        await expectWhole(life);
      }
    },
  );
});

describe("strict", () => {
  it.each([false, true])(
    "loses nothing when the power fails at any call (half-written: %s)",
    { timeout },
    async (tear) => {
      const calls = await countCalls("strict");
      let mostAcknowledged = 0;
      for (let nth = 1; nth <= calls; nth += 1) {
        const life = await createLife("strict");
        await liveUntilCall(life, nth, tear);
        life.fs.loseUnsynced(life.directory);
        await expectWhole(life);
        mostAcknowledged = Math.max(mostAcknowledged, life.acknowledged.length);
      }
      expect(mostAcknowledged).toBe(10);
    },
  );
});
