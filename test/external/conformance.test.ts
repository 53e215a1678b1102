/** The Connect project's own conformance suite against our listener: every protocol, codec, compression and kind of stream. */

import { beforeEach, describe, expect, it } from "vitest";
import { suiteVersion } from "../conformance/suite-version.ts";
import { requireTool, runLongTool, runTool } from "./external-tool.ts";

/** Its timeouts and delays are waited for, thousands of cases, eight at a time. */
const suiteTimeoutMs = 300_000;

describe("the Connect conformance suite", () => {
  beforeEach(({ skip }) => requireTool(skip, "connectconformance", "--version"));

  it("is the version that its messages were generated from", async () => {
    const { stdout } = await runTool("connectconformance", "--version");
    expect(stdout.trim()).toBe(`connectconformance ${suiteVersion}`);
  });

  it("finds nothing wrong with the listener", { timeout: suiteTimeoutMs + 10_000 }, async () => {
    const server = [process.execPath, "test/conformance/server.ts"];
    const options = ["--mode", "server", "--conf", "test/conformance/config.yaml"];
    const run = await runLongTool(suiteTimeoutMs, "connectconformance", ...options, "--", ...server);
    const [total, passed] = summaryOf(run.stdout);
    process.stdout.write(`connectconformance ${suiteVersion}: ${total}; ${passed}\n`);
    expect(run, run.stdout).toMatchObject({ exitCode: 0, stderr: "" });
    expect(passed).toMatch(/^[1-9]\d{3,} passed, 0 failed$/);
  });
});

/** The last two lines, which count. */
function summaryOf(output: string): readonly [string, string] {
  const [total = "", passed = ""] = output.trim().split("\n").slice(-2);
  return [total, passed];
}
