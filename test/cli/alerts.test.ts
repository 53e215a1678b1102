import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AdminService, startAdminService } from "./admin-service.ts";
import { runProgram } from "./run-program.ts";

let admin: AdminService;

beforeAll(async () => {
  admin = await startAdminService();
  const headers = { "content-type": "application/json" };
  const rule = {
    name: "few_allowed",
    metric: "allow_rate",
    comparison: "LESS_THAN",
    threshold: 0.2,
    window_minutes: 15,
  };
  const body = JSON.stringify({ ...rule, severity: "INFO", for_seconds: 60 });
  const response = await fetch(`${admin.service.url}/alerts/rules`, { method: "POST", headers, body });
  expect(response.status).toBe(200);
});
afterAll(() => admin[Symbol.asyncDispose]());

describe("alerts rules", () => {
  it("lists the rules that are in force", async () => {
    const { exitCode, stdout } = await admin.run("alerts", "rules");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\nhigh_latency +warning +avg_processing_time_ms > 10 +5 min +30 +0 s +yes\n/);
    expect(stdout).toMatch(/\nfew_allowed +info +allow_rate < 0\.2 +15 min +30 +60 s +yes\n/);
    expect(stdout).toMatch(/\nsignal_auc_drop +warning +signal_auc_drop > 0\.05 +500 outcomes +500 +0 s +yes\n/);
  });

  it("lists them for programs", async () => {
    const answer = await admin.runJson("alerts", "rules");
    expect(answer).toMatchObject({ rules: expect.arrayContaining([expect.objectContaining({ name: "few_allowed" })]) });
  });

  it("writes them for Prometheus", async () => {
    const { exitCode, stdout } = await admin.run("alerts", "rules", "--prometheus");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("      - alert: few_allowed\n");
    expect(stdout).toContain("        for: 1m\n");
  });

  it("writes what is committed for the defaults, without a service", async () => {
    const { exitCode, stdout } = await runProgram(["alerts", "rules", "--prometheus", "--defaults"], { PORT: "1" });
    expect(exitCode).toBe(0);
    expect(stdout).toBe(readFileSync(new URL("../../deploy/prometheus/rules.yml", import.meta.url), "utf8"));
  });

  it.each([
    ["--prometheus", "--json"],
    ["--defaults", "--address=127.0.0.1:1"],
  ])("refuses %s with %s", async (...options) => {
    const { exitCode, stderr } = await runProgram(["alerts", "rules", ...options], {});
    expect(exitCode).toBe(2);
    expect(stderr).toContain("cannot be used with option");
  });
});
