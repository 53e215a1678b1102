import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFixture } from "../registry/model-fixtures.ts";
import { modelsDirectory } from "../support/engine.ts";
import { type AdminService, startAdminService } from "./admin-service.ts";

const shippedRules = readFileSync(join(modelsDirectory, "signal_filter", "v1.0.0_rule_based.json"), "utf8");
const champion = "v1.0.0_rule_based";
let admin: AdminService;

beforeAll(async () => {
  admin = await startAdminService();
});
afterAll(() => admin[Symbol.asyncDispose]());

describe("a trained model, from its file to its end", () => {
  it("is registered, and chooses the next free version", async () => {
    const { bytes, metadata } = readFixture("signal-lightgbm.onnx");
    const model = admin.writeFile("signal.onnx", bytes);
    const details = admin.writeFile("signal.json", JSON.stringify(metadata));
    const run = await admin.run("models", "register", "--model", "signal_filter", model, "--metadata", details);
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(run.stdout).toContain("registered signal_filter/v1.1.0 (onnx, 22050 bytes");
    expect(run.stdout).toContain("state AVAILABLE");
  });

  it("shadows, and cannot be deleted meanwhile", async () => {
    const shadow = await admin.run("models", "shadow", "signal_filter", "v1.1.0");
    expect(shadow.stdout).toContain("challenger of signal_filter is v1.1.0 (there was none)");
    const refused = await admin.run("models", "delete", "signal_filter", "v1.1.0");
    expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
    expect(refused.stderr.split("\n").slice(0, 2)).toEqual([
      "ml-layer: failed_precondition (MODEL_ALIASED)",
      "  signal_filter/v1.1.0: it is the challenger",
    ]);
    expect(refused.stderr).toContain("ml-layer models unshadow");
    const unshadow = await admin.run("models", "unshadow", "signal_filter", "v1.1.0");
    expect(unshadow).toMatchObject({ exitCode: 0, stdout: "signal_filter/v1.1.0 is challenger no longer\n" });
  });

  it("is promoted, and says which command lets it decide", async () => {
    const promote = await admin.run("models", "promote", "signal_filter", "v1.1.0", "--actor", "nightly");
    expect(promote.stdout).toContain(`champion of signal_filter is v1.1.0 (before: ${champion})`);
    expect(promote.stdout).toContain("it does NOT decide now: signal_filter.use_ml_model is false");
    const command = /ml-layer (config set .*)/.exec(promote.stdout)?.[1] ?? "";
    expect(await admin.run(...command.split(" "))).toMatchObject({ exitCode: 0 });
    const lines = (await admin.run("models", "list")).stdout.split("\n");
    expect(lines[0]).toMatch(/^model +version +format +aliases +serving +state +sha256 +created$/);
    expect(lines).toContainEqual(
      expect.stringMatching(/^signal_filter +v1\.1\.0 +onnx +champion +yes +AVAILABLE +53abd7/),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^signal_filter +v1\.0\.0_rule_based +rule_based +AVAILABLE /));
  });

  it("is rolled back, and deleted", async () => {
    const rollback = await admin.run("models", "rollback", "signal_filter");
    expect(rollback.stdout).toBe(`champion of signal_filter is ${champion} (before: v1.1.0)\nit decides from now on\n`);
    const again = await admin.run("models", "rollback", "signal_filter");
    expect(again).toMatchObject({ exitCode: 2, stdout: "" });
    expect(again.stderr).toContain("there is no earlier champion");
    const deleted = await admin.run("models", "delete", "signal_filter", "v1.1.0");
    expect(deleted).toMatchObject({ exitCode: 0, stderr: "" });
    const gone = await admin.run("models", "show", "signal_filter", "v1.1.0");
    expect(gone).toMatchObject({ exitCode: 2, stdout: "" });
    expect(gone.stderr).toContain(
      "not_found: no such model version: signal_filter/v1.1.0\n  hint: ml-layer models list",
    );
  });
});

describe("a rule-based model", () => {
  it("is sent in pieces when it is large, and tells how far it has come", async () => {
    const model = admin.writeFile(
      "rules.json",
      `${shippedRules.replace("v1.0.0_rule_based", "v1.7.0_rule_based")}${" ".repeat(3_200_000)}`,
    );
    const details = admin.writeFile("rules-metadata.json", '{"format":"rule_based","figures":{"auc":0.61}}');
    const version = ["--version", "v1.7.0_rule_based"];
    const args = ["models", "register", "--model", "signal_filter", model, "--metadata", details, ...version];
    const run = await admin.run(...args, "--actor", "trainer", "--json");
    expect(run.stderr).toMatch(/^sent, bytes +2\d %[\s\S]*100 % {2}3 200 \d+ of 3 200 \d+\n$/);
    expect(JSON.parse(run.stdout)).toMatchObject({
      status: "success",
      model: { version: "v1.7.0_rule_based", format: "rule_based", created_by: "trainer" },
    });
    const taken = await admin.run(...args);
    expect(taken.exitCode).toBe(2);
    expect(taken.stderr).toContain("already_exists: model version exists already: signal_filter/v1.7.0_rule_based");
  });

  it("shows its metadata readably", async () => {
    const { stdout } = await admin.run("models", "show", "signal_filter", "v1.7.0_rule_based");
    expect(stdout).toContain("signal_filter/v1.7.0_rule_based\n");
    expect(stdout).toMatch(/\n {2}created +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ by trainer\n/);
    expect(stdout).toContain("\n  metadata\n    figures\n      auc: 0.61\n");
  });

  it("is promoted and rolled back", async () => {
    const promoted = await admin.runJson("models", "promote", "signal_filter", "v1.7.0_rule_based");
    expect(promoted).toMatchObject({ previous_version: champion, model: { aliases: ["champion"] } });
    const rolledBack = await admin.runJson("models", "rollback", "signal_filter");
    expect(rolledBack).toMatchObject({ previous_version: "v1.7.0_rule_based", model: { version: champion } });
    const shown = await admin.runJson("models", "show", "signal_filter", "champion");
    expect(shown).toMatchObject({ model: { version: champion, aliases: ["champion"], serving: true } });
  });
});

describe("a file that cannot be registered", () => {
  it.each<[string, string, string, string]>([
    ["is not there", "none.onnx", "", "none.onnx: there is no such file"],
    ["is a folder", ".", "", "it is no file"],
    ["has metadata that is no JSON", "model.onnx", "{", "metadata.json is no JSON"],
    ["has metadata that is no object", "model.onnx", "[]", "metadata.json: expected a JSON object"],
  ])("%s", async (_, name, metadata, words) => {
    const model = admin.writeFile("model.onnx", "x").replace("model.onnx", name);
    const given = metadata === "" ? [] : ["--metadata", admin.writeFile("metadata.json", metadata)];
    const run = await admin.run("models", "register", "--model", "signal_filter", model, ...given);
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toContain(words);
  });

  it("lacks metadata, every part of which is named on a line of its own", async () => {
    const model = admin.writeFile("model.onnx", "x");
    const run = await admin.run("models", "register", "--model", "signal_filter", model);
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toMatch(
      /^ml-layer: invalid_argument \(INVALID_MODEL_METADATA\)\n {2}metadata\.\w+: .*\n {2}metadata\.\w+: /,
    );
  });
});
