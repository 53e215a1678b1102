/** Advice of a real service, by the real program. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AdminService, startAdminService, takeDecisions } from "./admin-service.ts";

let admin: AdminService;

async function send(path: string, method: string, body: object): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${admin.service.url}${path}`, { method, headers, body: JSON.stringify(body) });
  expect(response.status).toBe(200);
  return await response.json();
}

beforeAll(async () => {
  admin = await startAdminService();
});
afterAll(() => admin[Symbol.asyncDispose]());

describe("models advise", () => {
  it("finds nothing to do for models that have just begun, and says what it looked at", async () => {
    const { exitCode, stdout } = await admin.run("models", "advise");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("signal_filter/v1.0.0_rule_based: nothing to do\n");
    expect(stdout).toContain("    0 of 500 outcomes, too few to judge\n");
    expect(stdout).not.toContain("arbitrex-train");
  });

  it("advises training once outcomes are due and accuracy is lost, with commands and an exit code", async () => {
    const governance = { performance_window: 10 };
    await send("/config", "PUT", { governance, training: { retraining_frequency: 12 } });
    await takeDecisions(
      admin.service,
      Array.from({ length: 12 }, () => 1.2),
    );
    const response = await fetch(`${admin.service.url}/metrics/decisions?limit=12`);
    const { decisions }: { decisions: { prediction_id: string }[] } = JSON.parse(await response.text());
    const outcomes = decisions.map(({ prediction_id }) => ({ prediction_id, realised_return: -0.01 }));
    expect(await send("/outcomes", "POST", outcomes)).toMatchObject({ recorded: 12 });
    const { exitCode, stdout } = await admin.run("models", "advise", "--json");
    expect(exitCode).toBe(4);
    const { models } = JSON.parse(stdout);
    expect(models).toMatchObject([
      { model_name: "regime_classifier", retrain: false },
      {
        model_name: "signal_filter",
        version: "v1.0.0_rule_based",
        retrain: true,
        findings: expect.arrayContaining([
          { about: "performance", reason: true, message: "accuracy 0.000 over 10 outcomes, reference 0.520" },
          {
            about: "samples",
            reason: true,
            message: "12 outcomes that it was not trained on; training is due every 12",
          },
        ]),
        commands: expect.arrayContaining([expect.stringMatching(/^arbitrex-train signal --table /)]),
      },
    ]);
    const text = await admin.run("models", "advise");
    expect(text.exitCode).toBe(4);
    expect(text.stdout).toContain("signal_filter/v1.0.0_rule_based: train it anew\n");
    for (const command of models[1].commands) {
      expect(text.stdout).toContain(`    ${command}\n`);
      const [program, ...args] = String(command).split(" ");
      if (program !== "ml-layer") continue;
      const words = args.slice(0, args[0] === "models" ? 2 : 1);
      const { stdout: help } = await admin.run(...words, "--help");
      const options = args.filter((word) => word.startsWith("--"));
      for (const option of options) expect(help, command).toContain(option);
    }
  });

  it("fails as every command does when nobody answers", async () => {
    const { exitCode } = await admin.run("models", "advise", "--address", "127.0.0.1:1");
    expect(exitCode).toBe(3);
  });
});
