import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { genesis, hashOf } from "../../../src/monitor/audit/audit-record.ts";
import { type AuditBreakReason, verifyAuditLog } from "../../../src/monitor/audit/audit-verify.ts";
import { requireTool } from "../../support/required-tool.ts";
import { currentFile, makeTemporaryDirectory, openTestLog, readCurrentLines, writeDecisions } from "./temporary-log.ts";

const verifier = join(import.meta.dirname, "fixtures", "verify.py");

it("reports what an intact log holds", async () => {
  const directory = makeTemporaryDirectory();
  const log = await openTestLog({ directory, rotateBytes: 1000 });
  await log.append({ kind: "start" });
  for (let id = 1; id <= 9; id += 1) await log.append({ kind: "decision", id });
  await log.close({ kind: "stop" });
  const report = await verifyAuditLog(directory);
  expect(report).toEqual({
    status: "intact",
    files: ["predictions-1-5.jsonl", "predictions-6-10.jsonl", "predictions.jsonl"].map((name) =>
      join(directory, name),
    ),
    records: 11,
    countsByKind: { start: 1, decision: 9, stop: 1 },
    firstSeq: 1,
    lastSeq: 11,
    lastHash: log.stats().lastHash,
  });
  expect(await verifyAuditLog(report.files)).toEqual(report);
});

it("agrees with a verifier that knows only the documented formula", async ({ skip }) => {
  requireTool(skip, "python3", "-c", "import hashlib");
  const directory = makeTemporaryDirectory();
  const log = await openTestLog({ directory, rotateBytes: 3000 });
  for (const text of ["plain", 'quote" \\ \n \u0000', "zwölf €", "😀", "\ud800 alone", ',"hash":"x"}', "__proto__"]) {
    for (const number of [1 / 3, -0, 1e300, 5e-324, 0.1]) await log.append({ kind: "decision", text, [text]: number });
  }
  await log.close();
  const report = await verifyAuditLog(directory);
  expect(report).toMatchObject({ status: "intact", records: 35 });
  expect(report.files.length).toBeGreaterThan(1);
  const verdict: unknown = JSON.parse(execFileSync("python3", [verifier, ...report.files], { encoding: "utf8" }));
  expect(verdict).toEqual({ last_seq: report.lastSeq, last_hash: report.lastHash, broken: null });
  // It is a verifier: it finds a changed byte too.
  const path = report.files[0] ?? "";
  writeFileSync(path, readFileSync(path, "utf8").replace("plain", "plaim"));
  const changed: unknown = JSON.parse(execFileSync("python3", [verifier, ...report.files], { encoding: "utf8" }));
  expect(changed).toMatchObject({ broken: "1: hash" });
});

it("agrees with sha256sum on the documented shell line", async ({ skip }) => {
  requireTool(skip, "sha256sum", "--version");
  const directory = makeTemporaryDirectory();
  await writeDecisions(directory, 3);
  const command = 'sed -n 2p "$1" | head -c -76 | sha256sum';
  const output = execFileSync("sh", ["-c", command, "sh", currentFile(directory)], { encoding: "utf8" });
  expect(JSON.parse(readCurrentLines(directory)[1] ?? "")).toMatchObject({ hash: output.slice(0, 64) });
});

function replaceLine(lines: string[], number: number, change: (line: string) => string): string[] {
  return lines.map((line, index) => (index === number - 1 ? change(line) : line));
}

function swapLines(lines: string[], number: number): string[] {
  const [first, second] = lines.slice(number - 1, number + 1);
  return lines.toSpliced(number - 1, 2, second ?? "", first ?? "");
}

describe("finds the first altered line", () => {
  const zeros = genesis.hash;
  it.each<[string, (lines: string[], otherLines: string[]) => string[], AuditBreakReason, number]>([
    ["a changed byte in the body", (lines) => replaceLine(lines, 3, (line) => line.replace("EUR", "EUX")), "hash", 3],
    [
      "a changed byte in seq",
      (lines) => replaceLine(lines, 3, (line) => line.replace('"seq":3', '"seq":8')),
      "hash",
      3,
    ],
    [
      "a changed hash",
      (lines) => replaceLine(lines, 3, (line) => line.replace(/"hash":"\w+"/, `"hash":"${zeros}"`)),
      "hash",
      3,
    ],
    [
      "a changed prev_hash",
      (lines) => replaceLine(lines, 3, (line) => line.replace(/_hash":"\w+"/, `_hash":"${zeros}"`)),
      "hash",
      3,
    ],
    ["an added space", (lines) => replaceLine(lines, 3, (line) => line.replace(":", ": ")), "hash", 3],
    ["an added space at the end", (lines) => replaceLine(lines, 3, (line) => `${line} `), "malformed", 3],
    ["a carriage return", (lines) => replaceLine(lines, 3, (line) => `${line}\r`), "malformed", 3],
    ["a line that is no record", (lines) => replaceLine(lines, 3, () => "{}"), "malformed", 3],
    ["an empty line", (lines) => lines.toSpliced(2, 0, ""), "malformed", 3],
    ["a deleted first line", (lines) => lines.slice(1), "seq", 1],
    ["a deleted line", (lines) => lines.toSpliced(2, 1), "seq", 3],
    ["swapped lines", (lines) => swapLines(lines, 2), "seq", 2],
    ["a repeated line", (lines) => lines.toSpliced(3, 0, lines[2] ?? ""), "seq", 4],
    ["a line of another log", (lines, others) => replaceLine(lines, 3, () => others[2] ?? ""), "prev_hash", 3],
    ["the end of another log", (lines, others) => [...lines.slice(0, 2), ...others.slice(2)], "prev_hash", 3],
    ["two lines joined", (lines) => lines.toSpliced(1, 2, `${lines[1]}${lines[2]}`), "hash", 2],
  ])("%s", async (_what, tamper, reason, line) => {
    const directory = makeTemporaryDirectory();
    const other = makeTemporaryDirectory();
    await writeDecisions(directory, 6);
    const otherLog = await openTestLog({ directory: other });
    for (let id = 1; id <= 6; id += 1) await otherLog.append({ kind: "decision", id, symbol: "GBPUSD" });
    const tampered = tamper(readCurrentLines(directory), readCurrentLines(other));
    writeFileSync(currentFile(directory), `${tampered.join("\n")}\n`);
    const report = await verifyAuditLog(directory);
    expect(report.status).toBe("broken");
    expect(report.firstBreak).toMatchObject({ reason, line, file: currentFile(directory) });
    expect(report.records).toBe(line - 1);
  });

  it.each<[string, string]>([
    ["no JSON", '{"kind":decision'],
    ["a record without a kind", '{"kind":7'],
  ])("%s, although it has the right hash", async (_what, body) => {
    const directory = makeTemporaryDirectory();
    const covered = `${body},"seq":1,"prev_hash":"${genesis.hash}"`;
    writeFileSync(currentFile(directory), `${covered},"hash":"${hashOf(Buffer.from(covered))}"}\n`);
    expect((await verifyAuditLog(directory)).firstBreak).toMatchObject({ reason: "json", line: 1 });
  });

  it("whichever byte of a line is flipped", async () => {
    const directory = makeTemporaryDirectory();
    await writeDecisions(directory, 3);
    const whole = readFileSync(currentFile(directory));
    const start = whole.indexOf("\n") + 1;
    const end = whole.indexOf("\n", start);
    for (let index = start; index <= end; index += 1) {
      const flipped = Buffer.from(whole);
      flipped.writeUInt8(whole.readUInt8(index) ^ 0x01, index);
      writeFileSync(currentFile(directory), flipped);
      expect((await verifyAuditLog(directory)).firstBreak?.line).toBe(2);
    }
  });
});

it("tells a torn end from a broken chain", async () => {
  const directory = makeTemporaryDirectory();
  await writeDecisions(directory, 3);
  const whole = readFileSync(currentFile(directory));
  writeFileSync(currentFile(directory), whole.subarray(0, -1));
  const report = await verifyAuditLog(directory);
  expect(report).toMatchObject({ status: "torn", records: 2, lastSeq: 2, tornTail: { line: 3 } });
  expect(report.firstBreak).toBeUndefined();
});

describe("with rotated files", () => {
  async function writeRotated(): Promise<{ directory: string; files: readonly string[] }> {
    const directory = makeTemporaryDirectory();
    await writeDecisions(directory, 14, { rotateBytes: 1200 });
    const { files } = await verifyAuditLog(directory);
    expect(files.length).toBe(3);
    return { directory, files };
  }

  it.each<[string, number, (content: Buffer) => Buffer | undefined, AuditBreakReason, number, number]>([
    ["a missing first file", 0, () => undefined, "seq", 1, 0],
    ["a missing file in the middle", 1, () => undefined, "seq", 2, 1],
    [
      "a rotated file without its last line",
      0,
      (content) => content.subarray(0, content.lastIndexOf("\n", -2) + 1),
      "file_name",
      0,
      0,
    ],
    ["a rotated file with a torn end", 0, (content) => content.subarray(0, -1), "torn", 0, 5],
    ["an empty rotated file", 1, () => Buffer.alloc(0), "file_name", 1, 0],
  ])("finds %s", async (_what, index, change, reason, fileIndex, line) => {
    const { directory, files } = await writeRotated();
    const path = files[index] ?? "";
    const changed = change(readFileSync(path));
    if (changed === undefined) rmSync(path);
    else writeFileSync(path, changed);
    const report = await verifyAuditLog(directory);
    expect(report.firstBreak).toMatchObject({ reason, file: files[fileIndex], line });
  });

  it("takes the record before an archived beginning on trust when told so", async () => {
    const { directory, files } = await writeRotated();
    const archived = await verifyAuditLog([files[0] ?? ""]);
    rmSync(files[0] ?? "");
    const after = { seq: archived.lastSeq, hash: archived.lastHash };
    const report = await verifyAuditLog(directory, { after });
    expect(report).toMatchObject({ status: "intact", firstSeq: archived.lastSeq + 1, lastSeq: 14 });
    const wrong = await verifyAuditLog(directory, { after: { ...after, hash: genesis.hash } });
    expect(wrong.firstBreak).toMatchObject({ reason: "prev_hash", line: 1 });
  });
});

describe("an anchor kept elsewhere", () => {
  it.each<[string, number, number, "intact" | "broken"]>([
    ["accepts a log that has grown since", 4, 6, "intact"],
    ["accepts a log that has not", 4, 4, "intact"],
    ["finds whole lines cut off at the end", 4, 3, "broken"],
  ])("%s", async (_what, anchorSeq, recordsKept, status) => {
    const directory = makeTemporaryDirectory();
    await writeDecisions(directory, 6);
    const lines = readCurrentLines(directory);
    const hash = JSON.parse(lines[anchorSeq - 1] ?? "").hash;
    writeFileSync(currentFile(directory), `${lines.slice(0, recordsKept).join("\n")}\n`);
    expect((await verifyAuditLog(directory)).status).toBe("intact");
    const report = await verifyAuditLog(directory, { anchors: [{ seq: anchorSeq, hash }] });
    expect(report.status).toBe(status);
  });

  it("finds a log that was written anew", async () => {
    const directory = makeTemporaryDirectory();
    await writeDecisions(directory, 6);
    const report = await verifyAuditLog(directory, { anchors: [{ seq: 4, hash: genesis.hash }] });
    expect(report.firstBreak).toMatchObject({ reason: "anchor", line: 4 });
  });
});

it("does not call a missing log intact", async () => {
  await expect(verifyAuditLog(makeTemporaryDirectory())).rejects.toThrow(/there is no audit log/);
});
