import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { expect, it, onTestFinished } from "vitest";
import { openAuditLog } from "../../../src/monitor/audit/audit-log.ts";
import { makeTemporaryDirectory, openTestLog, readField, stoppedClock, writeDecisions } from "./temporary-log.ts";

/** Another process that holds the log in a directory. */
async function spawnHolder(directory: string): Promise<ChildProcessByStdio<Writable, Readable, null>> {
  const fixture = join(import.meta.dirname, "fixtures", "hold-lock.ts");
  const child = spawn(process.execPath, [fixture, directory], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

it("refuses a second process and names the first", async () => {
  const directory = makeTemporaryDirectory();
  const holder = await spawnHolder(directory);
  const opening = openAuditLog({ clock: stoppedClock, directory });
  await expect(opening).rejects.toMatchObject({ reason: "AUDIT_LOCKED" });
  if (existsSync("/proc/locks")) await expect(opening).rejects.toThrow(`process ${holder.pid}`);
  expect(await readField(directory, "kind")).toEqual(["start"]);
});

it("takes over from a process that was killed", async () => {
  const directory = makeTemporaryDirectory();
  const holder = await spawnHolder(directory);
  holder.kill("SIGKILL");
  await once(holder, "exit");
  await (await openTestLog({ directory })).append({ kind: "decision" });
  expect(await readField(directory, "kind")).toEqual(["start", "decision"]);
});

it("refuses a second open in the same process, and the first keeps its lock", async () => {
  const directory = makeTemporaryDirectory();
  const first = await openTestLog({ directory });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await expect(openAuditLog({ clock: stoppedClock, directory })).rejects.toMatchObject({ reason: "AUDIT_LOCKED" });
  }
  await first.close();
  await (await openTestLog({ directory })).append({ kind: "decision" });
});

it("is not lost to another process by a refused open in this one", async () => {
  const directory = makeTemporaryDirectory();
  await openTestLog({ directory });
  await expect(openAuditLog({ clock: stoppedClock, directory })).rejects.toMatchObject({ reason: "AUDIT_LOCKED" });
  const fixture = join(import.meta.dirname, "fixtures", "hold-lock.ts");
  const child = spawn(process.execPath, [fixture, directory], { stdio: ["ignore", "ignore", "pipe"] });
  let message = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    message += text;
  });
  const [code] = await once(child, "close");
  expect(code).not.toBe(0);
  expect(message).toContain("AUDIT_LOCKED");
});

it("keeps logs of different names in one directory apart", async () => {
  const directory = makeTemporaryDirectory();
  await openTestLog({ directory });
  await (await openTestLog({ directory, name: "predictions.w1" })).append({ kind: "decision" });
  expect(await readField(directory, "kind")).toEqual([]);
});

it("says so when the lock file cannot be used", async () => {
  const directory = makeTemporaryDirectory();
  await writeDecisions(directory, 1);
  writeFileSync(join(directory, "predictions.lock"), "4711\n".repeat(1000));
  const opening = openAuditLog({ clock: stoppedClock, directory });
  await expect(opening).rejects.toMatchObject({ reason: "AUDIT_LOCKED", message: /cannot lock/ });
});
