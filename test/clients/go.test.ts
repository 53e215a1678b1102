import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../../scripts/generators/toolchain.ts";
import { requireTool, runTool } from "../external/external-tool.ts";
import { checkReadmeExample, checkSignalGenerator } from "./client-example.ts";
import { checkUpload } from "./client-upload.ts";
import { root } from "./languages.ts";
import { readmeCode } from "./readme-code.ts";
import type { RunnerCommand } from "./runner.ts";
import { describeScenarios } from "./scenario-suite.ts";

const folder = join(root, ".tools/go-client");
const packages = ["./clients", "./clients/go/...", "./gen/go/..."];
const buildTimeoutMs = 300_000;

function requireGo(skip: (note: string) => never): void {
  requireTool(skip, "go", "list", "-m");
}

/** Builds a program of the client; answers its file. */
async function build(name: string, source: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const program = join(folder, name);
  await run("go", ["build", "-o", program, source]);
  return program;
}

async function scenarioRunner(): Promise<RunnerCommand> {
  return { command: await build("scenario-runner", "./clients/go/internal/scenariorunner"), args: [] };
}

describe("the Go module", () => {
  it("is formatted, vetted and passes its own tests", { timeout: buildTimeoutMs }, async ({ skip }) => {
    requireGo(skip);
    expect((await runTool("gofmt", "-l", join(root, "clients"))).stdout).toBe("");
    await run("go", ["mod", "verify"]);
    await run("go", ["vet", ...packages]);
    await run("go", ["test", ...packages]);
  });

  it("does what its README shows", { timeout: buildTimeoutMs }, async ({ skip }) => {
    requireGo(skip);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "readme.go"), readmeCode(join(root, "clients/go/README.md"), "go"));
    await checkReadmeExample(await build("readme", join(folder, "readme.go")), []);
  });

  it("has a signal generator that trades where it is allowed", { timeout: buildTimeoutMs }, async ({ skip }) => {
    requireGo(skip);
    await checkSignalGenerator(await build("signalgenerator", "./clients/go/example/signalgenerator"), []);
  });

  it("uploads a model in parts", { timeout: buildTimeoutMs }, async ({ skip }) => {
    requireGo(skip);
    await checkUpload(await scenarioRunner());
  });
});

describeScenarios("Go", async (skip) => {
  requireGo(skip);
  return scenarioRunner();
});
