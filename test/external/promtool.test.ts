/** The metrics as Prometheus' own checker sees them. */

import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { openClient, predict } from "../service/service-client.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { startTestService } from "../support/start-service.ts";
import { requireTool } from "./external-tool.ts";

function checkMetrics(text: string) {
  const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" });
  return { status, output: `${stdout}${stderr}` };
}

describe("promtool", () => {
  it("finds nothing to say about the metrics", async ({ skip }) => {
    requireTool(skip, "promtool", "--version");
    await using service = await startTestService();
    using client = openClient(service.port);
    for (const symbol of ["EURUSD", 'strange "symbol"\n\\'])
      await predict(client, { ...createPredictRequest(), symbol });
    await fetch(`${service.url}/no/such/path`);
    const text = await (await fetch(`${service.url}/metrics/prometheus`)).text();
    expect(checkMetrics(text)).toEqual({ status: 0, output: "" });
  });

  it("would say something about metrics that keep no conventions", ({ skip }) => {
    requireTool(skip, "promtool", "--version");
    expect(checkMetrics("# HELP bad_ms Wrong unit.\n# TYPE bad_ms counter\nbad_ms 1\n").status).not.toBe(0);
  });
});
