/** The same promises on a kernel that really fails: an I/O error injected into fdatasync, and a disk that fills up. */
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";
import { describe, expect, it } from "vitest";
import { verifyAuditLog } from "../../../src/monitor/audit/audit-verify.ts";
import { requireTool } from "../../support/required-tool.ts";
import { currentFile, makeTemporaryDirectory, openTestLog, readField } from "./temporary-log.ts";

const fixture = join(import.meta.dirname, "fixtures", "append-load.ts");
const timeout = 30_000;

/** Runs the load until it ends by itself, and returns what it printed, by first word. */
function runLoad(command: string, parameters: readonly string[]): (word: string) => string[] {
  const { stdout, stderr, status } = spawnSync(command, parameters, {
    encoding: "utf8",
    timeout,
    // One thread syncs, so that "the third sync" means the same to strace and to us.
    env: { ...env, UV_THREADPOOL_SIZE: "1" },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const lines = stdout.split("\n");
  return (word) => lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
}

async function expectWholeAfterRestart(directory: string, acknowledged: readonly string[]): Promise<void> {
  const log = await openTestLog({ directory });
  await log.append({ kind: "start" });
  await log.close();
  expect(await verifyAuditLog(directory)).toMatchObject({ status: "intact" });
  const ids = new Set(await readField(directory, "prediction_id"));
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
}

it("stops at a real EIO from fdatasync and never syncs again", { timeout }, async ({ skip }) => {
  requireTool(skip, "strace", "-qq", "-e", "inject=fdatasync:error=EIO:when=99", "true");
  const directory = makeTemporaryDirectory();
  const trace = join(makeTemporaryDirectory(), "trace");
  const inject = ["-f", "-qq", "-o", trace, "-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync:error=EIO:when=4"];
  const told = runLoad("strace", [...inject, process.execPath, fixture, directory, "strict", "eio"]);
  const calls = readFileSync(trace, "utf8").split("\n");
  const failed = calls.findIndex((line) => line.includes("EIO"));
  expect(failed).toBeGreaterThan(0);
  expect(calls.slice(failed + 1).filter((line) => line.includes("sync("))).toEqual([]);
  // Three groups of 48 callers went well; the fourth, and whoever came later, was refused.
  expect(told("ack")).toHaveLength(3 * 48);
  expect(told("refused")).toHaveLength(48 + 3);
  expect(told("unhealthy")).toEqual(["1"]);
  await expectWholeAfterRestart(directory, told("ack"));
});

describe.each(["strict", "os"] as const)("%s", (durability) => {
  it("stops at a disk that is really full, and starts again from what is on it", { timeout }, async ({ skip }) => {
    requireTool(skip, "unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt");
    const mounted = makeTemporaryDirectory();
    const kept = join(makeTemporaryDirectory(), "kept");
    // The tmpfs lives and dies with the namespace, so what is on it is copied out before.
    const script = 'mount -t tmpfs -o size=1500k tmpfs "$1" && "$2" "$3" "$1" "$4" full && cp -r "$1" "$5"';
    const parameters = ["-m", "sh", "-c", script, "sh", mounted, process.execPath, fixture, durability, kept];
    const told = runLoad("unshare", parameters);
    expect(told("ack").length).toBeGreaterThan(200);
    expect(told("refused").length).toBe(48 + 3);
    expect(told("unhealthy")).toEqual(["1"]);
    expect(statSync(currentFile(kept)).size).toBeGreaterThan(0);
    await expectWholeAfterRestart(kept, told("ack"));
  });
});
