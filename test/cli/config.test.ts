import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AdminService, startAdminService, takeDecisions } from "./admin-service.ts";

let admin: AdminService;
let firstHash: string;

beforeAll(async () => {
  admin = await startAdminService();
  firstHash = admin.service.configHash;
});
afterAll(() => admin[Symbol.asyncDispose]());

describe("a dry run", () => {
  it("tells which logged decisions would flip, and changes nothing", async () => {
    await takeDecisions(admin.service, [-0.5, 0.2, 0.9]);
    const dryRun = ["config", "set", "signal_filter.entry_threshold=0.7", "--dry-run", "500"];
    const { exitCode, stdout } = await admin.run(...dryRun);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^dry run: would flip [12] of 3 logged decisions; nothing was changed\n/);
    expect(stdout).toMatch(/\nsignal_filter\.entry_threshold +0\.55 +0\.7\n/);
    expect(stdout).toMatch(/\n[\da-f-]{36} +EURUSD +allowed +refused +SIGNAL_PROBABILITY\n/);
    expect(await admin.runJson(...dryRun)).toMatchObject({ status: "dry_run", decisions_replayed: 3 });
    expect(await admin.run("config", "get", "--key", "signal_filter.entry_threshold")).toMatchObject({
      stdout: "0.55\n",
    });
  });
});

describe("a change", () => {
  it("shows old and new values, and how to undo it", async () => {
    const assignments = ["signal_filter.entry_threshold=0.6", "signal_filter.allowed_regimes=TRENDING,RANGING"];
    const because = ["--reason", "wider net", "--actor", "desk"];
    const { exitCode, stdout } = await admin.run("config", "set", ...assignments, "--expect", firstHash, ...because);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\nsignal_filter\.allowed_regimes +TRENDING +TRENDING,RANGING\n/);
    expect(stdout).toMatch(/\nsignal_filter\.entry_threshold +0\.55 +0\.6\n/);
    expect(stdout).toContain(`\nundo: ml-layer config rollback ${firstHash}\n`);
    const again = await admin.run("config", "set", ...assignments);
    expect(again.stdout).toContain("has these values already; nothing was changed");
  });

  it("is refused when somebody else was faster", async () => {
    const run = await admin.run("config", "set", "regime.min_confidence=0.7", "--expect", firstHash);
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toContain("aborted (CONFIG_CHANGED): the configuration in force is ");
    expect(run.stderr).toContain("hint: somebody else changed it; see ml-layer config history");
  });

  it("is refused with a line for each value that the service finds wrong", async () => {
    const run = await admin.run("config", "set", "signal_filter.entry_threshold=0.2", "regime.min_bars_required=0");
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr.split("\n")).toEqual([
      "ml-layer: invalid_argument (INVALID_CONFIG)",
      "  regime.min_bars_required: 0 is outside [1, 10000]",
      "  signal_filter.exit_threshold: 0.45 is not below entry_threshold 0.2",
      "",
    ]);
  });

  it("is refused without asking when it names no key that exists", async () => {
    const run = await admin.run("config", "set", "signal_filter.entry_treshold=0.5", "--address", "127.0.0.1:1");
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toContain("no such configuration key; did you mean signal_filter.entry_threshold");
  });
});

describe("the way back", () => {
  it("lists, compares and restores earlier configurations", async () => {
    const history = await admin.run("config", "history");
    expect(history.stdout).toMatch(/\n[\da-f]{16} \* .*Z +desk +signal_filter\.allowed_regimes, .* +wider net\n/);
    expect(history.stdout).toContain(`\n${firstHash} `);
    const diff = await admin.run("config", "diff", firstHash);
    expect(diff.stdout).toMatch(/\nkey +old +new\n.*\nsignal_filter\.entry_threshold +0\.55 +0\.6\n/);
    expect(await admin.runJson("config", "diff", firstHash)).toMatchObject({
      old_config_hash: firstHash,
      changes: [
        { key: "signal_filter.entry_threshold", old: "0.55", new: "0.6" },
        { key: "signal_filter.allowed_regimes", old: "TRENDING", new: "TRENDING,RANGING" },
      ],
    });
    const rollback = await admin.run("config", "rollback", firstHash, "--reason", "too wide");
    expect(rollback.stdout).toContain(` → ${firstHash}, in force from now on`);
    expect(await admin.runJson("config", "history", "--limit", "1")).toMatchObject({
      versions: [{ config_hash: firstHash, reason: "too wide" }],
    });
  });

  it("names the hash that was never in force", async () => {
    const run = await admin.run("config", "rollback", "feedfeedfeedfeed");
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toContain("not_found: no such config: feedfeedfeedfeed\n  hint: ml-layer config history");
  });
});

describe("the configuration in force", () => {
  it("is a table for people and one object for programs", async () => {
    const { stdout } = await admin.run("config", "get");
    expect(stdout).toMatch(new RegExp(`^configuration ${firstHash}, in force\\n\\nkey +value\\n`));
    expect(stdout).toMatch(/\nmodel\.signal_filter_version +""\n/);
    expect(stdout).toMatch(/\nalert_rules\.high_latency +WARNING when avg_processing_time_ms > 10 over 5 min/);
    expect(await admin.runJson("config", "get")).toMatchObject({
      config_hash: firstHash,
      config: { signal_filter: { entry_threshold: 0.55, use_ml_model: false } },
    });
  });
});
