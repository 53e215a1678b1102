import { spawnSync } from "node:child_process";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Generates on a machine that has Node and nothing else. */
function generateWithNodeAlone(ci: string): { status: number | null; stderr: string } {
  return spawnSync(execPath, ["scripts/generate-clients.ts"], {
    cwd: root,
    // The folder holds node, for buf's launcher, and no compiler of another language.
    env: { PATH: `${root}/node_modules/.bin`, CI: ci },
    encoding: "utf8",
  });
}

it("names the toolchain that each language lacks and leaves its files alone", () => {
  const { status, stderr } = generateWithNodeAlone("");
  expect(stderr.trim().split("\n")).toEqual([
    expect.stringMatching(/^gen\/python: NOT regenerated, it needs python3 /),
    expect.stringMatching(/^gen\/go: NOT regenerated, it needs go /),
    expect.stringMatching(/^gen\/java: NOT regenerated, it needs mvn /),
  ]);
  expect(status).toBe(0);
});

it("fails under CI when a language cannot be generated", () => {
  expect(generateWithNodeAlone("true").status).toBe(1);
});
