import { linkSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type AuditReadOptions, readAuditRecords } from "../../../src/monitor/audit/audit-reader.ts";
import { currentFile, makeTemporaryDirectory, openTestLog } from "./temporary-log.ts";

async function readSeqs(directory: string, options: AuditReadOptions): Promise<number[]> {
  const seqs: number[] = [];
  for await (const { seq } of readAuditRecords(directory, options)) seqs.push(seq);
  return seqs;
}

function range(from: number, to: number, step = 1): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

/** 60 records in several files: odd ones are decisions, some of them longer than a block of the reader. */
async function writeMixed(): Promise<string> {
  const directory = makeTemporaryDirectory();
  const log = await openTestLog({ directory, durability: "os", rotateBytes: 400_000 });
  for (let id = 1; id <= 60; id += 1) {
    const padding = "x".repeat(id % 7 === 0 ? 150_000 : id * 100);
    log.append({ kind: id % 2 === 1 ? "decision" : "admin", id, padding });
  }
  return directory;
}

describe("reads in order", () => {
  it.each<[string, AuditReadOptions, number[]]>([
    ["everything", {}, range(1, 60)],
    ["from a record on", { fromSeq: 33 }, range(33, 60)],
    ["one kind", { kind: "decision" }, range(1, 59, 2)],
    ["the newest", { last: 7 }, range(54, 60)],
    ["the newest of a kind", { last: 25, kind: "decision" }, range(11, 59, 2)],
    ["no more than there are", { last: 1000 }, range(1, 60)],
    ["the newest, but not before a record", { last: 1000, fromSeq: 50 }, range(50, 60)],
    ["none", { last: 0 }, []],
    ["none that are not there yet", { fromSeq: 61 }, []],
  ])("%s", async (_what, options, seqs) => {
    expect(await readSeqs(await writeMixed(), options)).toEqual(seqs);
  });
});

it("gives back exactly the numbers that were recorded", async () => {
  const directory = makeTemporaryDirectory();
  const log = await openTestLog({ directory });
  const inputs = [0.1 + 0.2, 1 / 3, 5e-324, Number.MAX_VALUE, -1.5e-7];
  await log.append({ kind: "decision", inputs });
  for await (const { fields } of readAuditRecords(directory)) expect(fields["inputs"]).toEqual(inputs);
});

it("leaves out an unfinished line", async () => {
  const directory = await writeMixed();
  const content = readFileSync(currentFile(directory));
  writeFileSync(currentFile(directory), content.subarray(0, -1));
  expect(await readSeqs(directory, {})).toEqual(range(1, 59));
  expect(await readSeqs(directory, { last: 2 })).toEqual([58, 59]);
});

it.each<[string, AuditReadOptions]>([
  ["forwards", {}],
  ["backwards", { last: 60 }],
])("refuses to go on %s at an altered record", async (_what, options) => {
  const directory = await writeMixed();
  const content = readFileSync(currentFile(directory), "utf8");
  writeFileSync(currentFile(directory), content.replace('"kind":"decision"', '"kind":"decisiom"'));
  await expect(readSeqs(directory, options)).rejects.toMatchObject({ reason: "AUDIT_DAMAGED" });
});

it.each<[string, AuditReadOptions]>([
  ["forwards", {}],
  ["backwards", { last: 60 }],
])("refuses to go on %s where a record is missing", async (_what, options) => {
  const directory = await writeMixed();
  const lines = readFileSync(currentFile(directory), "utf8").split("\n");
  writeFileSync(currentFile(directory), lines.toSpliced(1, 1).join("\n"));
  await expect(readSeqs(directory, options)).rejects.toMatchObject({ reason: "AUDIT_DAMAGED" });
});

it.each<[string, AuditReadOptions]>([
  ["forwards", {}],
  ["backwards", { last: 60 }],
])("reads a file %s once when it is rotated between opening and listing", async (_what, options) => {
  const directory = makeTemporaryDirectory();
  const log = await openTestLog({ directory, durability: "os" });
  for (let id = 1; id <= 3; id += 1) log.append({ kind: "decision" });
  linkSync(currentFile(directory), join(directory, "predictions-1-3.jsonl"));
  expect(await readSeqs(directory, options)).toEqual([1, 2, 3]);
});

it("reads to the end of what was there while the log is written and rotated", async () => {
  const directory = makeTemporaryDirectory();
  const log = await openTestLog({ directory, durability: "os", rotateBytes: 1000 });
  const append = (): void => void log.append({ kind: "decision" });
  for (let id = 1; id <= 14; id += 1) append();
  const seqs: number[] = [];
  for await (const { seq } of readAuditRecords(directory)) {
    seqs.push(seq);
    append();
  }
  expect(seqs.slice(0, 14)).toEqual(range(1, 14));
  expect(seqs).toEqual(range(1, seqs.length));
});
