import { appendFileSync, copyFileSync, readFileSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openAuditLog } from "../../../src/monitor/audit/audit-log.ts";
import { verifyAuditLog } from "../../../src/monitor/audit/audit-verify.ts";
import { FaultyFs } from "./faulty-fs.ts";
import {
  currentFile,
  listFiles,
  makeTemporaryDirectory,
  openTestLog,
  readCurrentLines,
  readField,
  stoppedClock,
  writeDecisions,
} from "./temporary-log.ts";

const tornFile = "predictions.torn-20250102T030405.678901Z.bin";

it("goes on where the last process stopped", async () => {
  const directory = makeTemporaryDirectory();
  for (let round = 0; round < 3; round += 1) await writeDecisions(directory, 2);
  expect(await readField(directory, "seq")).toEqual([1, 2, 3, 4, 5, 6]);
  expect((await verifyAuditLog(directory)).status).toBe("intact");
  expect(listFiles(directory)).toEqual(["predictions.jsonl"]);
});

it("recovers from a cut at every byte of the last two lines", { timeout: 30_000 }, async () => {
  const directory = makeTemporaryDirectory();
  await writeDecisions(directory, 4);
  const whole = readFileSync(currentFile(directory));
  const lineEnds = [...whole.entries()].filter(([, byte]) => byte === 0x0a).map(([index]) => index + 1);
  const thirdFromLast = lineEnds.at(-3) ?? 0;
  for (let size = thirdFromLast; size <= whole.length; size += 1) {
    const cut = makeTemporaryDirectory();
    writeFileSync(currentFile(cut), whole.subarray(0, size));
    const wholeLines = lineEnds.filter((end) => end <= size).length;
    const tornBytes = size - (lineEnds[wholeLines - 1] ?? 0);
    const log = await openAuditLog({ clock: stoppedClock, directory: cut, fs: new FaultyFs() });
    expect(log.stats().torn).toEqual(tornBytes === 0 ? undefined : { bytes: tornBytes, file: tornFile });
    await log.append({ kind: "decision" });
    await log.close();
    const kinds = [...Array(wholeLines).fill("decision"), ...(tornBytes === 0 ? [] : ["recovery"]), "decision"];
    expect(await readField(cut, "kind")).toEqual(kinds);
    expect(await verifyAuditLog(cut)).toMatchObject({ status: "intact", records: kinds.length });
    if (tornBytes > 0) expect(readFileSync(join(cut, tornFile))).toEqual(whole.subarray(size - tornBytes, size));
  }
});

it("says in the recovery record what was cut off and where it went", async () => {
  const directory = makeTemporaryDirectory();
  await writeDecisions(directory, 1);
  appendFileSync(currentFile(directory), '{"kind":"deci');
  await (await openTestLog({ directory })).close();
  expect(JSON.parse(readCurrentLines(directory)[1] ?? "")).toMatchObject({
    kind: "recovery",
    timestamp: "2025-01-02T03:04:05.678901Z",
    torn_bytes: 13,
    torn_file: tornFile,
    seq: 2,
  });
});

it("never overwrites an earlier torn file", async () => {
  const directory = makeTemporaryDirectory();
  for (const torn of ["first", "second", "third"]) {
    await writeDecisions(directory, 1);
    appendFileSync(currentFile(directory), torn);
  }
  await writeDecisions(directory, 1);
  const contents = listFiles(directory)
    .filter((name) => name.endsWith(".bin"))
    .map((name) => readFileSync(join(directory, name), "utf8"));
  expect(contents.sort()).toEqual(["first", "second", "third"]);
});

describe("blocks that a power failure left as zeros", () => {
  it.each<[string, (whole: Buffer) => Buffer, number]>([
    ["behind the last line", (whole) => Buffer.concat([whole, Buffer.alloc(4096)]), 5],
    ["in place of the last line", (whole) => Buffer.concat([whole.subarray(0, -150), Buffer.alloc(150)]), 4],
    ["before a whole last line", (whole) => Buffer.from(whole).fill(0, whole.length - 400, whole.length - 300), 3],
    ["in place of everything", (whole) => Buffer.alloc(whole.length), 0],
  ])("are cut off %s", async (_what, damage, wholeLines) => {
    const directory = makeTemporaryDirectory();
    await writeDecisions(directory, 5);
    writeFileSync(currentFile(directory), damage(readFileSync(currentFile(directory))));
    await (await openTestLog({ directory })).close();
    expect(await readField(directory, "kind")).toEqual([...Array(wholeLines).fill("decision"), "recovery"]);
    expect((await verifyAuditLog(directory)).status).toBe("intact");
  });
});

it("reads the end of a large file only", async () => {
  const directory = makeTemporaryDirectory();
  const log = await openAuditLog({ clock: stoppedClock, directory, durability: "os" });
  for (let id = 1; id <= 3000; id += 1) log.append({ kind: "decision", id, padding: "x".repeat(1000) });
  await log.close();
  const fs = new FaultyFs();
  let bytesRead = 0;
  const read = fs.readSync.bind(fs);
  fs.readSync = (...parameters) => {
    const count = read(...parameters);
    bytesRead += count;
    return count;
  };
  await (await openTestLog({ directory, fs })).append({ kind: "decision" });
  expect(bytesRead).toBeLessThan(300_000);
  expect((await verifyAuditLog(directory)).lastSeq).toBe(3001);
});

it.each([200_000, 300_000, 900_000])("finds a last line of %i bytes, torn or whole", async (lineBytes) => {
  const directory = makeTemporaryDirectory();
  const log = await openAuditLog({ clock: stoppedClock, directory });
  await log.append({ kind: "decision", id: 1 });
  await log.append({ kind: "decision", id: 2, padding: "x".repeat(lineBytes) });
  await log.close();
  await writeDecisions(directory, 0);
  expect(await readField(directory, "seq")).toEqual([1, 2]);
  truncateSync(currentFile(directory), lineBytes);
  await writeDecisions(directory, 0);
  expect(await readField(directory, "kind")).toEqual(["decision", "recovery"]);
});

describe("refuses to start", () => {
  async function expectRefusal(directory: string, message: RegExp): Promise<void> {
    const before = readFileSync(currentFile(directory));
    const opening = openAuditLog({ clock: stoppedClock, directory });
    await expect(opening).rejects.toMatchObject({ reason: "AUDIT_DAMAGED", message });
    await expect(opening).rejects.toThrow(/ml-layer audit verify/);
    expect(readFileSync(currentFile(directory))).toEqual(before);
    // The refusal has not kept the lock.
    await expect(openAuditLog({ clock: stoppedClock, directory })).rejects.toMatchObject({ reason: "AUDIT_DAMAGED" });
  }

  it.each<[string, (lines: string[]) => string[], RegExp]>([
    [
      "a changed last line",
      (lines) => [...lines.slice(0, -1), (lines.at(-1) ?? "").replace("EURUSD", "GBPUSD")],
      /hash/,
    ],
    ["a last line that is no record", (lines) => [...lines, "{}"], /hash/],
    ["a repeated last line", (lines) => [...lines, lines.at(-1) ?? ""], /seq 3 behind seq 3/],
    ["a missing line", (lines) => [lines[0] ?? "", lines[2] ?? ""], /seq 3 behind seq 1/],
  ])("on %s", async (_what, tamper, message) => {
    const directory = makeTemporaryDirectory();
    await writeDecisions(directory, 3);
    writeFileSync(currentFile(directory), `${tamper(readCurrentLines(directory)).join("\n")}\n`);
    await expectRefusal(directory, message);
  });

  it("on a file that does not go on where the rotated one ended", async () => {
    const directory = makeTemporaryDirectory();
    await writeDecisions(directory, 7, { rotateBytes: 1000 });
    const other = makeTemporaryDirectory();
    await writeDecisions(other, 2);
    copyFileSync(currentFile(other), currentFile(directory));
    await expectRefusal(directory, /begins with seq 1/);
  });

  it("on a file without line ends, which it does not read whole", async () => {
    const directory = makeTemporaryDirectory();
    await writeDecisions(directory, 1);
    truncateSync(currentFile(directory), 80 * 1024 * 1024);
    const opening = openAuditLog({ clock: stoppedClock, directory });
    await expect(opening).rejects.toThrow(/no whole line in its last 67108864 bytes/);
    await expect(verifyAuditLog(directory)).rejects.toThrow(/a line of more than 67108864 bytes/);
  });

  it("on a rotated file that was cut", async () => {
    const directory = makeTemporaryDirectory();
    await writeDecisions(directory, 7, { rotateBytes: 1000 });
    const rotated = listFiles(directory).find((name) => name !== "predictions.jsonl") ?? "";
    truncateSync(join(directory, rotated), readFileSync(join(directory, rotated)).length - 1);
    await expectRefusal(directory, /was rotated with seq/);
  });
});

it("goes on from the rotated file when the crash came before the new file", async () => {
  const directory = makeTemporaryDirectory();
  await writeDecisions(directory, 3);
  renameSync(currentFile(directory), join(directory, "predictions-1-3.jsonl"));
  await writeDecisions(directory, 1);
  expect(await readField(directory, "seq")).toEqual([1, 2, 3, 4]);
});

it("refuses a name that could be taken for another log's rotated file", async () => {
  const directory = makeTemporaryDirectory();
  await expect(openAuditLog({ clock: stoppedClock, directory, name: "predictions-1-2" })).rejects.toThrow(TypeError);
});

it("makes every new directory durable, and the file readable by the group only", async () => {
  const directory = join(makeTemporaryDirectory(), "var", "logs");
  const fs = new FaultyFs();
  await openTestLog({ directory, fs });
  // Two parents of new directories, and the log's own directory for the new file.
  expect(fs.count("fsyncSync")).toBe(3);
  expect(fs.statSync(currentFile(directory), { throwIfNoEntry: false })?.mode).toBe(0o100640);
});
