import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "vitest";
import { run } from "../../scripts/generators/toolchain.ts";
import { requireTool } from "../external/external-tool.ts";
import { checkReadmeExample, checkSignalGenerator } from "./client-example.ts";
import { checkUpload } from "./client-upload.ts";
import { root } from "./languages.ts";
import { readmeCode } from "./readme-code.ts";
import type { RunnerCommand } from "./runner.ts";
import { describeScenarios } from "./scenario-suite.ts";

const project = join(root, "clients/java");
const folder = join(root, ".tools/java-client");
const buildTimeoutMs = 300_000;

function requireJava(skip: (note: string) => never): void {
  requireTool(skip, "mvn", "--version");
  requireTool(skip, "javac", "--release", "17", "--version");
}

let built: Promise<string> | undefined;

/** Builds the client once, warnings being errors, and runs its own tests; answers the class path of what it built. */
function build(): Promise<string> {
  built ??= run("mvn", ["--quiet", "--batch-mode", "--file", join(project, "pom.xml"), "verify"]).then(() => {
    const dependencies = readFileSync(join(project, "target/class-path.txt"), "utf8");
    return [join(project, "target/classes"), join(project, "target/test-classes"), dependencies].join(":");
  });
  return built;
}

async function scenarioRunner(): Promise<RunnerCommand> {
  return { command: "java", args: ["-cp", await build(), "arbitrex.ml.client.ScenarioRunner"] };
}

describe("the Java client", () => {
  it("passes its own tests", { timeout: buildTimeoutMs }, async ({ skip }) => {
    requireJava(skip);
    await build();
  });

  it("does what its README shows", { timeout: buildTimeoutMs }, async ({ skip }) => {
    requireJava(skip);
    mkdirSync(folder, { recursive: true });
    const source = join(folder, "Example.java");
    writeFileSync(source, readmeCode(join(project, "README.md"), "java"));
    await checkReadmeExample("java", ["-cp", await build(), source]);
  });

  it("has a signal generator that trades where it is allowed", { timeout: buildTimeoutMs }, async ({ skip }) => {
    requireJava(skip);
    await checkSignalGenerator("java", ["-cp", await build(), join(project, "example/SignalGenerator.java")]);
  });

  it("uploads a model in parts", { timeout: buildTimeoutMs }, async ({ skip }) => {
    requireJava(skip);
    await checkUpload(await scenarioRunner());
  });
});

describeScenarios("Java", async (skip) => {
  requireJava(skip);
  return scenarioRunner();
});
