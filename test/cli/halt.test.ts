import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AdminService, startAdminService } from "./admin-service.ts";
import { runProgram } from "./run-program.ts";

let admin: AdminService;

beforeAll(async () => {
  admin = await startAdminService();
});
afterAll(() => admin[Symbol.asyncDispose]());

describe("the kill switch", () => {
  it("halts, lists and resumes", async () => {
    const halt = await admin.run("halt", "--symbol", "EURUSD", "--reason", "stale feed", "--actor", "desk");
    expect(halt).toMatchObject({ exitCode: 0, stderr: "" });
    expect(halt.stdout).toContain("trading is halted for symbol EURUSD\n");
    const all = await admin.runJson("halt", "--reason", "exchange is down", "--actor", "desk");
    expect(all).toMatchObject({ status: "success", halts: [{ scope: "SYMBOL" }, { scope: "SERVICE", target: "" }] });
    const list = await admin.run("halt", "--list");
    expect(list.stdout).toMatch(
      /\nsymbol EURUSD +\d{4}-.*Z +desk +stale feed\nthe whole service +.* +exchange is down\n$/,
    );
    const resume = await admin.run("resume", "--reason", "exchange is back");
    expect(resume.stdout).toMatch(/^trading is resumed for the whole service\nstill halted:\n[\s\S]*symbol EURUSD/);
    expect(await admin.runJson("resume", "--symbol", "EURUSD", "--reason", "fresh")).toMatchObject({ halts: [] });
    expect(await admin.run("halt", "--list")).toMatchObject({ exitCode: 0, stdout: "nothing is halted\n" });
  });

  it("shows what others wrote without letting it steer the terminal", async () => {
    const halt = await admin.run("halt", "--model", "signal_filter", "--reason", "\u001B[2Jgone\u202E");
    expect(halt.stdout).toContain("\uFFFD[2Jgone\uFFFD\n");
    await admin.run("resume", "--model", "signal_filter", "--reason", "seen");
  });

  it.each<[string, readonly string[], string]>([
    ["nobody says why", ["halt"], "say why with --reason"],
    ["two targets are given", ["halt", "--symbol", "A", "--model", "B", "--reason", "x"], "cannot be used with option"],
    ["the model decides nothing", ["halt", "--model", "B", "--reason", "x"], "target: no model but"],
    ["nothing is halted", ["resume", "--reason", "x"], "hint: ml-layer halt --list"],
  ])("is not moved when %s", async (_, args, words) => {
    const run = await admin.run(...args);
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toContain(words);
  });
});

describe("a service that is not there", () => {
  it.each<[string, readonly string[], Record<string, string>]>([
    ["by its address", ["--address", "127.0.0.1:1"], {}],
    ["by the environment", [], { HOST: "127.0.0.1", PORT: "1" }],
  ])("is named %s, with what to do", async (_, args, variables) => {
    const run = await runProgram(["halt", "--reason", "x", ...args], variables);
    expect(run).toMatchObject({ exitCode: 3, stdout: "" });
    expect(run.stderr).toContain("ml-layer: unavailable: the service at http://127.0.0.1:1 cannot be reached");
    expect(run.stderr).toContain("  hint: is the service running? Start it with: ml-layer serve.");
  });
});
