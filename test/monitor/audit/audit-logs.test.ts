import { readFileSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listAuditLogs, readAuditLogs, workerLogName } from "../../../src/monitor/audit/audit-logs.ts";
import { verifyAuditLogs } from "../../../src/monitor/audit/audit-logs-verify.ts";
import { makeTemporaryDirectory, openTestLog } from "./temporary-log.ts";

const service = "predictions";
const first = workerLogName(1);
const second = workerLogName(2);
const tenth = workerLogName(10);

/** Writes decisions whose ids are their times, in seconds, to one log. */
async function writeLog(directory: string, name: string, ids: readonly number[], rotateBytes = 1_000_000) {
  const log = await openTestLog({ directory, name, rotateBytes, durability: "os" });
  for (const id of ids) {
    await log.append({ kind: id < 0 ? "admin" : "decision", timestamp: timestampOf(Math.abs(id)), id });
  }
  await log.close();
  const { lastSeq: seq, lastHash: hash } = log.stats();
  return { log: name, seq, hash };
}

async function countOpenFiles(): Promise<number> {
  return (await readdir("/proc/self/fd")).length;
}

function timestampOf(seconds: number): string {
  return `2025-01-02T03:04:${String(seconds).padStart(2, "0")}.000000Z`;
}

async function readIds(directory: string, options: Parameters<typeof readAuditLogs>[1] = {}): Promise<unknown[]> {
  const ids: unknown[] = [];
  for await (const { fields } of readAuditLogs(directory, options)) ids.push(fields["id"]);
  return ids;
}

it("knows the logs of a folder by their files, whichever of them are left", async () => {
  const directory = makeTemporaryDirectory();
  for (const name of [tenth, second, service]) await writeLog(directory, name, [1]);
  await writeLog(directory, first, [1, 2, 3, 4], 200);
  renameSync(join(directory, `${first}.jsonl`), join(directory, "elsewhere.jsonl"));
  for (const other of [
    "predictions.w0.jsonl",
    "predictions.w1x.jsonl",
    "predictions.jsonl.bak",
    "xpredictions.jsonl",
  ]) {
    writeFileSync(join(directory, other), "");
  }
  expect(await listAuditLogs(directory)).toEqual([service, first, second, tenth]);
});

describe("the records of several logs", () => {
  it("come in the order of their time, those of one log in the order of its chain", async () => {
    const directory = makeTemporaryDirectory();
    await writeLog(directory, service, [-1, -6]);
    await writeLog(directory, first, [2, 5, 4, 9], 400);
    await writeLog(directory, second, [3, 7, 8]);
    expect(await readIds(directory)).toEqual([-1, 2, 3, 5, 4, -6, 7, 8, 9]);
    const logs: string[] = [];
    for await (const { log } of readAuditLogs(directory)) logs.push(log);
    expect(logs.slice(0, 3)).toEqual([service, first, second]);
  });

  it.each([
    [0, []],
    [1, [9]],
    [4, [5, 7, 8, 9]],
    [99, [2, 3, 4, 5, 7, 8, 9]],
  ])("are, asked for the newest %i decisions, those of all logs", async (last, expected) => {
    const directory = makeTemporaryDirectory();
    await writeLog(directory, service, [-1, -6]);
    await writeLog(directory, first, [2, 4, 5, 9], 400);
    await writeLog(directory, second, [3, 7, 8]);
    expect(await readIds(directory, { last, kind: "decision" })).toEqual(expected);
  });

  it("leave no file open when the reader stops early", async () => {
    const directory = makeTemporaryDirectory();
    for (const name of [service, first, second]) await writeLog(directory, name, [1, 2, 3]);
    const before = await countOpenFiles();
    for await (const record of readAuditLogs(directory)) if (record.seq === 1) break;
    await readIds(directory, { last: 2 });
    expect(await countOpenFiles()).toBe(before);
  });

  it("are refused when one of the logs was altered, and no file is left open", async () => {
    const directory = makeTemporaryDirectory();
    await writeLog(directory, service, [1]);
    await writeLog(directory, second, [1]);
    await writeLog(directory, first, [1, 2]);
    const path = join(directory, `${first}.jsonl`);
    writeFileSync(path, readFileSync(path, "utf8").replace('"id":1', '"id":7'));
    const before = await countOpenFiles();
    await expect(readIds(directory)).rejects.toThrow(/predictions\.w1\.jsonl has seq 1 that does not match its hash/);
    expect(await countOpenFiles()).toBe(before);
  });
});

describe("verifying a folder", () => {
  it("proves every log and sums up", async () => {
    const directory = makeTemporaryDirectory();
    await writeLog(directory, service, [-1]);
    const end = await writeLog(directory, first, [1, 2, 3], 400);
    const report = await verifyAuditLogs(directory);
    expect(report).toMatchObject({ status: "intact", records: 4, logs: [{ log: service }, { log: first }] });
    expect(report.logs[1]).toMatchObject({ status: "intact", lastSeq: 3, lastHash: end.hash });
  });

  it("is only as good as the worst log", async () => {
    const directory = makeTemporaryDirectory();
    await writeLog(directory, service, [-1]);
    await writeLog(directory, first, [1, 2]);
    await writeLog(directory, second, [1, 2]);
    const path = join(directory, `${second}.jsonl`);
    truncateSync(path, readFileSync(path).length - 5);
    expect((await verifyAuditLogs(directory)).status).toBe("torn");
    const other = join(directory, `${first}.jsonl`);
    writeFileSync(other, readFileSync(other, "utf8").replace('"id":1', '"id":7'));
    const report = await verifyAuditLogs(directory);
    expect(report.status).toBe("broken");
    expect(report.logs.map(({ status }) => status)).toEqual(["intact", "broken", "torn"]);
  });

  it("finds what was cut off a worker's log by what the service noted of it", async () => {
    const directory = makeTemporaryDirectory();
    const end = await writeLog(directory, first, [1, 2, 3]);
    await noteEnd(directory, end);
    expect((await verifyAuditLogs(directory)).status).toBe("intact");
    const path = join(directory, `${first}.jsonl`);
    const [kept = ""] = readFileSync(path, "utf8").split("\n");
    writeFileSync(path, `${kept}\n`);
    const report = await verifyAuditLogs(directory);
    expect(report.logs[1]?.firstBreak).toMatchObject({
      reason: "anchor",
      expected: "seq 3",
      found: "the end at seq 1",
    });
  });

  it("finds a worker's log that was written anew", async () => {
    const directory = makeTemporaryDirectory();
    const end = await writeLog(directory, first, [1, 2]);
    await noteEnd(directory, { ...end, hash: "5".repeat(64) });
    expect((await verifyAuditLogs(directory)).logs[1]?.firstBreak).toMatchObject({ reason: "anchor", line: 2 });
  });

  it("refuses a folder that lacks a log, or all of them", async () => {
    const directory = makeTemporaryDirectory();
    await expect(verifyAuditLogs(directory)).rejects.toThrow(/there is no audit log/);
    await noteEnd(directory, { log: second, seq: 7, hash: "5".repeat(64) });
    await expect(verifyAuditLogs(directory)).rejects.toThrow(/lacks the log predictions\.w2, which had 7 records/);
  });

  it("holds each log against what earlier verifications saw of it", async () => {
    const directory = makeTemporaryDirectory();
    const ends = [await writeLog(directory, service, [1, 2]), await writeLog(directory, first, [3, 4])];
    expect((await verifyAuditLogs(directory, { anchors: ends })).status).toBe("intact");
    const swapped = ends.map(({ log }, index) => ({ ...(ends[1 - index] ?? { seq: 0, hash: "" }), log }));
    expect((await verifyAuditLogs(directory, { anchors: swapped })).status).toBe("broken");
    // One that is right does not make up for one that is wrong.
    expect((await verifyAuditLogs(directory, { anchors: [...swapped, ...ends] })).status).toBe("broken");
  });

  it("begins where a log's earlier files were archived", async () => {
    const directory = makeTemporaryDirectory();
    await writeLog(directory, service, [-1]);
    const log = await openTestLog({ directory, name: first, rotateBytes: 200, durability: "os" });
    await log.append({ kind: "start" });
    const { lastSeq: seq, lastHash: hash } = log.stats();
    await log.append({ kind: "decision", id: 2 });
    await log.close();
    renameSync(join(directory, `${first}-1-1.jsonl`), join(directory, "archived.jsonl"));
    expect((await verifyAuditLogs(directory)).status).toBe("broken");
    const report = await verifyAuditLogs(directory, { after: [{ log: first, seq, hash }] });
    expect(report).toMatchObject({ status: "intact", logs: [{}, { firstSeq: 2, lastSeq: 2 }] });
  });
});

/** Notes in the service's log where another one stands. */
async function noteEnd(directory: string, { log, seq, hash }: { log: string; seq: number; hash: string }) {
  const own = await openTestLog({ directory, name: service, durability: "os" });
  await own.append({ kind: "worker", timestamp: timestampOf(1), log, log_seq: seq, log_hash: hash });
  await own.close();
}
