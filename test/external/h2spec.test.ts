/** h2spec against the real listener: what RFC 9113's predecessor and RFC 7541 ask of a server, frame by frame. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { startTestService } from "../support/start-service.ts";
import { requireTool, runLongTool } from "./external-tool.ts";

/** A case that fails waits for its answer until the timeout, and h2spec has 146. */
const caseTimeoutS = 2;
const suiteTimeoutMs = 150_000;

/** Cases that fail, each with the reason why that is right or borne: one that passes must be taken off the list. */
const knownFailing: Readonly<Record<string, string>> = {
  "http2/3.5: Sends invalid connection preface":
    "the port speaks HTTP/1.1 as well, which answers what it cannot read with 400 and then closes",
};

interface SpecCase {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
}

describe("h2spec", () => {
  beforeEach(({ skip }) => requireTool(skip, "h2spec", "--version"));

  it("finds the listener's HTTP/2 and HPACK to be as specified", { timeout: suiteTimeoutMs + 10_000 }, async () => {
    await using service = await startTestService();
    const directory = mkdtempSync(join(tmpdir(), "ml-layer-h2spec-"));
    try {
      const report = join(directory, "junit.xml");
      const target = ["--port", `${service.port}`, "--path", "/health", "--timeout", `${caseTimeoutS}`];
      const sections = ["http2", "generic", "hpack"];
      const options = ["--strict", "--junit-report", report];
      const run = await runLongTool(suiteTimeoutMs, "h2spec", ...sections, ...target, ...options);
      process.stdout.write(`h2spec: ${run.stdout.trim().split("\n").at(-1)}\n`);
      const cases = readCases(readFileSync(report, "latin1"));
      const failures = run.stdout.slice(run.stdout.indexOf("Failures:"));
      expect(cases).toHaveLength(146);
      expect(namesOf(cases, "skipped"), failures).toEqual([]);
      expect(namesOf(cases, "failed"), failures).toEqual(Object.keys(knownFailing).sort());
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

/** The cases of a JUnit report. It is no well-formed XML when a case answered with control characters, so no parser reads it. */
function readCases(report: string): readonly SpecCase[] {
  return report
    .split("<testcase ")
    .slice(1)
    .map((text) => {
      const [, section = "", title = ""] = /^package="([^"]*)" classname="([^"]*)"/.exec(text) ?? [];
      const outcome = /<(?:error|failure)/.test(text) ? "failed" : text.includes("<skipped") ? "skipped" : "passed";
      return { name: `${section}: ${title.replaceAll("&#34;", '"')}`, outcome };
    });
}

function namesOf(cases: readonly SpecCase[], outcome: SpecCase["outcome"]): readonly string[] {
  return cases
    .filter((one) => one.outcome === outcome)
    .map(({ name }) => name)
    .sort();
}
