/** The TypeScript client as its users get it. */

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMlClient } from "../../clients/typescript/browser.ts";
import { run } from "../../scripts/generators/toolchain.ts";
import { createPredictRequest } from "../support/predict-requests.ts";
import { startTestService, type TestService } from "../support/start-service.ts";
import { readmeCode } from "./readme-code.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

describe("the TypeScript package", () => {
  let directory: string;
  let service: TestService;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "ml-layer-typescript-"));
    const installed = join(directory, "node_modules", "arbitrex-ml-layer");
    mkdirSync(installed, { recursive: true });
    const dist = join(installed, "dist");
    execFileSync("node_modules/.bin/tsc", ["-p", "tsconfig.build.json", "--outDir", dist], {
      cwd: root,
      stdio: "pipe",
    });
    for (const part of ["package.json", "node_modules"]) symlinkSync(join(root, part), join(installed, part));
    writeFileSync(join(directory, "package.json"), '{"type":"module"}\n');
    service = await startTestService();
  }, 120_000);
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true });
  });

  it("does what its README shows", async () => {
    const file = join(directory, "readme.ts");
    writeFileSync(file, readmeCode(join(root, "clients/typescript/README.md"), "ts"));
    const printed = await run(process.execPath, [file, `127.0.0.1:${service.port}`]);
    expect(printed).toBe(
      ["true [ 'all gates passed' ]", "120", "INVALID_ARGUMENT INVALID_INPUT [ 'symbol' ]", "0.55", ""].join("\n"),
    );
  });

  it("leaves out of a browser's bundle what the page does not use, and all of Node", async () => {
    const whole = await bundle("console.log(createMlClient)", "createMlClient");
    const part = await bundle("console.log(MlRpcError)", "MlRpcError");
    const inference = "arbitrex.ml.v1.InferenceService";
    expect([whole.includes(inference), part.includes(inference)]).toEqual([true, false]);
    expect(part.length).toBeLessThan(whole.length / 2);
    for (const code of [whole, part]) expect(/from\s*["']node:|http2/.test(code)).toBe(false);
  });

  it("decides over Connect, as a browser does", async () => {
    const client = createMlClient(service.url, { token: "s3cret" });
    await client.waitForHealth();
    const { prediction } = await client.predict(createPredictRequest());
    expect(prediction?.allowTrade).toBe(true);
    await expect(client.predict({ symbol: "EURUSD" })).rejects.toMatchObject({
      codeName: "INVALID_ARGUMENT",
      fieldViolations: [{ field: "timeframe" }],
    });
  });

  async function bundle(use: string, name: string): Promise<string> {
    const input = join(directory, `page-${name}.js`);
    writeFileSync(input, `import { ${name} } from "arbitrex-ml-layer/client";\n${use};\n`);
    await using build = await rolldown({ input, platform: "browser", tsconfig: false });
    const { output } = await build.generate({ format: "esm", minify: true });
    return output.map((each) => (each.type === "chunk" ? each.code : "")).join("\n");
  }
});
