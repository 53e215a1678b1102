import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { executeReplay, type ReplayCommand, toBaseUrl } from "../../src/cli/replay-command.ts";
import { startTestService } from "../support/start-service.ts";
import { makeCloses, makeDailyBars, toCsvLines } from "./bar-file.ts";
import { findHtmlProblems } from "./report/html-check.ts";

const folder = mkdtempSync(join(tmpdir(), "replay-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const goodLines = toCsvLines(makeDailyBars(makeCloses(220)));

describe("a replay of a good file", () => {
  it("starts a service, decides on every bar and leaves a report", async () => {
    const out = join(folder, "new", "good.html");
    const run = await replay(goodLines, { out });
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.stdout).toContain("100 decisions after 120 bars of warm-up");
    expect(run.stdout).toMatch(/TRENDING +\d+ +\d+\.\d % +[1-9]/);
    expect(run.stdout).toContain("80 of 80 single calls gave the stream's answer");
    expect(run.stderr.replaceAll("\u00A0", " ")).toContain("bars 1D 100 %  220 of 220\n");
    const page = readFileSync(out, "utf8");
    expect(findHtmlProblems(page)).toEqual([]);
    expect(page).toContain("regime_classifier");
  });

  it("uses a running service when it is given one, and prints JSON for programs", async () => {
    await using service = await startTestService();
    const out = join(folder, "remote.html");
    const address = `127.0.0.1:${service.port}`;
    const run = await replay(goodLines, { out, address, json: true }, { symbol: "A/B", timeframe: "4H" });
    expect(run).toMatchObject({ exitCode: 0 });
    const summary = JSON.parse(run.stdout);
    expect(summary).toMatchObject({ report: out, symbol: "A/B", timeframe: "4H", total: { decisions: 100 } });
    expect(summary.configHash).toBe(service.configHash);
    expect(summary.sharedProcess).toBe(false);
  });

  it("tells a service what its decisions came to, once", async () => {
    await using service = await startTestService();
    const command = { out: join(folder, "told.html"), address: `127.0.0.1:${service.port}`, outcomes: true };
    const run = await replay(goodLines, { ...command, json: true });
    expect(run).toMatchObject({ exitCode: 0 });
    // The last ten bars have no horizon yet.
    expect(JSON.parse(run.stdout).outcomes).toEqual({ recorded: 90, duplicates: 0, refused: 0, untold: 10 });
    const told = await replay(goodLines, command);
    expect(told.stdout).toContain("Outcomes  90 recorded, 0 known before, 0 refused; 10 decisions have none yet");
    const log = readFileSync(join(service.logDirectory, "predictions.jsonl"), "utf8").trimEnd().split("\n");
    const outcomes = log.map((line) => JSON.parse(line)).filter(({ kind }) => kind === "outcome");
    expect(outcomes.length).toBe(180);
    const decision = log.map((line) => JSON.parse(line)).find(({ bar_index: bar }) => bar === 150);
    const outcome = outcomes.find(({ prediction_id: id }) => id === decision.prediction_id);
    const closes = makeCloses(220);
    const move = Math.log((closes[160] ?? Number.NaN) / (closes[150] ?? Number.NaN));
    expect(outcome.realised_return).toBeCloseTo(Math.sign(decision.inputs.momentum_score) * move, 6);
  });

  it("reports on the symbol that is chosen of several", async () => {
    const lines = goodLines.map((line, index) => (index === 0 ? `symbol,${line}` : `EURUSD,${line}`));
    const others = goodLines.slice(1).map((line) => `GBPUSD,${line}`);
    const out = join(folder, "symbols.html");
    const chosen = await replay([...lines, ...others], { out }, { symbol: "GBPUSD" });
    expect(chosen).toMatchObject({ exitCode: 0 });
    expect(chosen.stdout).toContain("GBPUSD 1D");
    const undecided = await replay([...lines, ...others], { out });
    expect(undecided).toMatchObject({ exitCode: 2, stdout: "" });
    expect(undecided.stderr).toContain("several symbols; choose one with --symbol: EURUSD, GBPUSD");
  });
});

describe("a replay that cannot be", () => {
  const change = (line: number, text: string) => goodLines.with(line - 1, text);
  it.each<[string, string[], string[]]>([
    ["a missing column", change(1, "date,open,high,low,last"), ["line 1", "no column close"]],
    ["a cell that is no number", change(7, "2020-01-06,100,101,99,n/a"), ["line 7", "close", "is not a number"]],
    ["an empty cell", change(9, "2020-01-08,,101,99,100"), ["line 9", "open", "empty"]],
    ["a price of zero", change(9, "2020-01-08,0,101,99,100"), ["line 9", "open"]],
    ["too many cells", change(5, "2020-01-04,1,1,1,1,1,1"), ["line 5", "7 cells"]],
    ["a date that is none", change(4, "2020-02-30,100,101,99,100"), ["line 4", "is not a date"]],
    ["unsorted dates", change(12, "2019-01-01,100,101,99,100"), ["line 12", "sort the lines"]],
    ["a date twice", change(12, "2020-01-10,100,101,99,100"), ["line 12", "line 11"]],
    ["too few bars", goodLines.slice(0, 100), ["line 100", "99 of the 121 needed"]],
    ["nothing in it", [""], ["line 1", "empty"]],
  ])("names the line of a file with %s", async (_, lines, words) => {
    const out = join(folder, "bad.html");
    const run = await replay(lines, { out });
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    for (const word of words) expect(run.stderr).toContain(word);
    expect(existsSync(out)).toBe(false);
  });

  it("notes a gap and goes on", async () => {
    const lines = goodLines.toSpliced(150, 20);
    const run = await replay(lines, { out: join(folder, "gap.html") });
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.stdout).toMatch(/note: bars\.csv line 151: 21 bar intervals lie between/);
  });

  it.each([
    ["a missing file", { source: { path: join(folder, "none.csv") } }, 2, "there is no such file"],
    ["a folder", { source: { path: folder } }, 2, "it is a folder"],
    ["an address without a port", { address: "localhost" }, 2, "write HOST:PORT"],
  ])("refuses %s", async (_, command, exitCode, words) => {
    const run = await replay(goodLines, command);
    expect(run).toMatchObject({ exitCode, stdout: "" });
    expect(run.stderr).toContain(words);
  });

  it("says that no service answers", async () => {
    const service = await startTestService();
    const address = `127.0.0.1:${service.port}`;
    await service.stop();
    await service[Symbol.asyncDispose]();
    const run = await replay(goodLines, { address });
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain(`no service answers at ${address}`);
  });

  it("says why the service does not start, and leaves no folder behind", async () => {
    const models = join(folder, "broken-models");
    mkdirSync(models);
    writeFileSync(join(models, "registry_index.json"), "{");
    const before = findServiceFolders();
    const run = await replay(goodLines, {}, {}, new AbortController(), { MODELS_DIR: models });
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain("registry_index.json");
    expect(findServiceFolders()).toEqual(before);
  });

  it("says that the report cannot be written", async () => {
    const out = join(folder, "bars.csv", "report.html");
    const run = await replay(goodLines, { out });
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toMatch(/ml-layer: (ENOTDIR|EEXIST).*bars\.csv/);
  });

  it("says why the service refused a bar", async () => {
    const run = await replay(goodLines, {}, { symbol: "X".repeat(65) });
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toMatch(/ml-layer: bar 2020-\d\d-\d\d: .*symbol/);
  });

  it("stops when it is interrupted, and leaves no report", async () => {
    const controller = new AbortController();
    const out = join(folder, "interrupted.html");
    const run = await replay(goodLines, { out }, {}, controller, {}, () => controller.abort());
    expect(run).toMatchObject({ exitCode: 130, stdout: "" });
    expect(run.stderr).toContain("interrupted\n");
    expect(existsSync(out)).toBe(false);
  });
});

describe("an address", () => {
  it.each([
    ["127.0.0.1:8003", "http://127.0.0.1:8003"],
    ["http://host:9000/", "http://host:9000"],
    ["https://host:9000", "https://host:9000"],
    ["[::1]:8003", "http://[::1]:8003"],
  ])("%s is %s", (address, url) => {
    expect(toBaseUrl(address)).toBe(url);
  });

  it.each(["", "host", "ftp://host:21", "host:port", ":8003"])("%j is none", (address) => {
    expect(() => toBaseUrl(address)).toThrow("write HOST:PORT");
  });
});

/** Replays `lines` as a file; `onProgress` hears of each line of progress. */
async function replay(
  lines: readonly string[],
  command: Partial<ReplayCommand>,
  names: { readonly symbol?: string; readonly timeframe?: string } = {},
  controller = new AbortController(),
  variables: Readonly<Record<string, string>> = {},
  onProgress: () => void = () => undefined,
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const path = join(folder, "bars.csv");
  writeFileSync(path, `${lines.join("\n")}\n`);
  const written = { stdout: "", stderr: "" };
  const terminal = {
    stdout: {
      write: (text: string) => {
        written.stdout += text;
      },
    },
    stderr: {
      write: (text: string) => {
        written.stderr += text;
        onProgress();
      },
    },
    variables,
  };
  const exitCode = await executeReplay({ source: { path, ...names }, ...command }, terminal, controller.signal);
  return { exitCode, stdout: written.stdout.replaceAll("\u00A0", " "), stderr: written.stderr };
}

/** Folders of services that this program starts for itself; others' tests run at the same time under other names. */
function findServiceFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => /^ml-layer-replay-/.test(name));
}
