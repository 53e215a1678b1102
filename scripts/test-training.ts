/**
 * Runs the tests of the training package in a virtual environment of its own, which it makes when it is missing or its pins changed.
 * Without Python it says so and passes, but never under CI: there a skipped test is a failed one.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../training", import.meta.url));
const environment = join(folder, ".venv");
const inEnvironment = (name: string): string => join(environment, "bin", name);
const pinsFile = join(environment, "pins.sha256");

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

function hasPython(): boolean {
  const { status } = spawnSync("python3", ["-c", "import sys, venv; sys.exit(sys.version_info < (3, 11))"]);
  return status === 0;
}

if (!hasPython()) {
  console.error("training tests: there is no python3 of version 3.11 or newer with venv; they were NOT run");
  process.exit(process.env["CI"] === "true" ? 1 : 0);
}
const client = fileURLToPath(new URL("../clients/python", import.meta.url));
const pins = createHash("sha256")
  .update(readFileSync(join(folder, "pyproject.toml")))
  .update(readFileSync(join(client, "pyproject.toml")))
  .digest("hex");
if (!existsSync(pinsFile) || readFileSync(pinsFile, "utf8") !== pins) {
  run("python3", ["-m", "venv", environment]);
  run(inEnvironment("pip"), ["install", "--quiet", "--editable", `${folder}[test,register]`, "--editable", client]);
  writeFileSync(pinsFile, pins);
}
run(inEnvironment("pytest"), ["--quiet", "--rootdir", folder, join(folder, "tests"), ...process.argv.slice(2)]);
