import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");

describe("the library as the README shows it", () => {
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "ml-layer-readme-"));
    const installed = join(directory, "node_modules", "arbitrex-ml-layer");
    mkdirSync(installed, { recursive: true });
    // The package as a user gets it: built code, models and package.json, beside the packages it depends on.
    run(["node_modules/.bin/tsc", "-p", "tsconfig.build.json", "--outDir", join(installed, "dist")]);
    for (const part of ["package.json", "models", "node_modules"]) symlinkSync(join(root, part), join(installed, part));
    writeFileSync(join(directory, "package.json"), '{"type":"module"}\n');
  }, 120_000);

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("has code to run", () => {
    expect(blocks.length).toBeGreaterThan(0);
  });

  it.each(blocks.map((code, index) => ({ code, index })))("runs code block $index", ({ code, index }) => {
    const file = join(directory, `block-${index}.mjs`);
    writeFileSync(file, code);
    expect(execFileSync(process.execPath, [file], { encoding: "utf8", cwd: directory })).toBe(
      "true TRENDING 0.8800 [ 'all gates passed' ]\n1\n",
    );
  });

  function run(command: readonly string[]): void {
    execFileSync(command[0] ?? "", command.slice(1), { cwd: root, stdio: "pipe" });
  }
});
