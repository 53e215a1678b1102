import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const preload = new URL("fixtures/list-modules.mjs", import.meta.url).href;

describe("the command line", () => {
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "ml-layer-command-line-"));
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  function run(...args: string[]) {
    const modulesFile = join(directory, "modules");
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", preload, program, ...args], {
      encoding: "utf8",
      env: { MODULES_FILE: modulesFile, NODE_COMPILE_CACHE: directory },
    });
    const read = (file: string) => readFileSync(file, "utf8").split("\n");
    return { status, text: stdout + stderr, modules: read(modulesFile), builtins: read(`${modulesFile}.builtin`) };
  }

  it("loads nothing for a service that the service does not need at its start", () => {
    const { status, text, modules } = run("serve", "--help");
    expect(status).toBe(0);
    expect(text).toContain("AUDIT_DURABILITY");
    const names = modules.join("\n");
    expect(names).toContain("/src/service.ts");
    for (const unneeded of [
      "onnxruntime",
      "@opentelemetry/sdk-trace",
      "/src/upstream/",
      "/src/workers/",
      "/cli/demo.ts",
      "/cli/models.ts",
    ])
      expect(names).not.toContain(unneeded);
    // 660 today, a third of a start's processor time: each has to be found, read and linked.
    expect(modules.length).toBeLessThan(700);
  });

  it("loads none of Node's clients for a service", () => {
    const { builtins } = run("serve", "--help");
    expect(builtins).toContain("NativeModule _http_server");
    // An import of node:http or @connectrpc/connect-node, anywhere, brings them.
    for (const unneeded of ["internal/deps/undici/undici", "http2"])
      expect(builtins).not.toContain(`NativeModule ${unneeded}`);
  });

  it.each(["demo", "replay", "audit", "alerts", "models", "config", "halt", "resume", "simulate", "dataset"])(
    "finds %s, and lists it in its help",
    (name) => {
      expect(run(name, "--help")).toMatchObject({ status: 0, text: expect.stringContaining(`ml-layer ${name}`) });
      expect(helpText).toMatch(new RegExp(`^  ${name}\\b`, "m"));
    },
  );

  const helpText = spawnSync(process.execPath, [program, "--help"], { encoding: "utf8", env: {} }).stdout;

  it.each([["sreve"], ["toString"], ["--wrong"]])("says what is wrong with %s", (word) => {
    const { status, text } = run(word);
    expect(status).toBe(2);
    expect(text).toContain(word);
  });
});
