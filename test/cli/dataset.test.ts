import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tableInputNames } from "../../src/cli/dataset/row-reader.ts";
import { typeColumn } from "../../src/cli/dataset/table-file.ts";
import { answerColumns, rowColumns } from "../../src/cli/dataset/training-table.ts";
import { startAdminService, takeDecisions } from "./admin-service.ts";
import { runProgram } from "./run-program.ts";

const folder = mkdtempSync(join(tmpdir(), "dataset-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (name: string): string => join(folder, name);
const run = (...args: string[]) => runProgram(args, {});

beforeAll(async () => {
  const simulated = await run(
    "simulate",
    "--seed",
    "3",
    "--bars",
    "260",
    "--symbols",
    "2",
    "--out",
    inFolder("market"),
  );
  expect(simulated).toMatchObject({ exitCode: 0, stderr: "" });
});

describe("ml-layer simulate", () => {
  it("writes what the market shows and what it hides", () => {
    const read = (name: string): string[] =>
      readFileSync(join(folder, "market", name), "utf8")
        .trimEnd()
        .split("\n");
    expect(read("bars.csv").length).toBe(1 + 2 * 260);
    expect(read("truth.csv").length).toBe(1 + 2 * 260);
    expect(JSON.parse(read("market.json").join("\n"))).toMatchObject({ seed: 3, horizon: 10 });
  });

  it.each([
    [["--bars", "1"], "at least 2 bars"],
    [["--out", "/dev/null/x"], "cannot write into"],
  ])("refuses %j", async (args, words) => {
    const refused = await run("simulate", "--out", inFolder("refused"), ...args);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(words);
  });
});

describe("ml-layer dataset", () => {
  const bars = inFolder("market/bars.csv");

  it("makes a table of simulated bars, truth included", async () => {
    const out = inFolder("table.csv");
    const made = await run("dataset", "--bars", bars, "--truth", inFolder("market/truth.csv"), "--out", out);
    expect(made).toMatchObject({ exitCode: 0 });
    expect(made.stdout).toContain("260 rows");
    expect(made.stderr).toContain("bars 100 %  520 of 520");
    const [header = "", first = ""] = readFileSync(out, "utf8").split("\n");
    const columns = [...rowColumns, ...tableInputNames, ...answerColumns];
    expect(header.startsWith(`${columns.join(",")},truth_regime,truth_success,filter_trending`)).toBe(true);
    expect(first.split(",").length).toBe(header.split(",").length);
  });

  it("makes the same table as Parquet, numbers as float32 and double, and nothing where nothing is known", async () => {
    const [csv, parquet] = [inFolder("same.csv"), inFolder("same.parquet")];
    const args = ["dataset", "--bars", bars, "--truth", inFolder("market/truth.csv")];
    for (const out of [csv, parquet]) expect(await run(...args, "--out", out)).toMatchObject({ exitCode: 0 });
    const [header = "", ...lines] = readFileSync(csv, "utf8").trimEnd().split("\n");
    const names = header.split(",");
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(parquet) });
    expect(rows.length).toBe(lines.length);
    for (const [index, line] of lines.entries()) {
      for (const [at, text] of line.split(",").entries()) {
        const name = names[at] ?? "";
        const type = typeColumn(name);
        const expected = type === "STRING" ? text : type === "FLOAT" ? Math.fround(Number(text)) : Number(text);
        expect(rows[index]?.[name], `${name} of row ${index}`).toBe(text === "" ? null : expected);
      }
    }
  });

  it("makes a table of the audit log of a service", async () => {
    await using admin = await startAdminService();
    await takeDecisions(admin.service, [0.4, -0.4]);
    const out = inFolder("logged.csv");
    const made = await admin.run("dataset", "--audit", admin.service.logDirectory, "--out", out);
    expect(made).toMatchObject({ exitCode: 0, stderr: "" });
    expect(made.stdout).toContain(`2 rows, configuration ${admin.service.configHash}`);
    expect(made.stdout).toContain("2 no_outcome");
    const [header = "", ...lines] = readFileSync(out, "utf8").trimEnd().split("\n");
    const momentumAt = header.split(",").indexOf("momentum_score");
    expect(lines.map((line) => Number(line.split(",")[momentumAt]))).toEqual([0.4, -0.4].map(Math.fround));
    const refused = await admin.run("dataset", "--audit", admin.service.logDirectory, "--out", out, "--max-rows", "1");
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("more than 1 decisions");
  });

  it.each([
    ["neither bars nor a log", [], "give either --bars or --audit"],
    ["both bars and a log", ["--bars", bars, "--audit", inFolder("logs")], "give either --bars or --audit"],
    ["peers of a log", ["--audit", inFolder("logs"), "--peers"], "a log has what requests carried"],
    ["a truth of a log", ["--audit", inFolder("logs"), "--truth", bars], "a log has its own outcomes"],
    ["a folder without a log", ["--audit", inFolder("market")], "holds no decision"],
    ["a symbol twice", ["--bars", bars, bars], "is in a file before it already"],
    ["a key that does not exist", ["--bars", bars, "--set", "training.horizon=5"], "no such configuration key"],
    ["a truth of other bars", ["--bars", bars, "--truth", inFolder("other.csv")], "no truth.csv of ml-layer simulate"],
  ])("refuses %s", async (_, args, words) => {
    writeFileSync(inFolder("other.csv"), "time,symbol\n");
    const refused = await run("dataset", "--out", inFolder("refused.csv"), ...args);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(words);
  });
});
