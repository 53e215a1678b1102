import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tableColumns } from "../../src/cli/dataset/training-table.ts";
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
    expect(header.startsWith(`${tableColumns.join(",")},truth_regime,truth_success,filter_trending`)).toBe(true);
    expect(first.split(",").length).toBe(header.split(",").length);
  });

  it.each([
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
